"""What amending acts order, and what a law says once it is done. Pure: no table is read here."""

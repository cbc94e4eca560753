"""How many requests callers have made: counts that all processes of an installation share."""

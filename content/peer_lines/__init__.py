"""Lines of the change log of another installation: checked against their chain, and what of them is taken over."""

"""Legal documents on the staff site."""

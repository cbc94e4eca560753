"""What the text of an act says of other documents: its orders, endings and histories, read now or ahead. Pure."""

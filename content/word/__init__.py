"""Reads DOCX: the stream of paragraphs as Word shows them, with its numbers and without what it hides."""

"""Reads DOCX: the stream of paragraphs with the numbers that Word shows before them."""

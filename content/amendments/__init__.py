"""Amendments in the tables: what an act would do to a document, doing it, and taking it back."""

"""Writes copies of documents that are new here, many with the statements that one takes."""

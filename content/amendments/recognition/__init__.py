"""Recognises the instructions in the text of an amending act."""

"""Reads the fields of records of other installations strictly."""

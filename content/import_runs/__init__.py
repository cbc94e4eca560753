"""Runs of an import: files in, a report out; several processes read the texts ahead while one writes."""

"""Follows all other installations, in the worker: a thread for each that is due."""

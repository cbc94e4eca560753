"""Follows the change logs of other installations, and holds copies of their objects that say whose they are."""

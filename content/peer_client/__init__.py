"""Asks another installation over HTTPS, within limits."""

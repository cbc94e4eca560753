"""How a web process waits for its connections."""

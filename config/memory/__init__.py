"""What the processes load, share and give back of their memory."""

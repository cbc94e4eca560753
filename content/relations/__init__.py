"""Relations between documents: found in texts as proposals, stated by sources, confirmed by people."""

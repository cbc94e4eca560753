"""Objects as records: all that is public of one, enough to rebuild it elsewhere, with its hash and our seal."""

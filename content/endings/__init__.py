"""What acts end, suspend or resume: read from their texts, carried out when nothing is in doubt, else a doubt."""

"""What official lists say about the effect of documents: imported, compared with what is stored, decided."""

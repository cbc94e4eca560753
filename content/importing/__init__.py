"""Reading documents from files: JSON Lines, web pages, DOCX, PDF, plain text, the codification, the national portal."""

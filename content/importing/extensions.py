"""How the names of files end that documents come in: apart from the readers, which a process with limits loads."""

JSON_LINES_EXTENSIONS = (".jsonl", ".jsonl.gz")
EXTENSIONS = (*JSON_LINES_EXTENSIONS, ".txt", ".html", ".htm", ".docx", ".pdf", ".json")

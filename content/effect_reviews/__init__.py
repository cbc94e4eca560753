"""Where people decide what acts end: the queue, batches and their undo, and how each effect is known."""

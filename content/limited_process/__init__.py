"""A process with limits on time, memory, what it may write and what it may answer, for what people give.

`parent.results_of_reader` starts it and yields what it answers; `child.serve` runs in it. Knows no file format.
"""

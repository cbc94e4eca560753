"""The parts of bench/attack.py, one module each: `run()` returns (faults, a sentence), or raises CannotRun."""

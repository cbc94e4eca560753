"""Composes the layers below: settings, URLs, the staff site, the processes of an installation."""

import atexit
import gc

gc.set_threshold(10_000)  # from 700: nearly all that a start creates stays, and looking through it took a sixth of it
atexit.register(gc.freeze)  # an interpreter that ends looks for garbage among all it holds: that took 0.4 s of CPU

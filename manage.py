#!/usr/bin/env python
"""Runs `config.command_line`, and ends without a traceback if it is interrupted while that is loaded."""

import signal

from config.processes import stop_while_loading

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else a shell ignores it
        signal.signal(signal.SIGINT, stop_while_loading)  # Django and the settings take most of a second

    from config.command_line import main

    main()

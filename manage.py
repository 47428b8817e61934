#!/usr/bin/env python
"""Run a management command, with the embedded PostgreSQL and Valkey where no others are named."""

import os
import signal
import sys

from config import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Ending politely lets the last command out stop the servers. A command that handles these itself still
    # may.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda received, frame: sys.exit(128 + received))
    try:
        with embedded.servers():
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except embedded.EmbeddedServersError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

#!/usr/bin/env python
"""Entry point of the management commands."""

import os
import sys

from config.start import run_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    run_command(sys.argv)

#!/usr/bin/env python3
"""Set Portway up and run, test or build it: the one program to start in a fresh clone.

Needs nothing but Python. What Portway needs is installed into a virtual environment inside the clone.
"""

import sys

# Above every other import, so that an old Python gets a sentence and not a SyntaxError from a helper.
if sys.version_info < (3, 11):  # noqa: UP036 - the check is for people who start it with an older one
    sys.exit("Portway needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

from development.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

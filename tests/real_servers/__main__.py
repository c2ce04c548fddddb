"""Installs real servers into a folder outside the clone: `python installer/dev.py real-servers`."""

import sys

from tests.real_servers.installed import install

sys.exit(install())

"""`python -m gis`: the commands, without the window."""

import sys

from gis.cli import main

if __name__ == "__main__":
    sys.exit(main())

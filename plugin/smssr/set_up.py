#!/usr/bin/env python3
"""Sets up the plug-in's engine from a terminal, as Filters ▸ Super-Resolution ▸ Set Up… does in GIMP: python3 set_up.py --help"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from smssr_setup.command import main  # noqa: E402

if __name__ == "__main__":
    raise SystemExit(main())

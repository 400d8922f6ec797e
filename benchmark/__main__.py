"""``python -m benchmark``."""

import sys

from benchmark.cli import main
from benchmark.stopping import stop_tidily

if __name__ == "__main__":  # worker processes import this module too
    stop_tidily()
    sys.exit(main())

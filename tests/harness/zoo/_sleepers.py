"""Processes that outlive a run unless somebody ends them; their command lines tell where they come from."""

import subprocess
import sys
from pathlib import Path

SLEEP = "import time; time.sleep(3600)"


def start_sleeper(detached: bool = False) -> None:
    """Start one, in a new session if it is to be detached."""
    command = [sys.executable, "-S", "-c", SLEEP, str(Path(__file__).parent)]
    subprocess.Popen(command, start_new_session=detached)

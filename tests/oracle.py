"""Reference figures that OpenSim computed; see tests/reference/README.md."""

from __future__ import annotations

from pathlib import Path

import numpy as np

with np.load(Path(__file__).parent / "reference" / "opensim.npz") as archive:
    REFERENCE = {name: archive[name] for name in archive.files}

POSE_SETS = ("movement_range", "full_range", "off_manifold")
EQUILIBRIUM_SETS = ("movement_range", "full_range")

"""How the model's loops are compiled: kept between processes, and dividing by zero as numpy does."""

from __future__ import annotations

import numba

compiled = numba.njit(cache=True, error_model="numpy")

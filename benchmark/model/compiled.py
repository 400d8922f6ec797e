"""How the model's loops are compiled: kept between processes, and dividing by zero as numpy does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import numba
from numba.core.event import TimingListener, install_listener

_PACKAGE = Path(__file__).parents[1]
_ARM = _PACKAGE.parent / "datasets" / "arm"  # some of its figures become constants of the compiled code
_SOURCES = [path for folder in ("model", "problem") for path in (_PACKAGE / folder).rglob("*.py")]


def _cache_folder() -> Path:
    """Where compiled code is kept: a folder for each state of the sources.

    Numba recompiles a function when its own file changes, but not when a file does whose functions it calls.
    """
    sources = sorted([*_SOURCES, *_ARM.glob("*.toml")])
    digest = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    base = numba.config.CACHE_DIR or _PACKAGE / "__pycache__"  # type: ignore[attr-defined]
    return Path(base) / f"compiled-{digest}"


numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]

# A product and a sum may become one instruction: faster, and rounded once instead of twice.
compiled = numba.njit(cache=True, error_model="numpy", fastmath={"contract"})
# Inlined by Numba itself, where the compiler would leave a call in a loop and with it give up on vector instructions.
inlined = numba.njit(inline="always", error_model="numpy", fastmath={"contract"})
# For long sums of products: their terms may be added in the order that suits vector instructions.
compiled_sums = numba.njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})


class CompileClock(TimingListener):
    """A clock that runs while Numba compiles; loading what is kept does not count."""

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return float(self.duration) if self.done else 0.0


@contextmanager
def compile_clock() -> Iterator[CompileClock]:
    """A clock of what is compiled inside the context."""
    clock = CompileClock()  # type: ignore[no-untyped-call]
    with install_listener("numba:compile", clock):
        yield clock

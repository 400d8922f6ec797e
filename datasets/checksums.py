"""SHA-256 checksums of files, and the list of them in the format of ``sha256sum``."""

from __future__ import annotations

import hashlib
from pathlib import Path

CHECKSUMS = "SHA256SUMS"


def file_checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def recorded_checksums(folder: Path) -> dict[str, str]:
    """Checksums by file name, as the folder's ``SHA256SUMS`` has them; empty if it has none."""
    listing = folder / CHECKSUMS
    if not listing.is_file():
        return {}
    pairs = (line.split(maxsplit=1) for line in listing.read_text(encoding="utf-8").splitlines() if line.strip())
    return {name.strip().removeprefix("*"): checksum for checksum, name in pairs}


def record_checksum(path: Path, checksum: str) -> None:
    """Note the file's checksum in its folder's ``SHA256SUMS``, instead of the one it had."""
    checksums = recorded_checksums(path.parent) | {path.name: checksum}
    listing = path.parent / CHECKSUMS
    partial = listing.with_suffix(".partial")
    partial.write_text("".join(f"{value}  {name}\n" for name, value in sorted(checksums.items())), encoding="utf-8")
    partial.replace(listing)

"""Recordings in NetCDF files: written whole or not at all, read with their checksums verified (see README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from datasets.arm_files import load_arm, variants
from datasets.arm_json import arm_from_json, arm_to_json
from datasets.checksums import CHECKSUMS, file_checksum, record_checksum, recorded_checksums
from datasets.description import ArmDescription
from datasets.parameters import unit
from datasets.recording import MEASURED, SIMULATED, Recording, States, Variable

RECORDINGS_FOLDER = Path(__file__).parent / "recordings"

Array = NDArray[np.float64]


class RecordingError(ValueError):
    """A recording that is not there, or is not what it should be."""


def list_recordings() -> tuple[str, ...]:
    """Names of the recordings there are, sorted."""
    return tuple(sorted(path.stem for path in RECORDINGS_FOLDER.glob("*.nc")))


def recording_path(name_or_path: str | Path) -> Path:
    """Path of the recording called so, or the path itself if it is one (it has a folder or a suffix)."""
    path = Path(name_or_path)
    return path if path.suffix == ".nc" or path.name != str(name_or_path) else RECORDINGS_FOLDER / f"{path}.nc"


def write_recording(recording: Recording, path: Path) -> Recording:
    """Write a recording, whole or not at all; in the repository's folder its checksum is noted as well.

    Returns
    -------
    Recording
        The recording with the name and checksum of its file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    try:
        _dataset(recording).to_netcdf(
            partial,
            engine="h5netcdf",
            encoding={name: {"zlib": True, "complevel": 9} for name in recording.variables},
        )
        checksum = file_checksum(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    if path.parent.resolve() == RECORDINGS_FOLDER.resolve():
        record_checksum(path, checksum)
    return replace(recording, name=path.stem, checksum=checksum)


def read_recording(name_or_path: str | Path) -> Recording:
    """Read and check a recording.

    Parameters
    ----------
    name_or_path
        A name (``a-published``) of `list_recordings`, or the path of a file of one's own. Files that the
        repository's ``SHA256SUMS`` names must match it.

    Raises
    ------
    RecordingError
        If the file is missing, altered, unreadable or incomplete, or holds anything but finite numbers.
    """
    path = recording_path(name_or_path)
    if not path.is_file():
        there = ", ".join(list_recordings()) or "none"
        raise RecordingError(f"{path}: no such recording; there are: {there}; {_remedy(path)}")
    checksum = _verified_checksum(path)
    try:
        with xr.open_dataset(path, engine="h5netcdf", decode_times=False) as file:
            dataset = file.load()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise RecordingError(f"{path}: not a readable NetCDF file ({_one_line(error)}); {_remedy(path)}") from error
    return _recording(dataset, path, checksum)


def _dataset(recording: Recording) -> xr.Dataset:
    meanings = {**MEASURED, **SIMULATED}
    variables = {
        name: (meanings[name].dimensions, values, {"units": meanings[name].unit, "long_name": meanings[name].meaning})
        for name, values in recording.variables.items()
    }
    coordinates: dict[str, Any] = {
        "time": ("time", recording.time_s, {"units": "s", "long_name": "time"}),
        "coordinate": ("coordinate", np.array(recording.coordinates, dtype=object), {"long_name": "coordinate"}),
        "muscle": ("muscle", np.array(recording.muscles, dtype=object), {"long_name": "muscle"}),
    }
    attributes: dict[str, Any] = {
        "title": f"Arm movement {recording.name}",
        "movement": recording.movement,
        "variant": recording.variant,
        "rigid_tendons": " ".join(recording.rigid_tendons),
        "deep_muscles": " ".join(recording.deep_muscles),
    }
    if recording.seed is not None:
        attributes["seed"] = recording.seed
    if recording.variant not in variants():
        attributes["arm"] = arm_to_json(recording.arm)
    attributes |= {f"provenance.{key}": value for key, value in recording.provenance.items()}
    attributes |= {f"true.{key} ({unit(key)})": value for key, value in recording.true_parameters.items()}
    return xr.Dataset(variables, coordinates, attributes)


def _recording(dataset: xr.Dataset, path: Path, checksum: str) -> Recording:
    attributes = dataset.attrs
    for name in ("movement", "variant", "rigid_tendons", "deep_muscles"):
        if name not in attributes:
            raise RecordingError(f"{path}: attribute {name} is missing; {_remedy(path)}")
    time_s = _array(dataset, "time", ("time",), path)
    if time_s.size < 2 or not np.allclose(np.diff(time_s), time_s[1] - time_s[0], rtol=0.0, atol=1e-9):
        raise RecordingError(f"{path}: time must have two samples or more, equally spaced; {_remedy(path)}")
    return Recording(
        name=path.stem,
        movement=str(attributes["movement"]),
        arm=_arm(attributes, path),
        coordinates=tuple(str(name) for name in dataset["coordinate"].values),
        muscles=tuple(str(name) for name in dataset["muscle"].values),
        time_s=time_s,
        **_arrays(dataset, MEASURED, path),
        simulated=States(**_arrays(dataset, SIMULATED, path)) if {*SIMULATED} & {*dataset.variables} else None,
        seed=int(attributes["seed"]) if "seed" in attributes else None,
        true_parameters={key.partition(" ")[0]: float(value) for key, value in _with(attributes, "true.").items()},
        rigid_tendons=tuple(str(attributes["rigid_tendons"]).split()),
        deep_muscles=tuple(str(attributes["deep_muscles"]).split()),
        provenance={key: str(value) for key, value in _with(attributes, "provenance.").items()},
        checksum=checksum,
    )


def _arm(attributes: Mapping[Any, Any], path: Path) -> ArmDescription:
    """The recording's own arm, or one of the repository's."""
    try:
        return arm_from_json(str(attributes["arm"])) if "arm" in attributes else load_arm(str(attributes["variant"]))
    except ValueError as error:
        raise RecordingError(f"{path}: {error}; {_remedy(path)}") from error


def _arrays(dataset: xr.Dataset, variables: Mapping[str, Variable], path: Path) -> dict[str, Array]:
    return {name: _array(dataset, name, variable.dimensions, path) for name, variable in variables.items()}


def _array(dataset: xr.Dataset, name: str, dimensions: tuple[str, ...], path: Path) -> Array:
    if name not in dataset.variables:
        raise RecordingError(f"{path}: variable {name} is missing; {_remedy(path)}")
    found = dataset[name]
    if found.dims != dimensions:
        raise RecordingError(
            f"{path}: variable {name} has dimensions {found.dims}, expected {dimensions}; {_remedy(path)}"
        )
    values = np.asarray(found.values)
    if values.dtype != np.float64:
        raise RecordingError(f"{path}: variable {name} is {values.dtype}, expected float64; {_remedy(path)}")
    if not np.isfinite(values).all():
        sample = int(np.argwhere(~np.isfinite(values))[0][0])
        raise RecordingError(
            f"{path}: variable {name} is not finite at sample {sample}, expected numbers only; {_remedy(path)}"
        )
    return values


def _verified_checksum(path: Path) -> str:
    checksum = file_checksum(path)
    if not _is_repository_file(path):
        return checksum
    expected = recorded_checksums(RECORDINGS_FOLDER)[path.name]
    if checksum != expected:
        raise RecordingError(
            f"{path}: SHA-256 is {checksum[:12]}..., expected {expected[:12]}... of {CHECKSUMS}; {_remedy(path)}"
        )
    return checksum


def _with(attributes: Mapping[Any, Any], prefix: str) -> dict[str, Any]:
    """The attributes that begin with `prefix`, without it."""
    return {str(key)[len(prefix) :]: value for key, value in attributes.items() if str(key).startswith(prefix)}


def _remedy(path: Path) -> str:
    """What to do about a broken or missing file: the repository's can be had again, one's own must be made again."""
    if _is_repository_file(path):
        movement, _, variant = path.stem.partition("-")
        return (
            f"restore it with `git checkout -- {path}` or make it again with "
            f"`python -m datasets generate --movement {movement} --variant {variant} --force`"
        )
    return f"make it (again) with `python -m datasets generate` or `import`, and --out {path} --force"


def _is_repository_file(path: Path) -> bool:
    in_folder = path.parent.resolve() == RECORDINGS_FOLDER.resolve()
    return in_folder and path.name in recorded_checksums(RECORDINGS_FOLDER)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__

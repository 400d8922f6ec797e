"""The recordings that problems read: found sound before anything runs, and known by their checksums."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from benchmark.harness.errors import HarnessError


def verified_recordings(problems: Iterable[str]) -> dict[str, dict[str, str]]:
    """Checksums by name of the recordings that each problem reads, all of them read and found sound.

    Raises
    ------
    HarnessError
        If there is no such problem, or a recording is missing or damaged.
    """
    from benchmark.problem.problem_name import ProblemName, UnknownProblemError
    from datasets.recording_files import RecordingError, read_recording

    try:
        parsed = {name: ProblemName.parse(name) for name in sorted(problems)}
        needed = {name: (*problem.recordings, *problem.held_out) for name, problem in parsed.items()}
        checksums = {name: read_recording(name).checksum for name in sorted({*chain(*needed.values())})}
    except (UnknownProblemError, RecordingError) as error:
        raise HarnessError(str(error)) from error
    return {problem: {name: checksums[name] for name in names} for problem, names in needed.items()}

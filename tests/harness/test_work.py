from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmark.harness.row import STATUSES
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store
from benchmark.harness.work import Reuse, Work, missing_work
from tests.harness.dummies import good, spec


class KeysOfParts:
    """Keys that are what their parts say."""

    def __init__(self, **parts: str) -> None:
        self._parts = parts

    def parts(self, spec: RunSpec) -> dict[str, str]:
        return {"settings": spec.id, **self._parts}

    def key(self, spec: RunSpec) -> str:
        return str(sorted(self.parts(spec).items()))

    def recordings(self, spec: RunSpec) -> Mapping[str, str]:
        return {f"recording of {spec.problem}": "abc"}

    def hold(self, spec: RunSpec) -> bool:
        return True


BEFORE = KeysOfParts(method="a", packages="b")
SPECS = [spec(method, seed) for method in ("good", "bad") for seed in range(2)]


def _save(store: Store, *specs: RunSpec, status: str = "converged", keys: KeysOfParts = BEFORE) -> None:
    for run in specs:
        row, trace = good(run)
        row |= {"status": status, "key": keys.key(run), "key_parts": keys.parts(run)}
        store.save(run, row, trace)


def _reasons(work: Work) -> dict[RunSpec, str]:
    return {missing.spec: missing.reason for missing in work.missing}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_what_was_never_run_is_missing(store: Store) -> None:
    _save(store, *SPECS[1:])
    work = missing_work(SPECS, store, BEFORE, Reuse.ALL)
    assert _reasons(work) == {SPECS[0]: "never run"}
    assert (work.stored, work.failed) == (3, 0)


def test_a_missing_run_tells_what_its_row_will_depend_on(store: Store) -> None:
    _save(store, SPECS[0], keys=KeysOfParts(method="other"))
    old, new = missing_work(SPECS[:2], store, BEFORE, Reuse.ALL).missing
    assert (old.key, old.parts) == (BEFORE.key(SPECS[0]), BEFORE.parts(SPECS[0]))
    assert old.recordings == {"recording of m1-a-published": "abc"}
    assert (old.stamp, new.stamp) == (store.row_path(SPECS[0]).stat().st_mtime_ns, None)


def test_a_damaged_row_is_missing(store: Store) -> None:
    _save(store, *SPECS)
    store.row_path(SPECS[2]).write_text("{")
    assert _reasons(missing_work(SPECS, store, BEFORE, Reuse.ALL)) == {SPECS[2]: "damaged"}


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (KeysOfParts(method="z", packages="b"), "out of date: method changed"),
        (KeysOfParts(method="z", packages="z"), "out of date: method, packages changed"),
        (KeysOfParts(method="a", packages="b", target="t"), "out of date: target changed"),
        (KeysOfParts(method="a"), "out of date: packages changed"),
    ],
)
def test_what_has_changed_is_told(store: Store, now: KeysOfParts, says: str) -> None:
    _save(store, SPECS[0])
    assert _reasons(missing_work(SPECS[:1], store, now, Reuse.ALL)) == {SPECS[0]: says}


def test_a_row_that_tells_no_parts_is_out_of_date(store: Store) -> None:
    run = SPECS[0]
    store.save(run, good(run)[0] | {"key": "another"}, {})
    assert _reasons(missing_work([run], store, BEFORE, Reuse.ALL)) == {run: "out of date"}
    store.save(run, good(run)[0] | {"key": BEFORE.key(run)}, {})
    assert missing_work([run], store, BEFORE, Reuse.ALL).stored == 1


@pytest.mark.parametrize("status", STATUSES)
def test_what_failed_stands_unless_asked(store: Store, status: str) -> None:
    failed = status not in ("converged", "budget", "skipped")
    _save(store, SPECS[0], status=status)
    _save(store, *SPECS[1:])
    work = missing_work(SPECS, store, BEFORE, Reuse.ALL)
    assert (len(work.missing), work.stored, work.failed) == (0, 4, int(failed))
    again = missing_work(SPECS, store, BEFORE, Reuse.DELIVERED)
    assert _reasons(again) == ({SPECS[0]: f"ended without a result ({status})"} if failed else {})
    assert (again.stored, again.failed) == (4 - failed, 0)


def test_all_but_what_failed_is_left_alone(store: Store) -> None:
    never, stale, fine, failed = SPECS
    _save(store, stale, keys=KeysOfParts(method="old"))
    _save(store, fine)
    _save(store, failed, status="killed")
    work = missing_work(SPECS, store, BEFORE, Reuse.ALL_BUT_FAILED)
    assert _reasons(work) == {failed: "ended without a result (killed)"}
    assert work.stored == 1
    assert _reasons(missing_work(SPECS, store, KeysOfParts(method="new"), Reuse.ALL_BUT_FAILED)).keys() == {failed}
    assert _reasons(missing_work(SPECS, store, BEFORE, Reuse.DELIVERED)).keys() == {never, stale, failed}


def test_nothing_stands_where_all_is_to_be_run_again(store: Store) -> None:
    _save(store, *SPECS[1:])
    work = missing_work(SPECS, store, BEFORE, Reuse.NONE)
    assert [missing.spec for missing in work.missing] == SPECS
    assert (work.stored, work.failed) == (0, 0)

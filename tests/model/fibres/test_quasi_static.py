"""Frame by frame: where nothing moves it is the dynamic state, and where it moves slowly almost."""

from __future__ import annotations

import numpy as np

from benchmark.model.fibres.musculotendon import Drive, MusculotendonPath
from benchmark.model.fibres.states import FibreModel, fibre_states
from tests.model.fibres.recorded import recorded


def test_at_rest_it_is_where_the_dynamic_state_ends() -> None:
    """Two seconds at constant length and activation: the course has then settled to 1e-6 of its force."""
    _, _, path, drive, muscle = recorded("a-published", samples=1)
    still = MusculotendonPath(np.tile(path.length, (400, 1)), np.zeros((400, 16)), 0.005, path.rigid_tendon)
    held = Drive(np.tile(drive.activation, (400, 1)), time_constants_s=drive.time_constants_s)
    frame, course = (
        fibre_states(model, still, held, muscle) for model in (FibreModel.QUASI_STATIC, FibreModel.DYNAMIC)
    )
    np.testing.assert_allclose(frame.force[-1], course.force[-1], rtol=1e-6)
    np.testing.assert_allclose(frame.velocity, 0.0, atol=1e-8)
    assert not frame.left_range.any()


def test_force_is_near_opensims() -> None:
    """Median over muscles to 2 % of its standard deviation: what the rate of the balance at rest leaves."""
    recording, columns, path, drive, muscle = recorded("a-published")
    found = fibre_states(FibreModel.QUASI_STATIC, path, drive, muscle)
    expected = recording.states.tendon_force_n[:, columns]
    error = np.sqrt(((found.force - expected) ** 2).mean(axis=0)) / expected.std(axis=0)
    assert np.median(error) < 0.02
    assert found.converged.all()

"""The rigid tendon against OpenSim's muscle that has one, and against its closed form."""

from __future__ import annotations

import numpy as np

from benchmark.model.contraction import FibreParameters, fibre_force, pennation_cosine
from benchmark.model.fibres.states import FibreModel, fibre_states
from tests.model.fibres.recorded import recorded


def test_the_rigid_muscle_is_opensims_in_every_model() -> None:
    """PECM1, to 1e-9 of the largest figure: the curves' tolerance."""
    recording, columns, path, drive, muscle = recorded("a-published", ("PECM1",))
    for model in FibreModel:
        found = fibre_states(model, path, drive, muscle)
        for values, expected in (
            (found.length, recording.states.fibre_length_m),
            (found.velocity, recording.states.fibre_velocity_m_per_s),
            (found.force, recording.states.tendon_force_n),
        ):
            wanted = expected[:, columns]
            np.testing.assert_allclose(values, wanted, rtol=0, atol=1e-9 * np.abs(wanted).max())


def test_all_muscles_have_a_fibre_that_fills_what_the_tendon_leaves() -> None:
    """l cos(phi) = l_mt - l_ts, v = cos(phi) dl_mt/dt, and eq. (15): to rounding."""
    _, _, path, drive, muscle = recorded("b-published", samples=100)
    found, fibre = fibre_states(FibreModel.RIGID, path, drive, muscle), FibreParameters(*muscle[:4])
    cosine = pennation_cosine(found.length, fibre)
    np.testing.assert_allclose(found.length * cosine, path.length - muscle.tendon_slack_length, rtol=1e-13)
    np.testing.assert_allclose(found.velocity, cosine * path.velocity, rtol=1e-12, atol=1e-15)
    force = fibre_force(drive.activation, found.length, found.velocity, fibre)
    np.testing.assert_allclose(found.force, force, rtol=1e-10)

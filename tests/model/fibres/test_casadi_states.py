"""The equations of the fibres in CasADi: solved, they are the states that the compiled steps find, and so on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import casadi
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

from benchmark.model.backends.casadi_backend import CASADI, elementwise_partials
from benchmark.model.contraction import FibreParameters, MuscleParameters
from benchmark.model.fibres.casadi_states import CollocatedFibres, reach_force, tendon_force
from benchmark.model.fibres.musculotendon import FibreStates, drive_from_emg
from benchmark.model.fibres.states import FibreModel, fibre_states
from benchmark.model.fibres.torch_states import torch_fibre_states
from datasets.parameters import SHARED_UNITS
from tests.model.fibres.recorded import recorded

Array = NDArray[np.float64]

SAMPLES = 200
MOST_STEPS = 8  # of Newton's method from reaches that are interpolated between samples; five are seen
OFF_TRUTH = np.array([1.1, 0.95, 0.9, 1.05, 0.98])[:, None]  # where no pennation, length or activation is special
RECORDING, COLUMNS, ALL_PATHS, _, TRUE = recorded("a-published", samples=SAMPLES)
ELASTIC = np.flatnonzero(~ALL_PATHS.rigid_tendon)
COUNT = len(ELASTIC)
PATH = replace(
    ALL_PATHS,
    length=np.ascontiguousarray(ALL_PATHS.length[:, ELASTIC]),
    velocity=np.ascontiguousarray(ALL_PATHS.velocity[:, ELASTIC]),
    rigid_tendon=ALL_PATHS.rigid_tendon[ELASTIC],
)
EMG = np.ascontiguousarray(RECORDING.emg[:SAMPLES, [COLUMNS[index] for index in ELASTIC]])
OWN = np.array(TRUE)[:, ELASTIC] * OFF_TRUTH
SHARED = np.array([RECORDING.true_parameters[name] for name in SHARED_UNITS]) * 1.03


@dataclass(frozen=True)
class Solved:
    """Forces (N), (T, n), their derivatives by all parameters, (T, 10, n), and lengths (m), by CasADi's equations."""

    force: Array
    force_partials: Array
    reach: Array


@pytest.fixture(scope="module")
def compiled() -> FibreStates:
    drive = drive_from_emg(EMG, SHARED, PATH.sample_time_s)
    return fibre_states(FibreModel.DYNAMIC, PATH, drive, MuscleParameters(*OWN))


@pytest.fixture(scope="module")
def solved(compiled: FibreStates) -> Solved:
    """The square system, solved by Newton's method from reaches that are 0.2 % too short."""
    fibres = CollocatedFibres(PATH)
    equations, derivatives, forces = _functions(fibres)
    reach = 0.998 * fibres.initial(compiled.length, compiled.velocity, MuscleParameters(*OWN))
    for _ in range(MOST_STEPS):
        by_reach, *by_parameters = derivatives(reach, OWN, SHARED)
        system = splu(by_reach.sparse())
        step = system.solve(np.array(equations(reach, OWN, SHARED)).ravel(order="F"))
        reach -= step.reshape(reach.shape, order="F")
    assert np.abs(step).max() < 1e-14
    moved = [-system.solve(np.array(by).ravel(order="F")) for by in by_parameters]
    by_q = [values.reshape(reach.shape, order="F")[fibres.sample_rows] for values in moved]
    force, by_s, by_f_mo, by_l_ts = (np.array(values) for values in forces(reach[fibres.sample_rows], OWN))
    partials = [by_f_mo, *(by_s * values for values in by_q)]
    partials[4] += by_l_ts
    return Solved(force, np.stack(partials, axis=1), reach[fibres.sample_rows])


def _functions(fibres: CollocatedFibres) -> tuple[casadi.Function, casadi.Function, casadi.Function]:
    """The equations, their derivatives, and tendon forces with theirs, of reaches and parameters."""
    reach, own = casadi.MX.sym("reach", *fibres.shape), casadi.MX.sym("own", *OWN.shape)
    shared = casadi.MX.sym("shared", len(SHARED))
    muscle = MuscleParameters(*(row.T for row in casadi.vertsplit(own)))
    activation = CASADI.activations([EMG], [np.arange(SAMPLES)], shared, PATH.sample_time_s)
    slopes = casadi.horzsplit(casadi.densify(casadi.jacobian(activation, shared)))
    shaped = [casadi.reshape(slope, SAMPLES, COUNT) for slope in slopes]
    partials = fibres.partials(reach, muscle, activation, shaped, shared)
    # A muscle's own parameter moves its own reaches alone: a column of the system a parameter, for all muscles at once.
    derivatives = [partials.by_reach, *partials.by_own, *partials.by_shared]
    at, length = casadi.MX.sym("at", SAMPLES, COUNT), casadi.DM(PATH.length)
    spread = [CASADI.spread(muscle[index], SAMPLES) for index in (0, 4)]

    def force(s: casadi.MX, f_mo: casadi.MX, l_ts: casadi.MX) -> list[casadi.MX]:
        return [tendon_force(s, length, MuscleParameters(f_mo, None, None, None, l_ts))]

    (slopes_of_force,) = elementwise_partials(force, [at, *spread])
    return (
        casadi.Function("equations", [reach, own, shared], [fibres.balances(reach, muscle, activation, shared)]),
        casadi.Function("derivatives", [reach, own, shared], derivatives),
        casadi.Function("forces", [at, own], [*force(at, *spread), *slopes_of_force]),
    )


def test_solved_equations_are_the_compiled_states(solved: Solved, compiled: FibreStates) -> None:
    """Both to rounding: 1e-9 is the bar, 1e-13 is seen."""
    height = OWN[1] * np.sin(OWN[3])
    np.testing.assert_allclose(np.hypot(solved.reach, height), compiled.length, rtol=1e-9)
    largest = np.abs(compiled.force).max(axis=0)
    np.testing.assert_array_less(np.abs(solved.force - compiled.force) / largest, 1e-9)


def test_implicit_derivatives_are_the_compiled_ones(solved: Solved, compiled: FibreStates) -> None:
    """Of all forces by all parameters, to 1e-7 of a muscle's largest: the compiled ones are a Newton step before."""
    largest = np.maximum(np.abs(compiled.force_partials).max(axis=0), 1e-12)
    np.testing.assert_array_less(np.abs(solved.force_partials - compiled.force_partials) / largest, 1e-7)


def test_implicit_derivatives_are_torchs(solved: Solved) -> None:
    """The gradient of a weighted sum of forces, to 1e-7 of the largest of a kind."""
    weights = np.random.default_rng(1).normal(size=solved.force.shape)
    own, shared = torch.tensor(OWN, requires_grad=True), torch.tensor(SHARED, requires_grad=True)
    force = torch_fibre_states(FibreModel.DYNAMIC, PATH, EMG, MuscleParameters(*own), shared)[2]
    gradients = torch.autograd.grad((torch.from_numpy(weights) * force).sum(), (own, shared))
    by_own, by_shared = np.split(np.einsum("tn,tqn->qn", weights, solved.force_partials), [len(OWN)])
    for found, gradient in zip((by_own, by_shared.sum(axis=1)[:, None]), gradients, strict=True):
        expected = gradient.numpy().reshape(found.shape)
        largest = np.abs(expected).max(axis=1, keepdims=True)
        np.testing.assert_array_less(np.abs(found - expected) / largest, 1e-7)


def test_all_is_finite_at_any_reach() -> None:
    """Fibres of no length, or turned around, which an optimiser may come by; with and without pennation."""
    reach = casadi.MX.sym("reach", 401, 2)
    fibre = FibreParameters(1.0, 0.1, 1.0, casadi.repmat(casadi.DM([[0.0, 0.3]]), 401, 1))
    force = reach_force(reach, -reach, 0.5, fibre)
    function = casadi.Function("force", [reach], [force, casadi.jtimes(force, reach, casadi.DM.ones(401, 2))])
    for values in function(np.linspace(-0.2, 0.2, 401)[:, None] + np.zeros(2)):
        assert np.isfinite(np.array(values)).all()

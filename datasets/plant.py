"""The arm in OpenSim as something to be driven: its state, what is read from it, and its way forward in time.

Imports OpenSim: to be used in a process of its own (see `datasets.generate`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import opensim
from numpy.typing import NDArray

from datasets.description import ArmDescription
from datasets.emg import ArmState
from datasets.opensim_model import build_model

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MuscleReading:
    """The muscles at a sample, one figure each: (m,)."""

    activation: Array
    musculotendon_length_m: Array
    musculotendon_velocity_m_per_s: Array
    fibre_length_m: Array
    fibre_velocity_m_per_s: Array
    tendon_force_n: Array


class Plant:
    """The arm and its state.

    Parameters
    ----------
    arm
        The arm's description.
    accuracy
        Relative accuracy of the integrator; the couplings are held ten times more tightly.
    """

    def __init__(self, arm: ArmDescription, accuracy: float) -> None:
        self._coupling = arm.coupling_matrix()
        self._accuracy = accuracy
        self._model = build_model(arm)
        self._controller = _add_controller(self._model, arm.muscle_names)
        self._state = self._model.initSystem()
        self._functions = _control_functions(self._controller)
        self._coordinates = _coordinates(self._model, arm.coordinates)
        self._independent = _coordinates(self._model, arm.independent_coordinates)
        self._muscles = [_millard(self._model, name) for name in arm.muscle_names]
        # The skeleton alone: in it the inverse dynamics hold gravity and inertia, and no muscle.
        self._skeleton = build_model(replace(arm, muscles=()))
        self._skeleton_state = self._skeleton.initSystem()
        self._skeleton_coordinates = _coordinates(self._skeleton, arm.coordinates)
        self._inverse_dynamics = opensim.InverseDynamicsSolver(self._skeleton)

    def place(self, position_rad: Array, velocity_rad_per_s: Array) -> None:
        """Put the independent coordinates (5,) there, and the dependent ones exactly where the couplings have them."""
        positions, speeds = self._coupling @ position_rad, self._coupling @ velocity_rad_per_s
        _set_motion(self._coordinates, self._state, positions, speeds)

    def settle_muscles(self, activation: Array) -> None:
        """Set activations (m,), and fibre lengths in equilibrium with them."""
        for muscle, value in zip(self._muscles, activation, strict=True):
            muscle.setActivation(self._state, float(value))
        self._model.equilibrateMuscles(self._state)

    def advance(self, until_s: float, excitation: Array) -> None:
        """Integrate until `until_s` with the excitations (m,) held, then take the couplings' drift out.

        The integrator is made anew for every sample: the excitations jump there, and one that goes on would start
        from a derivative of before the jump.
        """
        self._hold(excitation)
        manager = opensim.Manager(self._model)
        manager.setIntegratorMethod(opensim.Manager.IntegratorMethod_RungeKuttaMerson)
        manager.setIntegratorAccuracy(self._accuracy)
        manager.setIntegratorConstraintTolerance(0.1 * self._accuracy)
        manager.setWriteToStorage(False)
        manager.setPerformAnalyses(False)
        manager.initialize(self._state)
        self._state = opensim.State(manager.integrate(until_s))
        self.place(*self.motion()[:2])

    def motion(self) -> tuple[Array, Array, Array]:
        """Positions, speeds and accelerations of the independent coordinates: (5,) each."""
        self._model.realizeAcceleration(self._state)
        position = _figures(item.getValue(self._state) for item in self._independent)
        velocity = _figures(item.getSpeedValue(self._state) for item in self._independent)
        return position, velocity, _figures(item.getAccelerationValue(self._state) for item in self._independent)

    def sense(self) -> ArmState:
        """What the controller works from."""
        position, velocity, _ = self.motion()
        mass, bias = self._rigid_body(position, velocity)
        arms = [[muscle.computeMomentArm(self._state, item) for item in self._independent] for muscle in self._muscles]
        along = _figures(m.getMaxIsometricForce() * np.cos(m.getPennationAngle(self._state)) for m in self._muscles)
        return ArmState(
            position_rad=position,
            velocity_rad_per_s=velocity,
            mass_kg_m2=mass,
            bias_n_m=bias,
            moment_arm_m=np.array(arms),
            capacity_n=along * _figures(m.getActiveForceLengthMultiplier(self._state) for m in self._muscles),
            passive_force_n=along * _figures(m.getPassiveForceMultiplier(self._state) for m in self._muscles),
        )

    def read_muscles(self) -> MuscleReading:
        """What is recorded of the muscles."""
        self._model.realizeAcceleration(self._state)
        return MuscleReading(
            activation=_figures(m.getActivation(self._state) for m in self._muscles),
            musculotendon_length_m=_figures(m.getLength(self._state) for m in self._muscles),
            musculotendon_velocity_m_per_s=_figures(m.getLengtheningSpeed(self._state) for m in self._muscles),
            fibre_length_m=_figures(m.getFiberLength(self._state) for m in self._muscles),
            fibre_velocity_m_per_s=_figures(m.getFiberVelocity(self._state) for m in self._muscles),
            tendon_force_n=_figures(m.getTendonForce(self._state) for m in self._muscles),
        )

    def _rigid_body(self, position: Array, velocity: Array) -> tuple[Array, Array]:
        """K'MK and K' tau_bias of the skeleton."""
        state, coupling = self._skeleton_state, self._coupling
        _set_motion(self._skeleton_coordinates, state, coupling @ position, coupling @ velocity)
        self._skeleton.realizeVelocity(state)
        size = coupling.shape[0]
        matrix = opensim.Matrix()
        self._skeleton.getMatterSubsystem().calcM(state, matrix)
        mass = np.array([[matrix.get(row, column) for column in range(size)] for row in range(size)])
        bias = self._inverse_dynamics.solve(state, opensim.Vector(size, 0.0)).to_numpy()
        return coupling.T @ mass @ coupling, coupling.T @ bias

    def _hold(self, excitation: Array) -> None:
        for function, value in zip(self._functions, excitation, strict=True):
            function.setValue(float(value))
        # A state remembers the controls it was last realized with.
        self._state.invalidateAllCacheAtOrAbove(opensim.Stage(opensim.Stage.Dynamics))


def _add_controller(model: opensim.Model, muscle_names: tuple[str, ...]) -> opensim.PrescribedController:
    controller = opensim.PrescribedController()
    for name in muscle_names:
        controller.addActuator(model.getMuscles().get(name))
    for name in muscle_names:
        controller.prescribeControlForActuator(name, opensim.Constant(0.0))
    model.addController(controller)
    return controller


def _control_functions(controller: opensim.PrescribedController) -> list[Any]:
    """The constants that hold the excitations; only once ``initSystem`` is done, for it moves them in memory."""
    functions = controller.get_ControlFunctions()
    return [opensim.Constant.safeDownCast(functions.get(index)) for index in range(functions.getSize())]


def _coordinates(model: opensim.Model, names: tuple[str, ...]) -> list[Any]:
    return [model.getCoordinateSet().get(name) for name in names]


def _millard(model: opensim.Model, name: str) -> Any:
    return opensim.Millard2012EquilibriumMuscle.safeDownCast(model.getMuscles().get(name))


def _set_motion(coordinates: list[Any], state: opensim.State, positions: Array, speeds: Array) -> None:
    for coordinate, position, speed in zip(coordinates, positions, speeds, strict=True):
        coordinate.setValue(state, float(position), False)
        coordinate.setSpeedValue(state, float(speed))


def _figures(values: Any) -> Array:
    return np.fromiter(values, dtype=np.float64)

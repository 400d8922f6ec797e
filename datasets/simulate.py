"""One forward simulation of the arm, driven by synthetic EMG and recorded sample by sample.

Imports OpenSim: to be run in a process of its own (see `datasets.generate`).
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np
import opensim
from numpy.typing import NDArray

from benchmark.model.excitation import delay_weight, filter_step
from datasets.arm_files import ARM_FOLDER, load_arm
from datasets.description import ArmDescription
from datasets.emg import EmgController
from datasets.movements import MOVEMENTS
from datasets.parameters import true_parameters
from datasets.plant import Plant
from datasets.recording import MEASURED, SIMULATED, Recording, States
from datasets.request import SAMPLING_RATE_HZ, Request

Array = NDArray[np.float64]

FIRST_GUESS_OF_ACTIVATION = 0.2


class SimulationError(RuntimeError):
    """The simulation has left the range in which it means something."""


class ExcitationFilter:
    """EMG to excitation sample by sample, eq. (19)-(21); before the first sample both are held at the first EMG.

    Parameters
    ----------
    constants
        ``c1``, ``c2`` and ``delay_s``.
    first_emg
        EMG of the first sample: (m,).
    """

    def __init__(self, constants: dict[str, float], first_emg: Array) -> None:
        self._c1, self._c2 = constants["c1"], constants["c2"]
        delay_samples = constants["delay_s"] * SAMPLING_RATE_HZ
        lags = int(np.ceil(delay_samples)) + 1
        self._weights = np.array([delay_weight(delay_samples, lag, max) for lag in range(lags)])
        self._emg = deque([first_emg] * lags, maxlen=lags)  # the newest first
        self._previous = self._before_previous = first_emg

    def step(self, emg: Array) -> Array:
        """Excitation (m,) of a sample from its EMG (m,); to be called once per sample."""
        self._emg.appendleft(emg)
        delayed = self._weights @ np.array(self._emg)
        excitation = np.asarray(filter_step(delayed, self._previous, self._before_previous, self._c1, self._c2))
        self._before_previous, self._previous = self._previous, excitation
        return excitation


def simulate(request: Request, report: Callable[[int], None]) -> Recording:
    """Simulate a movement.

    Parameters
    ----------
    request
        What to simulate.
    report
        Called with the number of samples done, after each.

    Raises
    ------
    SimulationError
        If a coordinate leaves its range or a figure is not finite.
    """
    arm = load_arm(request.variant)
    interval_s = 1.0 / SAMPLING_RATE_HZ
    controller = EmgController(
        MOVEMENTS[request.movement], request.seed, len(arm.muscles), arm.physiology["activation"], interval_s
    )
    plant = Plant(arm, request.accuracy)
    plant.place(controller.target(0.0), controller.target(0.0, 1))
    plant.settle_muscles(np.full(len(arm.muscles), FIRST_GUESS_OF_ACTIVATION))
    emg = controller.emg(0.0, plant.sense())
    plant.settle_muscles(emg)
    excitation_filter = ExcitationFilter(arm.physiology["excitation"], emg)
    samples: list[dict[str, Array]] = []
    for number in range(request.samples):
        time_s = number * interval_s
        arm_state = plant.sense()
        if number > 0:
            emg = controller.emg(time_s, arm_state)
        excitation = excitation_filter.step(emg)
        samples.append(_sample(plant, arm_state.moment_arm_m, emg, excitation))
        samples[-1]["residual_n_m"] = _residual(samples[-1], arm_state.mass_kg_m2, arm_state.bias_n_m)
        _check(samples[-1], arm, time_s)
        report(number + 1)
        if number + 1 < request.samples:
            plant.advance(time_s + interval_s, excitation)
    return _recording(request, arm, {name: np.array([sample[name] for sample in samples]) for name in samples[0]})


def _sample(plant: Plant, moment_arm_m: Array, emg: Array, excitation: Array) -> dict[str, Array]:
    position, velocity, acceleration = plant.motion()
    motion = {"position_rad": position, "velocity_rad_per_s": velocity, "acceleration_rad_per_s2": acceleration}
    signals = {"emg": emg, "excitation": excitation, "moment_arm_m": moment_arm_m}
    return motion | signals | asdict(plant.read_muscles())


def _residual(sample: dict[str, Array], mass_kg_m2: Array, bias_n_m: Array) -> Array:
    """What the recorded figures leave of the equation of motion, K'(M qdd + tau_bias) - R'f: (5,) in N m."""
    torque = sample["moment_arm_m"].T @ sample["tendon_force_n"]
    return np.asarray(mass_kg_m2 @ sample["acceleration_rad_per_s2"] + bias_n_m - torque)


def _check(sample: dict[str, Array], arm: ArmDescription, time_s: float) -> None:
    for name, values in sample.items():
        if not np.isfinite(values).all():
            raise SimulationError(f"{name} is not finite at {time_s:.3f} s")
    ranges_rad = dict(arm.ranges_rad)
    for name, position in zip(arm.independent_coordinates, sample["position_rad"], strict=True):
        low, high = ranges_rad[name]
        if not low <= position <= high:
            raise SimulationError(
                f"{name} is at {position:.3f} rad at {time_s:.3f} s, outside its range of {low:.3f} to {high:.3f} rad"
            )


def _recording(request: Request, arm: ArmDescription, series: dict[str, Array]) -> Recording:
    measured: dict[str, Any] = {name: series[name] for name in MEASURED}
    return Recording(
        name=request.name,
        movement=request.movement,
        arm=arm,
        coordinates=arm.independent_coordinates,
        muscles=arm.muscle_names,
        time_s=np.arange(request.samples) / SAMPLING_RATE_HZ,
        **measured,
        simulated=States(**{name: series[name] for name in SIMULATED}),
        seed=request.seed,
        true_parameters=true_parameters(arm),
        rigid_tendons=tuple(muscle.name for muscle in arm.muscles if muscle.rigid_tendon),
        deep_muscles=tuple(muscle.name for muscle in arm.muscles if muscle.is_deep),
        provenance=_provenance(request, series["residual_n_m"]),
    )


def _provenance(request: Request, residual_n_m: Array) -> dict[str, str]:
    description = b"".join(path.read_bytes() for path in sorted(ARM_FOLDER.glob("*.toml")))
    return {
        "opensim": opensim.GetVersion(),
        "numpy": np.__version__,
        "integrator": "Runge-Kutta-Merson, made anew for every sample",
        "accuracy": f"{request.accuracy:g}",
        "seed": str(request.seed),
        "sampling_rate_hz": f"{SAMPLING_RATE_HZ:g}",
        "date": datetime.now(UTC).date().isoformat(),
        "arm_description_sha256": hashlib.sha256(description).hexdigest(),
        "equation_of_motion_residual_n_m": " ".join(f"{value:.1e}" for value in np.abs(residual_n_m).max(axis=0)),
    }

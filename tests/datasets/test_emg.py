"""The EMG controller's parts: its signals, its distribution over the muscles, its lead."""

import numpy as np
import pytest

from datasets.arm_files import load_arm
from datasets.emg import (
    HIGHEST_EMG,
    LOWEST_EMG,
    ActivationLead,
    ArmState,
    EmgController,
    IrregularSignal,
    distribute,
)
from datasets.movements import MOVEMENTS

TIME_CONSTANTS = {"activation_time_s": 0.010, "deactivation_time_s": 0.040}
INTERVAL_S = 0.005


def _signal(seed: int) -> IrregularSignal:
    return IrregularSignal.draw(np.random.default_rng(seed), 5, 0.2, np.full(16, 3.0))


def _arm_state() -> ArmState:
    rng = np.random.default_rng(3)
    return ArmState(
        position_rad=np.zeros(5),
        velocity_rad_per_s=np.zeros(5),
        mass_kg_m2=np.eye(5),
        bias_n_m=np.zeros(5),
        moment_arm_m=rng.uniform(-0.03, 0.03, (16, 5)),
        capacity_n=rng.uniform(200.0, 1000.0, 16),
        passive_force_n=np.zeros(16),
    )


def test_a_signal_stays_within_its_bounds_and_its_band() -> None:
    signal = _signal(1)
    values = np.array([signal.derivative(time_s) for time_s in np.arange(0.0, 60.0, 0.01)])
    assert np.abs(values).max() <= 1.0
    assert np.abs(values).max(axis=0).min() > 0.5
    assert signal.angular_frequencies_rad_per_s.min() >= 2.0 * np.pi * 0.2
    assert signal.angular_frequencies_rad_per_s.max() <= 2.0 * np.pi * 3.0


@pytest.mark.parametrize("order", [1, 2])
def test_a_signals_derivatives_are_those_of_the_signal(order: int) -> None:
    signal, step_s = _signal(2), 1e-5
    slope = (signal.derivative(1.0 + step_s, order - 1) - signal.derivative(1.0 - step_s, order - 1)) / (2.0 * step_s)
    # Central differences at 3 Hz: truncation (19 rad/s)^4 * 1e-10 / 6, rounding 1e-16 * 400 / 1e-5, both below 1e-5.
    np.testing.assert_allclose(signal.derivative(1.0, order), slope, rtol=0.0, atol=1e-5)


def test_a_percentile_spreads_over_its_whole_range() -> None:
    signal = _signal(3)
    values = np.array([signal.percentile(time_s) for time_s in np.arange(0.0, 60.0, 0.01)])
    assert values.min() >= 0.0
    assert values.max() <= 1.0
    # A tenth of the time in every tenth of the range, roughly: the signal is only about normal.
    shares = np.array([np.histogram(channel, np.linspace(0.0, 1.0, 11))[0] / channel.size for channel in values.T])
    np.testing.assert_allclose(shares.mean(axis=0), 0.1, atol=0.05)


def test_the_same_seed_gives_the_same_movement_and_another_seed_another() -> None:
    def target(seed: int) -> list[float]:
        controller = EmgController(MOVEMENTS["a"], seed, 16, TIME_CONSTANTS, INTERVAL_S)
        return list(controller.target(1.234))

    assert target(5) == target(5)
    assert target(5) != target(6)


@pytest.mark.parametrize("name", list(MOVEMENTS))
def test_a_movements_path_keeps_clear_of_the_joints_limits(name: str) -> None:
    movement, arm = MOVEMENTS[name], load_arm("published")
    low, high = np.degrees([dict(arm.ranges_rad)[coordinate] for coordinate in arm.independent_coordinates]).T
    margin_deg = 4.0
    assert (np.array(movement.centre_deg) - movement.amplitude_deg > low + margin_deg).all()
    assert (np.array(movement.centre_deg) + movement.amplitude_deg < high - margin_deg).all()


def test_a_distribution_makes_the_torque_and_stays_within_bounds() -> None:
    arm = _arm_state()
    torque = arm.moment_arm_m.T @ (arm.capacity_n * np.random.default_rng(4).uniform(0.2, 0.6, 16))
    command = distribute(torque, arm, np.full(16, 0.3))
    assert command.min() >= LOWEST_EMG
    assert command.max() <= HIGHEST_EMG
    # The torque is reached but for what the pull towards the wanted commands takes, a few per cent of 0.5 N m.
    np.testing.assert_allclose(arm.moment_arm_m.T @ (arm.capacity_n * command), torque, rtol=0.0, atol=0.1)


def test_a_torque_that_is_there_already_leaves_the_wanted_commands_alone() -> None:
    arm, wanted = _arm_state(), np.random.default_rng(5).uniform(0.2, 0.6, 16)
    command = distribute(arm.moment_arm_m.T @ (arm.capacity_n * wanted), arm, wanted)
    np.testing.assert_allclose(command, wanted, rtol=0.0, atol=1e-9)  # an exact solution; rounding only


def test_the_lead_runs_ahead_of_a_change_and_rests_with_it() -> None:
    lead = ActivationLead(TIME_CONSTANTS, INTERVAL_S)
    low, high = np.full(2, 0.2), np.array([0.3, 0.1])
    np.testing.assert_array_equal(lead.step(low), low)
    changed = lead.step(high)
    assert changed[0] > high[0]
    assert changed[1] < high[1]
    for _ in range(200):
        rested = lead.step(high)
    np.testing.assert_allclose(rested, high, rtol=0.0, atol=1e-12)  # 0.7^200 of the change is left

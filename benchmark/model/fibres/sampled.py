"""From the reach of a fibre at a sample to the state that is handed out, with its partials, compiled.

Partials are kept in columns: l_o, v_max, phi_o, l_ts, and then the parameters that all muscles share. The maximum
isometric force has none here: it scales the tendon force and changes nothing else.
"""

from __future__ import annotations

from typing import Any

from benchmark.model.compiled import inlined
from benchmark.model.contraction import MAXIMUM_SINE
from benchmark.model.fibres.balance import fibre_side, tendon_side

TENDON_COLUMN = 3  # l_ts
FIRST_SHARED = 4
SHORTEST, LONGEST = 0.4, 1.6  # fibre lengths, of the optimal one, beyond which no muscle works
JUST_TAUT = 1.0 + 1e-9  # tendon stretch, of its slack length


@inlined
def by_column(q: int, fibre: Any, by_slack: float, by_activation: Any) -> Any:
    """Derivative of fibre minus tendon force with respect to a column's parameter, at a held reach and rate.

    Parameters
    ----------
    q
        The column.
    fibre
        What :func:`benchmark.model.fibres.balance.fibre_side` returns.
    by_slack
        The derivative with respect to l_ts.
    by_activation
        Derivatives of the activation with respect to the shared parameters, (k,).
    """
    if q < TENDON_COLUMN:
        return fibre[2][q]
    if q == TENDON_COLUMN:
        return by_slack
    return fibre[1][3] * by_activation[q - FIRST_SHARED]


@inlined
def write_state(
    k: int, i: int, motion: Any, path: Any, drive: Any, muscle: Any, rigid: bool, tables: Any, out: Any
) -> None:
    """Write a muscle's state at a sample, with its partials where they are wanted.

    Parameters
    ----------
    k, i
        Sample and muscle.
    motion
        The reach (m), its rate (m/s), and their derivatives by column, (4 + k,) each.
    path, drive
        Arrays of :class:`benchmark.model.fibres.musculotendon.MusculotendonPath` and ``Drive``.
    muscle
        A row of :func:`benchmark.model.fibres.balance.constants`.
    rigid
        Whether the tendon is rigid: its force is then the fibre's.
    tables
        The curves.
    out
        Arrays of :class:`benchmark.model.fibres.musculotendon.FibreStates`.
    """
    s, rate, by_s, by_rate = motion
    length, velocity, force, length_partials, velocity_partials, force_partials, outside, _ = out
    fibre = fibre_side(s, rate, drive[0][k, i], muscle, tables)
    tendon = tendon_side(s, path[0][k, i], muscle, tables)
    fibre_length, cosine, sine, bend = fibre[0]
    length[k, i], velocity[k, i] = fibre_length, cosine * rate
    norm_force = fibre[1][0] if rigid else tendon[0]
    force[k, i] = muscle[0] * norm_force
    beyond = fibre_length < SHORTEST * muscle[1] or fibre_length > LONGEST * muscle[1] or sine >= MAXIMUM_SINE
    outside[i] += beyond or (tendon[3] < JUST_TAUT and not rigid)
    if not len(force_partials):
        return
    length_partials[k, 0, i], velocity_partials[k, 0, i], force_partials[k, 0, i] = 0.0, 0.0, norm_force
    for q in range(len(by_s)):
        by_height = muscle[3] if q == 0 else (muscle[1] * muscle[4] if q == 2 else 0.0)
        turn = sine * bend * (sine * by_s[q] - cosine * by_height)
        length_partials[k, q + 1, i] = cosine * by_s[q] + sine * by_height
        velocity_partials[k, q + 1, i] = cosine * by_rate[q] + turn * rate
        if rigid:
            moved = fibre[1][1] * by_s[q] + fibre[1][2] * by_rate[q] + by_column(q, fibre, 0.0, drive[1][k, :, i])
        else:
            moved = tendon[1] * by_s[q] + (tendon[2] if q == TENDON_COLUMN else 0.0)
        force_partials[k, q + 1, i] = muscle[0] * moved

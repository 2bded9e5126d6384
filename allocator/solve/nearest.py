"""A plan brought nearer to the one on screen, group by group, while it stays a plan and worth what it must be."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.program import Bools, Program

MANY = 400
"""Groups that choose otherwise, above which pairs of them are not tried."""


def apart(program: Program, plan: Bools, screen: Bools) -> int:
    """How many groups, and columns without one, choose otherwise in two plans."""
    other = np.flatnonzero(plan != screen)
    own = program.groups[other]
    return int((own < 0).sum() + len(np.unique(own[own >= 0])))


def nearer(program: Program, plan: Bools, screen: Bools, least: Fraction) -> Bools:
    """`plan` with what can go back to the choices of `screen`, one group or two at a time, worth at least `least`.

    Of what can go back it takes what costs least, then looks again. No single group and no pair that is left can go
    back without a broken clause or a worth below `least`. It need not be the nearest plan of all.
    """
    found = plan.copy()
    while True:
        units = _units(program, found, screen)
        step = _best(program, found, screen, units, least)
        if step is None:
            return found
        found = step


def _units(program: Program, plan: Bools, screen: Bools) -> list[npt.NDArray[np.intp]]:
    """The columns in which they differ, by group; what is fixed cannot go back."""
    other = np.flatnonzero(plan != screen)
    own = program.groups[other]
    keys = np.where(own >= 0, own, -1 - np.arange(len(other)))
    units = [other[keys == key] for key in np.unique(keys)]
    return [u for u in units if (program.fixed[u] < 0).all()]


def _best(
    program: Program, plan: Bools, screen: Bools, units: list[npt.NDArray[np.intp]], least: Fraction
) -> Bools | None:
    """The best plan with one unit or, where there is none, two of them back as on screen; None where none is left."""
    tries = [(i,) for i in range(len(units))]
    found = _cheapest(program, plan, screen, units, tries, least)
    if found is None and len(units) <= MANY:
        pairs = [(i, j) for i in range(len(units)) for j in range(i)]
        found = _cheapest(program, plan, screen, units, pairs, least)
    return found


def _cheapest(
    program: Program,
    plan: Bools,
    screen: Bools,
    units: list[npt.NDArray[np.intp]],
    tries: Sequence[tuple[int, ...]],
    least: Fraction,
) -> Bools | None:
    """`plan` with that one of `tries`, sets of units, back that costs least: floats order, integers judge."""
    if not tries:
        return None
    steps = screen.astype(np.int64) - plan.astype(np.int64)
    columns = np.concatenate(units)
    of = np.repeat(np.arange(len(units)), [len(u) for u in units])
    dense = program.matrix[:, columns].toarray().astype(np.float64) * steps[columns]
    moves = np.zeros((len(units), program.shape[0]))
    np.add.at(moves, of, dense.T)
    gains = np.zeros(len(units))
    np.add.at(gains, of, (program.gain[columns] * steps[columns]).astype(np.float64))
    act = program.matrix.astype(np.float64) @ plan.astype(np.float64)
    which = np.array(tries)
    after = act + moves[which].sum(axis=1)
    low, high = program.lower.astype(np.float64), program.upper.astype(np.float64)
    missed = np.maximum(np.maximum(low - after, after - high), 0.0)
    hard = np.isinf(program.prices)
    hair = 1e-9 * (1 + np.abs(act))
    fine = ~((missed > hair) & hard).any(axis=1)
    paid = program.prices[~hard]
    now = np.maximum(np.maximum(low - act, act - high), 0.0)[~hard] @ paid
    change = gains[which].sum(axis=1) - missed[:, ~hard] @ paid + now
    spare = float(program.value(plan) - least)
    fine &= change >= -spare - 1e-9 * (1 + abs(spare) + np.abs(change))
    for t in np.flatnonzero(fine)[np.argsort(-change[fine], kind="stable")].tolist():
        tried = plan.copy()
        for i in tries[t]:
            tried[units[i]] = screen[units[i]]
        if program.value(tried) >= least and not program.broken(tried):
            return tried
    return None

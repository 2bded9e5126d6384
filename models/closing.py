"""The plan's equity deals when some do not close, and the reserve that fills in: every outcome counted, or draws.

Deals close independently, each with the scenario's chance. The reserve (others with an equity option) is taken by
score, each at the largest level that the free money still pays for; what is left at the year's end stays. What comes
next depends only on the money that is free and on how many have followed, so outcomes that agree in these are one state
with one probability: all 2ⁿ outcomes are counted in as many steps as there are deals. Where the amounts make too many
states, outcomes are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.chance import Closing, Enters, Spread, spread
from allocator.options import OptionTable
from allocator.program import Bools, Ints
from allocator.records import Tables
from models import pool
from models.rules.equity_pilot import CAPITAL

Floats = npt.NDArray[np.float64]

STATES = 200_000
"""States above which outcomes are drawn and no longer all counted."""


@dataclass(frozen=True)
class _Waiting:
    """One of the reserve: its number, its score, what it can be given, from the largest down."""

    candidate: int
    score: int
    amounts: tuple[int, ...]


def closing(
    scenario: Any, tables: Tables, options: OptionTable, chosen: Bools, draws: int, seed: int
) -> Closing:
    """The year's end where deals fail to close; `draws` from `seed` where outcomes are too many to count."""
    marks, _ = pool.worthy(scenario, tables)
    score = marks[np.maximum(options.candidate - (len(options.candidates) - len(marks)), 0)]
    capital = options.mask({"instrument": (CAPITAL,)}) & ~options.fixed
    cost = options.outlay[:, 0]
    planned = cost[capital & chosen]
    open_ = np.flatnonzero(capital & ~np.isin(options.candidate, options.candidate[chosen]))
    levels: dict[int, list[int]] = {}
    for k in open_.tolist():
        levels.setdefault(int(options.candidate[k]), []).append(k)
    reserve = [
        _Waiting(who, int(score[own[0]]), tuple(sorted({int(cost[k]) for k in own}, reverse=True)))
        for who, own in levels.items()
    ]
    reserve.sort(key=lambda w: (-w.score, w.candidate))
    chance = scenario.years.closing / 10_000
    return _counted(planned, reserve, chance) or _drawn(planned, reserve, chance, draws, seed)


def _counted(planned: Ints, reserve: Sequence[_Waiting], chance: float) -> Closing | None:
    """Every outcome with its probability; None where there are too many states."""
    money, number = int(planned.sum()), len(reserve) + 1
    closed: Floats = np.array([1.0])
    free, weight = np.array([money], np.int64), np.array([1.0])
    for amount in planned.tolist():
        closed = np.append(closed, 0.0) * (1 - chance) + np.append(0.0, closed) * chance
        free, weight = _merged(
            np.append(free, free - amount), np.append(weight * (1 - chance), weight * chance)
        )
        if len(free) > STATES:
            return None
    state = free * number  # and how many of the reserve have followed
    enters = []
    for one in reserve:
        amounts = _affordable(one, state // number)
        own = amounts > 0
        share = weight[own] * chance
        enters.append(
            Enters(one.candidate, one.score, float(share.sum()), float((share * amounts[own]).sum()))
        )
        state, weight = _merged(
            np.append(state, state[own] - amounts[own] * number + 1),
            np.append(np.where(own, weight * (1 - chance), weight), share),
        )
        if len(state) > STATES:
            return None
    stays, stays_weight = _merged(state // number, weight)
    counts = {
        "planned": Spread(np.array([len(planned)], np.int64), np.array([1.0])),
        "closed": Spread(np.arange(len(closed), dtype=np.int64), closed),
        "followed": Spread(*_merged(state % number, weight)),
        "spent": Spread((money - stays)[::-1], stays_weight[::-1]),
        "stays": Spread(stays, stays_weight),
    }
    return Closing(None, counts, tuple(enters))


def _drawn(planned: Ints, reserve: Sequence[_Waiting], chance: float, draws: int, seed: int) -> Closing:
    """`draws` outcomes."""
    draw = np.random.default_rng(seed)
    closes = draw.random((draws, len(planned) + len(reserve))) < chance
    kept, money = closes[:, : len(planned)], int(planned.sum())
    free, followed = money - kept @ planned, np.zeros(draws, np.int64)
    enters = []
    for i, one in enumerate(reserve, len(planned)):
        amounts = np.where(closes[:, i], _affordable(one, free), 0)
        free, followed = free - amounts, followed + (amounts > 0)
        enters.append(Enters(one.candidate, one.score, float((amounts > 0).mean()), float(amounts.mean())))
    figures = {
        "planned": np.full(draws, len(planned), np.int64),
        "closed": kept.sum(axis=1),
        "followed": followed,
        "spent": money - free,
        "stays": free,
    }
    return Closing(draws, {name: spread(values) for name, values in figures.items()}, tuple(enters))


def _affordable(one: _Waiting, free: Ints) -> Ints:
    """The largest of its amounts that the free money pays for; 0 where none is."""
    rising = np.array([0, *reversed(one.amounts)], np.int64)
    found: Ints = rising[np.searchsorted(rising, free, side="right") - 1]
    return found


def _merged(states: Ints, weight: Floats) -> tuple[Ints, Floats]:
    """Equal states as one, rising, with their weights added up."""
    own, place = np.unique(states, return_inverse=True)
    return own, np.bincount(place, weight, len(own)).astype(np.float64)

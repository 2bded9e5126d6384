"""Multipliers of a program's rows: those of its relaxation, for a large one by samples, and by parts of it that grow.

For given multipliers every group has its best choice, and the relaxation's optimum is where those choices and the few
groups in between fit the rows. So the relaxation of a sample is solved whole; then, over samples each larger than the
last and over the whole, only the groups whose choice is least certain are solved over, the others taken as decided.
Multipliers move no further than a trust region lets them, and are kept where the bound falls; groups that chose
otherwise as they moved stay in doubt. Any multipliers prove a bound: stopping early costs tightness, never truth.

Source: the stabilised cutting-plane and bundle methods for Lagrangian duals (Marsten, Hogan & Blankenship 1975).
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, Program
from allocator.solve.highs import lp_multipliers
from allocator.solve.view import Seen, View

WHOLE = 5_000
"""Columns up to which the relaxation is solved whole."""

SAMPLE, LARGER = 1_500, 8
"""Groups in the first sample, at most a third of all, and how many times more in each next one."""

CORE = (600, 4_000)
"""Groups in doubt that are solved over at first: a fiftieth of all, within these."""

ROUNDS = 30

CLOSE, PART = 1e-6, 0.003
"""A bound that falls by no more than this share, or by this part of the gap asked for, has not fallen."""

ROUGH = 1e-4
"""The same for a sample, whose own multipliers are off by more."""

STILL = 1e-9
"""A bound that falls by no more than this share is that of the whole relaxation."""

PATIENCE = 2
"""Rounds that hardly fall after which to stop; one that rises only went too far."""

NEAR = 2.0
"""Choices that lose up to this many times the largest margin of the part are solved over; the others are left out."""

FICKLE = 3
"""Groups that choose otherwise, in sizes of the part, after a step that went too far to learn from."""

TURNS, SWEEPS = 8, 4
"""How often, and how many times in a row, rows of few are seen to once more at the end."""

FINE = 1e-4
"""A reach below this moves nothing that matters."""

TRUST = 0.3
"""How far, as a share, multipliers may move at first."""

Floats = npt.NDArray[np.float64]
Stop = threading.Event | None


def multipliers(program: Program, seconds: float, stop: Stop = None, gap: float = 0.0) -> Floats | None:
    """Multipliers [m] in units of gain per unit of row, near enough for `gap`; None where none were found in time."""
    if len(program.gain) <= WHOLE or (program.groups < 0).any():
        return lp_multipliers(program, seconds, stop=stop)
    end = time.monotonic() + seconds
    view = View(program)
    y = np.zeros(len(program.clauses))
    size = max(1, min(SAMPLE, view.count // 3))
    part, rows = view.sample(size)
    found = lp_multipliers(part, max(end - time.monotonic(), 0.0), stop=stop)
    if found is not None:
        y[rows] = found
    while 3 * (size := size * LARGER) < view.count:
        part, rows = view.sample(size)
        if len(part.gain):
            y[rows] = _improved(View(part), y[rows], ROUGH, end, stop)
    return _improved(view, y, max(CLOSE, PART * gap), end, stop)


def _improved(view: View, y: Floats, close: float, end: float, stop: Stop) -> Floats:
    """Better multipliers of the view's program, from those of a smaller sample."""
    seen = view.at(y, sweeps=2)
    size, reach, still = max(CORE[0], min(view.count // 50, CORE[1])), TRUST, 0
    _learn(view, seen, seen, size)
    for _ in range(ROUNDS):
        left = end - time.monotonic()
        if left <= 0 or (stop is not None and stop.is_set()):
            break
        found = _over(view, seen, size, reach, left, stop)
        if found is None:
            size = 2 * size
            _learn(view, seen, seen, size)
            continue
        new = view.at(found)
        _learn(view, seen, new, size)
        fell = (seen.bound - new.bound) / max(abs(seen.bound), 1.0)
        if new.bound < seen.bound:
            seen = new
        still += abs(fell) < close
        if still == PATIENCE or reach < FINE or 0 <= fell < STILL:
            break
        reach = min(4 * reach, 1.0) if fell > 0 else reach / 3
    return _settled(view, seen).y


def _settled(view: View, seen: Seen) -> Seen:
    """The same with the rows of few seen to until that no longer helps: they by turns, for they share groups."""
    for _ in range(TURNS if len(view.few) else 0):
        new = view.at(seen.y, sweeps=SWEEPS)
        fell = (seen.bound - new.bound) / max(abs(seen.bound), 1.0)
        if fell > 0:
            seen = new
        if fell < STILL:
            break
    return seen


def _learn(view: View, before: Seen, now: Seen, size: int) -> None:
    """Note what was near at these multipliers, and which groups chose otherwise than before: they stay in doubt.

    Where nearly all of them did, the step went much too far and says nothing.
    """
    changed = now.choice != before.choice
    if changed.sum() > FICKLE * size:
        return
    view.moved |= changed
    view.near |= now.loss <= NEAR * _edge(view, now, size)
    for seen in (before, now):
        view.near[seen.choice[changed & (seen.choice >= 0)]] = True


def _edge(view: View, seen: Seen, size: int) -> float:
    """The margin that the `size` closest groups have at most."""
    at = min(size, view.count - 1)
    return max(float(np.partition(seen.margin, at)[at]), 0.0)


def _over(view: View, seen: Seen, size: int, reach: float, seconds: float, stop: Stop) -> Floats | None:
    """The multipliers of the relaxation over the `size` closest groups, the others as chosen; None: it has none.

    A row of few that is in it is in it whole, and may have any multiplier. Any other row's stays within `reach` of y,
    as a share of it (upwards also of the row's usual worth): its least worth is taken off the gains beforehand, and
    the rest is the price of violating it. A row with two bounds has its multiplier measured from the lower end,
    so that it is one-sided too. Of the groups' choices those that lose much are left out: a part may be any.
    """
    y, local = seen.y, view.local
    torn = (seen.margin <= _edge(view, seen, size)) | view.moved
    whole = np.zeros(len(local), bool)
    if len(local):
        torn[local.unsettled(seen.choice, y[view.few])] = True
        whole = local.touched(torn[view.of])
        torn[local.groups(whole)] = True
        whole = ~local.touched(~torn[view.of])
    opened = torn[view.of] & (view.near | (seen.loss <= 0))
    part = view.part(opened, seen.choice[(seen.choice >= 0) & ~torn])
    if part is None:
        return None
    program, rows = part
    free = np.zeros(len(y), bool)
    free[view.few[whole]] = True
    step = reach * np.maximum(np.abs(y), view.usual)
    both = (view.lower > -OPEN) & (view.upper < OPEN)
    least = np.where(both, np.maximum(y - step, -view.price), y * (1 - reach))
    least = np.where(free, 0.0, least)
    most = np.where(both, np.minimum(y + step, view.price) - least, np.abs(y) + step - np.abs(least))
    edges = np.where(free, view.price, np.minimum(most, view.price - np.where(both, least, np.abs(least))))
    inside = np.zeros(len(y), bool)
    inside[rows] = True
    base = np.where(inside, least, y)
    columns = np.flatnonzero(opened & ~view.dead)
    worth = view.matrix[:, columns].T @ base
    small = replace(
        program,
        gain=program.gain - np.rint(worth).astype(np.int64),
        lower=np.where((both & ~free)[rows], -OPEN, program.lower),
    )
    found = lp_multipliers(small, seconds, stop=stop, prices=np.maximum(edges, 0.0)[rows])
    if found is None:
        return None
    full = y.copy()
    full[rows] = least[rows] + found
    return full

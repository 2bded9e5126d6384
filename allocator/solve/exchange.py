"""Better plans by exchange: a few candidates choose otherwise at once, and the rows hold again.

At a program's multipliers a plan is worth the bound less what its choices lose, less what the room that it leaves, or
the violation that it causes, costs at the rows. That cost is the guide. It begins from a plan, from the relaxation's
point rounded, or from every candidate's best choice, which need not be plans: sets of exchanges grow one by one, the
cheapest of each size are kept (a beam), and the cheapest that breaks nothing is the answer. A first plan within some
1e-4 of the bound takes a few hundredths of a second at 500 candidates; better ones are for `meet.py`.

Floats only guide: who asks checks and values what comes back in integers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Bools, Program
from allocator.solve.caps import Caps, Places, closed
from allocator.solve.price import FAR, Priced, usual_worth
from allocator.solve.scaled import Floats

NEAREST = 240
"""Choices other than their groups' best that are looked at: those that lose least."""

FIRST = ((60, 200, 10, 1), (120, 200, 10, 1))
"""The passes from a start: choices looked at, sets kept of each size, exchanges at most, how dear a broken row is."""

HARD = ((240, 200, 12, 4), (240, 200, 16, 16))
"""The passes where those have found no plan."""

DEAR = 0.1
"""What breaking a row that has no price costs: this share of a mean gain for a mean coefficient."""


def _caps(program: Program, seen: Priced) -> Caps:
    """Every closed side of every row."""
    y = seen.multipliers
    usual = np.maximum(np.abs(y), DEAR * usual_worth(program))
    low = np.where(program.lower > -OPEN, program.lower.astype(np.float64), -np.inf)
    high = np.where(program.upper < OPEN, program.upper.astype(np.float64), np.inf)
    row, sign, bound = closed(low, high)
    paid = np.maximum(sign * y[row], 0.0)
    price = program.prices[row]
    hard = np.isinf(price)
    dear = np.where(hard, usual[row], np.maximum(np.where(hard, 0.0, price) - paid, 0.0))
    return Caps(row, sign, bound, paid, dear, hard)


class Exchange:
    """A priced program's groups, and their nearest other choices.

    A choice is a column, or −1 for none; a plan is one choice a group, beside what is fixed.
    """

    def __init__(self, program: Program, seen: Priced) -> None:
        self.program = program
        self.bound = float(seen.certificate.bound)
        _, self.own = np.unique(seen.group, return_inverse=True)
        count = int(self.own.max(initial=-1)) + 1
        self.able = seen.loss < FAR
        self.loss = np.where(self.able, seen.loss / seen.denominator, np.inf)
        self.nothing = np.zeros(count)
        self.nothing[self.own] = seen.none / seen.denominator
        self.fixed: Bools = program.fixed == 1
        self.best = np.full(count, -1)
        taken = np.flatnonzero(seen.best)
        self.best[self.own[taken]] = taken
        open_ = np.unique(self.own[self.able])
        columns = np.flatnonzero(self.able)
        column = np.concatenate([columns, np.full(len(open_), -1)])
        group = np.concatenate([self.own[columns], open_])
        loss = np.concatenate([self.loss[columns], self.nothing[open_]])
        order = np.argsort(loss, kind="stable")
        self.free = int((loss <= 0).sum())
        order = order[: self.free + NEAREST]
        self.column, self.group, self.cost = column[order], group[order], loss[order]
        m = program.matrix
        self.across = sparse.csc_array(
            sparse.csr_array((m.data.astype(np.float64), m.indices, m.indptr), shape=m.shape)
        )
        self.sides = _caps(program, seen)
        self.draw = np.random.default_rng(0)

    def choices(self, plan: Bools) -> Places:
        """What each group chooses in a plan, as far as it may."""
        found = np.full(len(self.best), -1)
        taken = np.flatnonzero(plan & self.able)
        found[self.own[taken]] = taken
        return found

    def plan(self, choice: Places) -> Bools:
        """The plan of these choices."""
        found: Bools = self.fixed.copy()
        found[choice[choice >= 0]] = True
        return found

    def rounded(self, point: Floats) -> Places:
        """What each group chooses most of in a point of the relaxation [n]."""
        found = np.full(len(self.best), -1)
        columns = np.flatnonzero(self.able)
        order = columns[np.lexsort((-point[columns], self.own[columns]))]
        first = order[np.r_[True, np.diff(self.own[order]) > 0]] if len(order) else order
        chosen = np.bincount(self.own[columns], point[columns], len(found))
        taken = first[point[first] >= 1 - chosen[self.own[first]]]
        found[self.own[taken]] = taken
        return found

    def begin(
        self, starts: Iterable[Bools], enough: Fraction, point: Floats | None = None
    ) -> Iterable[Bools]:
        """Plans, each better than the last, until one is worth `enough`.

        They begin from each start, which need not be a plan, from the relaxation's `point`, and from the groups' best.
        """
        bases = [self.choices(start) for start in starts]
        bases += [self.best] if point is None else [self.rounded(point), self.best]
        best = -np.inf
        for size, wide, deep, dear in (*FIRST, *HARD):
            if dear > 1 and best > -np.inf:
                return
            for base in bases:
                found, cost = self._pass(base, size, wide, deep, dear)
                if found is None or self.bound - cost <= best:
                    continue
                best = self.bound - cost
                yield self.plan(found)
                if best >= enough:
                    return

    def _pass(
        self, base: Places, size: int, wide: int, deep: int, dear: float = 1.0
    ) -> tuple[Places | None, float]:
        """The cheapest plan that a beam of exchanges meets on its way from `base`, and what it costs."""
        end = self.free + size
        moved = np.flatnonzero(self.column[:end] != base[self.group[:end]])
        group, column = self.group[moved], self.column[moved]
        seen = self._seen(base, group, column, deep, dear)
        lost = np.where(base >= 0, self.loss[np.maximum(base, 0)], self.nothing)
        gone = self.cost[moved] - lost[group]
        total = np.array([lost.sum() + seen.still])
        excess = seen.excess[np.newaxis, :]
        found: tuple[Places | None, float] = (None, np.inf)
        if seen.dead:
            return found
        cost, broken = seen.cost(total[:, np.newaxis], excess, None)
        if not broken[0, 0]:
            found = (base, float(cost[0, 0]))
        if not len(moved):
            return found
        key = self.draw.integers(1, 2**62, len(moved))
        marks = np.zeros(1, np.int64)
        steps = np.zeros((1, 0), np.intp)
        for depth in range(deep):
            cost, broken = seen.cost(total[:, np.newaxis] + gone, excess, seen.changes)
            for j in range(depth):
                cost[group[steps[:, j]][:, np.newaxis] == group] = np.inf
            whole = np.where(broken, np.inf, cost)
            at = int(np.argmin(whole))
            if whole.flat[at] < found[1]:
                state, move = divmod(at, len(moved))
                plan = base.copy()
                for k in (*steps[state], move):
                    plan[group[k]] = column[k]
                found = (plan, float(whole.flat[at]))
            states, moves = _cheapest(cost, marks, key, wide)
            if not len(states):
                break
            marks = marks[states] + key[moves]
            steps = np.column_stack([steps[states], moves])
            total = total[states] + gone[moves]
            excess = excess[states] + seen.changes.T[moves]
        return found

    def _seen(self, base: Places, group: Places, column: Places, deep: int, dear: float) -> _Seen:
        """The sides that up to `deep` of these exchanges can matter to, from `base` on."""
        sides = self.sides
        excess = sides.sign * (self.across @ self.plan(base).astype(np.float64))[sides.row] - sides.bound
        was = base[group]
        wanted = np.concatenate([np.maximum(column, 0), np.maximum(was, 0)])
        dense = self.across[:, wanted].toarray()
        new, old = dense[:, : len(column)], dense[:, len(column) :]
        moves = (np.where(column >= 0, new, 0.0) - np.where(was >= 0, old, 0.0))[sides.row]
        moves *= sides.sign[:, np.newaxis]
        touched = (moves != 0).any(axis=1) if len(column) else np.zeros(len(excess), bool)
        reach = excess + deep * np.maximum(moves.max(axis=1, initial=0.0), 0.0)
        live = touched & ((sides.paid > 0) | ((reach > 0) & (sides.hard | (sides.dear > 0))))
        still = np.maximum(-sides.paid * excess, sides.dear * excess)[~live].sum()
        return _Seen(
            excess[live],
            moves[live],
            sides.paid[live],
            np.where(sides.hard[live], dear, 1.0) * sides.dear[live],
            sides.hard[live],
            float(still),
            bool((sides.hard & ~live & (excess > 0)).any()),
        )


@dataclass(frozen=True, eq=False)
class _Seen:
    """The sides that matter to a pass: how far over each bound its base is [s], and what each move adds [s, moves].

    still  what the other sides cost, whatever moves; dead: whether one of those is broken for good
    """

    excess: Floats
    changes: Floats
    paid: Floats
    dear: Floats
    hard: npt.NDArray[np.bool_]
    still: float
    dead: bool

    def cost(
        self, total: Floats, excess: Floats, changes: Floats | None
    ) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """What states with this `excess` [k, s] cost after each move [k, moves], and whether they break a hard side."""
        cost = total.copy()
        broken = np.zeros(cost.shape, bool)
        for j in range(len(self.paid)):
            over = excess[:, j, np.newaxis] if changes is None else excess[:, j, np.newaxis] + changes[j]
            if self.hard[j]:
                broken |= over > 0
            cost += np.maximum(-self.paid[j] * over, self.dear[j] * over)
        return cost, broken


def _cheapest(
    cost: Floats, marks: npt.NDArray[np.int64], key: npt.NDArray[np.int64], wide: int
) -> tuple[Places, Places]:
    """The `wide` cheapest pairs of a state and a move, each set of moves once, whatever its order."""
    flat = cost.ravel()
    many = min(2 * wide, len(flat))
    top = np.argpartition(flat, many - 1)[:many]
    top = top[np.isfinite(flat[top])]
    top = top[np.argsort(flat[top], kind="stable")]
    states, moves = np.divmod(top, cost.shape[1])
    _, once = np.unique(marks[states] + key[moves], return_index=True)
    kept = np.sort(once)[:wide]
    return states[kept], moves[kept]

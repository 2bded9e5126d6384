"""The choices in doubt near multipliers, as dense arrays; what else a program chooses is taken as decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import Bools, Ints, Program
from allocator.solve.deficit import Floats, RowCosts, leaning, row_costs
from allocator.solve.price import FAR, Priced, nth_loss

WIDE = 1_500
"""Choices other than their groups' best that a search may ever make."""

Picks = npt.NDArray[np.int64]
"""A choice for each group in doubt, [groups], as its place in the field's arrays."""


@dataclass(frozen=True, eq=False)
class Field:
    """The groups in doubt, each choice of theirs a line of dense arrays; what else is chosen is decided.

    column  int64 [k]: the program's, or −1 for none; group: int64 [k]: its group, of those in doubt
    loss    float64 [k]: in units of gain; takes: float64 [k, r], of the rows that they speak of
    home    int64 [groups]: each group's choice at the multipliers
    base    bool [n]: the columns decided for; used: float64 [r], what they take of the rows
    costs   of the rows, hard as they are; soft: as they are while no plan is known
    fixed   the deficit of the rows that no choice speaks of
    """

    column: Ints
    group: Ints
    loss: Floats
    takes: Floats
    home: Picks
    base: Bools
    used: Floats
    costs: RowCosts
    soft: RowCosts
    fixed: float

    @classmethod
    def of(cls, program: Program, seen: Priced, starts: Sequence[Bools]) -> Field | None:
        """The field of `WIDE` choices, and of those of `starts`; None where the rest alone breaks a row, or the
        choices speak of fewer than two."""
        groups, first, of = np.unique(seen.group, return_index=True, return_inverse=True)
        loss, none = seen.loss / seen.denominator, seen.none[first] / seen.denominator
        lined = np.zeros(len(groups), bool)
        lined[of[program.fixed == 1]] = True
        free = (program.fixed < 0) & ~lined[of] & (seen.loss < FAR)
        best = seen.best & free
        empty = np.ones(len(groups), bool)  # the groups whose best is nothing
        empty[of[best]] = False
        others = np.concatenate([loss[free & ~best], none[~lined & ~empty]])
        if not len(others):
            return None
        limit = float(nth_loss(others, WIDE))
        asked = np.zeros(len(program.gain), bool)
        idle = np.zeros(len(groups), bool)  # the groups of which a start takes nothing
        for start in starts:
            asked |= start & free
            nothing = np.ones(len(groups), bool)
            nothing[of[start]] = False
            idle |= nothing
        torn = np.zeros(len(groups), bool)
        torn[of[free & ~best & ((loss <= limit) | asked)]] = True
        torn |= ~empty & ((none <= limit) | idle)
        torn &= ~lined
        columns = np.flatnonzero(free & torn[of] & ((loss <= limit) | asked | best))
        nothing = np.flatnonzero(torn & ((none <= limit) | empty | idle))
        place = np.cumsum(torn) - 1
        column = np.concatenate([columns, np.full(len(nothing), -1)])
        group = place[np.concatenate([of[columns], nothing])]
        home = np.zeros(int(torn.sum()), np.int64)
        at_home = np.concatenate([best[columns], empty[nothing]])
        home[group[at_home]] = np.flatnonzero(at_home)
        base = (best & ~torn[of]) | (program.fixed == 1)
        part = sparse.csr_array(program.matrix[:, columns])
        rows = np.flatnonzero(np.diff(part.indptr))
        if len(rows) < 2:
            return None
        takes = np.zeros((len(column), len(rows)))
        takes[: len(columns)] = part[rows, :].toarray().T
        used = np.asarray(program.matrix @ base.astype(np.int64), np.float64)
        hard = row_costs(program, seen, program.prices)
        silent = np.ones(len(used), bool)
        silent[rows] = False
        fixed = float(hard.of(np.flatnonzero(silent)).at(used[silent]).sum())
        if not np.isfinite(fixed):
            return None
        soft = row_costs(program, seen, leaning(program, seen))
        return cls(
            column=column,
            group=group,
            loss=np.concatenate([loss[columns], none[nothing]]),
            takes=takes,
            home=home,
            base=base,
            used=used[rows],
            costs=hard.of(rows),
            soft=soft.of(rows),
            fixed=fixed,
        )

    def picks(self, plan: Bools) -> Picks:
        """A plan's choice of each group; what it chooses elsewhere is taken as decided."""
        picks = self.home.copy()
        some = np.flatnonzero(self.column < 0)
        picks[self.group[some]] = some
        taken = np.flatnonzero((self.column >= 0) & plan[self.column])
        picks[self.group[taken]] = taken
        return picks

    def plan(self, picks: Picks) -> Bools:
        """The program's plan of these choices."""
        plan = self.base.copy()
        columns = self.column[picks]
        plan[columns[columns >= 0]] = True
        return plan

    def activity(self, picks: Picks) -> Floats:
        """What the choices and what is decided take of the rows."""
        return np.asarray(self.used + self.takes[picks].sum(axis=0))

    def deficit(self, picks: Picks) -> float:
        """How far the plan of these choices stays below the bound; inf where it is none."""
        return self.fixed + float(self.loss[picks].sum() + self.costs.at(self.activity(picks)).sum())

    def mended(self, picks: Picks) -> Picks:
        """Choices nearer to keeping the rows, one group after another, by what helps most."""
        picks = picks.copy()
        activity = self.activity(picks)
        now = float(self.soft.at(activity).sum())
        for _ in range(2 * len(self.home)):
            changed = activity + self.takes - self.takes[picks[self.group]]
            worth = self.loss - self.loss[picks[self.group]] + self.soft.at(changed).sum(axis=1) - now
            best = int(worth.argmin())
            if worth[best] >= -1e-9 * abs(now):
                break
            picks[self.group[best]] = best
            activity = changed[best]
            now = float(self.soft.at(activity).sum())
        return picks

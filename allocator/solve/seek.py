"""What is known of one program, its best plan and least bound, and where better plans are sought.

Near the multipliers (`meet.py`), from the best plan or from the multipliers' own choices, and in branches where some
choices are made (`branches.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np

from allocator.program import Bools, Ints, Program
from allocator.solve.branches import Branch, Branches
from allocator.solve.door import Ask
from allocator.solve.meet import meet
from allocator.solve.part import left
from allocator.solve.price import FAR, Priced

NEAR = 1.2
"""A plan this many gaps below the multipliers' bound is near enough: HiGHS's cuts prove the rest."""

HAIR = 1e-9
"""How far apart, as a share, a bound in floats and a value in integers may be and still be the same."""

STRICT = 1e-5
"""Below this gap the tree is large whatever the plan, and plans are sought from the multipliers' own choices alone."""

AGAIN = 240
"""Choices in doubt above which plans are sought elsewhere before a proof: one in vain takes longer."""


class Seek:
    """What is known of one program: the best plan of all that were offered, and the least bound.

    bound  in units of gain: that of the multipliers at first, or one that is known to hold
    home   whether plans were sought from the multipliers' own choices last; barren: there were none
    """

    def __init__(self, program: Program, seen: Priced, bound: Fraction | None = None) -> None:
        self.program, self.seen = program, seen
        self.top = seen.certificate.bound
        self.bound = self.top if bound is None else min(self.top, bound)
        self.plan: Bools | None = None
        self.value = Fraction(0)
        self.met = 0
        self.home = self.barren = False

    def offer(self, plan: Bools) -> bool:
        """Keep a plan if it is one and better than the last; whether it was."""
        if self.program.broken(plan):
            return False
        value = self.program.value(plan)
        if self.plan is not None and value <= self.value:
            return False
        self.plan, self.value = plan, value
        if value > self.bound:  # what was proved was not so, or as far as floats can tell it was
            self.bound = value if self.same(value, self.bound) else self.top
        return True

    def near(self, gap: float) -> bool:
        """Whether the best plan is within the gap."""
        return self.plan is not None and self.bound - self.value <= Fraction(gap) * abs(self.value)

    def seek(self, ask: Ask, begun: float) -> None:
        """Plans near the multipliers; elsewhere too where there are none, or a proof would have to look at much."""
        if not self.near(ask.gap) and not ask.stopped:
            self.meet(ask, begun)
        if self.near(ask.gap) or ask.stopped:
            return
        if self.plan is None or self.doubtful(self.needed(ask.gap)) > AGAIN:
            self.elsewhere(ask, begun)

    def meet(self, ask: Ask, begun: float, *, anew: bool = False) -> bool:
        """A better plan near the multipliers, near enough for HiGHS to prove; whether one was found.

        From the best plan, or `anew` from the multipliers' own choices.
        """
        starts = () if self.plan is None or anew else (self.plan,)
        found = self._met(self.program, self.seen, ask, begun, starts)
        if not starts:
            self.home, self.barren = True, self.barren or found is None
        return found is not None and self.offer(found)

    def elsewhere(self, ask: Ask, begun: float) -> bool:
        """A better plan from other choices than the best plan's; whether one was found.

        By turns from the multipliers' own choices, unless nothing is there, and in a branch where some are made; to a
        strict gap from those alone, as branches left the tree worse plans to begin from (slack, three seeds).
        """
        branch = self._branch(ask, begun) if self.home and ask.gap >= STRICT else None
        if branch is None:
            return self.meet(ask, begun, anew=True)
        self.home = self.barren
        found = self._met(branch.program, branch.seen, ask, begun, (), float(self.top - branch.bound))
        if found is None or not self.offer(self.branches.whole(found)):
            return False
        if not self.near(ask.gap) and not ask.stopped:
            self.meet(ask, begun)
        return True

    def _met(
        self,
        program: Program,
        seen: Priced,
        ask: Ask,
        begun: float,
        starts: Sequence[Bools],
        lost: float = 0.0,
    ) -> Bools | None:
        """What a meeting finds; `lost` is what the bound there is below the multipliers'."""
        enough = max(abs(NEAR * float(self.top) * ask.gap / (1 + ask.gap)) - lost, 0.0)
        self.met += 1
        return meet(
            program, seen, enough, starts, left(ask, begun).seconds / 2, ask.stop, ask.seed + self.met
        )

    def _branch(self, ask: Ask, begun: float) -> Branch | None:
        """A part of the program with some choices made, where there may be a better plan."""
        draw = np.random.default_rng((ask.seed, self.met))
        return self.branches.draw(None if self.plan is None else self.value, left(ask, begun).seconds, draw)

    def needed(self, gap: float) -> int:
        """The most that a choice of a plan can lose that would open the gap."""
        return self.seen.limit(max(self.top - self.value - Fraction(gap) * abs(self.value), Fraction(0))) + 1

    def doubtful(self, needed: int) -> int:
        """How many choices but their groups' best lose at most that."""
        return int((self.losses <= needed).sum())

    @cached_property
    def branches(self) -> Branches:
        """Parts of the program with some choices made, made when first asked for."""
        return Branches(self.program, self.seen)

    @cached_property
    def losses(self) -> Ints:
        """What each choice but its group's best loses: those of columns, and that of nothing once a group."""
        seen = self.seen
        _, first = np.unique(seen.group, return_index=True)
        nothing = seen.none[first]
        return np.concatenate([seen.loss[~seen.best & (seen.loss < FAR)], nothing[nothing > 0]])

    @staticmethod
    def same(value: Fraction, bound: Fraction) -> bool:
        return abs(value - bound) <= Fraction(HAIR) * abs(value)

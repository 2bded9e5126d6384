"""The best plan of a program and a bound, brought together: plans near the multipliers, and HiGHS on what is in doubt.

A choice that loses more than the distance from the best plan to what closes the gap is in no plan of interest. What is
left goes to HiGHS, which is asked for nothing but plans that are better than the best by more than the gap: where there
is none the gap is closed, and where one is found the search begins again from it, with less left.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from allocator.solve.door import Answer, Ask
from allocator.solve.highs import ask_highs, named
from allocator.solve.part import asked_of, left, spared, within
from allocator.solve.price import FAR, nth_loss
from allocator.solve.reduce import Reduced
from allocator.solve.seek import HAIR, STRICT, Seek

FEW, MOST = 300, 700
"""Choices other than their groups' best in the first part where more than `MOST` are in doubt: a better plan is found
among few as well, and leaves fewer."""

GROWTH = 3
"""How much larger each next part is."""

LARGE = 0.85
"""Where what is left is more than this share of the columns, the whole goes to HiGHS at once."""

NODES, MORE, LAST, ELSEWHERE = 100, 3, 4_000, 2
"""Nodes of a first quick proof, how many times more in each next, and the most. In between plans are sought elsewhere,
so many times, and so many more each time: where a meeting ends differs widely."""

SHORT, TRIES = 300, 4
"""For a strict gap: after `SHORT` nodes, and so many meetings in a row in vain, one tree without a search for plans
goes to its end."""

ALL = 2**31 - 1
"""As many nodes as there are."""

ROUGH = Fraction(3, 1000)
"""By this share a first plan may be below the multipliers' bound: meetings from it are quicker."""

LEAP, FIRST = Fraction(1, 20), Fraction(4, 5)
"""A plan that is better by this share of the distance is worth beginning again from; one of a first part, by that."""


class Search(Seek):
    """What is known of one program, and the way to its end."""

    def close(self, ask: Ask, begun: float) -> Answer:
        """HiGHS on the choices in doubt, until the gap is closed; its word, without plans or bound, which are here."""
        few, nodes, tries = FEW, NODES, ELSEWHERE
        while not self.near(ask.gap):
            needed = None if self.plan is None else self.needed(ask.gap)
            first = needed is None or self._many(needed, few)
            limit = self._nth(few) if first or needed is None else needed
            rest = within(self.program, self.seen, limit, self.plan)
            if len(rest.columns) > LARGE * self._able:
                return self._whole(ask, begun)
            quick = 0 if first else nodes
            better = spent = False
            if not rest.broken:
                answer = ask_highs(self._asked_of(ask, rest, begun, quick, first))
                offered = [self.offer(rest.whole(plan)) for plan in answer.plans]
                better = any(offered)
                self._prove(answer, rest, limit)
                spent = self._exhausted(answer, rest, ask.gap)
                proved = spent and not first  # as far as floats can tell
                if proved or answer.word in ("time_limit", "interrupted"):
                    word = "done" if proved or self.near(ask.gap) else answer.word
                    return replace(answer, word=word, plans=(), bound=None)
            if better:
                if not self.near(ask.gap):
                    self.meet(ask, begun)
            elif quick:
                nodes, tries = self._more(ask, begun, nodes, tries)
            elif not first or (needed is None and limit >= self._nth(len(self.losses))):
                break
            if first and (spent or not better):
                few *= GROWTH
        if self.near(ask.gap):
            return Answer("done", solver=named())
        # nothing was left out that a better plan could need, and still the gap is open
        return self._whole(ask, begun)

    def _more(self, ask: Ask, begun: float, nodes: int, tries: int) -> tuple[int, int]:
        """After a quick proof in vain: plans anew, `tries` times or until one is better; nodes and tries of the next.

        For a strict gap the tree is large whatever the plan, so it goes to its end at once, but after better plans.
        """
        strict = ask.gap < STRICT
        nodes *= MORE
        last = nodes > (SHORT if strict else LAST)
        long = strict and last
        vain, most = 0, TRIES if long else tries
        while vain < most and not self.near(ask.gap) and left(ask, begun).seconds > 0 and not ask.stopped:
            found = self.elsewhere(ask, begun)
            if found and not long:
                break
            vain = 0 if found else vain + 1
        return (ALL if strict else 0) if last else nodes, tries + ELSEWHERE

    def _prove(self, answer: Answer, rest: Reduced, limit: int) -> None:
        """The bound of the whole: of what was left, as HiGHS proved it, or of what was left out."""
        left_out = self.top - Fraction(limit, self.seen.denominator)
        if answer.word == "infeasible":
            proved = left_out  # no plan uses only what was left
        elif answer.bound is None:
            return
        else:
            proved = max(Fraction(answer.bound + answer.slop) + rest.decided, left_out)
        self._lower(proved)

    def _lower(self, proved: Fraction) -> None:
        """Take a bound, unless the best plan refutes it by more than floats are off."""
        if self.plan is not None and proved < self.value:
            if not self.same(self.value, proved):
                return
            proved = self.value
        self.bound = min(self.bound, proved)

    def _many(self, needed: int, few: int) -> bool:
        """Whether so many choices are needed for a proof that a part of `few` is worth a look before."""
        count = self.doubtful(needed)
        return count > MOST and GROWTH * few < count

    def _exhausted(self, answer: Answer, rest: Reduced, gap: float) -> bool:
        """Whether what was left holds no plan that is better by more than the gap."""
        if self.plan is None or answer.bound is None:
            return False
        enough = float(self.value) + gap * abs(float(self.value))
        return answer.bound + rest.decided <= enough + answer.slop

    def _whole(self, ask: Ask, begun: float) -> Answer:
        """HiGHS on the whole."""
        above = -math.inf
        if self.plan is not None:
            above = float(self.value) + spared(ask.gap, float(self.value))
        answer = ask_highs(left(replace(ask, start=self.plan, above=above), begun))
        for plan in answer.plans:
            self.offer(plan)
        if answer.bound is not None:
            self._lower(Fraction(answer.bound + answer.slop))
        return replace(answer, bound=None)

    def _asked_of(self, ask: Ask, rest: Reduced, begun: float, quick: int, first: bool) -> Ask:
        """The question of what is left; it ends too where the plan that is known closes the gap.

        A first part is there for a plan that closes most of the distance; of a later one any better plan leaves less.
        """
        bound = float(self.bound - rest.decided)
        if self.plan is None:
            size = float(self.bound) * (1 - 2 * ask.gap)
            asked = asked_of(ask, rest, begun, None, size, bound)
            return replace(asked, better=float(self.bound - ROUGH * abs(self.bound) - rest.decided))
        asked = asked_of(ask, rest, begun, self.plan, float(self.value), bound)
        known = float(self.value - rest.decided)
        if first:  # a plan that is only a little better may close the gap
            closing = float(self.bound * Fraction(1 - HAIR) / (1 + Fraction(ask.gap)) - rest.decided)
            asked = replace(asked, above=min(asked.above, max(closing, known)))
        leap = known + max(asked.spare, float((FIRST if first else LEAP) * (self.bound - self.value)))
        return replace(asked, known=known, better=math.inf if quick == ALL else leap, nodes=quick)

    @cached_property
    def _able(self) -> int:
        return int((self.seen.loss < FAR).sum())

    def _nth(self, size: int) -> int:
        """The loss that `size` choices have at most."""
        return int(nth_loss(self.losses, size))


def answered(search: Search, answer: Answer) -> Answer:
    """A door's answer of what a search knows at its end; a solver's best that is none comes first, to be excluded."""
    best = () if search.plan is None else (search.plan,)
    wrong = tuple(plan for plan in answer.plans[:1] if search.program.broken(plan))
    return replace(
        answer,
        plans=(*wrong, *best),
        bound=None if answer.word == "infeasible" else float(search.bound),
        certificate=search.seen.certificate,
        solver=answer.solver or named(),
    )

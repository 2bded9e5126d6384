"""Where else to seek plans: the choices that matter most made one way or another, and multipliers for the rest.

At a program's multipliers a few groups lie between choices. Where these differ much in what they take of the dear
rows, as where few candidates are large, no few small changes make up for a wrong one, and searches near the one set of
multipliers end alike. So, among the choices that lose least, the group whose choices in the relaxation's point differ
most is decided, each way as likely as its share of the point, and the relaxation is solved again; so a few times. What
comes out is a program with some groups decided, at multipliers that fit the rest.

Sources: branching on a whole class of choices (Beale & Tomlin 1970), diving (Achterberg 2007) by randomised rounding
(Raghavan & Thompson 1987).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.program import Bools, Program
from allocator.solve.kept import Kept
from allocator.solve.part import within
from allocator.solve.price import FAR, Priced, nth_loss, price
from allocator.solve.scaled import Floats

SIZE = 1_000
"""Choices other than their groups' best in the part that is looked at."""

DEEP = 4
"""Groups that are decided."""

TRIES = 5
"""Branches in a row that cannot hold a better plan, after which no more are looked for."""

WHOLE = 1e-6
"""What is nearer to 0 or 1 than this is whole."""


@dataclass(frozen=True, eq=False)
class Branch:
    """A part of a program with some groups decided.

    seen   that part at its own multipliers
    bound  what no plan of the branch is worth more than, in units of the whole's gain
    point  the relaxation's [n]
    """

    program: Program
    seen: Priced
    bound: Fraction
    point: Floats


class Branches:
    """Branches of one program, drawn one after the other."""

    def __init__(self, program: Program, seen: Priced) -> None:
        losses = seen.loss[~seen.best & (seen.loss < FAR)]
        self.rest = within(program, seen, int(nth_loss(losses, SIZE)))
        self.kept = Kept(self.rest.program.shape[0])
        self.root: Branch | None = None

    def draw(self, above: Fraction | None, seconds: float, draw: np.random.Generator) -> Branch | None:
        """A branch that may hold a plan worth more than `above`; None where none was found."""
        program = self.rest.program
        if self.rest.broken or not all(program.shape):
            return None
        if self.root is None:
            self.root = self._at(program.fixed, seconds)
            if self.root is None:
                return None
            y = np.abs(self.root.seen.multipliers)
            dear = np.flatnonzero(y)
            self.takes = program.matrix[dear, :].toarray() * y[dear, np.newaxis]
        for _ in range(TRIES):
            found = self._down(self.root, above, seconds, draw)
            if found is not None:
                return found
        return None

    def _down(
        self, root: Branch, above: Fraction | None, seconds: float, draw: np.random.Generator
    ) -> Branch | None:
        """A branch some groups deep; None where it cannot hold what is sought."""
        found = root
        for _ in range(DEEP):
            fixed = self._decided(found, draw)
            if fixed is None:
                return found
            next_ = self._at(fixed, seconds)
            if next_ is None or (above is not None and next_.bound <= above):
                return None
            found = next_
        return found

    def whole(self, chosen: Bools) -> Bools:
        """A plan of a branch as one of the whole program."""
        return self.rest.whole(chosen)

    def _at(self, fixed: npt.NDArray[np.int8], seconds: float) -> Branch | None:
        """The branch where these columns are `fixed`; None where it has no plan, as far as floats can tell."""
        part = replace(self.rest.program, fixed=fixed)
        y = self.kept.multipliers(part, seconds)
        seen = None if y is None else price(part, y)
        if seen is None:
            return None
        return Branch(part, seen, seen.certificate.bound + self.rest.decided, self.kept.point)

    def _decided(self, branch: Branch, draw: np.random.Generator) -> npt.NDArray[np.int8] | None:
        """What is fixed where the group that matters most is decided; None where all is whole."""
        torn = np.flatnonzero((branch.point > WHOLE) & (branch.point < 1 - WHOLE))
        group = branch.seen.group
        most, widest, shares = -1.0, torn[:0], branch.point[:0]
        for g in np.unique(group[torn]):
            own = torn[group[torn] == g]
            share = branch.point[own]
            nothing = max(1 - share.sum(), 0.0)
            takes = self.takes[:, own]
            mean = takes @ share
            apart = float((np.abs(takes - mean[:, np.newaxis]) @ share + nothing * np.abs(mean)).sum())
            if apart > most:
                most, widest, shares = apart, own, np.append(share, nothing)
        if not len(widest):
            return None
        way = int(draw.choice(len(shares), p=shares / shares.sum()))
        fixed = branch.program.fixed.copy()
        if way < len(widest):
            fixed[group == group[widest[0]]] = 0
            fixed[widest[way]] = 1
        else:
            fixed[widest] = 0
        return fixed

"""What differs between two plans, and the rule or the price that explains each difference.

A difference is explained by what can be computed again: that the other scenario does not offer the option; that taking
it there would break a clause, moved ones first; else by prices: what the option is worth beside what it takes of the
rules' room, at the multipliers of each scenario's rows (estimates), and the clause whose price rose most for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from allocator.options import Award
from allocator.program import OPEN, Clause
from allocator.studies.case import Case
from allocator.studies.figures import worth
from allocator.studies.sides import Side
from allocator.why.exchange import Exchange
from allocator.words import Text, say

Kind = Literal["in", "out", "instrument", "amount"]
Name = tuple[str, str, str]


@dataclass(frozen=True)
class Difference:
    """One candidate that two plans decide differently; `moved` is the change of its commitment in yuan."""

    candidate: str
    kind: Kind
    before: Award | None
    after: Award | None
    why: Text

    @property
    def moved(self) -> int:
        """What its commitment changes by, in yuan."""
        return (self.after.amount if self.after else 0) - (self.before.amount if self.before else 0)


class Between:
    """The differences from plan `a` to plan `b`; both have one."""

    def __init__(self, a: Side, b: Side) -> None:
        self.a, self.b = a, b

    @cached_property
    def within(self) -> bool:
        """Whether plan `a` is as good as `b` by `b`'s own program, within the two gaps: then nothing is explained.

        Of lists that nobody optimised it is not asked.
        """
        if self.a.bound is None or self.b.bound is None:
            return False
        program = self.b.case.program
        carried = self.b.case.program.fixed == 1
        for award in self.a.awards.values():
            k = option_of(self.b.case, award)
            if k is None:
                return False
            carried[k] = True
        if program.broken(carried):
            return False
        return program.value(carried) + self.a.tolerance + self.b.tolerance >= self.b.value

    @cached_property
    def moved(self) -> Mapping[Name, Text]:
        """The clauses that differ between the two programs, each with how it reads in `b`."""
        before, after = _bounds(self.a.case), _bounds(self.b.case)
        found = {}
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name):
                key = "new" if name not in before else "gone" if name not in after else "moved"
                clause = (self.b if name in after else self.a).case.rule(*name)
                old, new = bound_shown(self.a, name), bound_shown(self.b, name)
                found[name] = say(f"compare.clause_{key}", clause=clause, old=old, new=new)
        return found

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every candidate that is decided differently, the largest sums first."""
        before, after = self.a.awards, self.b.awards
        found = []
        for candidate in {**before, **after}:
            old, new = before.get(candidate), after.get(candidate)
            kind = _kind(old, new)
            if kind is not None:
                why = say("compare.within") if self.within else self._why(kind, old, new)
                found.append(Difference(candidate, kind, old, new, why))
        order = {"out": 0, "in": 1, "instrument": 2, "amount": 3}
        return tuple(sorted(found, key=lambda d: (order[d.kind], -abs(d.moved), d.candidate)))

    # -- why ------------------------------------------------------------------------------------

    def _why(self, kind: Kind, old: Award | None, new: Award | None) -> Text:
        """What of the new scenario speaks against the old award; of a newcomer, what spoke against it before."""
        if kind == "in":
            assert new is not None
            return self._against(new, self.b, self.a, back=True)
        assert old is not None
        return self._against(old, self.a, self.b, back=False)

    def _against(self, award: Award, home: Side, there: Side, back: bool) -> Text:
        """Why `award`, which `home` makes, is not made by `there`; `back`: there is the earlier of the two."""
        k, own = option_of(there.case, award), option_of(home.case, award)
        name = there.name
        needed = self._needed(home, own)
        if needed is not None:
            return say(
                "compare.needed" if back else "compare.was_needed", name=home.name, clause=self.moved[needed]
            )
        if k is None:
            return say("compare.not_offered", name=name)
        broken = self._broken(there, award.candidate, k)
        for clause in (there.case.program.clauses[r] for r in broken):
            if (clause.rule, clause.label, clause.side) in self.moved:
                key = "compare.kept_out_by" if not back else "compare.was_kept_out_by"
                return say(key, name=name, clause=self.moved[clause.rule, clause.label, clause.side])
        narrow = [r for r in broken if r not in self._wide(there)]
        if narrow:
            return say(
                "compare.breaks", name=name, clause=there.case.clause(there.case.program.clauses[narrow[0]])
            )
        return self._priced(home, there, own, k, back)

    def _broken(self, there: Side, candidate: str, k: int) -> tuple[int, ...]:
        """The hard rows that would not hold if `there` took option k, in place of what the candidate has there."""
        exchange = self._exchange[id(there)]
        mine = there.awards.get(candidate)
        if mine is None:
            return exchange.blocked.get(k, ())
        out = option_of(there.case, mine)
        return () if out is None else tuple(exchange.swap(out, k).broken)

    def _needed(self, home: Side, k: int | None) -> Name | None:
        """A moved clause that `home` would break without its option k; None where there is none."""
        if k is None:
            return None
        exchange = self._exchange[id(home)]
        for r, v in exchange.column(k).items():
            left, c = exchange.activity[r] - v, home.case.program.clauses[r]
            short = left < exchange.lower[r] or left > exchange.upper[r]
            if short and c.price is None and (c.rule, c.label, c.side) in self.moved:
                return (c.rule, c.label, c.side)
        return None

    @cached_property
    def _exchange(self) -> Mapping[int, Exchange]:
        return {id(s): Exchange(s.case.program, s.chosen) for s in (self.a, self.b) if s.chosen is not None}

    def _wide(self, there: Side) -> frozenset[int]:
        """Rows that more than half of all candidates compete for (the year's money): no reason of their own."""
        matrix, program = there.case.program.matrix, there.case.program
        free = int((program.fixed == -1).sum())
        return frozenset(
            r for r in range(matrix.shape[0]) if 2 * (matrix.indptr[r + 1] - matrix.indptr[r]) > free
        )

    def _priced(self, home: Side, there: Side, own: int | None, k: int, back: bool) -> Text:
        """What the option is worth and takes at each side's prices, and whose price moved most against it."""
        gain = Fraction(int(there.case.program.gain[k]))
        cost, taken = _takes(there, k)
        _, was = _takes(home, own) if own is not None else (Fraction(0), {})
        against = {n: c - was.get(n, Fraction(0)) for n, c in taken.items()}
        scale = there.case.program.scale
        known = {
            "name": there.name,
            "gain": f"{worth(gain, scale) / 1e6:,.2f}",
            "cost": f"{worth(cost, scale) / 1e6:,.2f}",
        }
        if gain >= cost:
            return say("compare.borderline", **known)
        name = max(against, key=lambda n: against[n], default=None)
        if name is None or against[name] <= 0:
            return say("compare.too_dear", **known)
        risen = f"{worth(against[name], scale) / 1e6:,.2f}"
        key = "compare.dearer_back" if back else "compare.dearer"
        return say(key, **known, home=home.name, clause=there.case.rule(*name), risen=risen)


def bound_shown(side: Side, name: Name) -> str:
    """The bound of a clause as its own rule writes it; — where it has none."""
    rule, label, end = name
    for r in side.ruled:
        if (r.measure.rule, r.measure.label) == (rule, label):
            return r.measure.shown(getattr(r.measure.limits, end, None))
    return "—"


def _takes(side: Side, k: int) -> tuple[Fraction, dict[Name, Fraction]]:
    """What option k takes of the rules' room at the side's prices: in all, and by rule and label."""
    matrix, clauses, prices = side.case.program.matrix, side.case.program.clauses, side.prices
    column = matrix[:, [k]].tocoo()
    found: dict[Name, Fraction] = {}
    for r, v in zip(column.coords[0].tolist(), column.data.tolist(), strict=True):
        c = clauses[r]
        found[c.rule, c.label, c.side] = found.get((c.rule, c.label, c.side), Fraction(0)) + prices[r] * v
    return sum(found.values(), Fraction(0)), found


def option_of(case: Case, award: Award) -> int | None:
    """The column of the same candidate, instrument and level; None where it is not offered."""
    assert case.compiled is not None
    options = case.compiled.options
    for k in options.rows_of.get(award.candidate, ()):
        own = options.labels["instrument"].label(int(k))
        if own == award.instrument and int(options.level[k]) == award.level and not options.fixed[k]:
            return int(k)
    return None


def _bounds(case: Case) -> dict[Name, tuple[int | None, int | None, Fraction | None, tuple[str, ...]]]:
    """Each clause's bounds, in units that rows of differently divided programs share, and its settings."""
    program = case.program
    found: dict[Name, tuple[int | None, int | None, Fraction | None, tuple[str, ...]]] = {}
    for r, c in enumerate(program.clauses):
        low, high = int(program.lower[r]), int(program.upper[r])
        found[c.rule, c.label, c.side] = (
            None if low <= -OPEN else _whole(low, c),
            None if high >= OPEN else _whole(high, c),
            c.price,
            _settings(case, c),
        )
    return found


def _whole(bound: int, clause: Clause) -> int:
    return round(bound * clause.unit * 10_000)


def _settings(case: Case, clause: Clause) -> tuple[str, ...]:
    """What the rule's settings say of a clause whose share is of a base that is no constant."""
    if case.compiled is None or clause.rule not in case.compiled.rules:
        return ()
    rule = case.compiled.rules[clause.rule]
    own = getattr(rule, "shares", None) or getattr(rule, "limits", None)
    limits = own.get(clause.label) if isinstance(own, dict) else own
    return (str(getattr(limits, clause.side, None)),)


def _kind(old: Award | None, new: Award | None) -> Kind | None:
    if old is None or new is None:
        return "in" if new is not None else "out"
    if old.instrument != new.instrument:
        return "instrument"
    return "amount" if old.amount != new.amount else None

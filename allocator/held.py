"""What a program is held to beyond its own rows: rows found as plans break them, and what each rank came down to.

Some clauses have too many rows to write down (the worst of many outcomes; every set of a rank's rows). They are found:
a plan that breaks one is given the rows that it breaks, and the program is solved again, until none is broken. Each
solve is of a program that leaves rows out, so its bound is one of the whole. What was found is a log of plans and
stages from which the same rows can be made again: a verifier takes no row on trust.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from allocator.change import Change, stacked
from allocator.compile import Compiled
from allocator.contract import Rule
from allocator.program import Bools, Program, Rows
from allocator.solve.outcome import Outcome
from allocator.stages import Ranked, Stage, ranks

Solver = Callable[[Program, Bools | None, float, float], Outcome]
"""Solves a program from a start, to a gap, within seconds."""

Point = tuple[int, ...]
"""The columns of a plan at which rows were found."""

ROUNDS = 500
"""Plans that are tried at most, for one answer."""


class Held:
    """One compiled program and the rows found for it so far; `log` says how each came to be."""

    def __init__(self, compiled: Compiled, log: Sequence[Stage | Point] = ()) -> None:
        self.compiled = compiled
        self.blocks: list[Rows] = []
        self.log: list[Stage | Point] = []
        self.stages: list[Stage] = []
        self.last: Bools | None = None
        for entry in log:
            if isinstance(entry, Stage):
                self.keep(entry)
            else:
                self.find(_plan(entry, len(compiled.program.gain)))

    # -- rows -----------------------------------------------------------------------------------

    def on(self, program: Program) -> Program:
        """A program over the same columns with all rows found so far below its own."""
        return program.with_(Change(added=stacked(self.blocks))) if self.blocks else program

    @property
    def whole(self) -> Compiled:
        """What was compiled, its program with the rows found."""
        return replace(self.compiled, program=self.on(self.compiled.program))

    def keep(self, stage: Stage) -> None:
        """Hold later plans to what a stage came to."""
        self.stages.append(stage)
        self.log.append(stage)
        self.blocks.append(Ranked(self.compiled.program, stage.rank).held(stage))

    def find(self, chosen: Bools) -> bool:
        """Add the rows that a plan breaks; whether there are any."""
        found = [rows for rows in self._broken(chosen) if len(rows)]
        if found:
            self.log.append(tuple(np.flatnonzero(chosen).tolist()))
            self.blocks += found
        return bool(found)

    def _broken(self, chosen: Bools) -> list[Rows]:
        own = self.compiled
        rows = [r.cuts(own.options, own.facts, chosen) for r in finding(own.rules)]
        rows += [Ranked(own.program, s.rank).broken(chosen, s) for s in self.stages]
        return [r for r in rows if r is not None]

    # -- solving --------------------------------------------------------------------------------

    def settle(self, solver: Solver, seconds: float, start: Bools | None) -> Outcome | None:
        """Bring each rank down in turn; the outcome of one that has no plan, None where all have."""
        self.last = start
        for rank in ranks(self.compiled.program):
            missed = Ranked(self.compiled.program, rank)
            outcome = self._least(missed, solver, seconds)
            if outcome.chosen is None:
                return outcome
            bound = missed.total(outcome.chosen) if outcome.reason == "optimal" else _bound(missed, outcome)
            self.keep(Stage.of(missed, outcome.chosen, bound))
            self.last = outcome.chosen
        return None

    def _least(self, missed: Ranked, solver: Solver, seconds: float) -> Outcome:
        """The least violation: roughly first; then, unless that is within the tolerance, as far as is asked."""
        outcome = self.solve(missed.aim(self.compiled.program), solver, 1e-2, seconds, self.last)
        if outcome.chosen is None:
            return outcome
        total = missed.total(outcome.chosen)
        if total - _bound(missed, outcome) <= missed.tolerance:
            return outcome
        gap = missed.tolerance / total / 2
        return self.solve(missed.aim(self.compiled.program), solver, gap, seconds, outcome.chosen)

    def solve(
        self, program: Program, solver: Solver, gap: float, seconds: float, start: Bools | None
    ) -> Outcome:
        """The best plan of `program`, over the same columns, that breaks nothing that could be found."""
        end = time.monotonic() + seconds
        for _ in range(ROUNDS):
            whole = self.on(program)
            outcome = solver(whole, self._begin(whole, start), gap, max(end - time.monotonic(), 0.0))
            if outcome.chosen is None or not self.find(outcome.chosen):
                return outcome
            if time.monotonic() >= end:
                break
        return replace(outcome, reason="time_limit", chosen=None, value=None, gap=None)

    def _begin(self, program: Program, start: Bools | None) -> Bools | None:
        """The better of the plans at hand that keep every row."""
        at_hand = [p for p in (start, self.last) if p is not None and not program.broken(p)]
        return max(at_hand, key=program.value, default=start)

    def missed(self, stage: Stage, chosen: Bools | None) -> int:
        """What a plan misses of a stage's rank, in the stage's parts; without a plan, what the stage's own misses."""
        if chosen is None:
            return stage.violation
        return Ranked(self.compiled.program, stage.rank).total(chosen)

    def named(self, stage: Stage) -> tuple[str, ...]:
        """The rules of a stage's rank, by name."""
        clauses = Ranked(self.compiled.program, stage.rank).clauses
        return tuple(dict.fromkeys(c.rule for c in clauses))

    # -- the record -----------------------------------------------------------------------------

    def as_json(self) -> list[dict[str, Any]]:
        """The log as plan.json holds it."""
        return [e.as_json() if isinstance(e, Stage) else {"at": list(e)} for e in self.log]

    @classmethod
    def from_json(cls, compiled: Compiled, data: Sequence[Mapping[str, Any]]) -> Held:
        """The same rows made again from a log."""
        log: list[Stage | Point] = [
            Stage.from_json(dict(e)) if "rank" in e else tuple(int(k) for k in e["at"]) for e in data
        ]
        return cls(compiled, log)

    def doubts(self, chosen: Bools | None) -> list[Stage]:
        """The stages whose figures their own plan does not bear out, or that the final plan `chosen` exceeds."""
        found = []
        for stage in self.stages:
            missed = Ranked(self.compiled.program, stage.rank)
            at = _plan(stage.at, len(self.compiled.program.gain))
            again = Stage.of(missed, at, stage.bound)
            over = chosen is not None and missed.total(chosen) > stage.limit
            if again != stage or over or self.compiled.program.broken(at):
                found.append(stage)
        return found


def finding(rules: Mapping[str, Rule]) -> list[Rule]:
    """The rules that have rows to be found."""
    return [rule for rule in rules.values() if type(rule).cuts is not Rule.cuts]


def _bound(missed: Ranked, outcome: Outcome) -> int:
    """The least violation that a solve has proved, in parts."""
    if outcome.bound is None:
        return 0
    return missed.least(Fraction(outcome.bound) * missed.program.scale)


def _plan(columns: Point, n: int) -> Bools:
    chosen = np.zeros(n, bool)
    chosen[list(columns)] = True
    return chosen

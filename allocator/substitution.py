"""After publication some drop out: who follows each, in the policy's order, with nothing else moved.

The candidates that left are kept out by the scenario from now on; each vacancy is filled by the first follower with an
option that breaks no hard clause, measured in exact integers, or by nobody. The result is a run of its own, whose bound
is proved by the multipliers that the first one left behind.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from allocator.audit.awards import check_awards
from allocator.certificate import Certificate, prove
from allocator.compile import SCALE, Compiled
from allocator.conclude import conclude, taken_by_orders
from allocator.contract import Follower, Reason
from allocator.finished import Finished, reopen
from allocator.options import Award
from allocator.pipeline import STAGES, check_tables
from allocator.plan import Plan
from allocator.problems import Place, Problems
from allocator.program import Bools
from allocator.solve.outcome import Outcome
from allocator.vacancies import Substitution, Vacancy
from allocator.words import Text, listed, say


@dataclass(frozen=True, eq=False)
class Substituted:
    """What came of it: the record, the new plan, or (plan None) the hard clauses that nobody who follows could mend."""

    record: Substitution
    plan: Plan | None
    broken: tuple[Text, ...]


def substitute(run: Finished, leaving: Mapping[str, Reason]) -> Substituted:
    """The plan of a finished run in which others follow `leaving` (candidate -> why it dropped out, and the basis).

    Raises `InputFaults` where one of them is not among the awards.
    """
    begun = time.perf_counter()
    held = {a.candidate: a for a in run.awards if not a.fixed}
    _among(run, leaving, held)
    own = reopen(run.folder, run.loaded.policy.without(run.loaded.scenario, leaving))
    earlier = earlier_of(own)
    vacancies, chosen = _filled(own, list(leaving), earlier)
    why = {c: (reason.text.zh, reason.basis) for c, reason in leaving.items()}
    record = Substitution(str(run.said["seal"]), why, tuple(vacancies), earlier)
    broken = _short(own.compiled, chosen)
    if broken:
        return Substituted(record, None, tuple(_named(own.compiled, r) for r in broken))
    certificate = _inherited(run, own.compiled)
    check_awards(own.loaded, own.tables, own.compiled, chosen, certificate)
    value = own.compiled.program.value(chosen)
    outcome = Outcome(
        reason="substituted",
        chosen=chosen,
        value=own.compiled.program.shown(value),
        bound=float(certificate.bound / SCALE),
        gap=float((certificate.bound - value) / (abs(value) or 1)),
        seconds=0.0,
        solver=str(run.said["solver"]),
    )
    plan = conclude(
        own.loaded,
        own.tables,
        own.compiled,
        taken_by_orders(own.loaded, own.tables, own.compiled),
        outcome,
        certificate,
        check_tables(own.loaded, own.tables, Problems()),
        inputs=run.said["digest"]["inputs"],
    )
    seconds = {**dict.fromkeys(STAGES, 0.0), "report": time.perf_counter() - begun}
    return Substituted(record, replace(plan, substitution=record, seconds=seconds), ())


def _among(run: Finished, leaving: Mapping[str, Reason], held: Mapping[str, object]) -> None:
    problems = Problems()
    for candidate in leaving:
        if candidate not in held:
            problems.add(
                Place(f"--out {candidate}"), "substitute.not_held", candidate=candidate, folder=run.folder
            )
    problems.stop()


def earlier_of(run: Finished) -> tuple[Vacancy, ...]:
    """What a finished run had changed in those before it: who followed whom."""
    said = run.said.get("substitution") or {}

    def award(entry: Mapping[str, Any] | None) -> Award | None:
        if entry is None:
            return None
        options = run.compiled.options
        own = (options.award_of(int(k)) for k in options.rows_of[entry["candidate"]])
        return next(a for a in own if (a.instrument, a.level) == (entry["instrument"], entry["level"]))

    pairs = [
        (award(v["leaving"]), award(v["follower"]))
        for part in ("earlier", "vacancies")
        for v in said.get(part, ())
    ]
    return tuple(Vacancy(leaving, follower) for leaving, follower in pairs if leaving is not None)


def _filled(run: Finished, leaving: Sequence[str], earlier: Sequence[Vacancy]) -> tuple[list[Vacancy], Bools]:
    """Each vacancy with who follows, and the plan that comes of it; the last one must mend what is still broken."""
    options, policy = run.compiled.options, run.loaded.policy
    chosen = run.chosen.copy()
    gone = {c: next(k for k in options.rows_of[c].tolist() if chosen[k]) for c in leaving}
    chosen[list(gone.values())] = False
    found: list[Vacancy] = []
    for number, candidate in enumerate(leaving, 1):
        award = options.award_of(gone[candidate])
        held = chosen.copy()
        held[[gone[c] for c in leaving[number - 1 :]]] = True
        order = policy.followers(
            run.loaded.scenario,
            run.tables,
            run.compiled.facts,
            options,
            options.awards(held),
            award,
            [*earlier, *found],
        )
        passed: list[tuple[str, Text, Text]] = []
        for follower in order:
            k, why = _way(run.compiled, chosen, follower, last=number == len(leaving))
            if k is not None:
                chosen[k] = True
                found.append(Vacancy(award, options.award_of(k), follower.place, tuple(passed)))
                break
            passed.append((follower.candidate, follower.place, why))
        else:
            found.append(Vacancy(award, None, None, tuple(passed)))
    return found, chosen


def _way(compiled: Compiled, chosen: Bools, follower: Follower, last: bool) -> tuple[int | None, Text]:
    """The first of a follower's options that breaks no hard clause, or why none does."""
    if not follower.ways:
        return None, follower.reason.text if follower.reason is not None else say("substitute.no_way")
    before = compiled.program.violations(chosen)
    first: list[int] = []
    for k in follower.ways:
        trial = chosen.copy()
        trial[k] = True
        after = compiled.program.violations(trial)
        broken = [
            r
            for r, clause in enumerate(compiled.program.clauses)
            if clause.price is None and (after[r] > before[r] or (last and after[r]))
        ]
        if not broken:
            return k, Text("", "")
        first = first or broken
    names = [_named(compiled, r) for r in first[:3]]
    return None, say(
        "substitute.breaks",
        clauses=listed(names),
    )


def _short(compiled: Compiled, chosen: Bools) -> list[int]:
    """The hard rows that a plan does not keep."""
    violations = compiled.program.violations(chosen)
    return [r for r, c in enumerate(compiled.program.clauses) if c.price is None and violations[r]]


def _named(compiled: Compiled, row: int) -> Text:
    """A clause by its rule's title, its label and its side."""
    clause = compiled.program.clauses[row]
    title, label = compiled.rules[clause.rule].title, compiled.facts.title(clause.label)
    side = say(f"bound.{clause.side}")
    if not clause.label:
        return Text(f"{title.zh}{side.zh}", f"{title.en} {side.en}")
    return Text(f"{title.zh}·{label.zh}{side.zh}", f"{title.en} · {label.en} {side.en}")


def _inherited(run: Finished, compiled: Compiled) -> Certificate:
    """The first run's multipliers for the clauses that are still there, 0 for new ones: they prove a bound too."""
    first = run.certificate()
    theirs = {
        (c.rule, c.label, c.side, c.unit): y
        for c, y in zip(run.compiled.program.clauses, first.numerators, strict=True)
    }
    own = tuple(theirs.get((c.rule, c.label, c.side, c.unit), 0) for c in compiled.program.clauses)
    try:
        bound = prove(compiled.program, own, first.denominator)
    except ValueError:  # a clause whose bound or price is another one now
        own = (0,) * len(own)
        bound = prove(compiled.program, own, first.denominator)
    return Certificate(compiled.program.digest, first.denominator, own, bound)

"""Clashes and ways out, held to every subset of the clauses of small programs and every plan of theirs."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from allocator.fan.where import open_fan
from allocator.problems import InputFaults
from allocator.program import Program
from allocator.studies.conflicts import conflicts
from allocator.studies.study import Effort
from allocator.why.conflict import Clash, Clauses, Name, enumerate_sets
from allocator.why.ways import AMONG, by_cost, first_way, settled
from tests.allocator.programs import at_random, made, plans
from tests.studies.small import scenario
from tests.studies.test_sweep import MIXED, RULE

EXACT = Effort(gap=0.0)


def hard_only(program: Program) -> Program:
    """The same with every row hard and of its own name."""
    clauses = tuple(replace(c, price=None, rule=f"r{r}") for r, c in enumerate(program.clauses))
    return replace(program, clauses=clauses)


def allowed(program: Program, names: frozenset[Name]) -> bool:
    """Whether some plan keeps those clauses, the groups and what is fixed: by looking at every plan."""
    for chosen in plans(program):
        broken = set(program.broken(chosen))
        others = {str(c) for c in program.clauses if (c.rule, c.label, c.side) not in names}
        if not broken - others:
            return True
    return False


def irreducible(program: Program) -> set[frozenset[Name]]:
    """Every irreducible clash, from all subsets."""
    names = [(c.rule, c.label, c.side) for c in program.clauses]
    subsets = [frozenset(s) for n in range(len(names) + 1) for s in itertools.combinations(names, n)]
    clashing = [s for s in subsets if not allowed(program, s)]
    return {s for s in clashing if not any(t < s for t in clashing)}


def infeasible(count: int) -> list[Program]:
    """Random programs without a plan, but with one without their rows."""
    found, seed = [], 0
    while len(found) < count:
        program = hard_only(at_random(seed))
        seed += 1
        names = frozenset((c.rule, c.label, c.side) for c in program.clauses)
        if names and not allowed(program, names) and allowed(program, frozenset()):
            found.append(program)
    return found


@pytest.mark.parametrize("i", range(12))
def test_all_irreducible_sets_are_found_and_no_others(i: int) -> None:
    program = infeasible(12)[i]
    found = conflicts(program, limit=99, effort=EXACT)
    assert found.feasible is False
    assert found.complete
    assert {frozenset(c.clauses) for c in found.clashes} == irreducible(program)
    assert all(c.proven for c in found.clashes)
    for way in found.ways:
        rest = frozenset((c.rule, c.label, c.side) for c in program.clauses) - way.yields.keys()
        assert allowed(program, rest)
        # a least set: no proper part of it would do
        assert not any(allowed(program, rest | {n}) for n in way.yields)


@pytest.mark.parametrize("i", range(8))
def test_the_first_way_by_cost_is_the_cheapest_of_all_plans(i: int) -> None:
    program = infeasible(8)[i]
    clauses = Clauses(program)
    costs = {n: Fraction(1 + k) for k, n in enumerate(sorted(clauses.names))}
    ways = by_cost(clauses, costs, 3)
    cheapest = []
    for chosen in plans(program):
        background = [
            b for b in program.broken(chosen) if b in ("at most one option a candidate", "fixed lines")
        ]
        if not background:
            broken = zip(program.violations(chosen), program.clauses, strict=True)
            cheapest.append(sum(v * c.unit * costs[c.rule, c.label, c.side] for v, c in broken))
    assert ways[0].cost == min(cheapest)
    assert [w.cost for w in ways] == sorted(w.cost for w in ways)
    assert len({frozenset(w.yields) for w in ways}) == len(ways)


def test_two_floors_and_a_ceiling_by_hand() -> None:
    """x0 + x1 ≤ 1, x0 ≥ 1, x1 ≥ 1: one clash of three; lifting any one is a way."""
    program = hard_only(made([1, 1], [([1, 1], None, 1), ([1, 0], 1, None), ([0, 1], 1, None)]))
    found = conflicts(program, effort=EXACT)
    assert [len(c.clauses) for c in found.clashes] == [3]
    assert len(found.ways) == 3
    assert all(w.cost == 1 for w in found.ways)


def test_a_set_that_was_not_decided_in_time_is_not_called_irreducible() -> None:
    def unsure(kept: frozenset[Name]) -> bool | None:
        return None if len(kept) == 1 else False

    from allocator.why.conflict import deletion

    names = frozenset({("a", "", "cap"), ("b", "", "cap")})
    assert deletion(names, unsure) == Clash((("a", "", "cap"), ("b", "", "cap")), False)
    assert list(enumerate_sets(names, lambda kept: None, lambda s: Clash(tuple(s), True))) == []


def test_where_there_is_a_plan_nothing_clashes() -> None:
    found = conflicts(made([1], [([1], None, 1)]), effort=EXACT)
    assert (found.feasible, found.clashes) == (True, ())
    assert np.all([b.notes for b in found.blocks()])


@pytest.fixture
def fund(tmp_path: Path) -> Path:
    """All 300万元 to the domain of C, D and F, one of which is vetoed: 200万元 is what there can be."""
    path = scenario(tmp_path, domains=MIXED)
    veto = "  veto: {candidates: {F: {reason: 试, basis: 试}}}\n"
    path.write_text(path.read_text("utf-8") + RULE.replace("0%", "100%") + veto, encoding="utf-8")
    return path


def test_ways_out_are_in_the_policys_own_units(fund: Path) -> None:
    found = conflicts(fund, effort=EXACT)
    said = " ".join(t.zh for t in found.sentences())
    assert "由 100% 降到 66.66%（100.00万元）" in said
    assert [len(c.clauses) for c in found.clashes] == [2]
    frames = found.frames("zh")["ways"]
    assert frames["after"].tolist() == ["66.66%", "1"]
    assert frames["money"].tolist()[0] == 1_000_000


def test_relax_cost_decides_what_yields_first_and_what_never(fund: Path) -> None:
    dear = conflicts(fund, sets=["relax_cost.domains=100"], effort=EXACT)
    assert [next(iter(w.yields))[0] for w in dear.ways] == ["veto", "domains"]
    cheap = conflicts(fund, sets=["relax_cost.veto=0.01"], effort=EXACT)
    assert next(iter(cheap.ways[0].yields))[0] == "veto"
    never = conflicts(fund, sets=["relax_cost.domains=never"], effort=EXACT)
    assert [next(iter(w.yields))[0] for w in never.ways] == ["veto"]
    with pytest.raises(InputFaults, match="domian"):
        conflicts(fund, sets=["relax_cost.domian=2"], effort=EXACT)


@pytest.mark.parametrize("i", range(10))
def test_a_run_and_conflicts_name_the_same_first_way(i: int) -> None:
    """With costs and without; clauses of one amount each, so that several ways are of as few clauses."""
    program = infeasible(10)[i]
    for costs in ({}, {c.rule: Fraction(1 + k) for k, c in enumerate(program.clauses)}):
        told = {(s.rule, s.label, s.side): s.amount for s in first_way(program, costs)}
        clauses = Clauses(program)
        if costs:
            first = by_cost(clauses, {n: costs[n[0]] for n in clauses.names}, 3)[0]
        else:
            first = conflicts(program, limit=99, ways=5, effort=EXACT).ways[0]
        assert told == {n: math.ceil(v) for n, v in first.yields.items()}


def test_of_several_ways_of_one_clause_a_run_names_the_one_of_fewest_yuan() -> None:
    """x0 + x1 ≥ 5 of two that give 2 and 1: the floor yields by 3 (2 is what x0 gives), the cap on x1 by 4."""
    program = hard_only(made([1, 1], [([2, 4], 5, None), ([0, 4], None, 0)]))
    assert [(s.rule, s.amount) for s in first_way(program, {})] == [("r0", 3)]
    assert [next(iter(w.yields))[0] for w in conflicts(program, effort=EXACT).ways] == ["r0", "r1"]


def test_the_first_way_is_known_when_the_next_takes_more_clauses() -> None:
    one, two = frozenset({("a", "", "cap")}), frozenset({("b", "", "cap"), ("c", "", "cap")})
    assert not settled([])
    assert not settled([one])
    assert settled([one, two])
    assert settled([one] * AMONG)


def test_its_solves_go_through_the_fan_and_go_on_where_they_stopped(fund: Path, tmp_path: Path) -> None:
    with open_fan("here", keep=tmp_path / "kept") as fan:
        wanted = conflicts(fund, effort=Effort(gap=0.0, fan=fan)).as_json()
    assert list((tmp_path / "kept").glob("*.json"))

    def never(*asked: object) -> None:
        raise AssertionError("it was on disk")

    with open_fan("here", keep=tmp_path / "kept", resume=True) as fan:
        fan.task = never  # type: ignore[assignment]
        assert conflicts(fund, effort=Effort(gap=0.0, fan=fan)).as_json() == wanted

"""The contract: what every discovered rule and instrument must do, whoever wrote it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from allocator.contract import Instrument, Objective, Reason, Rule
from allocator.limits import Measure
from allocator.plan import binding
from allocator.policy import discover
from allocator.program import OPEN, Rows
from tests import sample

RULES = discover("models", "rules", Rule)
INSTRUMENTS = discover("models", "instruments", Instrument)
OBJECTIVES = discover("models", "objectives", Objective)
FINDS = [key for key, kind in RULES.items() if kind.cuts is not Rule.cuts]
"""Rules with rows that are found as plans break them: these and the measure say yes and no alike."""
HERE = Path(__file__).parent


def example(key: str) -> Rule:
    return RULES[key].model_validate({**RULES[key].example, "name": key})


def plans(options, seed: int = 1, count: int = 400) -> Iterator[np.ndarray]:
    """Random plans: the fixed lines, and for each candidate one of its options or none."""
    draw = np.random.default_rng(seed)
    groups = [rows for rows in options.rows_of.values() if not options.fixed[rows].any() and len(rows)]
    for _ in range(count):
        chosen = options.fixed.copy()
        for rows in groups:
            pick = draw.integers(-1, len(rows))
            if pick >= 0:
                chosen[rows[pick]] = True
        yield chosen


def inside(rows: Rows, chosen: np.ndarray) -> dict[tuple[str, str], Fraction]:
    """What a block of rows says of each clause, in yuan or counts: of a sum its distance to its bound; of what only
    counts breaks, 0 where there is none, else all that its rows are broken by."""
    activity = rows.matrix @ chosen.astype(np.int64)
    found: dict[tuple[str, str], list[Fraction]] = {}
    for r, clause in enumerate(rows.clauses):
        low, high, own = int(rows.lower[r]), int(rows.upper[r]), int(activity[r])
        distance = {"floor": own - low, "cap": high - own, "target": -abs(own - low)}[clause.side]
        found.setdefault((clause.label, clause.side), []).append(distance * clause.unit)
    breaks = counting_breaks(rows)
    return {
        clause: sum((d for d in own if d < 0), Fraction(0)) if clause in breaks else own[0]
        for clause, own in found.items()
    }


def counting_breaks(rows: Rows) -> set[tuple[str, str]]:
    """The clauses that are several rows, or that count awards of one thing against those of another (A only with B)."""
    times = Counter((c.label, c.side) for c in rows.clauses)
    both = {
        (c.label, c.side)
        for r, c in enumerate(rows.clauses)
        if c.counted and rows.matrix[[r], :].min() < 0 < rows.matrix[[r], :].max()
    }
    return both | {clause for clause, count in times.items() if count > 1}


def residuals(rule: Rule, measures: list[Measure]) -> dict[tuple[str, str], int]:
    """What each measure says of each side that steers."""
    found = {}
    for m in measures:
        for side in ("floor", "target", "cap"):
            residual = m.residual(side)
            if residual is not None and m.limits.steers(side):
                found[m.label, side] = residual
    return found


@pytest.mark.parametrize("key", RULES)
def test_rows_and_measure_agree_on_random_plans(key: str) -> None:
    """A row's distance to its bound is the measure's residual, to the last unit, for every clause of every plan.

    Of a clause that counts breaks: what its rows are broken by in all is what the measure says.
    """
    rule = example(key)
    fund = sample.compiled({key: rule}, **sample.OWN.get(key, {}))
    rows = rule.rows(fund.options, fund.facts)
    seen = 0
    for chosen in plans(fund.options):
        awards = fund.options.awards(chosen)
        measures = rule.measure(awards, fund.facts)
        if key in FINDS:
            keys = rule.cuts(fund.options, fund.facts, chosen)
            more = rule.cut_rows(fund.options, fund.facts, keys) if keys else None
            own = inside(rows, chosen) | (inside(more, chosen) if more is not None else {})
            assert all(m.ok for m in measures) == (min(own.values()) >= 0), key
            seen += 1
            continue
        said = residuals(rule, measures)
        whole = {m.label: 1 if m.whole is None else 10_000 for m in measures}
        own = inside(rows, chosen)
        for clause, distance in own.items():
            if clause in said:
                assert distance * whole[clause[0]] == said[clause], (key, clause)
                seen += 1
            else:  # a measure may leave out a label that got nothing
                assert distance >= 0, (key, clause)
        for clause, residual in said.items():
            assert clause in own or residual >= 0, f"{key}: {clause} is broken and has no row"
    assert seen


@pytest.mark.parametrize("key", RULES)
def test_measures_of_single_options_are_the_rows_coefficients(key: str) -> None:
    rule = example(key)
    fund = sample.compiled({key: rule}, lines=(), **sample.OWN.get(key, {}))
    rows = rule.rows(fund.options, fund.facts)
    breaks = counting_breaks(rows)
    nothing = np.zeros(len(fund.options), bool)
    for k in range(len(fund.options)):
        chosen = nothing.copy()
        chosen[k] = True
        said = {
            (m.label, side): m
            for m in rule.measure(fund.options.awards(chosen), fund.facts)
            for side in ("floor", "target", "cap")
            if m.limits.steers(side)
        }
        for r, clause in enumerate(rows.clauses):
            if (clause.label, clause.side) in breaks:
                continue  # its rows are held to the measure above
            coefficient = int(rows.matrix[[r], :].toarray()[0, k])
            bound = int(rows.lower[r] if rows.lower[r] > -OPEN else rows.upper[r])
            measure = said.get((clause.label, clause.side))
            if measure is None:
                assert coefficient == 0
                continue
            residual = measure.residual(clause.side)
            sign = -1 if clause.side == "cap" else 1
            assert clause.side == "target" or coefficient - bound == sign * residual


@pytest.mark.parametrize("key", RULES)
def test_its_own_example_holds_fails_and_binds(key: str) -> None:
    rule = example(key)
    fund = sample.compiled({key: rule}, **sample.OWN.get(key, {}))
    held = failed = tight = 0
    for chosen in plans(fund.options):
        kept = all(m.ok for m in rule.measure(fund.options.awards(chosen), fund.facts))
        held += kept
        failed += not kept
        tight += kept and bool(binding(fund.program, chosen))
        found = () if kept else rule.cuts(fund.options, fund.facts, chosen)
        broken = [b for b in fund.program.broken(chosen) if b.startswith(key)]
        assert kept == (not broken and not found)
    assert held, f"{key}: no plan keeps the example"
    assert failed, f"{key}: no plan breaks the example"
    assert tight, f"{key}: no plan just reaches the example"


@pytest.mark.parametrize("key", RULES)
def test_it_speaks_both_languages_and_cites_its_basis(key: str) -> None:
    rule = example(key)
    fund = sample.compiled({key: rule}, **sample.OWN.get(key, {}))
    chosen = next(itertools.islice(plans(fund.options), 3, None))
    measures = rule.measure(fund.options.awards(chosen), fund.facts)
    for measure in measures:
        said = rule.say(measure, fund.facts)
        assert said.zh.endswith("。")
        assert said.en.endswith(".")
        assert any("一" <= c <= "鿿" for c in said.zh)
    assert rule.title.zh != rule.title.en
    if key != "limit":  # a general limit rests on whatever the scenario says
        assert all(m.basis for m in measures)


@pytest.mark.parametrize("key", INSTRUMENTS)
def test_offers_and_price_agree(key: str) -> None:
    """Every offer is the scalar price; what is not offered is refused, or equal to the level above it."""
    own = {"candidates": (*sample.POOL, *sample.FURTHER)}
    instrument = sample.every_instrument()[key]
    tables = sample.tables(**own)
    facts = sample.compiled(**own, instruments=sample.every_instrument()).facts
    offers = instrument.offers(tables, facts)
    table = tables["candidates"]
    offered = {
        (int(r), int(level)): k for k, (r, level) in enumerate(zip(offers.row, offers.level, strict=True))
    }
    assert offered
    for row in range(len(table)):
        last = None
        for level in instrument.levels:
            price = instrument.price(table.row(row), level, facts)
            k = offered.get((row, level))
            if k is None:
                assert isinstance(price, Reason) or price.award == last
            else:
                assert not isinstance(price, Reason)
                assert price.award == offers.award[k] == sum(price.outlay)
                assert list(price.outlay) == offers.outlay[k].tolist()
                assert list(price.recovery) == offers.recovery[k].tolist()
                assert dict(price.money) == {n: int(c[k]) for n, c in offers.money.items()}
            last = None if isinstance(price, Reason) else price.award


@pytest.mark.parametrize("key", INSTRUMENTS)
def test_it_has_both_its_names_in_both_languages(key: str) -> None:
    """支持方式 is one of the notice's four (二（三）5), the form what 二（二）5 calls it."""
    kind = INSTRUMENTS[key]
    assert kind.support.zh in ("无偿资助", "股权投资", "贷款贴息", "风险补偿")
    assert kind.form.zh != kind.form.en
    assert kind.title.zh != kind.title.en


@pytest.mark.parametrize(("folder", "keys"), [("rules", RULES), ("instruments", INSTRUMENTS)])
def test_every_file_has_its_test(folder: str, keys: dict[str, type]) -> None:
    """Hand-worked cases stand beside the contract, since rows and measure can share one misreading."""
    for kind in keys.values():
        module = kind.__module__.rpartition(".")[2]
        assert (HERE / folder / f"test_{module}.py").is_file(), (
            f"tests/models/{folder}/test_{module}.py is missing"
        )


def test_objectives_give_one_whole_number_an_option() -> None:
    fund = sample.compiled()
    for kind in OBJECTIVES.values():
        gain = kind().gain(fund.options, fund.facts)
        assert gain.dtype == np.int64
        assert gain.shape == (len(fund.options),)

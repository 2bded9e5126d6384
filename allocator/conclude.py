"""From an outcome to a plan: awards, measures, baselines, what was really decided, digests and versions."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from allocator import baseline
from allocator.audit.figures import file_digest
from allocator.certificate import Certificate
from allocator.compile import Compiled
from allocator.contract import Order
from allocator.plan import Baseline, Decided, Plan, Status, judge, totals
from allocator.problems import Problems
from allocator.program import Bools
from allocator.records import Tables
from allocator.scenario import Loaded, digest
from allocator.solve.outcome import Outcome
from allocator.version import own_version

Taken = Mapping[str, tuple[Order, Bools]]
"""Baselines by name: the order that each follows, and what it takes."""


def taken_by_orders(loaded: Loaded, tables: Tables, compiled: Compiled) -> Taken:
    """The policy's baselines by name: their orders, and what each takes."""
    orders = loaded.policy.orders(loaded.scenario, tables, compiled.options)
    return {name: (order, baseline.take(compiled.program, order.options)) for name, order in orders.items()}


def best_of(compiled: Compiled, taken: Taken) -> Bools | None:
    """A plan to begin from: the best baseline that keeps every hard clause, if one does."""
    sound = [chosen for _, chosen in taken.values() if not compiled.program.broken(chosen)]
    return max(sound, key=compiled.program.value, default=None)


def conclude(
    loaded: Loaded,
    tables: Tables,
    compiled: Compiled,
    taken: Taken,
    outcome: Outcome,
    certificate: Certificate | None,
    notices: Problems,
    inputs: Mapping[str, str] | None = None,
) -> Plan:
    """The plan of an outcome, with or without awards: what they come to, beside the baselines and what was decided.

    `inputs` are the digests of the files that the tables were first read from, where these need not be at hand.
    """
    chosen, options = outcome.chosen, compiled.options
    everything = options.awards(chosen if chosen is not None else options.fixed)
    awards, lines = tuple(a for a in everything if not a.fixed), tuple(a for a in everything if a.fixed)
    status: Status = outcome.reason
    return Plan(
        loaded=loaded,
        tables=tables,
        compiled=compiled,
        outcome=outcome,
        status=status,
        chosen=chosen,
        value=None if chosen is None else compiled.program.value(chosen),
        awards=awards,
        lines=lines,
        ruled=judge(compiled, everything, chosen) if chosen is not None else (),
        totals=totals(compiled.facts, awards, lines),
        baselines=_baselines(compiled, taken),
        certificate=certificate,
        problems=tuple(notices),
        digest={
            "inputs": {path.name: file_digest(path) for path in _inputs(loaded)}
            if inputs is None
            else dict(inputs),
            "scenario": digest(loaded.resolved),
            "program": compiled.program.digest,
        },
        versions=versions(),
        decided=_decided(loaded, tables, compiled, chosen),
    )


def _baselines(compiled: Compiled, taken: Taken) -> Mapping[str, Baseline]:
    found = {}
    for name, (order, chosen) in taken.items():
        everything = compiled.options.awards(chosen)
        awards, lines = [a for a in everything if not a.fixed], [a for a in everything if a.fixed]
        found[name] = Baseline(
            name=name,
            title=order.title,
            note=order.note,
            chosen=chosen,
            value=compiled.program.value(chosen),
            totals=totals(compiled.facts, awards, lines),
            missed=judge(compiled, everything, chosen, missed=True),
        )
    return found


def _decided(loaded: Loaded, tables: Tables, compiled: Compiled, chosen: Bools | None) -> Decided | None:
    asked = loaded.policy.decided(tables)
    if asked is None:
        return None
    options = compiled.options
    full = [options.rows_of.get(c) for c in asked]
    own = options.fixed.copy()
    own[[rows[0] for rows in full if rows is not None and len(rows)]] = True
    plan = (
        {options.candidates[c] for c in options.candidate[chosen & ~options.fixed]}
        if chosen is not None
        else set()
    )
    return Decided(
        money=sum(asked.values()),
        merit=int(options.merit[own].sum()),
        both=tuple(c for c in asked if c in plan),
        only_decided=tuple(c for c in asked if c not in plan),
        only_plan=tuple(sorted(plan - set(asked))),
        broken=compiled.program.broken(own),
        unscored=tuple(c for c, rows in zip(asked, full, strict=True) if rows is None or not len(rows)),
    )


def _inputs(loaded: Loaded) -> list[Path]:
    """The files that the tables were read from, each once."""
    data, folder = loaded.scenario.data, loaded.resolved.file.parent
    sources = (data.source(sheet.key) for sheet in loaded.policy.sheets(loaded.scenario))
    return list(dict.fromkeys(folder / s.file for s in sources if s is not None and s.file is not None))


@cache
def versions() -> Mapping[str, str]:
    """What a result depends on."""
    names = ("highspy", "numpy", "pulp", "scipy")
    return {
        "python": platform.python_version(),
        "allocator": own_version(),
        **{n: version(n) for n in names},
    }

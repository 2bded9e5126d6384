"""A plan in one line: a small fund, and which awards were chosen, without solving anything."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from allocator.plan import Plan, judge, totals
from allocator.program import Bools
from allocator.solve.outcome import Outcome
from tests import sample

Choice = tuple[str, str, int]


def choose(options: Any, *wanted: Choice) -> Bools:
    """The fixed lines and these (candidate, instrument, level): bool [n]."""
    chosen = options.fixed.copy()
    for choice in wanted:
        found = [
            k
            for k in options.rows_of[choice[0]]
            if (a := options.award_of(int(k))).instrument == choice[1] and a.level == choice[2]
        ]
        assert len(found) == 1, f"no such option: {choice}"
        chosen[found] = True
    return chosen


def planned(rules: Any = None, *wanted: Choice, ceiling: int = 500, solved: bool = True, **more: Any) -> Plan:
    """The plan of these choices over a small fund; `solved` False: no plan was found. `more` as `sample.compiled`."""
    fields = {k: more.pop(k) for k in ("baselines", "sequential", "decided") if k in more}
    compiled = sample.compiled(rules, ceiling, **more)
    parts = {k: v for k, v in more.items() if k in ("candidates", "lines", "calls", "entitlements")}
    settings = {k: v for k, v in more.items() if k not in parts}
    chosen = choose(compiled.options, *wanted)
    everything = compiled.options.awards(chosen)
    awards = tuple(a for a in everything if not a.fixed)
    lines = tuple(a for a in everything if a.fixed)
    value = compiled.program.value(chosen)
    return Plan(
        loaded=SimpleNamespace(scenario=sample.scenario(rules, ceiling, **settings)),
        tables=sample.tables(**parts),
        compiled=compiled,
        outcome=Outcome("optimal", chosen if solved else None, float(value), float(value), 0.0, 0.0),
        status="optimal" if solved else "infeasible",
        chosen=np.asarray(chosen) if solved else None,
        value=value if solved else None,
        awards=awards if solved else (),
        lines=lines,
        ruled=judge(compiled, everything, chosen) if solved else (),
        totals=totals(compiled.facts, awards if solved else (), lines),
        certificate=None,
        problems=(),
        digest={},
        versions={},
        **{"baselines": {}, **fields},
    )

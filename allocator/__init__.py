"""allocator: decides how public money is shared among projects; proven, explained, and checkable to the yuan.

plan = allocator.run("scenario.yaml")
outcome = allocator.solve(allocator.Program.from_arrays(gain, matrix, lower, upper, groups))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allocator.audit import Unverified, Verified, verify
    from allocator.change import Change
    from allocator.pipeline import Wishes, check, run
    from allocator.plan import Plan
    from allocator.problems import InputFaults, Problem
    from allocator.program import Program
    from allocator.solve import Outcome, Progress, solve
    from allocator.solve.session import Session
    from allocator.studies.alternatives import Alternatives, alternatives
    from allocator.studies.compare import Comparison, compare
    from allocator.studies.conflicts import Conflicts, conflicts
    from allocator.studies.explain import explain
    from allocator.studies.framework import Framework, framework
    from allocator.studies.frontier import Frontier, frontier
    from allocator.studies.horizon import Horizon, horizon
    from allocator.studies.margins import Margins, margins
    from allocator.studies.nondominated import Nondominated, nondominated
    from allocator.studies.pilot_close import PilotClose, pilot_close
    from allocator.studies.prices import Prices, prices
    from allocator.studies.robust import robust
    from allocator.studies.rpm import Portfolios, nondominated_portfolios
    from allocator.studies.study import Effort, Study
    from allocator.studies.sure import Robust
    from allocator.studies.sweep import Sweep, sweep
    from allocator.studies.walk import Walk, walk
    from allocator.studies.why import Why

__all__ = [
    "Alternatives",
    "Change",
    "Comparison",
    "Conflicts",
    "Effort",
    "Framework",
    "Frontier",
    "Horizon",
    "InputFaults",
    "Margins",
    "Nondominated",
    "Outcome",
    "PilotClose",
    "Plan",
    "Portfolios",
    "Prices",
    "Problem",
    "Program",
    "Progress",
    "Robust",
    "Session",
    "Study",
    "Sweep",
    "Unverified",
    "Verified",
    "Walk",
    "Why",
    "Wishes",
    "alternatives",
    "check",
    "compare",
    "conflicts",
    "explain",
    "framework",
    "frontier",
    "horizon",
    "margins",
    "nondominated",
    "nondominated_portfolios",
    "pilot_close",
    "prices",
    "robust",
    "run",
    "solve",
    "sweep",
    "verify",
    "walk",
]

_HOMES = {
    "Alternatives": "studies.alternatives",
    "Change": "change",
    "Comparison": "studies.compare",
    "Conflicts": "studies.conflicts",
    "Effort": "studies.study",
    "Framework": "studies.framework",
    "Frontier": "studies.frontier",
    "Horizon": "studies.horizon",
    "InputFaults": "problems",
    "Margins": "studies.margins",
    "Nondominated": "studies.nondominated",
    "Outcome": "solve",
    "PilotClose": "studies.pilot_close",
    "Plan": "plan",
    "Portfolios": "studies.rpm",
    "Prices": "studies.prices",
    "Problem": "problems",
    "Program": "program",
    "Progress": "solve",
    "Robust": "studies.sure",
    "Session": "solve.session",
    "Study": "studies.study",
    "Sweep": "studies.sweep",
    "Unverified": "audit",
    "Verified": "audit",
    "Walk": "studies.walk",
    "Why": "studies.why",
    "Wishes": "pipeline",
    "alternatives": "studies.alternatives",
    "check": "pipeline",
    "compare": "studies.compare",
    "conflicts": "studies.conflicts",
    "explain": "studies.explain",
    "framework": "studies.framework",
    "frontier": "studies.frontier",
    "horizon": "studies.horizon",
    "margins": "studies.margins",
    "nondominated": "studies.nondominated",
    "nondominated_portfolios": "studies.rpm",
    "pilot_close": "studies.pilot_close",
    "prices": "studies.prices",
    "robust": "studies.robust",
    "run": "pipeline",
    "solve": "solve",
    "sweep": "studies.sweep",
    "verify": "audit",
    "walk": "studies.walk",
}
"""Where each public name lives; imported when first asked for, so that `allocator --help` answers at once."""


def __getattr__(name: str) -> Any:
    from importlib import import_module

    from allocator.collector import uncollected

    if name == "fan":
        return import_module("allocator.fan")
    if name not in _HOMES:
        raise AttributeError(f"module 'allocator' has no attribute {name!r}")
    with uncollected():
        return getattr(import_module(f"allocator.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "fan"})

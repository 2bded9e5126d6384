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
    from allocator.studies.frontier import Frontier, frontier
    from allocator.studies.horizon import Horizon, horizon
    from allocator.studies.nondominated import Nondominated, nondominated
    from allocator.studies.pilot_close import PilotClose, pilot_close
    from allocator.studies.robust import Robust, robust
    from allocator.studies.rpm import Portfolios, nondominated_portfolios
    from allocator.studies.study import Effort, Study
    from allocator.studies.sweep import Sweep, sweep
    from allocator.studies.walk import Walk, walk

__all__ = [
    "Alternatives",
    "Change",
    "Comparison",
    "Effort",
    "Frontier",
    "Horizon",
    "InputFaults",
    "Nondominated",
    "Outcome",
    "PilotClose",
    "Plan",
    "Portfolios",
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
    "Wishes",
    "alternatives",
    "check",
    "compare",
    "frontier",
    "horizon",
    "nondominated",
    "nondominated_portfolios",
    "pilot_close",
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
    "Effort": "studies.study",
    "Frontier": "studies.frontier",
    "Nondominated": "studies.nondominated",
    "frontier": "studies.frontier",
    "nondominated": "studies.nondominated",
    "InputFaults": "problems",
    "Outcome": "solve",
    "Plan": "plan",
    "Problem": "problems",
    "Program": "program",
    "Progress": "solve",
    "Session": "solve.session",
    "Study": "studies.study",
    "Sweep": "studies.sweep",
    "Unverified": "audit",
    "Verified": "audit",
    "Walk": "studies.walk",
    "Wishes": "pipeline",
    "alternatives": "studies.alternatives",
    "check": "pipeline",
    "compare": "studies.compare",
    "Portfolios": "studies.rpm",
    "Robust": "studies.robust",
    "nondominated_portfolios": "studies.rpm",
    "robust": "studies.robust",
    "Horizon": "studies.horizon",
    "PilotClose": "studies.pilot_close",
    "horizon": "studies.horizon",
    "pilot_close": "studies.pilot_close",
    "run": "pipeline",
    "solve": "solve",
    "sweep": "studies.sweep",
    "verify": "audit",
    "walk": "studies.walk",
}
"""Where each public name lives; imported when first asked for, so that `allocator --help` answers at once."""


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'allocator' has no attribute {name!r}")
    return getattr(import_module(f"allocator.{_HOMES[name]}"), name)

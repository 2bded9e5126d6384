"""A list of what was approved, as a comparison reads it: an office's workbook, or the awards.csv of a run of ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from allocator.data import DataSettings
from allocator.intake import read
from allocator.options import OptionTable
from allocator.problems import InputFaults, Place, Problem, Problems
from allocator.records import Field, Sheet
from allocator.rundir import AWARDS
from allocator.studies.case import Case
from allocator.studies.sides import Side
from allocator.words import Text, say

DECIDED = Sheet(
    "decided",
    Text("拟支持项目清单", "Proposed"),
    (
        Field(
            "id",
            Text("项目编号", "Project ID"),
            "code",
            aliases=("编号", "项目编码", "candidate", "ID", "id"),
        ),
        Field("instrument", Text("支持方式", "Instrument"), "text", aliases=("instrument",)),
        Field(
            "amount",
            Text("拟安排资金", "Amount"),
            "money",
            aliases=("立项总额", "安排金额", "批准金额", "资助金额", "amount", "award", "Commitment"),
            low=0,
        ),
    ),
    aliases=("批准清单", "立项清单", "已批准项目", "安排表", "decided", "awards", "拟支持清单"),
)
"""What was approved, as a comparison reads it: one project a row; without an amount, the fullest option is taken."""

WRITTEN = replace(
    DECIDED,
    fields=(
        *(replace(f, unit="元") if f.key == "amount" else f for f in DECIDED.fields),
        Field("level", Text("档次", "Level"), "count", aliases=("level",), low=0),
    ),
)
"""The same as a run writes it: amounts in yuan, as its file has it, and the level that was chosen."""


def decided(case: Case, path: Path) -> Side:
    """A list of what was approved, as options of the case. Raises `InputFaults` where it cannot be read."""
    if case.compiled is None:
        raise TypeError("a decided list is read against a scenario's options")
    problems = Problems()
    sheet = WRITTEN if _written(path) else DECIDED
    tables = read(DataSettings(workbook=path.resolve()), (sheet,), problems, Path.cwd())
    problems.stop()
    options, facts = case.compiled.options, case.compiled.facts
    keys = {
        w: k for k in facts.labels.get("instrument", ()) for w in (k, facts.title(k).zh, facts.title(k).en)
    }
    chosen, outside, nearest = options.fixed.copy(), [], []
    records = tables["decided"]
    levels = records["level"] if sheet is WRITTEN else [None] * len(records["id"])
    faults = []
    seen: set[str] = set()
    if not any(records["id"]):
        text = say("decided.no_ids", file=path.name)
        raise InputFaults([Problem(Place(path.name), text, say("decided.ids"), "decided.ids")])
    for i, candidate in enumerate(records["id"]):
        if candidate is None:
            continue
        if candidate in seen:
            text = say("compare.twice", candidate=candidate)
            faults.append(Problem(records.locate(i, "id"), text, say("compare.once"), "compare.twice"))
            continue
        seen.add(candidate)
        said, amount = records["instrument"][i], records["amount"][i]
        if said is not None and said not in keys:
            known = "、".join(facts.title(k).zh for k in facts.labels.get("instrument", ()))
            text, mend = say("compare.no_instrument", seen=said), say("compare.instruments", known=known)
            faults.append(Problem(records.locate(i, "instrument"), text, mend, "compare.instrument"))
            continue
        rows = options.rows_of.get(candidate, np.zeros(0, np.intp))
        fits = [
            int(k)
            for k in rows
            if not options.fixed[k]
            and said in (None, *_names(options.labels["instrument"].label(int(k)), keys))
        ]
        if not fits:
            outside.append((candidate, amount))
            continue
        best = min((_apart(options, k, amount, levels[i]), k) for k in fits)[1]
        if amount not in (None, int(options.award[best])):
            nearest.append(candidate)
        chosen[best] = True
    if faults:
        raise InputFaults(faults)
    return Side(
        say("compare.decided", file=path.name),
        case,
        chosen,
        outside=tuple(outside),
        nearest=tuple(nearest),
        unnamed=sum(c is None for c in records["id"]),
    )


def _apart(options: OptionTable, k: int, amount: int | None, level: int | None) -> tuple[int, int]:
    """How far option k is from what was approved: in yuan, then in basis points of level; the fullest where unsaid."""
    award = int(options.award[k])
    far = -award if amount is None else abs(award - amount)
    return far, 0 if level is None else abs(int(options.level[k]) - level)


def _written(path: Path) -> bool:
    """Whether a file is the awards.csv of a run: by its heading, whatever it is called now."""
    if path.suffix.lower() != ".csv":
        return False
    with path.open("rb") as file:
        return file.readline().decode("utf-8-sig", "replace").startswith(",".join(AWARDS))


def _names(key: str | None, keys: dict[str, str]) -> list[str]:
    """Every name that an instrument goes by."""
    return [name for name, own in keys.items() if own == key]

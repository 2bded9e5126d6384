"""Leaving out an expert: by hand, who enters and who leaves; and a plan carried from one list of options to another."""

from __future__ import annotations

import threading
from pathlib import Path

from allocator.studies.case import open_case
from allocator.studies.panels import carried, without_each
from allocator.studies.robust import robust
from allocator.studies.study import Effort
from tests.studies.test_judged import FIRST, SECOND, five_of

EXACT = Effort(gap=0.0)
DISSENT = {"C": 60, "D": 90, "E": 100}
"""What the third expert gives both criteria of these; of the others what the first two give."""


def fund(folder: Path) -> Path:
    """Five of 40万元 over 80万元: any two; three experts."""
    reviews: list[dict[str, object]] = [
        {
            "项目编号": c,
            "专家": e,
            "先进": DISSENT.get(c, FIRST[c]) if e == "丙" else FIRST[c],
            "合理": DISSENT.get(c, SECOND[c]) if e == "丙" else SECOND[c],
        }
        for c in FIRST
        for e in ("甲", "乙", "丙")
    ]
    return five_of(folder, reviews)


def test_only_the_expert_who_decides_changes_the_plan(tmp_path: Path) -> None:
    """Of all three: B 83.6, D 82.5, A 78.8, E 76.8, C 75.2. Without 丙: B 83.6, C 82.8; without 甲 or 乙 as before."""
    found = without_each(open_case(fund(tmp_path)), EXACT)
    none = frozenset[str]()
    assert {e: (w.into, w.out) for e, w in found.items()} == {
        "甲": (none, none),
        "乙": (none, none),
        "丙": (frozenset({"C"}), frozenset({"D"})),
    }
    # B and D come to 83.6 + 78.8 points of 40万元 each without 丙, B and C to 83.6 + 82.8
    assert (found["甲"].least, found["丙"].least) == (0, found["丙"].most)
    assert found["丙"].least == round((82.8 - 78.8) / 100 * 40 * 1_000_000)


def test_what_lies_within_both_gaps_is_not_told_apart(tmp_path: Path) -> None:
    """At a gap of 5 % the 4 points of 166 by which C is better than D without 丙 are within the two gaps."""
    found = without_each(open_case(fund(tmp_path)), Effort(gap=0.05))
    assert all(not (w.into or w.out) for w in found.values())
    told = robust(fund(tmp_path), parts=["experts"], effort=Effort(gap=0.05))
    (said,) = told.sentences()  # and no word on losses, which nobody asked for
    assert "3 of the 3" in said.en
    assert "5.1%" in said.en


def test_a_part_that_was_broken_off_is_not_counted_as_done(tmp_path: Path) -> None:
    stop = threading.Event()
    effort = Effort(
        gap=0.0, stop=stop, step=lambda text: stop.set() if "without expert 2" in text.en else None
    )
    told = robust(fund(tmp_path), parts=["experts", "weights"], effort=effort)
    assert told.ended == "stopped"
    assert told.left is not None
    assert "0 of 2" in told.left.en


def test_a_plan_is_carried_by_candidate_instrument_and_level(tmp_path: Path) -> None:
    case = open_case(fund(tmp_path))
    assert case.compiled is not None
    chosen = case.compiled.options.fixed.copy()
    for c in ("B", "D"):
        chosen[case.compiled.options.rows_of[c]] = True
    fewer = open_case(case.loaded.resolved.file, ["reviews.pass_mark=80"])  # type: ignore[union-attr]
    there = carried(case, chosen, fewer)
    assert there.shape == fewer.program.gain.shape
    assert {fewer.candidate(w) for w in fewer.taken(there)} == {"B", "D"}
    assert (carried(case, chosen, case) == chosen).all()

"""Modes of selection (66号文 二（二）1、2): what a call pays, how many it takes, and who is selected without competing.

揭榜: a task put out with its contract value, of which a share is paid. 赛马: two teams side by side; at a milestone
some are cut, and later money is for those that stay. 以赛代评: a contest whose result is the score. 组阁: a chief
builds the team, which is one candidate. 定向委托: commissioned directly, pinned with its basis. Steady support is a
fixed line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocator.contract import Facts
from allocator.program import Ints
from allocator.records import Records, Tables

CALLS = "calls"
"""Where the facts hold the calls' terms."""

OPEN_CALL, RACE, CONTEST = "揭榜", "赛马", "以赛代评"
CALL_MODES = (OPEN_CALL, RACE, "竞争立项", CONTEST)

ABREAST = 2
"""Teams that a race needs at least: one alone is no race."""


@dataclass(frozen=True)
class Call:
    """One call's terms: its mode, how many it takes at most, the most that one team is paid in yuan (None: open), and
    how many of a race's teams stay after the milestone."""

    mode: str
    winners: int
    most: int | None
    stay: int


def calls(tables: Tables) -> Mapping[str, Call]:
    """The calls of the input by id."""
    if "calls" not in tables:
        return {}
    records = tables["calls"]
    return {row["id"]: _call(row) for row in (records.row(i) for i in range(len(records)))}


def _call(row: Mapping[str, Any]) -> Call:
    winners = row["winners"] or 0
    most = None if row["contract"] is None else row["contract"] * (row["share"] or 10_000) // 10_000
    return Call(row["mode"], winners, most, min(row["stay"] or 1, winners))


def calls_of(facts: Facts) -> Mapping[str, Call]:
    """The calls that the facts hold."""
    found = facts.own.get(CALLS, {})
    return found if isinstance(found, Mapping) else {}


def paid_at_most(records: Records, facts: Facts, level: Ints, amount: Ints) -> Ints:
    """`amount` [n] at `level` [n] (basis points), and no more than that part of what each candidate's call pays."""
    known = calls_of(facts)
    if not any(call.most is not None for call in known.values()):
        return amount
    rows = zip(records["call"], level.tolist(), amount.tolist(), strict=True)
    return np.array([_within(call, at, own, known) for call, at, own in rows], np.int64)


def paid_of(candidate: Mapping[str, Any], facts: Facts, level: int, amount: int) -> int:
    """The scalar twin of `paid_at_most`."""
    return _within(candidate.get("call"), level, amount, calls_of(facts))


def _within(call: str | None, level: int, amount: int, known: Mapping[str, Call]) -> int:
    own = known.get(call) if call is not None else None
    return amount if own is None or own.most is None else min(amount, own.most * level // 10_000)


def contests(tables: Tables) -> frozenset[str]:
    """The candidates whose score is the result of a contest, as the candidates' own table states it."""
    own = {name for name, call in calls(tables).items() if call.mode == CONTEST}
    records = tables["candidates"]
    return frozenset(
        i for i, call in zip(records["id"], records["call"], strict=True) if call is not None and call in own
    )

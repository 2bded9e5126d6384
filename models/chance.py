"""What is not certain in this policy: what experts would have said, what weights criteria have, what equity will lose.

Panels are drawn anew from their own experts, each panel by itself. An option loses its award with the probability that
its expected loss stands for; losses of one draw hang together through one common factor (a bad year for all).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from allocator.options import OptionTable
from allocator.program import Ints
from allocator.records import Records, Tables
from allocator.words import Text, catalogue
from models import pool
from models.review import consensus

COMMON = 0.15
"""The share of an outcome's variance that is common to all (assumed; Basel's rule for small firms has 0.12 to 0.24)."""

say = catalogue("models.words").say


def experts(tables: Tables) -> Sequence[str]:
    """The experts of all panels, in order of first sight."""
    return tuple(dict.fromkeys(tables["reviews"]["expert"])) if "reviews" in tables else ()


def without_expert(tables: Tables, expert: str) -> Tables:
    """The records as if one expert had not scored."""
    records = tables["reviews"]
    return {**tables, "reviews": _rows(records, [i for i, e in enumerate(records["expert"]) if e != expert])}


def redrawn(tables: Tables, seed: int) -> Tables:
    """Every panel drawn anew, with replacement, from those of its experts who did not stand aside."""
    records, draw = tables["reviews"], np.random.default_rng(seed)
    panels: dict[str, list[int]] = defaultdict(list)
    aside: list[int] = []
    for i, (candidate, recused) in enumerate(zip(records["candidate"], records["recused"], strict=True)):
        if recused:
            aside.append(i)
        else:
            panels[candidate].append(i)
    rows = [panel[j] for panel in panels.values() for j in draw.integers(0, len(panel), len(panel))]
    return {**tables, "reviews": _rows(records, sorted([*rows, *aside]))}


def by_criterion(scenario: Any, tables: Tables, options: OptionTable, shift: int = 0) -> Mapping[str, Ints]:
    """Merit [n] with the score under one criterion in the place of the overall one, the heaviest criterion first.

    Each score is `shift` hundredths of a point higher, within 0 to 100 points.
    """
    if "reviews" not in tables:
        return {}
    criteria = scenario.reviews.experts
    marks, _ = pool.worthy(scenario, tables)
    lines = len(options.candidates) - len(marks)
    row = np.maximum(options.candidate - lines, 0)
    found = {}
    for name in sorted(criteria, key=lambda c: -criteria[c].weight):
        alone = scenario.reviews.model_copy(update={"criteria": {name: criteria[name]}})
        panel = consensus(alone, tables["reviews"])
        scores = np.array(
            [panel[c].score if c in panel else 0 for c in tables["candidates"]["id"]], np.float64
        )
        known = np.array([c in panel for c in tables["candidates"]["id"]], bool)
        scores = np.where(known, np.clip(scores + shift, 0, 10_000), 0)
        share = np.divide(scores, marks, out=np.zeros(len(marks)), where=marks > 0)
        found[name] = np.where(options.fixed, 0, np.rint(options.merit * share[row])).astype(np.int64)
    return found


def losses(scenario: Any, options: OptionTable, draws: int, seed: int) -> Ints:
    """Yuan lost [draws, n]: the whole award where an option fails, by a one-factor normal model (Vasicek 1987)."""
    draw = np.random.default_rng(seed)
    common = draw.standard_normal((draws, 1))
    own = draw.standard_normal((draws, len(options.candidates)))
    state = np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * own
    # what is at stake is the capital; where nothing is expected to be lost, nothing can be
    stake = np.where(options.money["loss"] > 0, np.maximum(options.award, options.money["loss"]), 1)
    chance = options.money["loss"] / stake
    normal = NormalDist()
    levels = {
        p: normal.inv_cdf(p) if 0 < p < 1 else (-np.inf if p <= 0 else np.inf) for p in set(chance.tolist())
    }
    level = np.array([levels[p] for p in chance.tolist()])
    return np.where(state[:, options.candidate] < level, stake, 0).astype(np.int64)


def chances(scenario: Any) -> Mapping[str, Text]:
    """What the draws assume."""
    return {"panels": say("chance.panels"), "loss": say("chance.losses", common=f"{COMMON:.0%}")}


def _rows(records: Records, rows: Sequence[int]) -> Records:
    columns = {key: [values[i] for i in rows] for key, values in records.columns.items()}
    return Records(records.sheet, columns, lambda row, key: records.locate(rows[row], key))

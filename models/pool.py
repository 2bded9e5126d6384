"""From records to the table of options: fixed lines, then every instrument's offers for every eligible candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from allocator.contract import Facts, Instrument, Offer, Reason, Rule
from allocator.once import once
from allocator.options import Award, Codes, OptionTable
from allocator.program import Ints
from allocator.records import Tables
from allocator.words import Text
from models.assessment import overall
from models.batch import Batch, waiting
from models.candidate import investigator
from models.fund import Fund, line_rows
from models.line import OUTSIDE, RENEWAL
from models.merit import FULL, Merit
from models.modes import contests
from models.review import Consensus, Reviews, consensus
from models.screening import refused
from models.sources import SOURCE, Sources

AXES = (
    "domain",
    "sub_area",
    "industry",
    "nature",
    "department",
    "county",
    "applicant",
    "kind",
    "call",
    "direction",
)
"""The labels that an option has from its candidate's record."""

LINE_AXES = ("line", SOURCE, OUTSIDE)
"""The labels that only fixed lines have."""

LEADS = ("investigator", "investigator_id", "applicant")
"""The columns that tell principal investigators apart."""

MONEY = ("equivalent", "private", "loss")
"""Money columns beyond award, outlay and recovery."""


class Scenario(Protocol):
    """What this policy reads of a scenario."""

    @property
    def fund(self) -> Fund: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def merit(self) -> Merit: ...
    @property
    def batch(self) -> Batch: ...
    @property
    def instruments(self) -> Mapping[str, Instrument]: ...
    @property
    def rules(self) -> Mapping[str, Rule]: ...


@once
def scores(scenario: Scenario, tables: Tables) -> Mapping[str, Consensus]:
    """Each candidate's consensus: of its reviews, else of the score that the candidates' own table states."""
    records = tables["candidates"]
    stated = zip(records["id"], records["score"], strict=True)
    own = {i: Consensus(s, s, s, 0, 0) for i, s in stated if s is not None}
    if "reviews" not in tables:
        return own
    run = contests(tables)  # the result of a contest is its teams' score
    return {**consensus(scenario.reviews, tables["reviews"]), **{i: c for i, c in own.items() if i in run}}


def eligibility(
    scenario: Scenario, tables: Tables, panel: Mapping[str, Consensus] | None = None
) -> tuple[Ints, list[Reason | None]]:
    """The experts' scores in hundredths [n] (0 where there is none) and, for each candidate, why it may not be chosen.

    `panel` is what `scores` gives, where it is at hand.
    """
    panel = scores(scenario, tables) if panel is None else panel
    mark = scenario.reviews.pass_mark
    found: list[Reason | None] = []
    apart = waiting(scenario.batch, tables["candidates"])
    formal = refused(scenario, tables)
    for candidate, waits in zip(tables["candidates"]["id"], apart, strict=True):
        verdict = panel.get(candidate)
        if waits is not None:
            found.append(waits)
        elif candidate in formal:
            found.append(formal[candidate])
        elif verdict is None:
            found.append(Reason(Text("没有有效的专家评审", "no valid review"), "66号文 二（三）3"))
        elif verdict.score < mark * 100:
            found.append(
                Reason(
                    Text(
                        f"评审得分 {verdict.score / 100:.2f}，低于合格线 {mark} 分",
                        f"score {verdict.score / 100:.2f}, below the pass mark of {mark}",
                    ),
                    "66号文 二（三）3",
                )
            )
        else:
            found.append(None)
    marks = [panel[c].score if c in panel else 0 for c in tables["candidates"]["id"]]
    return np.array(marks, np.int64), found


def worthy(
    scenario: Scenario, tables: Tables, panel: Mapping[str, Consensus] | None = None
) -> tuple[Ints, list[Reason | None]]:
    """Overall scores in hundredths [n], on which worth rests, and why each candidate may not be chosen."""
    panel = scores(scenario, tables) if panel is None else panel
    _, barred = eligibility(scenario, tables, panel)
    whole = overall(scenario.reviews, panel, tables)
    return np.array([whole.get(c, 0) for c in tables["candidates"]["id"]], np.int64), barred


def build(scenario: Scenario, tables: Tables, facts: Facts) -> OptionTable:
    """The table of options of a run."""
    records = tables["candidates"]
    marks, barred = worthy(scenario, tables)
    eligible = np.array([r is None for r in barred], bool)
    years, lines = len(facts.years), fixed_lines(scenario, tables)

    rows, levels, awards, outlays, recoveries, kinds = [], [], [], [], [], []
    money: dict[str, list[Ints]] = {name: [] for name in MONEY}
    for number, instrument in enumerate(scenario.instruments.values()):
        offer = instrument.offers(tables, facts)
        viable = scenario.merit.viable(records.ints("request")[offer.row], offer.money["equivalent"])
        keep = np.flatnonzero(eligible[offer.row] & viable)
        rows.append(offer.row[keep])
        levels.append(offer.level[keep])
        awards.append(offer.award[keep])
        outlays.append(offer.outlay[keep])
        recoveries.append(offer.recovery[keep])
        kinds.append(np.full(len(keep), number))
        for name in MONEY:
            money[name].append(offer.money[name][keep])
    row, level, kind = (_joined(part) for part in (rows, levels, kinds))
    order = np.lexsort((-level, kind, row))
    row, level, kind = row[order], level[order], kind[order]

    keys = list(scenario.instruments)
    natures = Codes.of(records["nature"])
    fits = np.array([[scenario.merit.fit(n, i) for i in keys] for n in natures.values], np.int64).reshape(
        -1, len(keys)
    )
    equivalent = _joined(money["equivalent"])[order]
    merit = scenario.merit.worths(
        marks[row], records.ints("request")[row], equivalent, fits[natures.codes[row], kind]
    )

    columns = {axis: Codes.of(records[axis]).take(row) for axis in AXES}
    leads = zip(*(records[key] for key in LEADS), strict=True)
    columns["investigator"] = Codes.of([investigator(*said) for said in leads]).take(row)
    columns["instrument"] = Codes(kind.astype(np.int32), tuple(keys))
    for axis in LINE_AXES:
        columns[axis] = Codes(np.full(len(row), -1, np.int32), ())
    flows = _line_flows(lines, years)
    return OptionTable(
        years=facts.years,
        candidates=(*(str(r["id"]) for r in lines), *records["id"]),
        candidate=np.concatenate([np.arange(len(lines)), row + len(lines)]).astype(np.int32),
        level=np.concatenate([np.full(len(lines), 10_000), level]).astype(np.int32),
        award=np.concatenate([_commitments(lines, flows), _joined(awards)[order]]),
        outlay=np.concatenate([flows, np.concatenate(outlays)[order]]),
        recovery=np.concatenate([np.zeros_like(flows), np.concatenate(recoveries)[order]]),
        money={n: np.concatenate([np.zeros(len(lines), np.int64), _joined(money[n])[order]]) for n in MONEY},
        labels={axis: _with_lines(axis, lines, codes) for axis, codes in columns.items()},
        fixed=np.concatenate([np.ones(len(lines), bool), np.zeros(len(row), bool)]),
        merit=np.concatenate([np.zeros(len(lines), np.int64), merit]),
    )


def repricer(scenario: Scenario, tables: Tables, facts: Facts) -> Callable[[Award], Award | Reason]:
    """Prices any award again from the records alone, by the instruments' scalar `price` and the scalar merit."""
    records, lines = tables["candidates"], {str(r["id"]): r for r in fixed_lines(scenario, tables)}
    marks, barred = worthy(scenario, tables)

    def price(award: Award) -> Award | Reason:
        if award.candidate in lines:
            return _line_award(lines[award.candidate], len(facts.years))
        i = records.index.get(award.candidate)
        if i is None:
            return Reason(Text("不在申报汇总表中", "not among the candidates"))
        reason, row = barred[i], records.row(i)
        if reason is not None:
            return reason
        if award.instrument not in scenario.instruments:
            return Reason(
                Text(f"没有支持方式 {award.instrument}", f"there is no instrument {award.instrument}")
            )
        offer = scenario.instruments[award.instrument].price(row, award.level, facts)
        if isinstance(offer, Reason):
            return offer
        return _priced(scenario, row, award.instrument, award.level, offer, int(marks[i]))

    return price


def sources(scenario: Scenario, tables: Tables) -> Sources:
    """The fund's sources, with the payers of every candidate under every instrument and of every fixed line."""
    money, records = scenario.fund.money, tables["candidates"]
    axes = [axis for axis in money.axes if axis in AXES]
    seen = dict.fromkeys(zip(*(records[a] for a in axes), strict=True)) if axes else {(): None}
    labels = [dict(zip(axes, row, strict=True)) for row in seen]
    return money.knowing(labels, fixed_lines(scenario, tables), scenario.instruments)


def face_value(scenario: Scenario, tables: Tables, options: OptionTable) -> Ints:
    """Merit [n] with every yuan of award counted as one of need met, and every instrument held to suit."""
    marks, _ = worthy(scenario, tables)
    free = np.flatnonzero(~options.fixed)
    row = options.candidate[free] - (len(options.candidates) - len(marks))
    need = tables["candidates"].ints("request")[row]
    worth = np.zeros(len(options), np.int64)
    worth[free] = scenario.merit.worths(
        marks[row], need, options.award[free], np.full(len(free), FULL, np.int64)
    )
    return worth


def bars(scenario: Scenario, tables: Tables, facts: Facts) -> Mapping[str, Reason]:
    """For each candidate with no option at all, why: its reviews, or each instrument's own reason."""
    records = tables["candidates"]
    _, barred = eligibility(scenario, tables)
    found: dict[str, Reason] = {}
    for i, candidate in enumerate(records["id"]):
        reason = barred[i] or no_instrument(scenario, records.row(i), facts)
        if reason is not None:
            found[candidate] = reason
    return found


def no_instrument(scenario: Scenario, row: Mapping[str, Any], facts: Facts) -> Reason | None:
    """Why no instrument offers a candidate anything at any level, instrument by instrument; None if one does."""
    said: list[tuple[Text, Text]] = []
    for instrument in scenario.instruments.values():
        refused: Reason | None = None
        for level in instrument.levels:
            offer = instrument.price(row, level, facts)
            if isinstance(offer, Reason):
                refused = refused or offer
            elif scenario.merit.viable(row["request"], offer.money["equivalent"]):
                return None
            else:
                refused = refused or Reason(
                    Text(
                        "所能给予的支持不足需求的最低比例", "what it could give meets too little of the need"
                    )
                )
        if refused is not None:
            said.append((instrument.title, refused.text))
    return Reason(
        Text(
            "；".join(f"{title.zh}：{why.zh}" for title, why in said),
            "; ".join(f"{title.en}: {why.en}" for title, why in said),
        )
    )


def _priced(
    scenario: Scenario, row: Mapping[str, Any], instrument: str, level: int, offer: Offer, mark: int
) -> Award:
    fit = scenario.merit.fit(row["nature"], instrument)
    labels = {axis: row[axis] for axis in AXES if row[axis] is not None}
    lead = investigator(*(row[key] for key in LEADS))
    labels |= {} if lead is None else {"investigator": lead}
    return Award(
        candidate=row["id"],
        instrument=instrument,
        level=level,
        amount=offer.award,
        outlay=offer.outlay,
        recovery=offer.recovery,
        merit=scenario.merit.worth(mark, row["request"], offer.money["equivalent"], fit),
        columns=MappingProxyType({name: offer.money[name] for name in MONEY}),
        labels=MappingProxyType({**labels, "instrument": instrument}),
    )


def _line_award(row: Mapping[str, Any], years: int) -> Award:
    flow = tuple(int(v) for v in _line_flows([row], years)[0])
    labels = {axis: row[axis] for axis in (*AXES, *LINE_AXES) if row.get(axis) is not None}
    if row.get("instrument") is not None:
        labels["instrument"] = row["instrument"]
    return Award(
        candidate=str(row["id"]),
        instrument=labels.get("instrument", ""),
        level=10_000,
        amount=0 if row["line"] == RENEWAL else sum(flow),
        outlay=flow,
        recovery=(0,) * years,
        merit=0,
        columns=MappingProxyType(dict.fromkeys(MONEY, 0)),
        labels=MappingProxyType(labels),
        fixed=True,
    )


def _line_flows(lines: Sequence[Mapping[str, Any]], years: int) -> Ints:
    flows = np.zeros((len(lines), years), np.int64)
    for i, row in enumerate(lines):
        stated = [row["year1"] or 0, row["year2"] or 0, row["year3"] or 0][:years]
        flows[i, : len(stated)] = stated
    return flows


def _commitments(lines: Sequence[Mapping[str, Any]], flows: Ints) -> Ints:
    """立项总额 of each line: a renewal's was counted in the year of its decision."""
    renewed = np.array([r["line"] == RENEWAL for r in lines], bool)
    return np.where(renewed, 0, flows.sum(axis=1)).astype(np.int64)


def _with_lines(axis: str, lines: Sequence[Mapping[str, Any]], codes: Codes) -> Codes:
    """The codes of an axis with the fixed lines' labels before them."""
    index = {v: i for i, v in enumerate(codes.values)}
    own = [-1 if (label := row.get(axis)) is None else index.setdefault(label, len(index)) for row in lines]
    return Codes(np.concatenate([np.array(own, np.int32), codes.codes]), tuple(index))


def _joined(parts: Sequence[npt.NDArray[Any]]) -> Ints:
    return np.concatenate([np.asarray(p, np.int64) for p in parts]) if parts else np.zeros(0, np.int64)


@once
def fixed_lines(scenario: Scenario, tables: Tables) -> Sequence[Mapping[str, object]]:
    """The fixed lines, their instruments (支持方式) by key where the scenario has them."""
    keys = {name: key for key, i in scenario.instruments.items() for name in (key, i.title.zh, i.title.en)}
    rows = line_rows(tables, scenario.fund)
    return [{**row, "instrument": keys.get(str(row["instrument"]), row["instrument"])} for row in rows]

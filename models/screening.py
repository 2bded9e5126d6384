"""形式审查: what stands between an application and its review, before anything is chosen.

Conditions of the call (who may apply, own funds, years, the most that may be asked for) are judged by the program: who
does not meet one is not eligible, for that reason. Whether two applications are one project, or a unit's listing
(失信) or arrears bar it, is for a person: hits are shown, never deleted, and the decision stands in the scenario.

screening:
  conditions:
    - {where: {domain: [重点研发专项]}, kinds: [企业], own_share: 50%, most: 300万元, basis: 申报指南第三条}
  duplicates: {title: 85%}
  decisions:
    P017: {decision: exclude, reason: 与 P004 为同一项目, basis: 科技局核查意见}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field as Setting

from allocator.contract import Reason, Settings
from allocator.money import Money, Share, show, show_share
from allocator.once import once
from allocator.problems import Place, Problems
from allocator.records import Field, Records, Sheet, Tables
from allocator.words import Text, catalogue
from models.alike import Pair, pairs

WORDS = catalogue("models.words")
say = WORDS.say

DUPLICATE, EARLIER, ARREARS, LISTED = "duplicate", "earlier", "arrears", "listed"
"""Kinds of hits: with another application, with a project of earlier years, a project in arrears, a 失信 list."""

EARLIER_PROJECTS = Sheet(
    key="earlier_projects",
    title=Text("以前年度项目", "Earlier projects"),
    fields=(
        Field("id", Text("项目编号", "Project ID"), "code", required=True, aliases=("编号", "序号", "id")),
        Field("title", Text("项目名称", "Project title"), required=True, aliases=("名称", "title")),
        Field(
            "applicant",
            Text("承担单位", "Applicant"),
            "label",
            required=True,
            aliases=("申报单位", "单位名称"),
        ),
        Field("credit_code", Text("统一社会信用代码", "Credit code"), "code", aliases=("信用代码",)),
        Field("investigator", Text("项目负责人", "Investigator"), aliases=("负责人",)),
        Field("department", Text("主管部门", "Department"), "label", aliases=("推荐单位",)),
        Field("abstract", Text("主要内容", "Abstract"), aliases=("研究内容", "项目简介", "摘要")),
        Field(
            "year", Text("立项年度", "Year"), "year", required=True, aliases=("年度",), low=1990, high=2100
        ),
        Field("overdue", Text("逾期未结题", "In arrears"), "flag", aliases=("逾期", "是否逾期")),
    ),
    aliases=("历年项目", "已立项项目"),
    unique=("id",),
    required=False,
)

DISHONEST = Sheet(
    key="dishonest",
    title=Text("失信名单", "Lists of dishonesty"),
    fields=(
        Field("unit", Text("单位名称", "Unit"), "label", required=True, aliases=("名称", "失信主体")),
        Field("credit_code", Text("统一社会信用代码", "Credit code"), "code", aliases=("信用代码",)),
        Field("date", Text("列入日期", "Listed on"), required=True, aliases=("日期",)),
        Field("basis", Text("列入依据", "Basis"), required=True, aliases=("依据", "文号")),
    ),
    aliases=("失信单位名单", "严重失信名单"),
    required=False,
)


class Condition(Settings):
    """One condition of a call, for the candidates that `where` names (axis -> labels; none: all).

    kinds     who may apply; counties  where from; own_share  least share of the total that is the applicant's own
    least, most  of the request; first_year, last_year  within which the project must lie
    """

    where: dict[str, tuple[str, ...]] = {}
    kinds: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    own_share: Share | None = None
    least: Money | None = None
    most: Money | None = None
    first_year: int | None = None
    last_year: int | None = None
    basis: str

    def concerns(self, row: Mapping[str, Any]) -> bool:
        """Whether it is asked of this candidate."""
        return all(row.get(axis) in labels for axis, labels in self.where.items())

    def unmet(self, row: Mapping[str, Any]) -> list[Text]:
        """What of it a candidate does not meet, or leaves unsaid."""
        found: list[Text] = []
        if self.kinds and row["kind"] not in self.kinds:
            found.append(say("screen.kind", seen=row["kind"], allowed="、".join(self.kinds)))
        if self.counties and row["county"] not in self.counties:
            seen = row["county"] or say("screen.blank")
            found.append(say("screen.county", seen=seen, allowed="、".join(self.counties)))
        if self.own_share is not None:
            found += self._own(row)
        if self.least is not None and row["request"] < self.least:
            found.append(say("screen.least", request=show(row["request"]), least=show(self.least)))
        if self.most is not None and row["request"] > self.most:
            found.append(say("screen.most", request=show(row["request"]), most=show(self.most)))
        for key, limit, late in (("start", self.first_year, False), ("end", self.last_year, True)):
            if limit is None:
                continue
            if row[key] is None:
                found.append(say(f"screen.{key}_blank"))
            elif (row[key] > limit) if late else (row[key] < limit):
                found.append(say(f"screen.{key}", seen=row[key], limit=limit))
        return found

    def _own(self, row: Mapping[str, Any]) -> Iterable[Text]:
        assert self.own_share is not None
        if row["own"] is None or row["total"] is None:
            yield say("screen.own_blank")
        elif row["own"] * 10_000 < self.own_share * row["total"]:
            seen, least = show(row["own"]), show_share(self.own_share)
            yield say("screen.own", own=seen, total=show(row["total"]), least=least)


class Duplicates(Settings):
    """When two may be one project: titles alike by `title`, by `same` if unit or person agree, or texts by `text`."""

    title: Share = 8500
    same: Share = 6000
    text: Share = 8000


class ScreenDecision(Settings):
    """What a person decided on a candidate's hits."""

    decision: Literal["keep", "exclude"]
    reason: str = Setting(min_length=1)
    basis: str = Setting(min_length=1)


class Screening(Settings):
    """The formal checks; `strict` stops a run while a hit is undecided."""

    conditions: tuple[Condition, ...] = ()
    duplicates: Duplicates | None = None
    decisions: dict[str, ScreenDecision] = {}
    strict: bool = False


@dataclass(frozen=True)
class Hit:
    """Something about a candidate that a person must decide on.

    other     the id of the other project, or the unit that is listed
    parts     how alike they are, in per cent: title, text, unit, person (absent where one of the two does not say)
    decision  what was decided, None while nothing is
    """

    candidate: str
    kind: str
    other: str
    text: Text
    parts: Mapping[str, int]
    decision: ScreenDecision | None


@once
def hits(scenario: Any, tables: Tables) -> tuple[Hit, ...]:
    """Every hit, in the order of the candidates' table."""
    settings = _settings(scenario)
    records = tables["candidates"]
    found: list[tuple[int, str, str, Text, Mapping[str, int]]] = []
    earlier = tables.get("earlier_projects")
    if settings.duplicates is not None:
        own = settings.duplicates
        limits = (own.title // 100, own.same // 100, own.text // 100)
        for pair in pairs(records, None, *limits):
            found += [_pair(DUPLICATE, records, records, p) for p in (pair, pair.turned)]
        if earlier is not None:
            found += [_pair(EARLIER, records, earlier, p) for p in pairs(records, earlier, *limits)]
    if earlier is not None:
        found += _arrears(records, earlier)
    if "dishonest" in tables:
        found += _listed(records, tables["dishonest"])
    return tuple(
        Hit(records["id"][i], kind, other, text, parts, settings.decisions.get(records["id"][i]))
        for i, kind, other, text, parts in sorted(found, key=lambda f: f[0])
    )


def refused(scenario: Any, tables: Tables) -> Mapping[str, Reason]:
    """The candidates that may not be chosen, with why: a condition that is not met, or a person's decision."""
    settings = _settings(scenario)
    found: dict[str, Reason] = {}
    if not (settings.conditions or settings.decisions):
        return found
    records = tables["candidates"]
    for i, candidate in enumerate(records["id"]):
        decision = settings.decisions.get(candidate)
        if decision is not None and decision.decision == "exclude":
            found[candidate] = Reason(say("screen.excluded", reason=decision.reason), decision.basis)
            continue
        row = records.row(i)
        for condition in settings.conditions:
            unmet = condition.unmet(row) if condition.concerns(row) else []
            if unmet:
                text = Text("；".join(t.zh for t in unmet), "; ".join(t.en for t in unmet))
                found[candidate] = Reason(say("screen.unmet", what=text), condition.basis)
                break
    return found


def check_screening(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Note decisions on nobody, and hits that nobody has decided on."""
    settings = _settings(scenario)
    records = tables["candidates"]
    for candidate in settings.decisions:
        if candidate not in records.index:
            place = Place("scenario", key=f"screening.decisions.{candidate}")
            problems.add(place, "screening.nobody", words=WORDS, id=candidate)
    if any(v is None for key in ("id", "title", "applicant") for v in records[key]):
        return  # the reading has told of it, and without them nothing can be compared
    for hit in hits(scenario, tables):
        if hit.decision is None:
            place = records.locate(records.index[hit.candidate], "id")
            level: Literal["error", "notice"] = "error" if settings.strict else "notice"
            problems.add(
                place, "screening.undecided", words=WORDS, level=level, id=hit.candidate, what=hit.text
            )


def _settings(scenario: Any) -> Screening:
    found = getattr(scenario, "screening", None)
    return found if isinstance(found, Screening) else Screening()


def _pair(
    kind: str, records: Records, others: Records, pair: Pair
) -> tuple[int, str, str, Text, Mapping[str, int]]:
    other, title = others["id"][pair.second], others["title"][pair.second]
    alike = pair.parts["title"]
    unit = others["applicant"][pair.second]
    said = {"other": other, "title": title, "unit": unit, "alike": alike}
    if kind == EARLIER:
        said["year"] = others["year"][pair.second]
    text = say(f"screen.{kind}", **said)
    if "text" in pair.parts:
        text = say("screen.texts", said=text, alike=pair.parts["text"])
    return pair.first, kind, other, text, pair.parts


def _same_unit(records: Records, i: int, name: str | None, code: str | None) -> bool:
    own = records["credit_code"][i]
    if own is not None and code is not None:
        return bool(own == code)
    return bool(records["applicant"][i] == name)


def _arrears(records: Records, earlier: Records) -> Iterable[tuple[int, str, str, Text, Mapping[str, int]]]:
    for j, overdue in enumerate(earlier["overdue"]):
        if not overdue:
            continue
        name, code = earlier["applicant"][j], earlier["credit_code"][j]
        text = say(
            "screen.arrears", other=earlier["id"][j], title=earlier["title"][j], year=earlier["year"][j]
        )
        for i in range(len(records)):
            if _same_unit(records, i, name, code):
                yield i, ARREARS, earlier["id"][j], text, {"unit": 100}


def _listed(records: Records, listed: Records) -> Iterable[tuple[int, str, str, Text, Mapping[str, int]]]:
    for j, (name, code) in enumerate(zip(listed["unit"], listed["credit_code"], strict=True)):
        text = say("screen.listed", unit=name, date=listed["date"][j], basis=listed["basis"][j])
        for i in range(len(records)):
            if _same_unit(records, i, name, code):
                yield i, LISTED, name, text, {"unit": 100}

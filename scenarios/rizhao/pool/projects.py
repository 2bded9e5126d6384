"""The 申报汇总表 and the 榜单: titles, domains, departments, directions and years put to the slots and their money."""

from __future__ import annotations

from collections.abc import Sequence

from .draw import Draw, words
from .money import Asked
from .slots import RACES_EVERY, Slot, Tender
from .table import Columns

DOMAINS = (
    "重大科技创新专项",
    "重点研发专项",
    "重要创新平台建设",
    "重大科技成果转移转化",
    "创新主体培育和壮大",
)
"""The five focus domains, 66号文 二（二）1–5."""

PLACES: dict[str, dict[tuple[int, str], float]] = {
    "基础研究": {(2, "前瞻性基础研究"): 1},
    "共性技术": {
        (1, "“十强”产业关键技术"): 22,
        (1, "优势特色产业攻关"): 12,
        (1, "公共安全保障技术"): 6,
        (2, "关键共性技术"): 50,
        (2, "工业设计创新"): 10,
    },
    "平台建设": {
        (3, "高层次技术创新平台"): 40,
        (3, "创新创业共同体"): 20,
        (3, "国际科技合作基地"): 12,
        (3, "科技园区"): 18,
        (3, "工业设计研究院"): 10,
    },
    "成果转化": {
        (4, "自主知识产权成果转化"): 45,
        (4, "新型研发机构"): 28,
        (4, "高层次人才团队"): 17,
        (1, "优势特色产业攻关"): 10,
    },
    "产业化": {
        (1, "“十强”产业关键技术"): 30,
        (1, "国家级应急产业园"): 15,
        (4, "自主知识产权成果转化"): 35,
        (5, "专精特新培育"): 20,
    },
    "技术改造": {(5, "技改升级"): 70, (5, "人工智能与工业互联网"): 18, (5, "新基建与5G应用"): 12},
    "孵化载体": {(5, "孵化载体"): 1},
    "科学普及": {(5, "科普能力建设"): 1},
    "科技金融": {(5, "科技金融"): 1},
}
"""Domain and sub-area by nature, weights; sub-areas are short names for the notice's own words. Assumed."""

DIRECTIONS = {
    "产业化": {"重大技术创新成果产业化": 55, "产业链关键环节提升": 25, "产业区域布局调整": 10, "": 10},
    "成果转化": {"重大技术创新成果产业化": 70, "产业链关键环节提升": 15, "": 15},
    "技术改造": {"制造业与互联网融合": 45, "产业链关键环节提升": 25, "产业区域布局调整": 20, "": 10},
    "共性技术": {"产业链关键环节提升": 60, "重大技术创新成果产业化": 20, "": 20},
}
"""Pilot direction of a candidate that would take equity, 66号文 二（二）末2; blank for none. Assumed."""

CALL_SHARE = 0.30
"""A 揭榜 award is at most this part of the call's contract. From memory of comparable rules (FIELD.md)."""

YEARS = {"技术改造": (0, 1), "孵化载体": (0, 1), "科学普及": (0, 0), "科技金融": (0, 0)}
"""Earliest and latest end, years after the start; 1 and 2 elsewhere, 0 for an interest subsidy. Assumed."""

REPEATED = 0.2
"""Part of a unit's further projects that are led by one who leads another. Assumed."""

BY_INTERNET = 0.6
"""Part of the firms in information technology whose equity project joins manufacturing and the internet. Assumed."""


def candidate_columns(
    seed: int, year: int, slots: Sequence[Slot], tenders: Sequence[Tender], asked: Asked
) -> Columns:
    """The 申报汇总表 as columns; money in 万元, None where a candidate says nothing."""
    draw = Draw(seed, "projects")
    n = len(slots)
    digits = max(3, len(str(n)))
    places = [_place(draw, s) for s in slots]
    directions = [_direction(draw, s, v) for s, v in zip(slots, asked.valuation.tolist(), strict=True)]
    request, own, other = asked.request.tolist(), asked.own.tolist(), asked.other.tolist()
    later = draw.uniform(n).tolist()
    ends = [year + _years(slot, a, u) for slot, a, u in zip(slots, asked.asks, later, strict=True)]
    return {
        "id": [f"KJ{year}-{i + 1:0{digits}d}" for i in range(n)],
        "title": _titles(draw, slots, tenders),
        "department": [_department(draw, s, p[1]) for s, p in zip(slots, places, strict=True)],
        "applicant": [s.applicant.name for s in slots],
        "credit_code": [s.applicant.code for s in slots],
        "kind": [s.applicant.kind for s in slots],
        "investigator": _investigators(seed, slots),
        "county": [s.applicant.county for s in slots],
        "domain": [p[0] for p in places],
        "sub_area": [p[1] for p in places],
        "industry": [s.industry for s in slots],
        "nature": [s.nature for s in slots],
        "direction": directions,
        "call": [call_id(year, s.call) if s.call >= 0 else None for s in slots],
        "total": [r + w + t for r, w, t in zip(request, own, other, strict=True)],
        "request": request,
        "own": own,
        "other": other,
        "valuation": [v or None for v in asked.valuation.tolist()],
        "loan": [v or None for v in asked.loan.tolist()],
        "interest": [v or None for v in asked.interest.tolist()],
        "spend": [v or None for v in asked.spend.tolist()],
        "proof": [
            f"示例专审〔{year}〕{i + 1}号" if spent and proven else None
            for i, (spent, proven) in enumerate(zip(asked.spend.tolist(), asked.proven, strict=True))
        ],
        "enrolled": [v or None for v in asked.enrolled.tolist()],
        "start": [year] * n,
        "end": ends,
        "asks": asked.asks,
        "note": ["首次申报" if u > 0.97 else None for u in draw.uniform(n).tolist()],
    }


def call_columns(year: int, slots: Sequence[Slot], tenders: Sequence[Tender], candidates: Columns) -> Columns:
    """The 榜单 as columns: a contract is the dearest team's request over the share that is paid, in 50万元."""
    dearest = [max(candidates["request"][i] for i in t.teams) for t in tenders]
    racing = [is_race(number) for number in range(len(tenders))]
    return {
        "id": [call_id(year, number) for number in range(len(tenders))],
        "title": [candidates["title"][t.teams[0]] for t in tenders],
        "mode": ["赛马" if race else "揭榜" for race in racing],
        "winners": [2 if race else 1 for race in racing],
        "contract": [-int(-top / CALL_SHARE // 50) * 50 for top in dearest],
    }


def call_id(year: int, number: int) -> str:
    """The number of a call."""
    return f"BD{year}-{number + 1:02d}"


def is_race(number: int) -> bool:
    """Whether the call of this number is a 赛马."""
    return number % RACES_EVERY == RACES_EVERY - 1


def title(draw: Draw, nature: str, industry: str, county: str, taken: set[str]) -> str:
    """An invented title of a project, none twice."""
    lists = words()["titles"]
    local = nature in words()["topics"]
    topics = words()["topics"][nature] if local else words()["industry"][industry]["topics"]
    qualified = nature in ("共性技术", "成果转化", "产业化", "基础研究")
    for turn in range(1 << 20):
        a, b, c = draw.index(3, 1 << 20)
        body = lists[nature][a % len(lists[nature])].format(t=topics[b % len(topics)])
        name: str = (lists["qualifiers"][c % len(lists["qualifiers"])] if qualified else "") + body
        if local:
            name = county + name
        if turn >= 8:
            name += f"（第{turn + c % 997}期）"
        if name not in taken:
            taken.add(name)
            return name
    raise ValueError(f"no title left for {nature} in {industry}")


def _investigators(seed: int, slots: Sequence[Slot]) -> list[str]:
    """An invented person for each project; one in five of a unit's further projects has one of its earlier persons."""
    again = Draw(seed, "people").uniform(len(slots)).tolist()
    own: dict[str, list[str]] = {}
    found = []
    for i, (slot, u) in enumerate(zip(slots, again, strict=True)):
        people = own.setdefault(slot.applicant.code, [])
        if not people or u >= REPEATED:
            people.append(f"示例负责人{i + 1:03d}")
        found.append(people[-1] if u >= REPEATED else people[0])
    return found


def _titles(draw: Draw, slots: Sequence[Slot], tenders: Sequence[Tender]) -> list[str]:
    """A title for each candidate; the teams of a call all bear the call's."""
    taken: set[str] = set()
    of_call = [title(draw, t.nature, t.industry, "", taken) for t in tenders]
    return [
        of_call[s.call] if s.call >= 0 else title(draw, s.nature, s.industry, s.applicant.county, taken)
        for s in slots
    ]


def _place(draw: Draw, slot: Slot) -> tuple[str, str]:
    if slot.call >= 0:
        return DOMAINS[0], "“十强”产业关键技术"
    places = list(PLACES[slot.nature])
    at = draw.pick({str(i): PLACES[slot.nature][p] for i, p in enumerate(places)}, 1)[0]
    number, sub_area = places[int(at)]
    return DOMAINS[number - 1], sub_area


def _direction(draw: Draw, slot: Slot, valuation: int) -> str | None:
    if not valuation:
        return None
    by_internet, among = draw.uniform(1)[0] < BY_INTERNET, draw.pick(DIRECTIONS[slot.nature], 1)[0]
    if slot.industry == "新一代信息技术" and by_internet:
        return "制造业与互联网融合"
    return among or None


def _years(slot: Slot, asks: str, u: float) -> int:
    """Years from start to end."""
    first, last = (0, 0) if asks in ("贷款贴息", "综合奖补") else YEARS.get(slot.nature, (1, 2))
    return first + int(u * (last - first + 1))


def _department(draw: Draw, slot: Slot, sub_area: str) -> str:
    """Who hands it in: by nature and sub-area first, then by industry, mostly the 科技局."""
    if slot.nature == "科学普及":
        return "科协"
    if slot.nature == "科技金融":
        return "科技局"
    if sub_area == "高层次人才团队":
        return "人力资源社会保障局"
    if slot.nature == "技术改造" or sub_area in ("工业设计创新", "工业设计研究院", "专精特新培育"):
        return "工业和信息化局"
    by_industry = {"现代农业": "农业农村局", "粮油及海洋水产": "海洋发展局"}
    if slot.industry in by_industry and slot.nature != "基础研究":
        return draw.pick({by_industry[slot.industry]: 55, "科技局": 45}, 1)[0]
    return draw.pick({"科技局": 78, "工业和信息化局": 16, "市场监管局": 6}, 1)[0]

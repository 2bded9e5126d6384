"""Invented applicants: names, kinds, counties, industries, and codes that can be nobody's.

A code is right in form (GB 32100-2015, its organisation part by GB 11714-1997), yet its region part 999900 is
assigned to no place, so no real unit can have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.candidate import check_character

from .draw import Draw, words

REGION = "999900"
"""A region code that GB/T 2260 assigns to no place."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

PREFIX = {
    "企业": "91",
    "高校": "12",
    "科研院所": "12",
    "事业单位": "12",
    "医疗机构": "12",
    "社会组织": "51",
    "银行": "91",
    "市属院所": "12",
}
"""Registering authority and kind of unit, the code's first two characters (GB 32100-2015, table 1)."""

COUNTIES = {
    "东港区": 0.28,
    "岚山区": 0.15,
    "莒县": 0.14,
    "五莲县": 0.10,
    "日照经济技术开发区": 0.18,
    "高新区": 0.12,
    "山海天旅游度假区": 0.03,
}

INDUSTRIES = {
    "钢铁": 0.13,
    "粮油及海洋水产": 0.14,
    "化工": 0.10,
    "汽车及高端装备": 0.16,
    "浆纸": 0.06,
    "新一代信息技术": 0.15,
    "生物医药": 0.09,
    "新能源新材料": 0.10,
    "现代农业": 0.07,
}

AT_HOME = {"钢铁": "岚山区", "粮油及海洋水产": "岚山区", "新一代信息技术": "高新区", "现代农业": "莒县"}
"""Where a quarter of an industry's firms sit in any case."""


@dataclass(frozen=True)
class Applicant:
    """A unit that applies; `industry` is empty for public bodies that work for any."""

    name: str
    code: str
    kind: str
    county: str
    industry: str


def credit_codes(draw: Draw, kinds: Sequence[str], taken: set[str]) -> list[str]:
    """One code for each unit, none twice; adds them to `taken`."""
    found = []
    for kind in kinds:
        while True:
            stem = "".join(ALPHABET[i] for i in draw.index(8, len(ALPHABET)))
            if stem not in taken:
                break
        taken.add(stem)
        body = PREFIX[kind] + REGION + stem + _organisation_check(stem)
        found.append(body + check_character(body))
    return found


def _organisation_check(stem: str) -> str:
    """The ninth character of an organisation code (GB 11714-1997)."""
    figures = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(w * figures.index(c) for w, c in zip(weights, stem, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def firms(seed: int, n: int, part: str, taken_names: set[str], taken_codes: set[str]) -> list[Applicant]:
    """n invented firms, no name and no code twice."""
    draw = Draw(seed, part)
    industries = draw.pick(INDUSTRIES, n)
    counties = draw.pick(COUNTIES, n)
    homely = draw.uniform(n) < 0.25
    codes = credit_codes(draw, ["企业"] * n, taken_codes)
    found = []
    for i, industry in enumerate(industries):
        name = _firm_name(draw, industry, taken_names)
        county = AT_HOME.get(industry, counties[i]) if homely[i] else counties[i]
        found.append(Applicant(name, codes[i], "企业", county, industry))
    return found


def _firm_name(draw: Draw, industry: str, taken: set[str]) -> str:
    firm, trades = words()["firm"], words()["industry"][industry]["trades"]
    while True:
        a, b, c, d = draw.index(4, 1 << 20)
        name: str = (
            "日照"
            + firm["first"][a % len(firm["first"])]
            + firm["second"][b % len(firm["second"])]
            + trades[c % len(trades)]
            + firm["forms"][d % len(firm["forms"])]
        ).replace("科技科技", "科技")
        if name not in taken:
            taken.add(name)
            return name


def public_bodies(seed: int, kind: str, factor: int, taken_codes: set[str]) -> list[Applicant]:
    """The invented public bodies of a kind; a pool `factor` times as large has numbered branches of each."""
    draw = Draw(seed, f"public {kind}")
    fields, seats = words()["fields"], words()["seats"]
    bases = [name for _ in range(factor) for name in words()["institutes"][kind]]
    each = len(bases) // factor
    counties = draw.pick(COUNTIES, len(bases))
    codes = credit_codes(draw, [kind] * len(bases), taken_codes)
    shown = "科研院所" if kind == "市属院所" else kind
    found = []
    for i, base in enumerate(bases):
        name = base if i < each else f"{base}第{i // each + 1}分部"
        county = seats.get(base[:2], counties[i])
        found.append(Applicant(name, codes[i], shown, county, fields.get(base, "")))
    return found

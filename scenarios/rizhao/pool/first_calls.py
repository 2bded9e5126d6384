"""Money first spoken for: 先行安排, line by line, and the list of firms that 普惠后补助 goes to.

For the city's own size the totals are those of FIELD.md (steady 1,600, talents 1,800, earmarked 4,600, renewals 3,600,
reserve 1,000, entitlements 3,000), parted so that with 6,400 of competition each domain can reach the total there.
A larger pool repeats the lines, with a last part copy of smaller amounts.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.line import EARMARKED, RENEWAL, RESERVE, STEADY, TALENT

from .applicants import INDUSTRIES, Applicant
from .draw import Draw, shares
from .projects import DOMAINS, title
from .table import Columns

GRANT, AWARD, RESEARCH, RISK = "无偿资助", "综合奖补", "科研资助", "风险补偿"

TALENT_SOURCE = "人才建设（产业）资金"
EARMARKED_SOURCE = "省级以上科技资金（指定用途）"
STEADY_SOURCES = {"科技局": "市属科研机构发展资金", "科协": "科学技术普及资金"}
"""Which of the year's sources pays a line, where only one does."""

STEADY_LINES = (
    ("市属科研院所稳定支持（一）", "科技局", 280),
    ("市属科研院所稳定支持（二）", "科技局", 220),
    ("市属科研院所稳定支持（三）", "科技局", 160),
    ("市属科研院所稳定支持（四）", "科技局", 140),
    ("市属科研院所稳定支持（五）", "科技局", 100),
    ("科学技术普及专项", "科协", 180),
    ("示例科技馆免费开放", "科协", 120),
    ("知识产权创造与保护", "市场监管局", 240),
    ("知识产权公共服务", "市场监管局", 160),
)
"""院所 900, 科普 300, 知识产权 400. Outside the five domains, as 66号文 二（二）末1 has them."""

TALENT_LINES = (
    ("顶尖人才团队", 300, 2, GRANT),
    ("创新创业领军团队", 150, 4, GRANT),
    ("产业领军人才汇聚奖补", 100, 6, AWARD),
)
"""Title, amount, number of teams, instrument."""

EARMARKED_LINES = (
    ("省重大科技创新工程", 1, 600, True, GRANT),
    ("省级以上大科学计划配套", 1, 500, False, RESEARCH),
    ("国家级应急产业园公共技术", 1, 300, True, GRANT),
    ("省自然科学基金联合项目", 2, 400, False, RESEARCH),
    ("省重点研发计划（竞争性平台）", 2, 350, False, GRANT),
    ("省科技型企业创新能力提升奖补", 2, 250, True, AWARD),
    ("省技术创新中心建设", 3, 500, False, GRANT),
    ("省级创新创业共同体", 3, 400, False, GRANT),
    ("国际科技合作基地奖补", 3, 300, False, AWARD),
    ("省重大科技成果转化", 4, 300, True, GRANT),
    ("省级新型研发机构绩效奖补", 4, 200, False, AWARD),
    ("省级科技信贷风险补偿金", 5, 300, False, RISK),
    ("省级孵化载体绩效奖补", 5, 200, True, AWARD),
)
"""Title, domain, amount, whether a firm gets it, instrument. Domains: 1,400, 1,000, 1,200, 500, 500."""

RENEWALS = {
    1: (10, 1_000, 640, 260),
    2: (12, 900, 480, 180),
    3: (8, 800, 380, 130),
    4: (7, 500, 250, 90),
    5: (8, 400, 150, 40),
}
"""By domain: projects, this year, next year, the year after: 45, 3,600, 1,900, 700."""

RENEWED_NATURE = {1: "产业化", 2: "共性技术", 3: "平台建设", 4: "成果转化", 5: "技术改造"}

RENEWED_RESEARCH = 7
"""Of the renewals of domain 2, so many go to public bodies as research funding."""

UNSPENT = ((1, 60), (1, 45), (1, 40), (1, 30), (1, 25), (1, 20), (2, 35), (2, 20), (3, 12))
"""Years since it was appropriated, and what of it is unspent: 220 carried over, 67 lapsed after two years. Assumed."""

STANDARDS = (
    ("高新技术企业认定补助", 10, 125),
    ("科技型中小企业研发费用补助", 5, 170),
    ("省级专精特新企业补助", 15, 40),
    ("省级瞪羚企业补助", 20, 15),
)
"""Title, fixed standard in 万元, firms that qualify: 350 firms, 3,000万元."""


def line_columns(
    seed: int,
    year: int,
    size: float,
    firms: Sequence[Applicant],
    bodies: Sequence[Applicant],
    institutes: Sequence[Applicant],
) -> Columns:
    """The 先行安排 as columns; money in 万元.

    `firms` and `bodies` are those that lines go to, `institutes` the city's own: five for each copy of the lines.
    """
    draw = Draw(seed, "lines")
    rows: list[dict[str, object]] = []
    for copy, part in _copies(size):
        rows += _steady(copy, part, institutes)
        rows += _talents(draw, part, firms)
        rows += _earmarked(draw, year, part, firms, bodies)
        rows += _renewals(draw, year, part, firms, bodies)
        rows.append(_row(RESERVE, "应急及特别重大项目预留", 1_000 * part, "66号文 二（三）末"))
    kept = [r for r in rows if r["year1"]]
    kept.sort(key=lambda r: (STEADY, TALENT, EARMARKED, RENEWAL, RESERVE).index(str(r["line"])))
    digits = max(3, len(str(len(kept))))
    columns: Columns = {"id": [f"XX{year}-{i + 1:0{digits}d}" for i in range(len(kept))]}
    for key in kept[0]:
        columns[key] = [r[key] for r in kept]
    return columns


def entitlement_columns(seed: int, year: int, firms: Sequence[Applicant], size: float) -> Columns:
    """The 普惠后补助 as columns, one row per firm; money in 万元. Needs as many firms as `entitled(size)`."""
    draw = Draw(seed, "entitlements")
    counts = shares(entitled(size), [count for _, _, count in STANDARDS])
    kinds = [s for s, count in zip(STANDARDS, counts, strict=True) for _ in range(count)]
    chosen = draw.shuffled(list(firms))[: len(kinds)]
    n, digits = len(kinds), max(3, len(str(len(kinds))))
    return {
        "id": [f"PH{year}-{i + 1:0{digits}d}" for i in range(n)],
        "title": [kind for kind, _, _ in kinds],
        "applicant": [firm.name for firm in chosen],
        "credit_code": [firm.code for firm in chosen],
        "department": ["工业和信息化局" if "省级" in kind else "科技局" for kind, _, _ in kinds],
        "county": [firm.county for firm in chosen],
        "domain": [DOMAINS[4]] * n,
        "instrument": [AWARD] * n,
        "year1": [standard for _, standard, _ in kinds],
        "basis": ["示例普惠补助办法（66号文 二（二）5）"] * n,
    }


def carry_columns(seed: int, year: int, firms: Sequence[Applicant], size: float) -> Columns:
    """The 结转资金 as columns: what earlier years' projects have not spent; money in 万元."""
    draw = Draw(seed, "carried over")
    taken: set[str] = set()
    rows: list[tuple[int, int]] = [row for copy, _ in _copies(size) for row in UNSPENT]
    at = draw.sample(len(rows), len(firms))
    units = [firms[i] for i in at]
    natures = list(RENEWED_NATURE.values())
    return {
        "id": [f"JZ{year}-{i + 1:03d}" for i in range(len(rows))],
        "title": [
            title(draw, natures[i % len(natures)], u.industry or next(iter(INDUSTRIES)), "", taken)
            for i, u in enumerate(units)
        ],
        "applicant": [u.name for u in units],
        "since": [year - age for age, _ in rows],
        "amount": [amount for _, amount in rows],
        "source": ["科技创新类资金" if i % 3 else "工业技改资金" for i in range(len(rows))],
    }


def entitled(size: float) -> int:
    """How many firms qualify in a pool `size` times the city's."""
    return round(size * sum(count for _, _, count in STANDARDS))


def _copies(size: float) -> list[tuple[int, float]]:
    whole = int(size)
    rest = size - whole
    return [(i, 1.0) for i in range(whole)] + ([(whole, rest)] if rest > 0 else [])


def _row(line: str, name: str, amount: float, basis: str, **more: object) -> dict[str, object]:
    """One line; what `more` leaves out is blank, and later years are 0: nothing is promised for them."""
    row: dict[str, object] = {"line": line, "title": name}
    row |= dict.fromkeys(("applicant", "credit_code", "department", "county", "domain", "instrument"))
    row |= {"year1": round(amount), "year2": 0, "year3": 0, "source": None, "basis": basis}
    return row | more


def _to(unit: Applicant, instrument: str = GRANT) -> dict[str, object]:
    return {
        "applicant": unit.name,
        "credit_code": unit.code,
        "county": unit.county,
        "instrument": instrument,
    }


def _steady(copy: int, part: float, institutes: Sequence[Applicant]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for i, (name, department, amount) in enumerate(STEADY_LINES):
        to = _to(institutes[copy * 5 + i]) if i < 5 else {"instrument": GRANT}
        to |= {"department": department, "source": STEADY_SOURCES.get(department)}
        rows.append(_row(STEADY, name, amount * part, "66号文 二（二）末1", **to))
    return rows


def _talents(draw: Draw, part: float, firms: Sequence[Applicant]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name, amount, teams, instrument in TALENT_LINES:
        for team, at in enumerate(draw.sample(teams, len(firms))):
            rows.append(
                _row(
                    TALENT,
                    f"{name}（示例团队{team + 1:02d}）",
                    amount * part,
                    "66号文 二（三）末：依人才工作领导小组规定程序",
                    department="人力资源社会保障局",
                    domain=DOMAINS[3],
                    source=TALENT_SOURCE,
                    **_to(firms[at], instrument),
                )
            )
    return rows


def _earmarked(
    draw: Draw, year: int, part: float, firms: Sequence[Applicant], bodies: Sequence[Applicant]
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number, (name, domain, amount, to_firm, instrument) in enumerate(EARMARKED_LINES):
        among = firms if to_firm else bodies
        unit = among[draw.index(1, len(among))[0]]
        department = "工业和信息化局" if "技改" in name or "应急" in name else "科技局"
        own = {"department": department, "source": EARMARKED_SOURCE}
        rows.append(
            _row(
                EARMARKED,
                f"{name}（示例）",
                amount * part,
                f"示例财教指〔{year}〕{number + 1}号",
                domain=DOMAINS[domain - 1],
                **_to(unit, instrument),
                **own,
            )
        )
    return rows


def _renewals(
    draw: Draw, year: int, part: float, firms: Sequence[Applicant], bodies: Sequence[Applicant]
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    taken: set[str] = set()
    for domain, (count, *totals) in RENEWALS.items():
        weights = draw.lognormal(count, 1.0, 0.4).tolist()
        last = [w if i % 3 == 0 else 0.0 for i, w in enumerate(weights)]
        later = [w if i % 3 != 2 else 0.0 for i, w in enumerate(weights)]
        fives = [shares(t // 5, w) for t, w in zip(totals, (weights, later, last), strict=True)]
        for i, at in enumerate(draw.sample(count, len(firms))):
            study = domain == 2 and i < RENEWED_RESEARCH
            unit = bodies[at % len(bodies)] if study else firms[at]
            industry = unit.industry or next(iter(INDUSTRIES))
            year1, year2, year3 = (round(5 * f[i] * part) for f in fives)
            rows.append(
                _row(
                    RENEWAL,
                    title(draw, RENEWED_NATURE[domain], industry, "", taken),
                    year1,
                    f"示例科字〔{year - 1 - i % 2}〕{len(rows) + 1}号立项",
                    department="工业和信息化局" if domain == 5 else "科技局",
                    domain=DOMAINS[domain - 1],
                    year2=year2,
                    year3=year3,
                    **_to(unit, RESEARCH if study else GRANT),
                )
            )
    return rows

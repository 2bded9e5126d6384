"""结转 and 结余: what earlier years' appropriations have left unspent, project by project.

FIELD, two accounts: unspent 结转 stays with its project and takes nothing of this year's ceiling; two years old
(`fund.carry_years`) it is 结余, goes back to the treasury, and comes again only as an appropriated source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.records import Field, Sheet, Tables
from allocator.words import Text

CARRY = Sheet(
    key="carry",
    title=Text("结转资金", "Money carried over"),
    fields=(
        Field(
            "id",
            Text("项目编号", "Project ID"),
            "code",
            required=True,
            aliases=("编号", "项目编码", "序号", "id"),
        ),
        Field("title", Text("项目名称", "Project title"), aliases=("名称", "title")),
        Field("applicant", Text("承担单位", "Recipient"), aliases=("单位名称", "项目单位", "applicant")),
        Field(
            "since",
            Text("资金下达年度", "Year of appropriation"),
            "year",
            required=True,
            aliases=("形成年度", "下达年度", "since"),
            low=1990,
            high=2100,
        ),
        Field(
            "amount",
            Text("未支出金额", "Unspent"),
            "money",
            required=True,
            aliases=("结转金额", "结余金额", "amount"),
            low=0,
        ),
        Field("source", Text("资金来源", "Source of money"), aliases=("资金渠道", "source")),
        Field("note", Text("备注", "Note"), aliases=("说明", "note")),
    ),
    aliases=("结转结余", "结转结余资金", "carry"),
    unique=("id", "since"),
    required=False,
)


@dataclass(frozen=True)
class Carried:
    """One project's unspent money of one year, in yuan: `lapsed` where it is 结余 and goes back."""

    id: str
    title: str | None
    applicant: str | None
    since: int
    amount: int
    source: str | None
    lapsed: bool


def carried(tables: Tables, year: int, years: int = 2) -> Sequence[Carried]:
    """What is carried over into `year`, in the table's order; lapsed from `years` years on."""
    if CARRY.key not in tables:
        return ()
    records = tables[CARRY.key]
    rows = (records.row(i) for i in range(len(records)))
    return tuple(
        Carried(
            id=row["id"],
            title=row["title"],
            applicant=row["applicant"],
            since=row["since"],
            amount=row["amount"],
            source=row["source"],
            lapsed=year - row["since"] >= years,
        )
        for row in rows
    )

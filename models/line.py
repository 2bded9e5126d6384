"""Fixed lines: money first spoken for (先行安排), which is paid and counted but not chosen among.

Standing support, talents, money from above with its use prescribed, renewals of earlier decisions, the reserve for
一事一议, and entitlements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allocator.records import Field, Sheet
from allocator.words import Text
from models.supervision import STATES

STEADY = "稳定支持"
TALENT = "人才资金"
EARMARKED = "上级指定用途"
RENEWAL = "以前年度续拨"
RESERVE = "一事一议预留"
ENTITLEMENT = "普惠后补助"

LINE_KINDS = (STEADY, TALENT, EARMARKED, RENEWAL, RESERVE, ENTITLEMENT)
"""In the order of the 当年可用财力测算表."""

SPECIAL = "一事一议"
"""What is decided one by one: it draws on the reserve, and is counted with it."""

EARLIER = "前批已安排"
"""What an earlier batch of this year decided; there only where there was one."""


def kinds(calls: Mapping[str, int]) -> tuple[str, ...]:
    """The kinds of lines that tables list: those of the 当年可用财力测算表, and earlier batches where there were."""
    return (*LINE_KINDS, EARLIER) if calls.get(EARLIER) else LINE_KINDS


_FIELDS: tuple[Field, ...] = (
    Field("id", Text("编号", "ID"), "code", required=True, aliases=("序号", "项目编号", "项目编码", "id")),
    Field("title", Text("事项名称", "Item"), required=True, aliases=("项目名称", "名称", "title")),
    Field(
        "applicant",
        Text("承担单位", "Recipient"),
        "label",
        aliases=("单位名称", "申报单位", "企业名称", "applicant"),
    ),
    Field("credit_code", Text("统一社会信用代码", "Credit code"), "code", aliases=("信用代码",)),
    Field("kind", Text("单位性质", "Kind of recipient"), "label", aliases=("单位类型",)),
    Field("department", Text("主管部门", "Department"), "label", aliases=("推荐单位", "department")),
    Field("county", Text("所属区县", "County"), "label", aliases=("区县", "county")),
    Field("domain", Text("技术领域", "Domain"), "label", aliases=("领域", "重点领域", "domain")),
    Field("instrument", Text("支持方式", "Instrument"), "label", aliases=("instrument",)),
    Field(
        "year1",
        Text("本年安排", "This year"),
        "money",
        required=True,
        aliases=("本年", "本年拨付", "安排金额", "补助金额", "year1"),
        low=0,
    ),
    Field("year2", Text("下一年度", "Next year"), "money", aliases=("次年", "year2"), low=0),
    Field("year3", Text("后年及以后", "Year after"), "money", aliases=("第三年", "year3"), low=0),
    Field(
        "source",
        Text("资金来源", "Source of money"),
        "label",
        aliases=("资金渠道", "source"),
        note=Text("填写的，只由该来源支付", "where given, only that source pays"),
    ),
    Field("basis", Text("依据", "Basis"), aliases=("安排依据", "文号", "basis")),
)

OUTSIDE = "outside"
"""The axis by which a line says that it stands in a department's own budget, outside what shares are taken of."""

BUDGETED = "部门预算"
"""Its one label."""

LINES = Sheet(
    key="lines",
    title=Text("先行安排", "First calls"),
    fields=(
        _FIELDS[0],
        Field(
            "line",
            Text("类别", "Kind of line"),
            "label",
            required=True,
            aliases=("事项类别", "line"),
            choices=(*LINE_KINDS, SPECIAL),
        ),
        *_FIELDS[1:],
        Field(
            "budgeted",
            Text("列入部门预算", "In a department's budget"),
            "flag",
            aliases=("部门预算", "budgeted"),
            note=Text(
                "填“是”的计入年度支出，不计入各项占比", "if so it is paid and counts in no share or its base"
            ),
        ),
        Field(
            "state",
            Text("执行状态", "State"),
            "label",
            aliases=("项目状态", "state"),
            choices=STATES,
            note=Text("不填视为正常执行", "running where nothing is said"),
        ),
        Field(
            "transfer",
            Text("调剂批复文号", "Approval of the transfer"),
            aliases=("调剂文号", "transfer"),
            note=Text(
                "终止执行的项目，本年未拨额度经批准调剂的填写",
                "where a terminated project's quota may be used",
            ),
        ),
        Field("recovered", Text("追回金额", "Taken back"), "money", aliases=("追回资金", "recovered"), low=0),
    ),
    aliases=("先行安排明细", "lines"),
    unique=("id",),
    required=False,
)

ENTITLEMENTS = Sheet(
    key="entitlements",
    title=Text("普惠后补助", "Entitlements"),
    fields=_FIELDS,
    aliases=("普惠性后补助", "entitlements"),
    unique=("id",),
    required=False,
)
"""The list of firms that qualify by fixed standards; every row is a line of kind 普惠后补助."""


def earlier_sheet(years: Sequence[int]) -> Sheet:
    """What an earlier batch of this year decided: a sheet of the workbook, or awards.csv of that batch's run, in 元."""
    first = years[0]
    named = {0: ("本年安排", "This year", ("本年", "本年拨付")), 1: ("下一年度", "Next year", ("次年",))}
    flows = []
    for y, year in enumerate(years):
        zh, en, aliases = named.get(y, (f"{year}年", f"{year}", ("第三年", "后年及以后") if y == 2 else ()))
        flows.append(
            Field(
                f"year{y + 1}",
                Text(zh, en),
                "money",
                required=year == first,
                aliases=(*aliases, f"outlay_{year}", f"year{y + 1}"),
                unit="元",
                low=0,
            )
        )
    return Sheet(
        key="earlier",
        title=Text("前批已定", "Decided earlier"),
        fields=(
            Field(
                "id",
                Text("项目编号", "Project ID"),
                "code",
                required=True,
                aliases=("编号", "项目编码", "candidate", "id"),
            ),
            Field("title", Text("项目名称", "Project title"), aliases=("名称", "title")),
            Field("batch", Text("批次", "Batch"), "label", aliases=("batch",)),
            Field("instrument", Text("支持方式", "Instrument"), "label", aliases=("instrument",)),
            *flows,
            Field("basis", Text("依据", "Basis"), aliases=("安排依据", "文号", "basis")),
        ),
        aliases=("前批已安排", "earlier"),
        unique=("id",),
        required=False,
    )

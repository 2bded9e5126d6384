"""Candidates: what a department hands in about a project, one row of the 申报汇总表.

The columns are those of the field's own table; a scenario may map any other table's columns onto them.
"""

from __future__ import annotations

from allocator.records import Field, Sheet
from allocator.words import Text

ENTERPRISE_KIND = "企业"
KINDS = (ENTERPRISE_KIND, "高校", "科研院所", "事业单位", "医疗机构", "社会组织", "银行")
"""Kinds of applicant (单位性质)."""

DIRECTIONS = ("重大技术创新成果产业化", "产业链关键环节提升", "制造业与互联网融合", "产业区域布局调整")
"""The equity pilot's main directions, 66号文 二（二）末2."""

COMPETITION, COMMISSION, CHIEF = "竞争立项", "定向委托", "组阁"
MODES = (COMPETITION, COMMISSION, CHIEF)
"""Ways of selecting a candidate, 66号文 二（二）1; 揭榜, 赛马 and contests (以赛代评) are modes of its call."""

NATURES = (
    "基础研究",
    "共性技术",
    "平台建设",
    "成果转化",
    "产业化",
    "技术改造",
    "孵化载体",
    "科学普及",
    "科技金融",
)
"""Project natures (项目性质), which suit instruments unequally: 66号文 二（三）5."""

FIELDS: tuple[Field, ...] = (
    Field(
        "id",
        Text("项目编号", "Project ID"),
        "code",
        required=True,
        aliases=("序号", "编号", "项目编码", "id"),
    ),
    Field("title", Text("项目名称", "Project title"), required=True, aliases=("名称", "title", "project")),
    Field(
        "department",
        Text("推荐单位", "Department"),
        "label",
        aliases=("主管部门", "项目主管部门", "推荐部门", "归口部门", "department"),
    ),
    Field(
        "applicant",
        Text("申报单位", "Applicant"),
        "label",
        required=True,
        aliases=("承担单位", "项目单位", "建设单位", "实施单位", "单位名称", "applicant"),
    ),
    Field(
        "credit_code",
        Text("统一社会信用代码", "Credit code"),
        "code",
        aliases=("信用代码", "社会信用代码", "单位信用代码", "credit_code"),
        note=Text("18 位，末位为 GB 32100 校验码", "18 characters, the last a GB 32100 check character"),
    ),
    Field(
        "kind",
        Text("单位性质", "Kind of applicant"),
        "label",
        required=True,
        aliases=("单位类型", "kind"),
        choices=KINDS,
    ),
    Field(
        "investigator",
        Text("项目负责人", "Investigator"),
        aliases=("负责人", "项目主持人", "首席专家", "principal investigator", "investigator"),
    ),
    Field(
        "investigator_id",
        Text("负责人证件号", "Investigator ID"),
        "code",
        aliases=("项目负责人证件号", "负责人身份证号", "证件号码", "investigator_id"),
        note=Text("用于限项和查重，读入即脱敏", "for limits and duplicates; masked as it is read"),
        personal=True,
    ),
    Field(
        "county",
        Text("所属区县", "County"),
        "label",
        aliases=("区县", "县区", "所在区县", "县市区", "所属县市区", "county"),
    ),
    Field(
        "domain",
        Text("技术领域", "Domain"),
        "label",
        required=True,
        aliases=("重点领域", "支持领域", "所属领域", "申报领域", "领域", "domain"),
    ),
    Field("sub_area", Text("细分方向", "Sub-area"), "label", aliases=("子领域", "sub_area")),
    Field(
        "industry", Text("所属产业", "Industry"), "label", aliases=("行业", "产业", "所属行业", "industry")
    ),
    Field(
        "nature",
        Text("项目性质", "Nature"),
        "label",
        required=True,
        aliases=("项目类别", "nature"),
        choices=NATURES,
    ),
    Field(
        "direction",
        Text("股权试点方向", "Equity-pilot direction"),
        "label",
        aliases=("试点方向", "direction"),
        choices=DIRECTIONS,
    ),
    Field("call", Text("榜单编号", "Call"), "code", aliases=("榜单", "揭榜编号", "call")),
    Field(
        "mode",
        Text("遴选方式", "Way of selection"),
        "label",
        aliases=("组织方式", "立项方式", "mode"),
        choices=MODES,
        note=Text("不填为竞争立项", "competition where nothing is said"),
    ),
    Field("mode_basis", Text("遴选依据", "Basis of selection"), aliases=("定向依据", "mode_basis")),
    Field("batch", Text("批次", "Batch"), "label", aliases=("申报批次", "batch")),
    Field(
        "special",
        Text("一事一议事由", "Reason for a single decision"),
        aliases=("一事一议", "special"),
        note=Text("填写的不参加竞争择优", "who states one takes no part in the competition"),
    ),
    Field(
        "total",
        Text("总投资", "Total cost"),
        "money",
        aliases=("项目总投资", "投资总额", "总投入", "项目总投入", "total"),
        low=0,
    ),
    Field(
        "request",
        Text("申请财政资金", "Requested"),
        "money",
        required=True,
        aliases=("申请资金", "申请额度", "政府资助", "request", "requested"),
        low=1,
    ),
    Field("own", Text("自筹资金", "Own funds"), "money", aliases=("自有资金", "own"), low=0),
    Field("other", Text("其他资金", "Other funds"), "money", aliases=("other",), low=0),
    Field(
        "valuation",
        Text("投前估值", "Pre-money valuation"),
        "money",
        aliases=("估值", "valuation"),
        low=1,
        note=Text("拟接受股权投资的必填", "needed where equity is to be considered"),
    ),
    Field("loan", Text("贷款金额", "Loan"), "money", aliases=("贷款本金", "loan"), low=1),
    Field(
        "interest",
        Text("实付利息", "Interest paid"),
        "money",
        aliases=("已付利息", "interest"),
        low=1,
        note=Text(
            "参照期内实际支付，不含逾期与罚息", "actually paid in the period; no overdue or penalty interest"
        ),
    ),
    Field(
        "spend",
        Text("核定投入", "Eligible spend"),
        "money",
        aliases=("核定支出", "合格投入", "spend"),
        low=1,
        note=Text("后补助的必填：已实际支出并经核定", "for awards after proof: what was spent and verified"),
    ),
    Field(
        "proof",
        Text("核定依据", "Proof of spend"),
        aliases=("证明材料", "审计报告", "proof"),
        note=Text("如专项审计报告文号；没有的不予后补助", "such as an audit report; without it no payment"),
    ),
    Field(
        "enrolled",
        Text("备案贷款", "Enrolled loans"),
        "money",
        aliases=("备案贷款余额", "enrolled"),
        low=1,
        note=Text(
            "申请风险补偿的必填：拟纳入资金池的贷款", "for risk compensation: loans to be put into the pool"
        ),
    ),
    Field(
        "start",
        Text("开始年度", "Start year"),
        "year",
        aliases=("起始年份", "开始年份", "start"),
        low=1990,
        high=2100,
    ),
    Field(
        "end",
        Text("结束年度", "End year"),
        "year",
        aliases=("终止年份", "结束年份", "end"),
        low=1990,
        high=2100,
    ),
    Field(
        "asks",
        Text("支持方式", "Instrument asked for"),
        "label",
        aliases=("申报支持方式", "拟支持方式", "instrument"),
    ),
    Field(
        "score",
        Text("专家评分", "Score"),
        "score",
        aliases=("评审得分", "平均分", "score"),
        low=0,
        high=10_000,
        note=Text("没有评审打分表时才用", "used only where there is no review sheet"),
    ),
    Field(
        "abstract",
        Text("主要内容", "Abstract"),
        aliases=("研究内容", "项目简介", "摘要", "abstract"),
        note=Text("填写的，用于比对重复申报", "where given, it is compared for the same project sent twice"),
    ),
    Field("decided", Text("实际支持", "Funded"), "flag", aliases=("已立项", "decided", "funded")),
    Field("note", Text("备注", "Note"), aliases=("说明", "note")),
)

CANDIDATES = Sheet(
    key="candidates",
    title=Text("申报汇总表", "Candidates"),
    fields=FIELDS,
    aliases=("项目申报汇总表", "项目清单", "candidates"),
    unique=("id",),
)


def investigator(name: str | None, person: str | None, applicant: str | None) -> str | None:
    """Who leads a project, as limits tell people apart: by ID where one is stated, else by name and applicant."""
    if person is not None:
        return f"{name}（{person}）" if name else person
    return None if name is None else f"{name}（{applicant}）"


def credit_code_ok(code: str) -> bool:
    """Whether an 18-character 统一社会信用代码 carries its right check character (GB 32100-2015)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    if len(code) != 18 or any(c not in alphabet for c in code):
        return False
    return code[17] == check_character(code[:17])


def check_character(stem: str) -> str:
    """The 18th character of a 统一社会信用代码 for its first 17 (GB 32100-2015)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(stem))
    return alphabet[(31 - total % 31) % 31]

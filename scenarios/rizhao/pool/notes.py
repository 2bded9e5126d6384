"""The 说明 sheet: that everything is invented, and every assumption with where it comes from."""

from __future__ import annotations

FIELD = "公开可比规则整理，假定"
ASSUMED = "假定"


def notes(facts: dict[str, int], budget: list[tuple[str, int]]) -> list[tuple[str, str, str, str]]:
    """Rows of 事项, 说明, In English, 来源."""
    what_is_left = "；".join(f"{name} {amount:,}" for name, amount in budget)
    left_en = (
        "Ceiling less steady support, talents, earmarked money, renewals, reserve, entitlements: "
        + ", ".join(f"{amount:,}" for _, amount in budget)
        + "; the last is what competes."
    )
    return [
        (
            "重要提示",
            "本工作簿为示例数据，全部单位、项目、金额、评分、文号均为虚构，仅用于演示和测试软件，不反映日照市或任何单位的"
            "真实情况；如有雷同，纯属巧合。",
            "This workbook is illustrative. Every unit, project, amount, score and document number is invented, "
            "for demonstration and tests only; nothing here describes Rizhao or any real body.",
            "由带种子的程序生成",
        ),
        (
            "统一社会信用代码",
            "地区码一律用 999900（未分配给任何行政区划），校验码按 GB 32100-2015 计算，故不可能是真实单位的代码。",
            "All codes carry region 999900, which no place has, with a right check character: none can be real.",
            "GB 32100-2015",
        ),
        (
            "政策框架",
            "五个重点领域、股权投资试点四个重点投向、支持方式等名称取自《市级财政科技创新资金整合实施方案》；"
            "细分方向为文中表述的简称。",
            "Domains, the pilot's four directions and the instruments are named as in the notice; "
            "sub-areas are short for its words.",
            "日政办字〔2020〕66号 二（二）、二（三）5",
        ),
        (
            "当年可用财力（万元）",
            what_is_left,
            left_en,
            ASSUMED,
        ),
        (
            "申报项目",
            f"{facts['candidates']:,} 个项目，申请 {facts['request']:,} 万元。按项目性质的件数×平均申请额（万元）："
            "基础研究 40×25，共性技术 75×150，平台建设 45×150，成果转化 50×200，产业化 60×350，技术改造 70×150，"
            "孵化载体 45×40，科学普及 35×15，科技金融（银行备案贷款）6×210，按比例折算；对数正态分布，按习惯取整。",
            f"{facts['candidates']:,} requests for {facts['request']:,} (10,000 yuan): count × mean by nature "
            "as on the left, pro rata; lognormal, rounded as people round.",
            ASSUMED,
        ),
        (
            "资金来源",
            "总投资＝申请财政资金＋自筹资金＋其他资金；企业自筹一般不低于申请额（1:1），约 8% 不足。",
            "Total = requested + own + other. Firms mostly match the request 1:1 or better; about 8 % do not.",
            "1:1 为常见规则（未核实）；比例" + ASSUMED,
        ),
        (
            "股权投资",
            f"{facts['valued']:,} 个企业项目愿接受股权投资并填报投前估值，多为申请额的 5–10 倍。",
            f"{facts['valued']:,} firms' projects would take equity and state a pre-money valuation, "
            "mostly 5 to 10 times the request.",
            ASSUMED,
        ),
        (
            "贷款贴息",
            f"{facts['loans']:,} 个企业项目有贷款：平均约 400 万元、年利率 3.39%，实付利息为参照期一年内已付利息；"
            "只申请贴息的，申请额为利息的 40%，贷款列入其他资金。",
            f"{facts['loans']:,} firms' projects have a loan: mean about 400, 3.39 % a year; "
            "interest is what was paid in one year. "
            "Who asks for interest alone asks for 40 % of it, the loan being other funds.",
            "利率：鲁科贷 2025 年 7 月公开均值；其余" + ASSUMED,
        ),
        (
            "综合奖补",
            f"{facts['spent']:,} 个已完成项目申请后补助，申请额为核定投入的 10%；约 8% 尚无核定依据，不予后补助。",
            f"{facts['spent']:,} projects that are done ask for an award after proof: 10 % of what was spent; "
            "about 8 % have no proof yet and get none.",
            "10%：鲁政 2018 年研发补助比例（转载）；其余" + ASSUMED,
        ),
        (
            "风险补偿",
            f"{facts['books']:,} 家示例银行申请备案贷款入池，申请额为备案贷款×不良率 3%×市级分担 35%。",
            f"{facts['books']:,} banks would enrol their books: loans × default rate of 3 % × the city's 35 %.",
            "分担比例：鲁政办字〔2023〕155号（转载）；其余" + ASSUMED,
        ),
        (
            "榜单",
            f"{facts['calls']:,} 个榜单，每榜 2–4 支队伍竞争；揭榜取 1 支，赛马取 2 支；财政支持不超过榜单金额的 30%。",
            f"{facts['calls']:,} calls of 2 to 4 teams; one wins, or two in a race; "
            "support is at most 30 % of the contract.",
            "30% 为常见规则（未核实）；其余" + ASSUMED,
        ),
        (
            "专家评审",
            f"{facts['reviews']:,} 份打分，每项目 5–9 名专家；"
            "权重：技术先进性 24%、合理性 20%、可行性 20%、预期效益 16%（专家合计 80%）；"
            "组均分约 76、标准差约 7，组内标准差约 6；约 3% 回避，回避者不打分，另行补足。",
            f"{facts['reviews']:,} sheets, 5 to 9 experts each; weights 24/20/20/16 %; panel means about 76, sd 7, "
            "within a panel sd 6; about 3 % stand aside, score nothing and are replaced.",
            "合理性、可行性：66号文 二（三）3；其余" + ASSUMED,
        ),
        (
            "部门综合评价",
            "领导小组办公室评产业发展布局（8%）、年度工作重点（5%），市财政局评产出效益（7%），逐项写明理由；"
            "合格与排名只看专家评审得分，部门评价计入评审价值。",
            "The office scores industrial layout (8 %) and the year's priorities (5 %), finance output and benefit "
            "(7 %), each with its reason; passing and rank are the experts' alone, worth counts all.",
            "指标：66号文 二（三）4、5；其余" + ASSUMED,
        ),
        (
            "先行安排",
            "稳定支持（院所 900、科普 300、知识产权 400）、人才资金、上级指定用途、续拨（45 个项目）与预留，逐项列示；"
            "稳定支持与预留不归入五个领域；指定来源的（院所、科普、人才、上级指定用途）只由该来源支付。",
            "Steady support, talents, earmarked money, renewals and the reserve, line by line; "
            "steady support and the reserve belong to none of the five domains; a line that names its source is paid "
            "by it alone.",
            "66号文 二（二）末1、二（三）末；金额" + ASSUMED,
        ),
        (
            "结转资金",
            "以前年度已下达、尚未支出的资金：满两年的作为结余收回，其余结转留原项目使用，均不占本年规模。",
            "Earlier years' money that is unspent: lapsed after two years, else it stays with its project; "
            "none of it is of this year's fund.",
            ASSUMED,
        ),
        (
            "普惠后补助",
            f"{facts['entitled']:,} 家企业按固定标准补助：高企 10、科技型中小企业 5、专精特新 15、瞪羚 20（万元/家），"
            "不评审、不择优。",
            f"{facts['entitled']:,} firms by fixed standards (10, 5, 15 or 20 each); no review, no choosing.",
            ASSUMED,
        ),
    ]

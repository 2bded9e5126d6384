"""The notice as data: every line has its article or its source, and every scenario over it can be loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.pipeline import check
from allocator.scenario import load

ROOT = Path(__file__).resolve().parents[2]
RIZHAO = ROOT / "scenarios" / "rizhao"
LOADED = load(RIZHAO / "baseline.yaml")


@pytest.mark.parametrize("key", LOADED.scenario.instruments)
def test_every_term_of_an_instrument_has_its_origin(key: str) -> None:
    """Rounding apart, which is arithmetic and no policy."""
    instrument = LOADED.scenario.instruments[key]
    said = instrument.model_fields_set - {"origins", "round_to"}
    if (
        key == "interest_subsidy"
    ):  # one level, and the least amount worth a payment, are not claims about the field
        said -= {"levels", "minimum"}
    if key == "grant":
        said -= {"minimum"}
    assert said <= set(instrument.origins), said - set(instrument.origins)
    assert all(o.source and o.standing in ("sourced", "thin", "assumed") for o in instrument.origins.values())


def test_the_notices_six_instruments_are_all_there_under_their_four_names() -> None:
    """66号文 二（三）5 names four; 综合奖补 and 科研资助 of 二（二）5 are forms of the first."""
    support = {i.title.zh: i.support.zh for i in LOADED.scenario.instruments.values()}
    assert support == {
        "无偿资助": "无偿资助",
        "综合奖补": "无偿资助",
        "科研资助": "无偿资助",
        "股权投资": "股权投资",
        "贷款贴息": "贷款贴息",
        "风险补偿": "风险补偿",
    }
    assert len({i.form.zh for i in LOADED.scenario.instruments.values()}) == 6


def test_the_departments_money_is_one_fund_and_money_from_above_keeps_its_uses() -> None:
    """66号文 二（一）: FIELD.md's example year, 6,800 from above of which 4,600 are earmarked."""
    fund = LOADED.scenario.fund
    above = {n: s for n, s in fund.sources.items() if s.level == "省级以上"}
    assert sum(s.amount for s in above.values()) == 68_000_000
    assert [s.amount for s in above.values() if "line" in s.uses] == [46_000_000]
    assert all(s.uses and s.expires for s in above.values())
    assert all(s.document and s.function for s in fund.sources.values())
    assert fund.ceiling == 220_000_000


def test_every_domain_and_rule_cites_its_place() -> None:
    assert [d.article for d in LOADED.scenario.domains.named.values()] == [
        f"66号文 二（二）{i}" for i in range(1, 6)
    ]
    assert all(d.sub_areas for d in LOADED.scenario.domains.named.values())
    assert all(rule.basis for rule in LOADED.scenario.rules.values())


def test_every_weight_and_suitability_has_its_source() -> None:
    criteria = LOADED.scenario.reviews.criteria
    assert sum(c.weight for c in criteria.values()) == 10_000
    assert all(c.source and c.scored_by for c in criteria.values())
    assert all(s.source for s in LOADED.scenario.merit.suitability.values())
    assert set(LOADED.scenario.merit.suitability) >= set(
        LOADED.policy.sheets(LOADED.scenario)[0].field("nature").choices
    )


@pytest.mark.parametrize(
    "path", sorted(set(RIZHAO.glob("*.yaml")) - {RIZHAO / "notice.yaml"}), ids=lambda p: p.stem
)
def test_every_scenario_over_the_pool_is_without_fault(path: Path) -> None:
    loaded, tables, notices = check(path)
    assert loaded.scenario.fund.ceiling >= 200_000_000
    assert len(tables["candidates"]) == 426
    assert all(n.code == "intake.total_row" or n.level == "notice" for n in notices)


@pytest.mark.parametrize("fund", [4, 5, 6])
def test_catalyst_ceilings_are_the_sum_of_the_challenge_budgets(fund: int) -> None:
    loaded = load(ROOT / "scenarios" / "catalyst" / f"fund{fund}.yaml")
    caps = [b.bound("cap") for b in loaded.scenario.rules["challenges"].limits.values()]
    assert loaded.scenario.fund.ceiling == sum(c or 0 for c in caps)
    assert set(loaded.scenario.rules["challenges"].limits) == set(loaded.scenario.domains.named)

"""The most for one project, by hand."""

from __future__ import annotations

import numpy as np

from models.rules.project_cap import ProjectCap
from tests.hand import award, facts, line, only, program, rule, table, written

CAPS = {
    "高校": {"where": {"kind": ["高校"]}, "amount": "100元", "basis": "通知一"},
    "各类": {"amount": "300元"},
}


def test_no_project_is_above_the_cap_of_its_kind_by_one_yuan() -> None:
    own = rule(ProjectCap, caps=CAPS)
    awards = [
        award("A", 100, kind="高校"),
        award("A", 101, kind="高校", instrument="equity"),
        award("B", 300, kind="企业"),
        award("C", 301, kind="企业"),
        line("W", 999, kind="高校"),
    ]
    assert written(own.rows(table(awards), facts())) == {
        ("高校", "cap"): ([0, 1, 0, 0, 0], None, 0),
        ("各类", "cap"): ([0, 0, 0, 1, 0], None, 0),
    }
    measures = own.measure(awards, facts())
    assert [(m.label, m.part, m.ok, m.basis) for m in measures] == [
        ("高校", 1, False, "通知一"),
        ("各类", 1, False, "申报通知资助标准"),
    ]
    made = program([own], awards[:4], facts())
    assert not made.broken(np.array([1, 0, 1, 0], bool))
    assert made.broken(np.array([0, 1, 0, 0], bool)) == ("project_cap · 高校 · cap",)


def test_it_may_cap_this_years_money() -> None:
    own = rule(ProjectCap, caps={"本年": {"amount": "60元", "money": "first_year"}})
    assert only(own.measure([award("A", 100, (60, 40))], facts()), "本年").ok
    assert not only(own.measure([award("A", 100, (61, 39))], facts()), "本年").ok


def test_unknown_axes_labels_and_money_are_located_faults() -> None:
    caps = {
        "a": {"where": {"kinds": ["高校"]}, "amount": "1元"},
        "b": {"where": {"kind": ["大学"]}, "amount": "1元", "money": "awards"},
    }
    found = rule(ProjectCap, caps=caps).check(table([award("A", 1, kind="高校")]), facts())
    assert [keys for keys, _, _ in found] == [
        ("caps", "a", "where", "kinds"),
        ("caps", "b", "where", "kind"),
        ("caps", "b", "money"),
    ]
    assert "高校" in found[1][2].zh


def test_it_says_the_cap_and_how_many_are_above() -> None:
    own = rule(ProjectCap, caps={"高校项目": {"where": {"kind": ["高校"]}, "amount": "50万元"}})
    said = own.say(only(own.measure([], facts()), "高校项目"), facts())
    assert said.zh == "高校项目单个项目不超过 50.00 万元，超过的有 0 个。"
    assert said.en == "高校项目: at most 50.00 (万元) for a project, 0 are above."

"""Every fault of a scenario's settings: its line, its column, its key, what is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest
import toyfund
from pydantic import Field
from toyfund import WHOLE
from toyfund.instruments.grant import Grant
from toyfund.rules.equity_pilot import EquityPilot
from toyfund.rules.limit import Limit

from allocator.limits import Settings, ShareBounds
from allocator.problems import InputFaults, Problem, Problems
from allocator.scenario import Loaded, Scenario, load, resolve, validate

Lines = Callable[..., list[str]]
Faults = Callable[..., list[Problem]]


def test_a_whole_scenario_becomes_typed_settings(read: Callable[..., Loaded]) -> None:
    scenario = read(
        WHOLE
        + """\
instruments:
  grant: {most: 300万元}
rules:
  equity_pilot: {floor: 8%, cap: 12%, basis: 二（二）末1}
  大额: {rule: limit, where: {domain: [海洋]}, bounds: {cap: 3,000万元}}
  equity_pilot_soft: {rule: equity_pilot, floor: 9%, hard: false, price: 0.5}
procedure: sequential
solve: {gap: 0.01%, time_limit: 5min}
memo: {pilot: 10%}
""".replace("3,000", "3000")
    ).scenario
    assert isinstance(scenario, Scenario)
    assert (scenario.policy, scenario.title, scenario.procedure) == ("toy", "main", "sequential")
    assert scenario.instruments == {"grant": Grant(most=3_000_000)}
    assert list(scenario.rules) == ["equity_pilot", "大额", "equity_pilot_soft"]
    pilot, big, soft = scenario.rules.values()
    assert isinstance(pilot, EquityPilot)
    assert isinstance(big, Limit)
    assert isinstance(soft, EquityPilot)
    assert (pilot.name, pilot.floor, pilot.cap, pilot.basis) == ("equity_pilot", 800, 1200, "二（二）末1")
    assert (big.name, big.where, big.bounds.cap) == ("大额", {"domain": ["海洋"]}, 30_000_000)
    assert (soft.name, soft.hard, soft.price) == ("equity_pilot_soft", False, Fraction(1, 2))
    assert scenario.objective["merit"].weight == 1
    assert (scenario.solve.gap, scenario.solve.time_limit, scenario.solve.solver) == (1e-4, 300.0, "HiGHS")
    assert scenario.fund == toyfund.Fund(total=200_000_000)
    assert scenario.memo == toyfund.Memo(pilot=1000)
    with pytest.raises(AttributeError, match="no section 'found'"):
        _ = scenario.found
    with pytest.raises(AttributeError):
        scenario.title = "x"  # type: ignore[misc]


def test_all_faults_of_a_file_come_at_once_in_the_order_of_its_lines(faults: Faults) -> None:
    found = faults(
        """\
        policy: toy
        titel: x
        fund:
          total: 2
          domains:
            海洋: {flor: 10%, cap: 30}
        rules:
          pilot: {floor: 8%}
          equity_pilot: {floor: 9%, cap: 8%}
          大额: {rule: limt, bounds: {}}
          大额2: {rule: limit}
        objective: {merit: {weight: heavy}}
        instruments: {grand: {}}
        solve: {gap: 2, time_limit: soon}
        """
    )
    assert [p.line("en") for p in found] == [
        "main.yaml:2:1 (titel): unknown key “titel”; did you mean “title”?",
        "main.yaml:4:10 (fund.total): amount 2 has no unit; write 2万元 or 2元, whichever is meant",
        "main.yaml:6:10 (fund.domains.海洋.flor): unknown key “flor”; did you mean “floor”?",
        "main.yaml:6:26 (fund.domains.海洋.cap): “30” is not a share; write it with its %, as 12.5%",
        "main.yaml:8:3 (rules.pilot): there is no rule “pilot”; did you mean “equity_pilot”?"
        " For a name of your own add `rule:`",
        "main.yaml:9:3 (rules.equity_pilot): floor, target and cap cross;"
        " keep floor ≤ target ≤ cap; when one is moved past another, move that too",
        "main.yaml:10:14 (rules.大额.rule): “limt” is not allowed; did you mean “limit”? Allowed: equity_pilot, limit",
        "main.yaml:11:3 (rules.大额2.bounds): key “bounds” is missing; add `bounds:` with its value",
        "main.yaml:12:29 (objective.merit.weight): “heavy” is not a whole number; write a whole number, as 3",
        "main.yaml:13:15 (instruments.grand): unknown key “grand”; did you mean “grant”?",
        "main.yaml:14:14 (solve.gap): “2” is not a gap; write 0.01% or 1e-4; it is at least 0 and less than 1",
        "main.yaml:14:29 (solve.time_limit): “soon” is not a length of time; write 60s, 5min or 1h",
    ]


def test_faults_read_in_chinese(faults: Faults) -> None:
    found = faults("policy: toy\nfund: {total: 二亿元}\nobjective: {merit: {leest: 1}}\nprocedure: jiont\n")
    assert [p.line("zh") for p in found] == [
        "main.yaml:2:15 (fund.total): “二亿元”不是金额；请连同单位填写，如 300万元 或 3000000元",
        "main.yaml:3:21 (objective.merit.leest): 不认识的键“leest”；是否应为“least”？",
        "main.yaml:4:12 (procedure): “jiont”不在允许范围内；是否应为“joint”？可填：joint, sequential",
    ]


def test_missing_sections_are_told(faults: Faults) -> None:
    assert [str(p.place) + " " + p.code for p in faults("policy: toy\n")] == [
        "main.yaml:1:1 (objective) scenario.missing_key",
        "main.yaml:1:1 (fund) scenario.missing_key",
    ]


def test_without_its_policy_nothing_else_can_be_checked(write: Callable[..., Path]) -> None:
    with pytest.raises(InputFaults) as caught:
        load(write(main="note: x\ntitle: 3\n"))
    assert [str(p.place) + " " + p.code for p in caught.value.problems] == [
        "main.yaml:1:1 (policy) scenario.missing_key",
        "main.yaml:2:8 (title) scenario.not_text",
    ]


def test_a_missing_key_is_told_at_its_mapping(lines: Lines) -> None:
    assert lines("rules:\n  大额:\n    rule: limit\n    where: {}\n") == [
        "main.yaml:7:3 (rules.大额.bounds): key “bounds” is missing; add `bounds:` with its value"
    ]


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            "title: [a]",
            "6:8 (title): a single value is wanted here; write one value, without keys or brackets",
        ),
        ("title: 2026", '6:8 (title): 2026 is not text; put it in quotes: "2026"'),
        ("title: true", '6:8 (title): true is not text; put it in quotes: "true"'),
        ("memo: {open: maybe}", "6:14 (memo.open): “maybe” is neither true nor false; write true or false"),
        (
            "memo: 3",
            "6:7 (memo): “3” is not a mapping; write {key: value}, or `key: value` lines below, indented",
        ),
        (
            "memo: [a]",
            "6:7 (memo): “a list” is not a mapping; write {key: value}, or `key: value` lines below, indented",
        ),
        ("memo: {x: 1}", "6:8 (memo.x): unknown key “x”; allowed here: open, pilot"),
        (
            "rules: [a]",
            "6:8 (rules): “a list” is not a mapping; write {key: value}, or `key: value` lines below, indented",
        ),
        (
            "rules: {a: b}",
            "6:12 (rules.a): “b” is not a mapping; write {key: value}, or `key: value` lines below, indented",
        ),
        (
            "rules: {a: {floor: 1%}}",
            "6:9 (rules.a): rule “a” does not say which rule it is; add `rule:`, one of: equity_pilot, limit",
        ),
        (
            "rules: {a: {rule: [x]}}",
            "6:19 (rules.a.rule): “a list” is not allowed; write one of: equity_pilot, limit",
        ),
        (
            "rules: {limit: {bounds: {}, name: x}}",
            "6:29 (rules.limit.name): unknown key “name”; allowed here: basis, note, where, column, bounds",
        ),
        (
            "rules: {limit: {bounds: {}, where: {domain: 海洋}}}",
            "6:45 (rules.limit.where.domain): “海洋” is not a list; write [a, b], or one line with a dash for each",
        ),
        (
            "rules: {limit: {bounds: {}, column: awards}}",
            "6:37 (rules.limit.column): “awards” is not allowed;"
            " did you mean “award”? Allowed: award, outlay, recovery",
        ),
        (
            "rules: {limit: {bounds: {cap: 3万元, price: -1}}}",
            "6:43 (rules.limit.bounds.price): -1 is too low; it must be at least 0",
        ),
        (
            "rules: {limit: {bounds: {cap: 3万元, price: high}}}",
            "6:43 (rules.limit.bounds.price): “high” is not a number; write a number, as 0.5",
        ),
        ("data: {workbok: a.xlsx}", "6:8 (data.workbok): unknown key “workbok”; did you mean “workbook”?"),
        (
            "data: {reviews: a.csv}",
            "6:17 (data.reviews): “a.csv” is not a mapping; write {key: value}, or `key: value` lines below, indented",
        ),
        (
            "data: {candidate: {}}",
            "6:8 (data.candidate): unknown key “candidate”; did you mean “candidates”?",
        ),
        ("data: {reviews: {fil: a}}", "6:18 (data.reviews.fil): unknown key “fil”; did you mean “file”?"),
        (
            "data: {reviews: {columns: {id: {}}}}",
            "6:28 (data.reviews.columns.id): a column needs exactly one origin: `column` or `template`;"
            " write the heading in the table (`column`), or a template, not both and not neither",
        ),
        (
            "data: {reviews: {columns: {id: {column: a, uint: 元}}}}",
            "6:44 (data.reviews.columns.id.uint): unknown key “uint”; did you mean “unit”?",
        ),
        (
            "solve: {gap: -1%}",
            "6:14 (solve.gap): “-1%” is not a gap; write 0.01% or 1e-4; it is at least 0 and less than 1",
        ),
        ("policy2: x", "6:1 (policy2): unknown key “policy2”; did you mean “policy”?"),
        (
            "memo: {pilot: .nan}",
            "6:15 (memo.pilot): .nan is not a number that can be used; write the number, or leave the key out",
        ),
        (
            "objective: {merit: {}}",
            "6:1 (objective): key “objective” is written twice; first in line 4; keep one of the two",
        ),
    ],
)
def test_one_fault_is_told_once(lines: Lines, more: str, line: str) -> None:
    assert lines(more + "\n") == [f"main.yaml:{line}"]


def test_a_value_behind_set_is_placed_there(lines: Lines) -> None:
    assert lines("", "fund.total=5", "memo.opne=true") == [
        "--set fund.total=5 (fund.total): amount 5 has no unit; write 5万元 or 5元, whichever is meant",
        "--set memo.opne=true (memo.opne): unknown key “opne”; did you mean “open”?",
    ]


def test_a_fault_of_a_base_is_placed_in_the_base(faults: Faults) -> None:
    (problem,) = faults("extends: base.yaml\ntitle: x\n", base=WHOLE + "memo:\n  opne: true\n")
    assert str(problem.place) == "base.yaml:7:3 (memo.opne)"


def test_keys_of_the_wrong_kind_are_told(lines: Lines) -> None:
    assert lines("", "fund.years.某年=1万元") == [
        "--set fund.years.某年=1万元 (fund.years.某年): “某年” is not a whole number; write a whole number, as 3"
    ]


def test_a_value_that_fits_no_form_is_told_once(lines: Lines) -> None:
    assert lines("", "fund.round_to=jiao") == [
        "--set fund.round_to=jiao (fund.round_to): “jiao” fits none of the forms that are allowed here;"
        " write a whole number, as 3; or: write one of: yuan"
    ]


def test_true_is_not_one(lines: Lines) -> None:
    assert lines("", "fund.growth=true", "objective.merit.least=true") == [
        "--set fund.growth=true (fund.growth): “true” is not a number; write a number, as 0.5",
        "--set objective.merit.least=true (objective.merit.least): “true” is not a number; write a number, as 0.5",
    ]


class Sized(Settings):
    """Settings with bounds of every kind."""

    over: int = Field(default=1, gt=0)
    under: float = Field(default=1, lt=2)
    most: int = Field(default=1, le=5)
    short: str = Field(default="abc", min_length=2, max_length=4)
    many: list[str] = Field(default=["a"], min_length=1, max_length=2)
    code: str = Field(default="A1", pattern=r"^[A-Z]\d$")
    kinds: dict[Literal["floor", "cap"], int] = Field(default_factory=dict)
    either: ShareBounds | None = None
    multiple: int = Field(default=2, multiple_of=2)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("over: 0", "0 is too low; it must be more than 0"),
        ("under: 2.0", "2.0 is too high; it must be less than 2.0"),
        ("most: 6", "6 is too high; it must be at most 5"),
        ("most: 1.5", "“1.5” is not a whole number; write a whole number, as 3"),
        ("most: {}", "a single value is wanted here; write one value, without keys or brackets"),
        ("short: a", "too few items or characters (a); give at least 2"),
        ("short: abcde", "too many items or characters (abcde); give at most 4"),
        ("many: []", "too few items or characters (a list); give at least 1"),
        ("many: [a, b, c]", "too many items or characters (a list); give at most 2"),
        ("many: [1]", '1 is not text; put it in quotes: "1"'),
        ("code: a1", "“a1” is not written as it should be; it must match ^[A-Z]\\d$"),
        ("kinds: {flor: 1}", "“flor” is not allowed; did you mean “floor”? Allowed: floor, cap"),
        ("either: {cep: 1%}", "unknown key “cep”; did you mean “cap”?"),
        ("multiple: 3", "“3” cannot be used: Input should be a multiple of 2; correct the value"),
    ],
)
def test_bounds_and_forms_are_told(write: Callable[..., Path], said: str, line: str) -> None:
    resolved = resolve(write(main=said + "\n"), (), Problems())
    assert resolved is not None
    with pytest.raises(InputFaults) as caught:
        validate(Sized, resolved)
    (problem,) = caught.value.problems
    assert problem.line("en").endswith(f": {line}")
    assert problem.place.line == 1


def test_validate_gives_an_instance_of_any_model(write: Callable[..., Path]) -> None:
    resolved = resolve(write(main="over: 3\nkinds: {cap: 4}\n"), (), Problems())
    assert resolved is not None
    assert validate(Sized, resolved) == Sized(over=3, kinds={"cap": 4})


def test_an_unknown_policy_names_those_installed(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allocator.policy.installed", lambda: ["science-fund"])
    with pytest.raises(InputFaults) as caught:
        load(write(main=WHOLE.replace("toy", "sience-fund")))
    (problem,) = caught.value.problems
    assert str(problem.place) == "main.yaml:1:9 (policy)"
    assert problem.mend.en == "installed: science-fund"


def test_a_file_that_is_not_there_is_an_input_fault() -> None:
    with pytest.raises(InputFaults, match=r"none\.yaml: there is no such file"):
        load("none.yaml")

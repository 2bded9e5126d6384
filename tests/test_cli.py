"""The commands as a person meets them: what they print, what they write, how they end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from allocator.cli import main
from tests.bench import make_pool

ROOT = Path(__file__).resolve().parents[1]
RIZHAO = ROOT / "scenarios" / "rizhao"
BASELINE = RIZHAO / "baseline.yaml"


def call(*words: object, lang: str = "zh") -> Result:
    return CliRunner().invoke(
        main, [str(w) for w in words], env={"LANG": f"{lang}_CN.UTF-8", "COLUMNS": "120"}
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    out = tmp_path_factory.mktemp("cli") / "run"
    return call("run", BASELINE, "--out", out, "--gap", "0.001", "--lang", "zh"), out


def test_run_tells_what_a_finance_officer_asks_first(told: tuple[Result, Path]) -> None:
    result, _ = told
    assert result.exit_code == 0, result.output
    for words in (
        "当年可用财力",
        "本批可竞争安排",
        "按重点领域",
        "按支持方式",
        "三种口径",
        "起约束作用的规则",
        "与现行做法比较",
    ):
        assert words in result.output
    for base in ("年度整合规模", "可统筹资金", "涉企资金"):
        assert base in result.output
    assert "22,000.00" in result.output
    assert "6,400.00" in result.output


TABLES = ("assessments", "calls", "candidates", "carry", "entitlements", "lines", "reviews")
"""The tables of the example's workbook."""


def test_run_writes_a_whole_folder(told: tuple[Result, Path]) -> None:
    _, out = told
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert names == {
        "awards.csv",
        "certificate.json",
        "options.csv",
        "plan.json",
        "plan.xlsx",
        "program.npz",
        "resolved.yaml",
        "rows.csv",
        *(f"tables/{t}.csv" for t in TABLES),
    }
    assert not list(out.parent.glob(".run-*"))


def test_plan_json_has_what_it_promises(told: tuple[Result, Path]) -> None:
    plan = json.loads((told[1] / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "within_gap"
    assert plan["objective"] <= plan["bound"] <= plan["objective"] * 1.0011
    assert plan["objective"] <= plan["certified_bound"]
    assert 0 <= plan["gap"] <= 0.001 <= 0.01
    assert set(plan["seconds"]) == {"load", "check", "compile", "solve", "verify", "report"}
    assert plan["seconds"]["report"] > 0
    award = plan["awards"][0]
    assert {"candidate", "instrument", "level", "amount", "outlay", "recovery", "merit"} <= set(award)
    assert sum(award["outlay"].values()) == award["amount"]
    assert isinstance(award["amount"], int)
    keys = {"rule", "label", "basis", "value", "floor", "target", "cap", "slack", "ok", "binding"}
    assert all(keys <= set(rule) for rule in plan["rules"])
    assert all(rule["ok"] for rule in plan["rules"])
    assert {"inputs", "scenario", "program"} <= set(plan["digest"])
    assert set(plan["baselines"]) == {"by_score", "by_rate"}
    paid = sum(a["outlay"].get("2026", 0) for a in [*plan["awards"], *plan["lines"]])
    assert paid == plan["totals"]["outlay"]["2026"] <= 220_000_000


def test_json_prints_the_plan_and_nothing_else(tmp_path: Path) -> None:
    result = call("run", BASELINE, "--out", tmp_path / "r", "--gap", "0.01", "--json")
    assert json.loads(result.stdout) == json.loads((tmp_path / "r" / "plan.json").read_text(encoding="utf-8"))


def test_a_run_replaces_a_run_and_nothing_else(tmp_path: Path) -> None:
    for _ in range(2):
        assert call("run", BASELINE, "--out", tmp_path / "r", "--gap", "0.01").exit_code == 0
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.txt").write_text("mine", encoding="utf-8")
    refused = call("run", BASELINE, "--out", other, "--gap", "0.01")
    assert refused.exit_code == 2
    assert [p.name for p in other.iterdir()] == ["chapter.txt"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r", "thesis"]


def test_set_changes_one_number(tmp_path: Path) -> None:
    more = call(
        "run", BASELINE, "--out", tmp_path, "--gap", "0.01", "--set", "rules.equity_pilot.floor=12%", "--json"
    )
    plan = json.loads(more.stdout)
    ratio = next(r for r in plan["rules"] if r["rule"] == "equity_pilot")
    assert ratio["floor"] == 1200
    assert ratio["value"] >= 1200
    assert "--set rules.equity_pilot.floor" in (tmp_path / "resolved.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_faults_come_all_at_once_with_their_places(tmp_path: Path, lang: str) -> None:
    scenario = tmp_path / "a-folder-whose-name-is-longer-than-a-narrow-screen" / "mine.yaml"
    scenario.parent.mkdir()
    scenario.write_text(
        f"extends: {BASELINE.as_posix()}\nrules:\n  domains: {{of: found}}\n  ceiling: {{later: 40}}\nsovle: {{}}\n",
        encoding="utf-8",
    )
    result = call("check", scenario, "--lang", lang)
    assert result.exit_code == 2
    for place in ("mine.yaml:3:", "mine.yaml:4:", "mine.yaml:5:"):
        assert place in result.output
    assert "solve" in re.sub(r"\s+", "", result.output)
    assert "Traceback" not in result.output
    as_json = json.loads(call("check", scenario, "--lang", lang, "--json").stdout)
    assert {p["line"] for p in as_json} == {3, 4, 5}


def test_a_fund_below_the_notices_least_is_refused_unless_it_says_why(tmp_path: Path) -> None:
    low = ("--set", "fund.sources.工业技改资金.amount=1000万元")
    refused = call("check", BASELINE, *low)
    assert refused.exit_code == 2
    assert "66号文" in refused.output
    assert call("check", BASELINE, *low, "--set", "fund.under_minimum=压力测试").exit_code == 0


def test_no_plan_says_what_would_have_to_yield_and_by_how_much(tmp_path: Path) -> None:
    """A pilot of at least 29 % of the fund leaves 20 万元 of 6,400 for everything else: no domain reaches its floor."""
    changed = ("equity_pilot.floor=29%", "equity_pilot.target=null", "equity_pilot.cap=40%")
    sets = [w for c in changed for w in ("--set", f"rules.{c}")]
    result = call("run", BASELINE, "--out", tmp_path / "r", *sets)
    assert result.exit_code == 3, result.output
    assert "没有可行方案" in result.output
    assert re.search(r"(下限降低|上限提高): [\d,.]+ 万元", result.output)
    plan = json.loads((tmp_path / "r" / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "infeasible"
    assert plan["awards"] == []
    assert plan["shortfalls"]
    assert not (tmp_path / "r" / "plan.xlsx").exists()


def test_time_up_with_a_plan_and_without_one(tmp_path: Path) -> None:
    """The pilot's floor makes both baselines fall short, so that nothing is known at the start."""
    result = call("run", BASELINE, "--out", tmp_path / "r", "--time-limit", "0")
    assert result.exit_code == 5, result.output
    shares = ("equity_pilot", "domains", "instruments", "risk_pool")
    sets = [part for name in shares for part in ("--set", f"rules.{name}=null")]
    kept = call("run", BASELINE, "--out", tmp_path / "r", "--time-limit", "0", "--gap", "0", *sets)
    assert kept.exit_code == 4, kept.output
    assert call("verify", tmp_path / "r").exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise on Windows")
def test_ctrl_c_keeps_the_best_verified_plan(tmp_path: Path) -> None:
    """A thousand candidates to within a billionth: no solver gets there in the seconds that it has."""
    scenario = make_pool(tmp_path / "pool", 1_000)
    command = [sys.executable, "-m", "allocator.cli", "run", str(scenario), "--out", str(tmp_path / "r")]
    command += ["--gap", "1e-9", "--time-limit", "300", "--lang", "en"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("solving"):
                break
        time.sleep(3.0)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=100)
    assert process.returncode == 4, out
    assert "Interrupted" in out
    assert call("verify", tmp_path / "r").exit_code == 0


def test_verify_says_what_it_checked_and_what_does_not_hold(
    told: tuple[Result, Path], tmp_path: Path
) -> None:
    good = call("verify", told[1], "--lang", "zh")
    assert good.exit_code == 0
    assert "复核通过" in good.output
    assert call("verify", tmp_path).exit_code == 2


def test_template_is_an_empty_workbook_that_can_be_read_back(tmp_path: Path) -> None:
    file = tmp_path / "candidates.xlsx"
    result = call("template", file)
    assert result.exit_code == 0, result.output
    assert "申报汇总表" in openpyxl.load_workbook(file).sheetnames
    again = call("template", file)
    assert again.exit_code != 0, "a filled-in workbook must never be overwritten"


def test_schema_is_json_and_knows_the_rules() -> None:
    schema = json.loads(call("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    text = json.dumps(schema)
    for key in ("equity_pilot", "cash_ceiling", "interest_subsidy"):
        assert key in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_speaks_the_users_language_and_documents_exit_codes(lang: str) -> None:
    env = {**os.environ, "LANG": f"{lang}_CN.UTF-8", "LC_ALL": f"{lang}_CN.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "allocator.cli", "--help"], capture_output=True, text=True, check=True, env=env
    )
    assert ("退出码" if lang == "zh" else "Exit codes") in done.stdout
    for command in ("run", "check", "verify", "template", "schema"):
        assert command in done.stdout

"""The forms of the year's end: a sheet a department, a paper a project, filled in as far as the plan knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from allocator.cli import main
from allocator.finished import Finished
from models.performance import Performance
from models.self_evaluation import write
from tests.report.opened import sheets, table, yuan
from tests.tiny import candidate, line, ran


def call(*words: object, lang: str = "zh_CN.UTF-8") -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], env={"LANG": lang})


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """96 万元: A, B and C at full pay of 24 each, and a line of 20."""
    own = [
        candidate("A", 40, 90, department="科技局"),
        candidate("B", 40, 95, department="工信局"),
        candidate("C", 40, 85, department="科技局"),
        candidate("D", 40, 30, department="科技局"),
    ]
    return ran(tmp_path_factory.mktemp("year"), own, [line("L", "以前年度续拨", 20)], amount=96)


def test_each_department_has_a_sheet_and_each_of_its_awards_a_paper(year: Finished) -> None:
    made = call("forms", year.folder)
    assert made.exit_code == 0, made.output
    file = year.folder.with_name("run-绩效自评表.xlsx")
    assert str(file) in made.output.replace("\n", "")
    book = sheets(file)
    assert list(book) == ["工信局", "科技局"]  # B has the highest score
    forms = {
        name: [r[0] for r in sheet.iter_rows(values_only=True) if str(r[0]).endswith("（2026 年度）")]
        for name, sheet in book.items()
    }
    assert forms == {"工信局": ["B（2026 年度）"], "科技局": ["A（2026 年度）", "C（2026 年度）"]}
    assert [len(s.row_breaks.brk) for s in book.values()] == [0, 1]
    first, second = (table(book["科技局"], "项目名称", nth) for nth in (0, 1))
    assert (first[0]["项目名称"], first[0]["市级主管部门"]) == ("项目A", "科技局")
    assert second[0]["项目实施单位"] == "单位C"
    money = [
        yuan(r[1]) for s in book.values() for r in s.iter_rows(values_only=True) if r[0] == "本年财政资金"
    ]
    assert money == [240_000] * 3


def test_there_is_room_to_write_the_years_goal_and_what_came_of_it(year: Finished, tmp_path: Path) -> None:
    assert call("forms", year.folder, "--to", tmp_path / "room.xlsx").exit_code == 0
    sheet = sheets(tmp_path / "room.xlsx")["科技局"]
    heads = [r[0].row for r in sheet.iter_rows() if r[0].value == "年初预期目标"]
    assert len(heads) == 2
    assert all(sheet.row_dimensions[row + 1].height >= 4 * 13.5 for row in heads)


def test_the_forms_speak_english_and_go_where_they_are_sent(year: Finished, tmp_path: Path) -> None:
    made = call("forms", year.folder, "--to", tmp_path / "own.xlsx", "--lang", "en")
    assert made.exit_code == 0, made.output
    sheet = sheets(tmp_path / "own.xlsx")["科技局"]
    assert sheet["A1"].value == "Self-evaluation of projects"
    first = [r[0] for r in sheet.iter_rows(values_only=True)]
    assert (first.count("Project"), first.count("Output")) == (2, 8)
    assert first[2].endswith(
        "Marks: payment 10, output 50, benefit 30, satisfaction 10, as is usual (assumed)."
    )


def test_sheets_of_departments_whose_names_begin_alike_are_told_apart(tmp_path: Path) -> None:
    long = "日照市经济技术开发区科学技术和工业信息化局高新技术发展服务中心"
    own = [candidate("A", 10, 90, department=long + "一"), candidate("B", 10, 80, department=long + "二")]
    run = ran(tmp_path, [*own, candidate("C", 10, 70)], amount=96)
    scenario, facts = run.loaded.scenario, run.compiled.facts
    write(scenario, run.tables, facts, run.awards, tmp_path / "f.xlsx", "zh")
    assert list(sheets(tmp_path / "f.xlsx")) == [long[:31], f"{long[:27]} 2", "未注明主管部门"]


def test_what_cannot_be_written_says_what_and_where(year: Finished, tmp_path: Path) -> None:
    no_run = call("forms", tmp_path)
    assert (no_run.exit_code, "plan.json" in no_run.output) == (2, True)
    not_xlsx = call("forms", year.folder, "--to", tmp_path / "f.pdf")
    assert (not_xlsx.exit_code, "f.pdf" in not_xlsx.output) == (2, True)
    nobody = ran(tmp_path / "none", [candidate("A", 40, 30)], amount=48)
    none = call("forms", nobody.folder)
    assert (none.exit_code, "没有拟支持项目" in none.output) == (2, True)


def test_marks_add_up_to_a_hundred() -> None:
    marks = Performance()
    assert marks.payment + sum(i.mark for i in marks.indicators) == 100
    with pytest.raises(ValueError, match="not 100"):
        Performance(payment=20)

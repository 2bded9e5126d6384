"""Every damaged workbook: faults where they are, or the right reading; no traceback, no silent misreading."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from allocator.pipeline import check_tables, read_tables
from allocator.problems import InputFaults, Problem
from allocator.scenario import Loaded, load
from tests.faults import amounts, body, files, headings, kinds, names, reviews
from tests.faults.case import Case, Must
from tests.faults.sound import SCENARIO, Draft

CORPORA = tuple(m.CORPUS for m in (amounts, names, reviews, headings, body, files, kinds))
CASES = [case for corpus in CORPORA for case in corpus.cases]

Reading = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The sound scenario."""
    path = tmp_path_factory.mktemp("office") / "scenario.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return load(path)


def reading(office: Loaded, book: Path) -> tuple[Reading | None, tuple[Problem, ...]]:
    """What comes of a workbook: its tables as plain rows (None where it has faults), and the problems."""
    data = office.scenario.data.model_copy(update={"workbook": book})
    scenario = type(office.scenario)(**{**vars(office.scenario), "data": data})
    loaded = Loaded(scenario, office.resolved, office.policy)
    tables, problems = read_tables(loaded)
    try:
        found = tuple(check_tables(loaded, tables, problems))
    except InputFaults as faults:
        return None, faults.problems
    return {key: [r.row(i) for i in range(len(r))] for key, r in tables.items()}, found


@pytest.fixture(scope="module")
def sound(office: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The sound reading."""
    tables, problems = reading(office, Draft.sound().save(tmp_path_factory.mktemp("sound")))
    assert tables is not None, problems
    # Sheets that an office may do without are told of, and nothing else is.
    assert {p.code for p in problems} <= {"intake.sheet_left_out"}
    return tables


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_damaged_workbook(case: Case, office: Loaded, sound: Reading, tmp_path: Path) -> None:
    draft = Draft.sound()
    must = case.mutate(Random(f"{case.name}"), draft)
    tables, problems = reading(office, draft.save(tmp_path))
    held(must, sound, tables, problems)


def held(must: Must, sound: Reading, tables: Reading | None, problems: tuple[Problem, ...]) -> None:
    """Hold what came to what must come."""
    errors = {(p.code, p.place.sheet, p.place.cell) for p in problems if p.level == "error"}
    assert errors == set(must.faults), "\n".join(p.line("zh") for p in problems)
    notices = {p.code for p in problems if p.level == "notice"}
    assert set(must.notices) <= notices, notices
    for problem in problems:
        for lang in ("zh", "en"):
            assert "{" not in problem.line(lang)
    if must.faults:
        assert tables is None
        return
    assert tables is not None
    wanted = {
        key: [dict(row) for i, row in enumerate(rows) if i not in must.gone.get(key, ())]
        for key, rows in sound.items()
    }
    wanted = {key: rows for key, rows in wanted.items() if rows}
    for (key, row, name), value in must.values.items():
        wanted[key][row][name] = value
    assert tables == wanted


def test_the_corpus_is_as_large_as_it_says() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert len(names) >= 200

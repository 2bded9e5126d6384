"""A fund in another currency: its studies name that one, on the screen, in sentences and in the workbook."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from allocator.report.block import cell
from allocator.report.charts import options
from allocator.studies.book import write_book
from allocator.studies.compare import compare
from allocator.studies.conflicts import conflicts
from allocator.studies.explain import explain
from allocator.studies.prices import prices
from allocator.studies.study import Effort, Study
from allocator.studies.sweep import sweep
from allocator.studies.walk import walk
from allocator.words import Lang
from tests.studies.small import scenario

EXACT = Effort(gap=0.0)
DOMAIN = "创新主体培育和壮大"
FLOOR = f"rules.floor={{rule: domain_share, shares: {{{DOMAIN}: {{floor: 90%}}}}}}"
NAMES: dict[Lang, str] = {"zh": "万美元", "en": "10,000 USD"}


@pytest.fixture
def fund(tmp_path: Path) -> Path:
    path = scenario(tmp_path)
    path.write_text(path.read_text("utf-8").replace("  year: 2026", "  year: 2026\n  currency: USD"), "utf-8")
    return path


def studies(fund: Path) -> list[Study]:
    return [
        compare(fund, fund, effort=EXACT),
        sweep(fund, ["instruments.grant.own_match=0%,10%"], effort=EXACT),
        walk(fund, f"rules.floor.shares.{DOMAIN}.floor=0%..60%/10%", sets=[FLOOR], budget=3, effort=EXACT),
        explain(fund, "D", effort=EXACT),
        prices(fund, effort=EXACT),
        conflicts(
            fund,
            sets=[FLOOR],
            effort=EXACT,
        ),
    ]


def test_every_text_of_a_study_is_in_the_funds_currency(fund: Path, tmp_path: Path) -> None:
    for study in studies(fund):
        for lang, name in NAMES.items():
            told = []
            for block in study.blocks():
                told += [block.title.to(lang), *(t.to(lang) for t in (*block.columns, *block.notes))]
                told += [cell(v, lang) for row in block.rows for v in row]
            write_book(study, tmp_path / "a.xlsx", lang)
            for page in openpyxl.load_workbook(tmp_path / "a.xlsx"):
                told += [str(c.value) for row in page.iter_rows() for c in row if isinstance(c.value, str)]
            whole = "\n".join(told)
            assert name in whole, (study.key, lang)
            assert "万元" not in whole, (study.key, lang, [t for t in told if "万元" in t])
            assert "10,000 yuan" not in whole, (study.key, lang)


def test_charts_name_it_on_their_axes(fund: Path) -> None:
    found = compare(fund, fund, effort=EXACT)
    for lang, name in NAMES.items():
        told = json.dumps(options(found, lang), ensure_ascii=False)
        assert name in told
        assert "万元" not in told

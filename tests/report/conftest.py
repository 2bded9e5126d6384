"""One run of the example, and its workbook in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.pipeline import Wishes, run
from allocator.plan import Plan
from tests.conftest import ROOT
from tests.report.opened import saved


@pytest.fixture(scope="session")
def example() -> Plan:
    """The plan of the baseline, to within 1 %."""
    return run(ROOT / "scenarios" / "rizhao" / "baseline.yaml", wishes=Wishes(gap=0.01, time_limit=30))


@pytest.fixture(scope="session")
def zh(example: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its workbook in Chinese."""
    return saved(example, tmp_path_factory.mktemp("books"), "zh")


@pytest.fixture(scope="session")
def en(example: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its workbook in English."""
    return saved(example, tmp_path_factory.mktemp("books"), "en")

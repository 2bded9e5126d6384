"""Makes the example pool: a workbook as a city office would hand it over, every unit and figure of it invented.

    python scenarios/rizhao/make_pool.py            writes pool.xlsx beside this file, the same bytes each time

Nothing here is data of Rizhao. From the notice (日政办字〔2020〕66号) come the names of domains, directions,
instruments and departments, and which money is spoken for first. Every figure is ASSUMED, for a third-tier coastal
city, as `../shared/FIELD.md` ("An example pool") has them:

- year 2026; ceiling 22,000万元; first calls 1,600 + 1,800 + 4,600 + 3,600 + 1,000, entitlements 3,000: 6,400 compete;
- 426 candidates, natures and mean requests (`pool/slots.py`), lognormal requests with sigma 0.6, own funds, other
  funds, valuations, loans (`pool/money.py`; only the loans' mean rate of 3.39 % is published), domains by nature,
  directions, departments, counties, industries (`pool/projects.py`, `pool/applicants.py`);
- 10 calls, 2 to 4 teams, awards up to 30 % of the contract; 5 to 9 experts, spread and weights (`pool/panels.py`);
- the office's and finance's own scores and reasons (`pool/assessments.py`);
- how first calls part into domains, and the standards of entitlements (`pool/first_calls.py`).

`make(n, seed)` draws a pool of any size with the same distributions, first calls and ceiling in proportion.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pool import assessments, first_calls, panels, projects
from pool.applicants import Applicant, firms, public_bodies
from pool.money import ask
from pool.notes import notes
from pool.slots import Slot, make_slots, make_tenders
from pool.table import Table
from pool.write import write_csv, write_workbook

from models.assessment import assessment_sheet
from models.call import CALLS
from models.candidate import CANDIDATES
from models.carry import CARRY
from models.line import ENTITLEMENTS, LINE_KINDS, LINES
from models.review import Criterion, Reviews, review_sheet

YEAR = 2026
CITY = 426
"""Candidates of the city's own pool; a pool of n is n / 426 times as large."""

COMPETITIVE = 6_400
"""万元 left to compete for in the city's own pool."""

SEED = 66
HERE = Path(__file__).resolve().parent

REVIEWS = Reviews(
    criteria={
        **{
            name: Criterion(weight=weight, en=en)
            for (name, weight), en in zip(
                panels.CRITERIA.items(),
                ("Advancement", "Soundness", "Feasibility", "Expected benefit"),
                strict=True,
            )
        },
        **{
            name: Criterion(weight=weight, scored_by=whose, en=en)
            for name, (weight, whose, en) in assessments.CRITERIA.items()
        },
    }
)


@dataclass(frozen=True)
class Pool:
    """A pool as tables by their sheet's key, and its ceiling in 万元."""

    tables: Mapping[str, Table]
    ceiling: int
    year: int

    def to_workbook(self, path: Path | str) -> Path:
        """Write it as .xlsx with a notes sheet first."""
        heading = f"{self.year}年度市级科技创新发展资金示例项目库说明（示例数据）"
        rows = notes(self.facts(), self.budget())
        write_workbook(Path(path), rows, heading, list(self.tables.values()))
        return Path(path)

    def to_csv(self, folder: Path | str) -> list[Path]:
        """Write it as one CSV file per sheet."""
        return write_csv(Path(folder), list(self.tables.values()))

    def facts(self) -> dict[str, int]:
        """The counts and sums that the notes tell, money in 万元."""
        candidates = self.tables["candidates"]
        return {
            "candidates": len(candidates),
            "request": int(candidates.total("request")),
            "valued": sum(v is not None for v in candidates.columns["valuation"]),
            "loans": sum(v is not None for v in candidates.columns["loan"]),
            "spent": sum(v is not None for v in candidates.columns["spend"]),
            "books": sum(v is not None for v in candidates.columns["enrolled"]),
            "calls": len(self.tables["calls"]),
            "reviews": len(self.tables["reviews"]),
            "entitled": len(self.tables["entitlements"]),
        }

    def budget(self) -> list[tuple[str, int]]:
        """The 当年可用财力 in its own order: ceiling, each kind of line, what is left to compete for; 万元."""
        spoken = self._spoken()
        left = self.ceiling - sum(spoken.values())
        return [("年度规模", self.ceiling), *spoken.items(), ("本批可竞争安排", left)]

    def _spoken(self) -> dict[str, int]:
        lines, entitlements = self.tables["lines"], self.tables["entitlements"]
        spoken = dict.fromkeys(LINE_KINDS, 0)
        for kind, amount in zip(lines.columns["line"], lines.columns["year1"], strict=True):
            spoken[kind] += amount
        spoken[LINE_KINDS[-1]] += int(entitlements.total("year1"))
        return spoken


def make(n: int = CITY, seed: int = SEED, year: int = YEAR) -> Pool:
    """A pool of n candidates. The same n and seed give the same pool. Raises `ValueError` for n below 50."""
    if n < 50:
        raise ValueError(f"a pool of {n} is too small to hold every nature and call; ask for 50 or more")
    size = n / CITY
    names: set[str] = set()
    codes: set[str] = set()
    slots = make_slots(seed, n, size, names, codes)
    tenders = make_tenders(seed, slots, size)
    candidates = projects.candidate_columns(seed, year, slots, tenders, ask(seed, slots, tenders))
    known = _applicants(slots, ("企业",))
    bodies = _applicants(slots, ("高校", "科研院所"))
    # Three in ten firms on the entitlements' list also put in a project.
    number = first_calls.entitled(size)
    also = known[: min(len(known), round(0.3 * number))]
    entitled = also + firms(seed, number - len(also), "entitled", names, codes)
    institutes = public_bodies(seed, "市属院所", int(size) + 1, codes)
    of = f"{year}年度日照市市级科技创新发展资金"
    tables = (
        Table(
            CANDIDATES, f"{of}项目申报汇总表（示例数据）", candidates, ("total", "request", "own", "other")
        ),
        Table(
            review_sheet(REVIEWS),
            f"{of}专家评审打分表（示例数据）",
            panels.review_columns(seed, candidates["id"], CITY),
        ),
        Table(
            assessment_sheet(REVIEWS),
            f"{of}部门综合评价表（示例数据）",
            assessments.assessment_columns(seed, candidates),
        ),
        Table(
            CALLS,
            f"{of}揭榜挂帅榜单（示例数据）",
            projects.call_columns(year, slots, tenders, candidates),
            ("contract",),
        ),
        Table(
            LINES,
            f"{of}先行安排明细表（示例数据）",
            first_calls.line_columns(seed, year, size, known, bodies, institutes),
            ("year1", "year2", "year3"),
        ),
        Table(
            ENTITLEMENTS,
            f"{of}普惠后补助名单（示例数据）",
            first_calls.entitlement_columns(seed, year, entitled, size),
            ("year1",),
        ),
        Table(
            CARRY,
            f"{of}结转资金明细表（示例数据）",
            first_calls.carry_columns(seed, year, known, size),
            ("amount",),
        ),
    )
    by_key = {t.sheet.key: t for t in tables}
    pool = Pool(by_key, 0, year)
    return Pool(by_key, sum(pool._spoken().values()) + round(COMPETITIVE * size), year)


def _applicants(slots: list[Slot], kinds: tuple[str, ...]) -> list[Applicant]:
    """The applicants of these kinds, each once."""
    return list({s.applicant.code: s.applicant for s in slots if s.applicant.kind in kinds}.values())


def main() -> None:
    """Write the pool that the scenarios read, or one of another size."""
    parser = argparse.ArgumentParser(description="Write the example pool (all invented).")
    parser.add_argument("--n", type=int, default=CITY, help="candidates")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--out", type=Path, default=HERE / "pool.xlsx", help="a .xlsx file, or a folder for CSV"
    )
    args = parser.parse_args()
    pool = make(args.n, args.seed)
    if args.out.suffix == ".xlsx":
        print(pool.to_workbook(args.out))
    else:
        print(*pool.to_csv(args.out), sep="\n")


if __name__ == "__main__":
    main()

"""A run's folder: everything that sending on, re-checking and reading by machine need. Written whole, or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from allocator.audit.figures import award_figures, file_digest, program_arrays, rule_json, seal, shown
from allocator.collector import uncollected
from allocator.compile import SCALE
from allocator.intake import write_table
from allocator.options import Award
from allocator.plan import Baseline, Plan
from allocator.problems import Place, Problems
from allocator.scenario import dump
from allocator.vacancies import Substitution, Vacancy
from allocator.words import Lang, Text, default_lang

PLAN = "plan.json"

AWARDS = ("candidate", "title", "applicant", "instrument", "level", "amount", "merit")
"""The first columns of awards.csv; amounts are whole yuan, levels basis points."""


def write(plan: Plan, out: Path, lang: Lang | None = None) -> None:
    """Write the folder of a run. A folder that is there is replaced if it is a run's, else refused (`InputFaults`)."""
    begun = time.perf_counter()
    with _whole_folder(out) as folder, uncollected():
        if plan.chosen is not None:
            plan.loaded.policy.workbook(plan, folder / "plan.xlsx", lang or default_lang())
            _awards(plan, folder / "awards.csv")
        (folder / "resolved.yaml").write_text(dump(plan.loaded.resolved, folder), encoding="utf-8")
        (folder / "tables").mkdir()
        for key, records in plan.tables.items():
            write_table(records, folder / "tables" / f"{key}.csv")
        _options(plan, folder / "options.csv")
        _rows(plan, folder / "rows.csv")
        np.savez(folder / "program.npz", **program_arrays(plan.compiled))
        if plan.certificate is not None:
            text = json.dumps(plan.certificate.as_json(plan.compiled.program), ensure_ascii=False, indent=1)
            (folder / "certificate.json").write_text(text, encoding="utf-8")
        files = {
            str(p.relative_to(folder).as_posix()): file_digest(p)
            for p in sorted(folder.rglob("*"))
            if p.is_file()
        }
        seconds = {**plan.seconds, "report": plan.seconds["report"] + time.perf_counter() - begun}
        (folder / PLAN).write_text(plan_text(replace(plan, seconds=seconds), files), encoding="utf-8")


def plan_text(plan: Plan, files: dict[str, str]) -> str:
    """plan.json: the plan as data, sealed by a digest over itself."""
    data = json.loads(json.dumps(plan_json(plan, files), default=_number), parse_float=Decimal)
    return _laid_out({**data, "seal": seal(data)}) + "\n"


def _laid_out(data: dict[str, Any]) -> str:
    """JSON, one award a line: with an indent throughout, Python's encoder takes ten times as long."""

    def text(value: Any) -> str:
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            return "[\n  " + ",\n  ".join(encode(item) for item in value) + "\n ]"
        return json.dumps(value, ensure_ascii=False, indent=1, default=_number).replace("\n", "\n ")

    encode = json.JSONEncoder(ensure_ascii=False, default=_number).encode
    return "{\n" + ",\n".join(f" {encode(key)}: {text(value)}" for key, value in data.items()) + "\n}"


def plan_json(plan: Plan, files: dict[str, str] | None = None) -> dict[str, Any]:
    """The plan as plain data: money in whole yuan, shares in basis points, worth in 万元 of quality-weighted need."""
    years = plan.options.years
    outcome = plan.outcome
    return {
        "title": plan.loaded.scenario.title,
        "status": plan.status,
        "objective": None if plan.value is None else shown(plan.value, SCALE),
        "bound": outcome.bound,
        "gap": outcome.gap if outcome.gap is not None and isfinite(outcome.gap) else None,
        "certified_bound": None if plan.certificate is None else shown(plan.certificate.bound, SCALE),
        "certified_gap": plan.certified_gap,
        "seconds": {stage: round(s, 3) for stage, s in plan.seconds.items()},
        "totals": plan.totals,
        "awards": [_award(a, years) for a in plan.awards],
        "lines": [_award(a, years) for a in plan.lines],
        "rules": [rule_json(r) for r in plan.ruled],
        "baselines": {name: _baseline(b) for name, b in plan.baselines.items()},
        "shortfalls": [vars(s) for s in plan.shortfalls],
        "sequential": None
        if plan.sequential is None
        else {"joint_objective": plan.sequential.joint.value, "forgone": plan.sequential.forgone},
        "held": [] if plan.held is None else plan.held.as_json(),
        "decided": None if plan.decided is None else vars(plan.decided),
        **({} if plan.substitution is None else {"substitution": _substitution(plan.substitution, years)}),
        "digest": {**plan.digest, "files": files or {}},
        "versions": plan.versions,
        "solver": outcome.solver,
    }


def _award(award: Award, years: tuple[int, ...]) -> dict[str, Any]:
    return {
        "candidate": award.candidate,
        "instrument": award.instrument,
        "level": award.level,
        **award_figures(award, years),
        "labels": dict(award.labels),
    }


def _baseline(baseline: Baseline) -> dict[str, Any]:
    return {
        "title": {"zh": baseline.title.zh, "en": baseline.title.en},
        "objective": shown(baseline.value, SCALE),
        "totals": baseline.totals,
        "missed": [{"rule": r.measure.rule, "label": r.measure.label} for r in baseline.missed],
    }


def _substitution(made: Substitution, years: tuple[int, ...]) -> dict[str, Any]:
    """Who follows whom, and who was passed over: part of the record."""

    def both(text: Text | None) -> dict[str, str] | None:
        return None if text is None else {"zh": text.zh, "en": text.en}

    def told(vacancies: tuple[Vacancy, ...]) -> list[dict[str, Any]]:
        return [
            {
                "leaving": _award(v.leaving, years),
                "follower": None if v.follower is None else _award(v.follower, years),
                "place": both(v.place),
                "passed": [
                    {"candidate": candidate, "place": both(place), "why": both(why)}
                    for candidate, place, why in v.passed
                ],
            }
            for v in vacancies
        ]

    return {
        "of": made.of,
        "why": {c: {"reason": reason, "basis": basis} for c, (reason, basis) in made.why.items()},
        "vacancies": told(made.vacancies),
        "earlier": told(made.earlier),
    }


def _awards(plan: Plan, path: Path) -> None:
    years = plan.options.years
    records = plan.tables["candidates"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([*AWARDS, *(f"outlay_{y}" for y in years), *(f"recovery_{y}" for y in years)])
        for a in plan.awards:
            row = records.row(records.index[a.candidate])
            words = [_as_text(row["title"]), _as_text(row["applicant"])]
            merit = shown_merit(a)
            out.writerow(
                [
                    _as_text(a.candidate),
                    *words,
                    a.instrument,
                    a.level,
                    a.amount,
                    merit,
                    *a.outlay,
                    *a.recovery,
                ]
            )


def shown_merit(award: Award) -> str:
    """An award's merit in 万元, exactly."""
    return f"{Decimal(award.merit) / SCALE:f}"


def _as_text(value: str | None) -> str:
    """A cell that a spreadsheet will not take for a formula."""
    text = value or ""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _options(plan: Plan, path: Path) -> None:
    table = plan.options
    axes = list(table.labels)
    names = np.array([*map(_as_text, table.candidates)], dtype=object)[table.candidate]
    columns: list[Any] = [
        names,
        table.level,
        table.award,
        *table.outlay.T,
        *table.recovery.T,
        *table.money.values(),
    ]
    labels = [
        np.array([*map(_as_text, codes.values), ""], dtype=object)[codes.codes]
        for codes in table.labels.values()
    ]
    heads = [
        "candidate",
        "level",
        "award",
        *(f"outlay_{y}" for y in table.years),
        *(f"recovery_{y}" for y in table.years),
        *table.money,
        *axes,
        "fixed",
        "merit",
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(heads)
        out.writerows(
            zip(
                *(c.tolist() for c in columns),
                *(label.tolist() for label in labels),
                table.fixed.astype(int).tolist(),
                table.merit.tolist(),
                strict=True,
            )
        )


def _rows(plan: Plan, path: Path) -> None:
    program = plan.compiled.program
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["row", "rule", "label", "side", "lower", "upper", "price", "yuan_per_unit"])
        for r, clause in enumerate(program.clauses):
            bounds = ["" if abs(int(b)) >= 2**62 else int(b) for b in (program.lower[r], program.upper[r])]
            price = "" if clause.price is None else str(clause.price)
            out.writerow([r, clause.rule, clause.label, clause.side, *bounds, price, str(clause.unit)])


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def check_free(out: Path) -> None:
    """Raise `InputFaults` unless a run can be written to `out`: nothing of anybody else's is there, and it may be."""
    problems = Problems()
    if out.exists() and not (out / PLAN).exists() and (not out.is_dir() or any(out.iterdir())):
        problems.add(Place(str(out)), "out.taken")
    else:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent)).rmdir()
        except OSError as error:
            problems.add(Place(str(out)), "out.unwritable", error=error.strerror or str(error))
    problems.stop()


@contextmanager
def _whole_folder(out: Path) -> Iterator[Path]:
    """A folder to fill, which takes its name only when it is whole; a crash leaves what was there before."""
    check_free(out)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    folder.chmod(0o755)
    try:
        yield folder
        old = None
        if out.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent)) / out.name
            os.replace(out, old)
        os.replace(folder, out)
        if old is not None:
            shutil.rmtree(old.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

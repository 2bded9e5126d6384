"""Checks a finished run's folder, years later and on another machine, from its records alone.

It compiles options and rows again from the normalised records, prices each award one scalar at a time, measures
every rule on the list of awards, proves the certificate's bound, and holds all of it and every digest to what the
folder says. No solver and no float takes part.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from allocator.audit.awards import Finding, kept, priced
from allocator.audit.figures import award_figures, file_digest, program_arrays, rule_json, seal, shown
from allocator.certificate import Certificate, prove
from allocator.compile import Compiled, compile_scenario
from allocator.held import Held
from allocator.intake import read_table
from allocator.options import Award
from allocator.plan import judge, totals
from allocator.program import Bools
from allocator.records import Tables
from allocator.scenario import Loaded, digest, load
from allocator.words import Text, say


@dataclass(frozen=True)
class Verified:
    """The result of `verify`: what was checked, counted, and what does not hold (nothing, if all is well)."""

    awards: int
    measures: int
    rows: int
    options: int
    bound: Fraction | None
    findings: tuple[Finding, ...]

    @property
    def only_worded(self) -> bool:
        """Whether something differs, and all that does is how it is said."""
        return bool(self.findings) and all(f.worded for f in self.findings)


def verify(folder: str | Path, on_version: Callable[[str], None] | None = None) -> Verified:
    """Check a finished run's folder; a single altered yuan, multiplier or row is found.

    `on_version` is told which version of allocator wrote the folder, before anything is checked. A file that is
    missing or cannot be read is a finding like any other, and ends the check. Raises `InputFaults` where the
    scenario or the records say what cannot be.
    """
    folder = Path(folder)
    try:
        said = json.loads((folder / "plan.json").read_text(encoding="utf-8"), parse_float=Decimal)
        wrote = said.get("versions", {}).get("allocator")
        if on_version is not None and wrote is not None:
            on_version(str(wrote))
        lost = [f for f in _files(folder, said) if not (folder / f.place).exists()]
        return _nothing(lost) if lost else _checked(folder, said)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        text = say("verify.unreadable", error=f"{type(error).__name__}: {error}")
        return _nothing([Finding("plan.json", text)])


def _nothing(findings: list[Finding]) -> Verified:
    return Verified(0, 0, 0, 0, None, tuple(findings))


def _checked(folder: Path, said: Mapping[str, Any]) -> Verified:
    loaded = load(folder / "resolved.yaml")
    tables = read_tables(loaded, folder)
    held = Held.from_json(compile_scenario(loaded, tables), said.get("held", ()))
    compiled = held.whole
    found = [*_files(folder, said), *_program(folder, compiled)]
    if said["digest"]["program"] != compiled.program.digest:
        found.append(Finding("plan.json digest.program", say("verify.program")))
    if said["digest"]["scenario"] != digest(loaded.resolved):
        found.append(Finding("plan.json digest.scenario", say("verify.scenario")))
    bound: Fraction | None = None
    awards: tuple[Award, ...] = ()
    ruled = 0
    if said["awards"] or said["status"] not in ("infeasible", "failed"):
        chosen, lost = chosen_of(said, compiled)
        found += lost
        awards = compiled.options.awards(chosen)
        found += [*priced(loaded, tables, compiled, awards), *kept(compiled, awards)]
        found += list(_figures(said, compiled, chosen, awards))
        found += _substituted(said)
        found += [
            Finding(f"plan.json held rank {stage.rank}", say("verify.stage")) for stage in held.doubts(chosen)
        ]
        if held.find(chosen):
            found.append(Finding("plan.json held", say("verify.found")))
        ruled = len(said["rules"])
        bound, wrong = _bound(folder, said, compiled)
        found += wrong
        if bound is not None and bound < compiled.program.value(chosen):
            found.append(Finding("certificate.json", say("verify.bound")))
    return Verified(len(awards), ruled, *compiled.program.shape, bound, tuple(found))


def read_tables(loaded: Loaded, folder: Path) -> Tables:
    """The normalised records of a run's folder."""
    sheets = loaded.policy.sheets(loaded.scenario)
    files = {sheet.key: folder / "tables" / f"{sheet.key}.csv" for sheet in sheets}
    return {sheet.key: read_table(files[sheet.key], sheet) for sheet in sheets if files[sheet.key].exists()}


def _files(folder: Path, said: Mapping[str, Any]) -> Iterator[Finding]:
    """Files whose bytes are not those that the plan was written with."""
    for name, sealed in said["digest"]["files"].items():
        path = folder / name
        if not path.exists():
            yield Finding(name, say("verify.missing"))
        elif file_digest(path) != sealed:
            yield Finding(name, say("verify.altered"))
    own = {k: v for k, v in said.items() if k != "seal"}
    if said.get("seal") != seal(own):
        yield Finding("plan.json", say("verify.altered"))


def _program(folder: Path, compiled: Compiled) -> Iterator[Finding]:
    """Columns of the stored program that differ from the one compiled again from the records."""
    arrays = program_arrays(compiled)
    with np.load(folder / "program.npz") as stored:
        for name, array in arrays.items():
            if name not in stored or not np.array_equal(stored[name], array):
                yield Finding(f"program.npz {name}", say("verify.rows"))


def chosen_of(said: Mapping[str, Any], compiled: Compiled) -> tuple[Bools, list[Finding]]:
    """The options that the plan's awards are, found by candidate, instrument and level; and those that are none."""
    options = compiled.options
    chosen, lost = options.fixed.copy(), []
    for entry in said["awards"]:
        for k in options.rows_of.get(entry["candidate"], ()):
            award = options.award_of(int(k))
            if (award.instrument, award.level) == (entry["instrument"], entry["level"]):
                chosen[k] = True
                for name, value in award_figures(award, options.years).items():
                    if _number(entry[name]) != _number(value):
                        lost.append(
                            Finding(f"plan.json {entry['candidate']}", say("verify.figure", name=name))
                        )
                break
        else:
            lost.append(Finding(f"plan.json {entry['candidate']}", say("verify.option")))
    return chosen, lost


def _number(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _number(v) for k, v in value.items()}
    return value


def _figures(
    said: Mapping[str, Any], compiled: Compiled, chosen: Bools, awards: tuple[Award, ...]
) -> Iterator[Finding]:
    """Rules, totals and objective that differ from what the awards come to."""
    rules = [rule_json(r) for r in judge(compiled, awards, chosen)]
    if len(rules) != len(said["rules"]):
        yield Finding("plan.json rules", say("verify.count"))
    for own, theirs in zip(rules, said["rules"], strict=False):
        differing = [k for k in own if _number(own[k]) != _number(theirs.get(k))]
        if differing:
            worded = differing == ["sentence"]
            told = say("verify.worded") if worded else say("verify.figure", name=", ".join(differing))
            yield Finding(f"plan.json rules {own['rule']} {own['label']}".rstrip(), told, worded)
    own = totals(compiled.facts, [a for a in awards if not a.fixed], [a for a in awards if a.fixed])
    for name, value in own.items():
        if _number(value) != _number(said["totals"].get(name)):
            yield Finding(f"plan.json totals.{name}", say("verify.figure", name=name))
    value = shown(compiled.program.value(chosen), compiled.program.scale)
    if _number(value) != _number(said["objective"]):
        yield Finding("plan.json objective", say("verify.figure", name="objective"))


def _substituted(said: Mapping[str, Any]) -> Iterator[Finding]:
    """Where a plan says who follows whom: those that left are not in it, and those that follow are, as they stand."""
    awards = {entry["candidate"]: entry for entry in said["awards"]}
    for n, vacancy in enumerate(said.get("substitution", {}).get("vacancies", ())):
        place = f"plan.json substitution.vacancies.{n}"
        if vacancy["leaving"]["candidate"] in awards:
            yield Finding(place, say("verify.left"))
        after = vacancy["follower"]
        if after is not None and _number(awards.get(after["candidate"])) != _number(after):
            yield Finding(place, say("verify.follows"))


def _bound(
    folder: Path, said: Mapping[str, Any], compiled: Compiled
) -> tuple[Fraction | None, list[Finding]]:
    """The bound that the stored multipliers prove, and how it differs from what is claimed."""
    data = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    found = []
    try:
        certificate = Certificate.from_json(data, len(compiled.program.clauses))
        bound = prove(compiled.program, certificate.numerators, certificate.denominator)
    except ValueError as error:
        return None, [Finding("certificate.json", Text(str(error), str(error)))]
    if bound != certificate.bound:
        found.append(Finding("certificate.json bound", say("verify.proof")))
    if _number(shown(bound, compiled.program.scale)) != _number(said["certified_bound"]):
        found.append(Finding("plan.json certified_bound", say("verify.proof")))
    if certificate.program != compiled.program.digest:
        found.append(Finding("certificate.json program", say("verify.program")))
    return bound, found

"""A finished run, opened again from its folder's own records: what happens after the choice begins here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from allocator.audit.folder import chosen_of, read_tables
from allocator.certificate import Certificate
from allocator.compile import Compiled, compile_scenario
from allocator.held import Held
from allocator.options import Award
from allocator.program import Bools
from allocator.records import Tables
from allocator.scenario import Loaded, load


@dataclass(frozen=True, eq=False)
class Finished:
    """A run's folder: its scenario, records and options compiled again, and which options its plan is.

    said    plan.json; chosen: bool [n], fixed lines among them
    """

    folder: Path
    said: Mapping[str, Any]
    loaded: Loaded
    tables: Tables
    compiled: Compiled
    chosen: Bools

    @property
    def awards(self) -> tuple[Award, ...]:
        """The plan's awards, fixed lines among them."""
        return self.compiled.options.awards(self.chosen)

    def certificate(self) -> Certificate:
        """The multipliers that the folder holds."""
        data = json.loads((self.folder / "certificate.json").read_text(encoding="utf-8"))
        return Certificate.from_json(data, len(self.compiled.program.clauses))


def is_finished(folder: Path) -> bool:
    """Whether a folder is that of a finished run."""
    return (folder / "plan.json").is_file()


def reopen(folder: Path, sets: Sequence[str] = ()) -> Finished:
    """The run of a folder; `sets` are changes laid over its scenario, its awards staying what they are.

    Nothing is checked here that `verify` checks. Raises `InputFaults` where scenario or records say what cannot be.
    """
    said = json.loads((folder / "plan.json").read_text(encoding="utf-8"), parse_float=Decimal)
    loaded = load(folder / "resolved.yaml", sets)
    tables = read_tables(loaded, folder)
    compiled = compile_scenario(loaded, tables)
    if not sets:
        compiled = Held.from_json(compiled, said.get("held", ())).whole
    chosen, lost = chosen_of(said, compiled)
    if lost:
        raise ValueError("; ".join(str(f) for f in lost))
    return Finished(folder, said, loaded, tables, compiled, chosen)

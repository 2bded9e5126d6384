"""The scenarios of a grid of values: all checked before any is solved, over records that are read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from allocator.audit.folder import read_tables as read_records
from allocator.pipeline import check_tables, read_tables
from allocator.problems import InputFaults, Place, Problem, Problems
from allocator.records import Tables
from allocator.scenario import Loaded, load
from allocator.studies.axes import Axis
from allocator.studies.case import Case, of_tables, scenario_of
from allocator.words import say


class Reader:
    """Compiles scenarios over records that are read again only where a scenario could read them differently."""

    def __init__(self, source: Path) -> None:
        """`source`: a scenario's file, or a run's folder, which has its records with it."""
        self.folder = source if source.is_dir() else None
        self.known: dict[str, Tables] = {}

    def case(self, loaded: Loaded) -> Case:
        """The case of a loaded scenario."""
        sheets = loaded.policy.sheets(loaded.scenario)
        key = f"{loaded.scenario.data!r} {sheets!r}"
        if key not in self.known:
            self.known[key] = self._read(loaded)
        tables = self.known[key]
        check_tables(loaded, tables, Problems())
        return of_tables(loaded, tables)

    def _read(self, loaded: Loaded) -> Tables:
        if self.folder is not None:
            return read_records(loaded, self.folder)
        tables, problems = read_tables(loaded)
        check_tables(loaded, tables, problems)
        return tables


def check_grid(
    scenario: Path, axes: Sequence[Axis], grid: Sequence[tuple[str, ...]], sets: Sequence[str]
) -> list[Loaded]:
    """Every scenario of the grid. Raises `InputFaults` with what is wrong at the first values that cannot be.

    A floor, target or cap that is moved past another is told to take that with it.
    """
    file = scenario_of(scenario)
    found: list[Loaded] = []
    faults: dict[tuple[str, str], Problem] = {}
    for values in grid:
        said = [axis.sets(value) for axis, value in zip(axes, values, strict=True)]
        try:
            found.append(load(file, [*sets, *said]))
        except InputFaults as wrong:
            for p in wrong.problems:
                crossed = p.code == "limits.crossed"
                mend = say("sweep.move_too", value=", ".join(said)) if crossed else p.mend
                own = replace(p, mend=mend, place=_as_typed(p.place, said))
                faults.setdefault((p.code, str(p.place.key)), own)
    if faults:
        raise InputFaults(list(faults.values()))
    return found


def _as_typed(place: Place, said: Sequence[str]) -> Place:
    """The place by the option that it was typed in: a value of an axis comes from --over, not from --set."""
    over = {f"--set {one}": f"--over {one}" for one in said}
    return replace(place, file=over.get(place.file, place.file))

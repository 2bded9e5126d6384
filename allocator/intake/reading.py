"""Reads every table of an input: files → sheets → headings → records, with all faults at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allocator.data import DataSettings, TableSource
from allocator.intake.book import Book, open_book, shown
from allocator.intake.choose import Wanted, choose
from allocator.intake.columns import bind
from allocator.intake.names import nearest
from allocator.problems import Place, Problems
from allocator.records import Records, Sheet


def read(data: DataSettings, sheets: Sequence[Sheet], problems: Problems, base: Path) -> dict[str, Records]:
    """The tables of `data` by the sheets' keys; a relative path is taken from the folder `base`.

    Faults are noted in `problems`, each with its file, sheet and cell; the caller stops on them
    (`problems.stop()`), so that nothing is used half. Optional sheets that are not there are left out.
    """
    known = {s.key for s in sheets}
    for name in data.tables:
        if name not in known:
            near = nearest(name, known) or ", ".join(sorted(known))
            problems.add(Place("scenario", key=f"data.{name}"), "intake.source_unknown", name=name, near=near)
    by_file: dict[Path, list[Wanted]] = {}
    for sheet in sheets:
        source = data.source(sheet.key)
        if source is None or source.file is None:
            if sheet.required:
                place = Place("scenario", key=f"data.{sheet.key}")
                problems.add(place, "intake.source_absent", title=sheet.title, name=sheet.key)
            continue
        own = sheet.key in data.tables and data.tables[sheet.key].file is not None
        by_file.setdefault(base / source.file, []).append(Wanted(sheet, _own(source, own)))
    found: dict[str, Records] = {}
    for path, wanted in by_file.items():
        book = open_book(path, shown(path, base), problems)
        if book is not None:
            found.update(_from(book, wanted, problems))
    return {s.key: found[s.key] for s in sheets if s.key in found}


def _own(source: TableSource, own: bool) -> TableSource:
    """`source`, its file kept only where the scenario gives this table a file of its own."""
    return source if own else source.model_copy(update={"file": None})


def _from(book: Book, wanted: Sequence[Wanted], problems: Problems) -> dict[str, Records]:
    grids = choose(book, wanted, problems)
    found: dict[str, Records] = {}
    for w in wanted:
        if w.sheet.key in grids:
            records = bind(grids[w.sheet.key], w.sheet, w.source, problems)
            if records is not None:
                found[w.sheet.key] = records
            else:
                problems.lost.add(w.sheet.key)
    return found

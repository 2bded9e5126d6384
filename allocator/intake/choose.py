"""Which sheet of a workbook is which table: by name in either language, by part of it, else by its headings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from allocator.data import TableSource
from allocator.intake.book import Book
from allocator.intake.grid import Grid
from allocator.intake.headings import find, find_named
from allocator.intake.names import key
from allocator.problems import Place, Problems
from allocator.records import Sheet
from allocator.words import Text

_NOTES = frozenset(map(key, ("填表说明", "说明", "封面", "目录", "notes", "readme", "cover", "instructions")))


@dataclass(frozen=True)
class Wanted:
    """A table that is looked for in a workbook, and what the scenario says about it."""

    sheet: Sheet
    source: TableSource

    @property
    def names(self) -> frozenset[str]:
        """The comparable names of its sheet."""
        s = self.sheet
        return frozenset(map(key, (s.title.zh, s.title.en, s.key, *s.aliases)))


def choose(book: Book, wanted: Sequence[Wanted], problems: Problems) -> Mapping[str, Grid]:
    """The grid of each table that is there, by the table's key; required ones that are not are faults."""
    taken: dict[str, str | None] = {}
    refused: set[str] = set()
    names = {name: key(name or "") for name in book.names}

    def free() -> list[str | None]:
        return [n for n in book.names if n not in taken.values()]

    for w in wanted:
        if w.source.sheet is not None:
            exact = [n for n in book.names if names[n] == key(w.source.sheet)]
            if exact:
                taken[w.sheet.key] = exact[0]
            else:
                refused.add(w.sheet.key)
                _absent(book, w, w.source.sheet, problems)
        else:
            exact = [n for n in book.names if names[n] in w.names]
            if len(exact) > 1:
                refused.add(w.sheet.key)
                said = ", ".join(map(str, exact))
                problems.add(
                    Place(book.file, exact[1]), "intake.sheet_twice", title=w.sheet.title, names=said
                )
            elif exact:
                taken[w.sheet.key] = exact[0]

    left = [w for w in wanted if w.sheet.key not in taken and w.sheet.key not in refused]
    _take(taken, left, free, lambda w, n: _in_part(names[n], w.names))
    left = [w for w in left if w.sheet.key not in taken]
    grids = {n: book.grid(n, problems) for n in free()} if left else {}
    fits = {
        (w.sheet.key, n): _fit(grid, w) for w in left for n, grid in grids.items() if grid and book.visible[n]
    }
    for n in free():
        by_fit = sorted(
            ((fits.get((w.sheet.key, n), 0), w) for w in left if w.sheet.key not in taken),
            key=lambda f: -f[0],
        )
        if by_fit and by_fit[0][0] and (len(by_fit) == 1 or by_fit[0][0] > by_fit[1][0]):
            rivals = [m for m in free() if fits.get((by_fit[0][1].sheet.key, m), 0) >= by_fit[0][0]]
            if len(rivals) == 1:
                taken[by_fit[0][1].sheet.key] = n
                if n is not None and len(book.names) > 1:
                    problems.add(
                        Place(book.file, n),
                        "intake.sheet_taken",
                        level="notice",
                        title=by_fit[0][1].sheet.title,
                    )
    missing: list[Text] = []
    for w in left:
        if w.sheet.key in taken:
            continue
        if len(book.names) == 1 and free() and (w.sheet.required or w.source.file is not None):
            taken[w.sheet.key] = book.names[0]
        elif w.sheet.required or w.source.columns:
            _absent(book, w, w.sheet.title.zh, problems)
        else:
            missing.append(w.sheet.title)
    if missing:
        # Fixed lines that are missed free their money: nobody may overlook that a sheet was not there.
        titles = Text("”“".join(t.zh for t in missing), "”, “".join(t.en for t in missing))
        problems.add(Place(book.file), "intake.sheet_left_out", level="notice", title=titles)
    _unread(book, free(), problems)
    chosen = {k: book.grid(n, problems) for k, n in taken.items()}
    return {k: grid for k, grid in chosen.items() if grid is not None}


def _take(
    taken: dict[str, str | None],
    left: Sequence[Wanted],
    free: Callable[[], list[str | None]],
    fits: Callable[[Wanted, str | None], bool],
) -> None:
    """Give each table the one free sheet that fits it alone; leave what is ambiguous."""
    pairs = [(w, n) for w in left for n in free() if fits(w, n)]
    for w, n in pairs:
        if sum(v is w for v, _ in pairs) == 1 and sum(m == n for _, m in pairs) == 1:
            taken[w.sheet.key] = n


def _in_part(name: str, known: Collection[str]) -> bool:
    return any(min(len(name), len(k)) >= 3 and (name in k or k in name) for k in known)


def _fit(grid: Grid, w: Wanted) -> int:
    """How many columns of the table a sheet has, 0 where one that is required lacks."""
    named = [c.column for c in w.source.columns.values() if c.column is not None]
    if named:
        row = find_named(grid, named)
        there = {key(t.text) for t in row[1].values()} if row else set()
        return len(named) if all(key(n) in there for n in named) else 0
    found = find(grid, w.sheet)
    needed = {f.key for f in w.sheet.fields if f.required} - set(w.source.constants)
    return len(found.fields) if found and needed <= found.fields else 0


def _absent(book: Book, w: Wanted, name: str, problems: Problems) -> None:
    there = ", ".join(n for n in book.names if n)
    problems.add(Place(book.file), "intake.sheet_absent", name=name, there=there)


def _unread(book: Book, names: Sequence[str | None], problems: Problems) -> None:
    for name in names:
        if name is not None and book.visible[name] and key(name) not in _NOTES:
            problems.add(Place(book.file, name), "intake.sheet_unread", level="notice")

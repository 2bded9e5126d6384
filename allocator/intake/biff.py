"""What the fast reader does not tell about an .xls: its error cells, and whether it is sound enough to be read.

calamine reserves memory for as many cells as a damaged file claims, and the process dies of it.
An .xls is a small file system (compound file) whose `Workbook` stream is a chain of records; the sheets' BOOLERR and
FORMULA records are looked through. Source: the published formats MS-CFB and MS-XLS.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cached_property

from allocator.intake.grid import Odd
from allocator.intake.looks import Looks

_BOF, _EOF, _BOUNDSHEET, _DIMENSIONS, _STRINGS = 0x0809, 0x000A, 0x0085, 0x0200, 0x00FC
_BOOLERR, _FORMULA = 0x0205, 0x0006
_CELLS = frozenset((_FORMULA, 0x0201, 0x0203, 0x0204, _BOOLERR, 0x027E, 0x00FD, 0x00BD, 0x00BE, 0x00D6))
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_LAST = 0xFFFFFFF0
"""Sector numbers from here on end a chain."""
_ROWS, _COLUMNS = 65_536, 256


class Unsound(Exception):
    """An .xls whose records point outside of it or of a sheet: reading it could take the whole process down."""


class Biff:
    """An .xls. Raises `Unsound`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._odd = {name: list(self._sheet(start)) for name, start in self._sheets().items()}
        if not self._odd:
            raise Unsound

    def too_large(self, sheet: str) -> str | None:
        """Never: the format ends at 65,536 rows of 256 cells."""
        return None

    def looks(self, sheet: str) -> Looks | None:
        """Not looked up: formats, hidden rows and struck-out cells are unknown."""
        return None

    def odd(self, sheet: str) -> Iterator[tuple[int, int, Odd]]:
        """Error cells: row, column (from 0), and the error."""
        yield from self._odd.get(sheet, ())

    def _sheet(self, start: int) -> Iterator[tuple[int, int, Odd]]:
        """The error cells of the sheet whose records begin at `start`."""
        if start >= len(self._stream):
            raise Unsound
        depth = 0
        for kind, body in self._records(start):
            depth += (kind == _BOF) - (kind == _EOF)
            if depth == 0:
                return
            if kind == _DIMENSIONS and len(body) >= 10:
                top, rows, left, columns = struct.unpack_from("<IIHH" if len(body) >= 14 else "<HHHH", body)
                if top > rows or rows > _ROWS or left > columns or columns > _COLUMNS:
                    raise Unsound
            if kind not in _CELLS or len(body) < 4:
                continue
            row, column = struct.unpack_from("<HH", body)
            if column >= _COLUMNS:
                raise Unsound
            code = None
            if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
                code = body[6]
            elif kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
                code = body[8]
            if code is not None:
                yield row, column, Odd("cell_error", _ERRORS.get(code, "#N/A"))

    def _sheets(self) -> dict[str, int]:
        """Sheet name -> where its records begin."""
        found: dict[str, int] = {}
        for kind, body in self._records(0):
            if kind == _EOF:
                break
            if (
                kind == _STRINGS
                and len(body) >= 8
                and struct.unpack_from("<I", body, 4)[0] > len(self._stream)
            ):
                raise Unsound
            if kind == _BOUNDSHEET and len(body) > 8:
                (start,) = struct.unpack_from("<I", body)
                name = body[8 : 8 + body[6] * (2 if body[7] & 1 else 1)]
                found[name.decode("utf-16-le" if body[7] & 1 else "latin-1", "replace")] = start
        return found

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        stream = self._stream
        while at + 4 <= len(stream):
            kind, size = struct.unpack_from("<HH", stream, at)
            yield kind, stream[at + 4 : at + 4 + size]
            at += 4 + size

    @cached_property
    def _stream(self) -> bytes:
        """The `Workbook` stream, empty where there is none."""
        try:
            (directory,) = struct.unpack_from("<I", self._data, 48)
            entries = self._chain(directory)
            for at in range(0, len(entries) - 127, 128):
                (length,) = struct.unpack_from("<H", entries, at + 64)
                name = entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
                if name in ("Workbook", "Book"):
                    start, size = struct.unpack_from("<II", entries, at + 116)
                    return self._chain(start)[:size]
        except (struct.error, IndexError) as error:
            raise Unsound from error
        return b""

    @cached_property
    def _table(self) -> tuple[int, ...]:
        """The sector after each sector."""
        data, size = self._data, self._size
        sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _LAST]
        (more,) = struct.unpack_from("<I", data, 68)
        while more < _LAST and len(sectors) <= len(data) // size:
            part = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
            sectors += [s for s in part[:-1] if s < _LAST]
            more = part[-1]
        return tuple(n for s in sectors for n in struct.unpack_from(f"<{size // 4}I", data, (s + 1) * size))

    @cached_property
    def _size(self) -> int:
        """Bytes in a sector."""
        size = {9: 512, 12: 4096}.get(struct.unpack_from("<H", self._data, 30)[0])
        if size is None:
            raise Unsound
        return size

    def _chain(self, sector: int) -> bytes:
        size = self._size
        parts: list[bytes] = []
        while sector < _LAST and len(parts) <= len(self._table):
            parts.append(self._data[(sector + 1) * size : (sector + 2) * size])
            sector = self._table[sector]
        return b"".join(parts)

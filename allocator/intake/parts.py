"""What the fast reader does not tell about an .xlsx: error cells, formulas never calculated, percent formats, size.

calamine gives #DIV/0! and a formula without its value as blank, which would be a silent misreading. The sheet's own
XML is searched for them (a byte search where there are none, which is nearly always). Reading every part through
`zipfile` first also proves that each is as large as the file's directory says, so that nothing explodes later.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from allocator.intake.grid import Odd, letters
from allocator.intake.looks import Looks, looks

LARGEST = 1 << 29
"""Bytes that a workbook may unpack to."""
RATIO, RATIO_FROM = 500, 64 << 20
"""A part that unpacks to more than `RATIO` times its packed size, and to more than `RATIO_FROM` bytes, is a bomb."""
MOST_CELLS = 20_000_000
"""Cells from A1 to the last one that a sheet may span: a stray entry far out would otherwise fill the memory."""

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.S)
_STALE = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
_EMPTY_F = re.compile(
    rb"<(?:\w+:)?f\b[^>]*/>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v>", re.S)
_AT = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_FAR = re.compile(rb'\br="[A-Z]{3}\d')
_WIDE = re.compile(rb'\br="[A-Z]{2}\d')
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Bomb(Exception):
    """A workbook that unpacks to far more than it holds."""


class NotWorkbook(Exception):
    """A zip archive that holds no workbook."""


class Locked(Exception):
    """A zip archive with a password."""


class Parts:
    """The parts of an .xlsx.

    Raises `Bomb`, `NotWorkbook`, `Locked`, or `zipfile.BadZipFile` and its like where it is torn.
    """

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            packed, unpacked = sum(e.compress_size for e in entries), sum(e.file_size for e in entries)
            swollen = any(e.file_size > max(RATIO_FROM, RATIO * e.compress_size) for e in entries)
            if any(e.flag_bits & 1 for e in entries):
                raise Locked
            if unpacked > LARGEST or packed > len(data) or swollen:
                raise Bomb
            names = {e.filename for e in entries}
            self._is_xlsx = "xl/workbook.xml" in names
            if not (self._is_xlsx or {"xl/workbook.bin", "content.xml"} & names):
                raise NotWorkbook
            texts = [
                n for n in names if n.endswith((".xml", ".rels", ".bin")) and not n.startswith("xl/media/")
            ]
            self._parts = {name: archive.read(name) for name in texts}
        self._paths = self._sheets()

    def _sheets(self) -> dict[str, str]:
        """Sheet name -> its part."""
        if not self._is_xlsx:
            return {}
        relations = ElementTree.fromstring(self._parts.get("xl/_rels/workbook.xml.rels", b"<r/>"))
        targets = {r.get("Id"): r.get("Target", "") for r in relations}
        sheets = ElementTree.fromstring(self._parts["xl/workbook.xml"]).iter(f"{_NS}sheet")
        return {
            s.get("name", ""): posixpath.normpath(posixpath.join("/xl", targets.get(s.get(_REL), ""))).lstrip(
                "/"
            )
            for s in sheets
        }

    def _xml(self, sheet: str) -> bytes:
        return self._parts.get(self._paths.get(sheet, ""), b"")

    def too_large(self, sheet: str) -> str | None:
        """The far cell of a sheet that spans more than `MOST_CELLS`, None where it does not."""
        xml = self._xml(sheet)
        end = max(xml.rfind(b"v>"), xml.rfind(b"is>"), 0)
        last = _AT.search(xml, max(xml.rfind(b"<c ", 0, end), xml.rfind(b":c ", 0, end), 0))
        rows = int(last[2]) if last else 0
        widest = 16_384 if _FAR.search(xml) else 702 if _WIDE.search(xml) else 26
        if rows * widest <= MOST_CELLS:
            return None
        filled = [(row, column) for row, column, _, inner in _cells(xml) if b"v>" in inner or b"is>" in inner]
        row, column = max((r for r, _ in filled), default=0), max((c for _, c in filled), default=0)
        return f"{letters(column)}{row + 1}" if (row + 1) * (column + 1) > MOST_CELLS else None

    def odd(self, sheet: str) -> Iterator[tuple[int, int, Odd]]:
        """Error cells and formulas that were never calculated: row, column (from 0), and what stands there."""
        xml = self._xml(sheet)
        if b't="e"' not in xml and not _STALE.search(xml) and not _EMPTY_F.search(xml):
            return
        for row, column, attributes, inner in _cells(xml):
            if b't="e"' in attributes:
                value = _VALUE.search(inner)
                yield row, column, Odd("cell_error", value[1].decode("utf-8", "replace") if value else "#N/A")
            elif b't="str"' not in attributes and (b"</f>" in inner or _EMPTY_F.search(inner + b"</c>")):
                value = _VALUE.search(inner)
                if not (value and value[1].strip()):
                    yield row, column, Odd("cell_stale")

    def looks(self, sheet: str) -> Looks | None:
        """What the sheet's look says beside its values."""
        if not self._is_xlsx:
            return None
        xml = self._xml(sheet)
        return looks(self._parts.get("xl/styles.xml", b""), xml, _cells(xml))


def _cells(xml: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    for found in _CELL.finditer(xml):
        at = _AT.search(found[1])
        if at:
            yield int(at[2]) - 1, _column(at[1]), found[1], found[2] or b""


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number - 1

"""Opens what people hand in: .xlsx, .xls, .ods, .parquet and delimited text, told apart by content, never by name.

Whatever is no table (encrypted, torn, empty, text named .xlsx, a bomb) is one located fault and no traceback.
"""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import python_calamine

from allocator.intake import parquet, text
from allocator.intake.biff import Biff, Unsound
from allocator.intake.grid import Cell, Grid
from allocator.intake.parts import Bomb, Locked, NotWorkbook, Parts
from allocator.problems import Place, Problems

LARGEST_FILE = 400 << 20
"""Bytes of the largest file that is opened."""

_LARGEST_LOCK = 1024
"""Bytes; what Excel and WPS leave beside an open workbook holds a user's name, in 165."""


class _Refused(Exception):
    """A file that is no table: the fault's code, the line where one is to blame, and the message's values."""

    def __init__(self, code: str, line: int | None = None, **values: Any) -> None:
        self.code, self.line, self.values = code, line, values
        super().__init__(code)


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta", b"<head", b"<body")


@dataclass(frozen=True, eq=False)
class Book:
    """An open file: the names of its sheets (one nameless sheet for text), each read when first asked for."""

    file: str
    names: tuple[str | None, ...]
    visible: Mapping[str | None, bool]
    _load: Any

    def grid(self, name: str | None, problems: Problems) -> Grid | None:
        """The sheet `name`, None where it cannot be read; the fault is then noted."""
        found: Grid | None = self._load(name, problems)
        return found


def shown(path: Path, base: Path) -> str:
    """How messages name `path`: relative to the scenario's folder where it lies in it, else its name alone."""
    try:
        inside = os.path.normpath(path).removeprefix(os.path.normpath(base.resolve()) + os.sep)
    except OSError:
        inside = path.name
    return path.name if os.path.isabs(inside) or inside.startswith("..") else inside


def open_book(path: Path, file: str, problems: Problems) -> Book | None:
    """The file at `path`, called `file` in messages; None with the fault noted where it cannot be read."""
    try:
        data = _bytes(path)
        if path.name.startswith("~$") and len(data) < _LARGEST_LOCK:
            raise _Refused("file_lock", name=path.name.removeprefix("~$"))
        if data.startswith(b"PK"):
            return _workbook(data, file, Parts(data))
        if data.startswith(parquet.MAGIC):
            return _parquet(file, data)
        if data.startswith(_OLE):
            if _ENCRYPTED in data:
                raise _Refused("file_encrypted")
            return _workbook(data, file, Biff(data))
        return _text(path, file, data)
    except _Refused as refused:
        code, line, values = refused.code, refused.line, refused.values
    except Bomb:
        code, line, values = "file_bomb", None, {}
    except NotWorkbook:
        code, line, values = "file_kind", None, {}
    except Locked:
        code, line, values = "file_encrypted", None, {}
    except (
        Unsound,
        BadZipFile,
        ParseError,
        OSError,
        ValueError,
        KeyError,
        NotImplementedError,
        EOFError,
        zlib.error,
    ):
        code, line, values = "file_torn", None, {}
    problems.add(Place(file, line=line), f"intake.{code}", **values)
    return None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what a panic in calamine's Rust prints, beside Python's own streams, off the user's screen."""
    try:
        kept = os.dup(2)
    except OSError:  # no standard error to keep clean
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise _Refused("file_folder")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _Refused("file_huge", most=LARGEST_FILE >> 20)
        data = path.read_bytes()
    except FileNotFoundError:
        raise _Refused("file_absent", folder=path.resolve().parent) from None
    except OSError as error:
        raise _Refused("file_closed", reason=error.strerror or type(error).__name__) from None
    if not data.strip(b" \t\r\n\xef\xbb\xbf\0"):
        raise _Refused("file_empty")
    return data


def _workbook(data: bytes, file: str, parts: Parts | Biff) -> Book:
    try:
        with _quiet():
            book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [s for s in book.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
    except python_calamine.PasswordError:
        raise _Refused("file_encrypted") from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic in calamine's Rust is no Exception
        raise _Refused("file_torn") from None
    if not sheets:  # calamine passes over a list of sheets that is no XML
        raise _Refused("file_torn")
    shown_to_people = python_calamine.SheetVisibleEnum.Visible
    visible: dict[str | None, bool] = {s.name: s.visible == shown_to_people for s in sheets}

    @cache
    def load(name: str, problems: Problems) -> Grid | None:
        return _sheet(book, parts, file, name, visible[name], problems)

    return Book(file, tuple(visible), visible, load)


def _sheet(
    book: Any, parts: Parts | Biff, file: str, name: str, visible: bool, problems: Problems
) -> Grid | None:
    far = parts.too_large(name)
    if far:
        problems.add(Place(file, name, far), "intake.sheet_huge")
        return None
    try:
        with _quiet():
            sheet = book.get_sheet_by_name(name)
            rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
        merged = tuple(sheet.merged_cell_ranges or ())
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:
        problems.add(Place(file, name), "intake.sheet_torn")
        return None
    for row, column, odd in parts.odd(name):
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = odd
    return Grid(file, name, rows, merged, visible, cache(lambda: parts.looks(name)))


def _parquet(file: str, data: bytes) -> Book:
    try:
        grid = Grid(file, None, parquet.rows(data))
    except parquet.NoReader:
        raise _Refused("file_parquet") from None
    return Book(file, (None,), {None: True}, lambda _name, _problems: grid)


def _text(path: Path, file: str, data: bytes) -> Book:
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise _Refused("file_markup")
    try:
        content = text.decode(data)
    except text.NotText:
        raise _Refused("file_kind") from None
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".et", ".ods"):
        raise _Refused("file_text", suffix=path.suffix)
    try:
        rows = text.rows(content)
    except text.Torn as torn:
        raise _Refused("file_quotes", line=torn.line) from None
    grid = Grid(file, None, rows)
    return Book(file, (None,), {None: True}, lambda _name, _problems: grid)

"""Delimited text as rows of cells: its encoding and its delimiter are found by looking, not asked for."""

from __future__ import annotations

import csv
import io
from itertools import islice

from allocator.intake.grid import Cell

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t|，"


class NotText(Exception):
    """Bytes that are no text in an encoding that tables come in."""


class Torn(Exception):
    """Text whose quotes do not close; `line` is where the row that cannot be read begins."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)


def decode(data: bytes) -> str:
    """`data` as text: UTF-8 with or without a byte-order mark, GB18030, or UTF-16 with one. Raises `NotText`."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data:
        raise NotText
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotText


def delimiter(text: str) -> str:
    """The character that parts the most cells alike over the first rows; a comma where nothing does."""
    if text[:4].casefold() == "sep=":
        return text[4:5]

    def fit(candidate: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:65_536], newline=""), delimiter=candidate)
        wide = [len(row) for row in islice(reader, 20) if len(row) > 1]
        common = max(set(wide), key=wide.count, default=1)
        return wide.count(common), common

    return max(DELIMITERS, key=fit)


def rows(text: str) -> list[list[Cell]]:
    """The cells of `text`, all str. Raises `Torn`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    found: list[list[Cell]] = []
    line = 0
    try:
        for row in reader:
            found.append(row)
            line = reader.line_num
    except csv.Error as error:
        raise Torn(line + 1) from error
    return found

"""Reads one YAML file into a tree that knows its places.

Only data: no tags, no merge keys, no repeated keys, and aliases only as far as they stay small. It is built on the
parser's events, which is a third faster than composing and keeps every key's own place.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from allocator.money import LARGEST, Written
from allocator.problems import Place, Problems
from allocator.scenario.tree import EMPTY, Empty, Keys, Node, Scalar, Source, seen_from

MOST_BYTES = 4_000_000
MOST_NODES = 200_000
"""A scenario with more values than this, its aliases written out, is refused."""

_NULL = {"~", "null", "Null", "NULL"}
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# A leading zero makes a code, not a number: 007 stays text.
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,4})?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How .xlsx and .xls files begin: people hand in the workbook where its scenario is asked for."""

_SYNTAX = (
    ("mapping values are not allowed", "mapping_values"),
    ("found character '\\t'", "tab"),
    ("could not find expected ':'", "no_colon"),
    ("expected ',' or", "unclosed"),
    ("but found '<stream end>'", "unclosed"),
    ("expected <block end>", "indent"),
    ("expected '<document start>'", "indent"),
    ("sequence entries are not allowed", "dash"),
    ("found unexpected end of stream", "unclosed_quote"),
    ("cannot start any token", "first_character"),
)
"""How the parser words a fault (a part of it) -> the message that says it plainly."""

_BEGUN_BEFORE = ("no_colon", "unclosed_quote")
"""Faults of something that began earlier: there is where they are mended."""


class _Stop(Exception):
    """The file cannot be read any further; its fault is noted."""


def read_file(file: Path, problems: Problems) -> Node | None:
    """The tree of a file; None, with the fault noted, where it cannot be read as a mapping."""
    place = Place(seen_from(Path.cwd(), file))
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        problems.add(place, "scenario.no_file")
        return None
    except OSError as error:
        problems.add(place, "scenario.unreadable_file", error=error.strerror or error)
        return None
    if len(data) > MOST_BYTES:
        problems.add(place, "scenario.too_large")
        return None
    if data.startswith(_WORKBOOK):
        problems.add(place, "scenario.workbook")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add(Place(place.file, line=line), "scenario.not_utf8")
        return None
    node = read_text(text, Source(file), problems)
    if node is not None and (isinstance(node.value, Empty) or node.value is None):
        problems.add(place, "scenario.empty_file")
        return None
    if node is not None and not isinstance(node.value, Mapping):
        hint = "scenario.full_width_colon" if "：" in text else "scenario.not_a_scenario"
        problems.add(node.at.place(), hint)
        return None
    return node


def read_text(text: str, source: Source, problems: Problems) -> Node | None:
    """The tree of a YAML text whose beginning is at `source`; None, with the fault noted, where it is none."""
    if wrong := _UNPRINTABLE.search(text):
        above = text[: wrong.start()].splitlines() or [""]
        at = replace(source, line=len(above), column=len(above[-1]) + 1)
        problems.add(at.place(), "scenario.unprintable", seen=f"U+{ord(wrong[0]):04X}")
        return None
    builder = _Builder(text, source, problems)
    try:
        return builder.document()
    except _Stop:
        return None
    except MarkedYAMLError as error:
        builder.syntax(error)
        return None
    except (YAMLError, ValueError) as error:
        problems.add(source.place(), "scenario.syntax", said=str(error).splitlines()[0])
        return None
    except RecursionError:
        problems.add(source.place(), "scenario.too_deep")
        return None


class _Builder:
    def __init__(self, text: str, source: Source, problems: Problems) -> None:
        self.events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(io.StringIO(text)))
        self.lines = text.splitlines()
        self.origin = source
        self.problems = problems
        self.anchors: dict[str, Node | None] = {}
        self.sizes: dict[str, int] = {}
        self.nodes = 0
        self.open: list[Any] = []

    def source(self, mark: Any) -> Source:
        if self.origin.file is None:
            return self.origin
        return Source(self.origin.file, mark.line + 1, mark.column + 1)

    def syntax(self, error: MarkedYAMLError) -> None:
        """Note what the parser could not read, where it went wrong rather than where the parser gave up."""
        said = str(error.problem or error.context or error)
        code = next((code for part, code in _SYNTAX if part in said), "syntax")
        mark = error.problem_mark or error.context_mark
        if code == "unclosed" and self.open:
            mark = self.open[-1]
        elif code in _BEGUN_BEFORE and error.context_mark is not None:
            mark = error.context_mark
        line = self.lines[mark.line] if mark is not None and mark.line < len(self.lines) else ""
        if "：" in line:
            code = "full_width_colon"
        at = self.origin if mark is None else self.source(mark)
        self.problems.add(at.place(), f"scenario.{code}", said=said)

    def document(self) -> Node | None:
        node: Node | None = None
        for event in self.events:
            if isinstance(event, StreamEndEvent):
                break
            if isinstance(event, DocumentStartEvent):
                if node is not None:
                    self.stop(event, (), "two_documents")
                node = self.node(next(self.events), ())
        return node or Node(EMPTY, self.origin)

    def stop(self, event: Any, keys: Keys, code: str, **values: Any) -> None:
        self.problems.add(self.source(event.start_mark).place(keys), f"scenario.{code}", **values)
        raise _Stop

    def node(self, event: Any, keys: Keys, key: Source | None = None) -> Node:
        self.nodes += 1
        if isinstance(event, AliasEvent):
            return self.alias(event, keys, key)
        self.check_tag(event, keys)
        before = self.nodes
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        at = self.source(event.start_mark)
        if isinstance(event, ScalarEvent):
            node = Node(self.scalar(event, keys), at, key)
        else:
            assert isinstance(event, (SequenceStartEvent, MappingStartEvent))
            self.open.append(event.start_mark)
            many = self.sequence if isinstance(event, SequenceStartEvent) else self.mapping
            node = Node(many(keys), at, key)
            self.open.pop()
        if event.anchor is not None:
            self.anchors[event.anchor] = node
            self.sizes[event.anchor] = self.nodes - before + 1
        if self.nodes > MOST_NODES:
            self.stop(event, keys, "too_many_values", most=MOST_NODES)
        return node

    def alias(self, event: Any, keys: Keys, key: Source | None) -> Node:
        if event.anchor not in self.anchors:
            self.stop(event, keys, "no_anchor", name=event.anchor)
        node = self.anchors[event.anchor]
        if node is None:
            self.stop(event, keys, "anchor_in_itself", name=event.anchor)
        assert node is not None
        self.nodes += self.sizes[event.anchor]
        if self.nodes > MOST_NODES:
            self.stop(event, keys, "too_many_values", most=MOST_NODES)
        return Node(node.value, node.at, key)

    def check_tag(self, event: Any, keys: Keys) -> None:
        tag = str(event.tag) if event.tag is not None else ""
        if tag not in ("", "!", "tag:yaml.org,2002:str"):
            self.stop(event, keys, "tag", tag=tag.replace("tag:yaml.org,2002:", "!!"))

    def sequence(self, keys: Keys) -> tuple[Node, ...]:
        found: list[Node] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            node = self.node(event, (*keys, len(found)))
            if isinstance(node.value, Empty):
                self.problems.add(node.at.place((*keys, len(found))), "scenario.empty_item")
                continue
            found.append(node)
        return tuple(found)

    def mapping(self, keys: Keys) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                self.stop(event, keys, "key_not_text")
            self.check_tag(event, keys)
            key, at = str(event.value), self.source(event.start_mark)
            if event.style == '"' and isinstance(text := self.quoted(event, key, keys), str):
                key = text
            here = (*keys, key)
            if key == "<<" and event.style is None:
                self.stop(event, keys, "merge_key")
            node = self.node(next(self.events), here, at)
            if key in found:
                self.problems.add(
                    at.place(here), "scenario.duplicate_key", key=key, line=found[key].head.line
                )
                continue
            found[key] = node
        return found

    def scalar(self, event: Any, keys: Keys) -> Scalar | Empty:
        text = str(event.value)
        if event.style == '"':
            return self.quoted(event, text, keys)
        if event.style is not None or event.tag is not None:
            return text
        try:
            return read_scalar(text)
        except ValueError:
            code = "scenario.not_finite" if _NOT_FINITE.fullmatch(text) else "money.too_long"
            place = self.source(event.start_mark).place(keys)
            self.problems.add(place, code, seen=text, digits=LARGEST)
            return EMPTY

    def quoted(self, event: Any, text: str, keys: Keys) -> str | Empty:
        """Text in double quotes, whose escapes may stand for what no cell and no file can hold."""
        # JSON writes characters beyond U+FFFF as two escapes.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        if wrong := _UNPRINTABLE.search(text):
            place = self.source(event.start_mark).place(keys)
            self.problems.add(place, "scenario.unprintable", seen=f"U+{ord(wrong[0]):04X}")
            return EMPTY
        return text


def read_scalar(text: str) -> Scalar | Empty:
    """What bare `text` means in YAML 1.2. Raises `ValueError` for a number that cannot be used."""
    if text == "":
        return EMPTY
    if text in _NULL:
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(text)
    if not _DECIMAL.fullmatch(text):
        return text
    number = Decimal(text)
    if number and (abs(number.adjusted()) > LARGEST or len(text) > 2 * LARGEST):
        raise ValueError(text)
    return Written(text) if _INTEGER.fullmatch(text) else number

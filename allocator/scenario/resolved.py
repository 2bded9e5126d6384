"""Writes a scenario whole, as it was run: every value with where it was said; and the digest of its content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from allocator.data import file_keys
from allocator.scenario.layers import Resolved
from allocator.scenario.reader import read_scalar
from allocator.scenario.tree import Keys, Node, Source, seen_from
from allocator.words import LANGS, say

_BARE = re.compile(r"[^\W_](?:[\w ./%+（）()、，；。·《》〔〕“”-]*[\w%/+（）)、，；。·》〕”])?")
_ESCAPED = re.compile("[\x85\u2028\u2029\ufeff]")


def dump(resolved: Resolved, folder: Path | None = None) -> str:
    """The scenario as YAML that can be run again from `folder` (by default the scenario's own).

    Each value has a comment: the file, as seen from the scenario's own, and the line; after ← what it replaced. Paths
    to data are written relative to `folder`; no absolute path is.
    """
    folder = (folder or resolved.file.parent).resolve()
    head = [f"# {say('scenario.dump.head').to(lang)}" for lang in LANGS]
    files = {way: seen_from(folder, resolved.path(way)) for way in _files(resolved)}
    return "\n".join([*head, *_mapping(resolved, resolved.root, (), files)]) + "\n"


def digest(resolved: Resolved) -> str:
    """SHA-256 (hex) of the scenario's data: the same however it is split into files, and wherever these lie.

    Of paths to data only the file's name counts: its content has a digest of its own.
    """
    content = _canonical(resolved.root, (), {way: resolved.path(way).name for way in _files(resolved)})
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _files(resolved: Resolved) -> list[Keys]:
    data = resolved.root.child("data")
    if data is None or not isinstance(data.value, Mapping):
        return []
    return [("data", *way) for way in file_keys(data.plain())]


def _canonical(node: Node, keys: Keys, files: Mapping[Keys, str]) -> Any:
    if keys in files:
        return files[keys]
    if isinstance(node.value, Mapping):
        return {key: _canonical(below, (*keys, key), files) for key, below in node.value.items()}
    if isinstance(node.value, tuple):
        return [_canonical(item, (*keys, number), files) for number, item in enumerate(node.value)]
    value = node.plain()
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else {"decimal": f"{value.normalize():f}"}
    return value


def _mapping(resolved: Resolved, node: Node, keys: Keys, files: Mapping[Keys, str]) -> Iterator[str]:
    assert isinstance(node.value, Mapping)
    indent = "  " * len(keys)
    for key, below in node.value.items():
        here = (*keys, key)
        start = f"{indent}{_key(key)}:"
        if isinstance(below.value, Mapping) and below.value:
            yield start
            yield from _mapping(resolved, below, here, files)
        elif isinstance(below.value, tuple) and any(
            isinstance(i.value, (Mapping, tuple)) for i in below.value
        ):
            yield start
            for item in below.value:
                yield f"{indent}  - {_flow(item)}{_comment(resolved, item.at)}"
        else:
            value = _text(files[here]) if here in files else _flow(below)
            yield f"{start} {value}{_comment(resolved, below.at)}"


def _comment(resolved: Resolved, source: Source) -> str:
    said: list[str] = []
    at: Source | None = source
    while at is not None:
        if at.file is None:
            # Only the path: the value may be a place on somebody's machine.
            said.append(f"--set {at.said.partition('=')[0].strip()}")
        else:
            said.append(f"{seen_from(resolved.file.parent, at.file)}:{at.line}")
        at = at.over
    return "  # " + " ← ".join(" ".join(part.split()) for part in said)


def _flow(node: Node) -> str:
    if isinstance(node.value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(below)}" for key, below in node.value.items()) + "}"
    if isinstance(node.value, tuple):
        return "[" + ", ".join(_flow(item) for item in node.value) + "]"
    value = node.plain()
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else str(value)


def _key(key: str) -> str:
    # Every key is read as text, a year too.
    return key if key.isascii() and key.isdecimal() else _text(key)


def _text(text: str) -> str:
    """Text so that it reads back as the same text: bare where that is safe, else in double quotes."""
    if _BARE.fullmatch(text) and _is_text(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _is_text(text: str) -> bool:
    try:
        return isinstance(read_scalar(text), str)
    except ValueError:
        return False

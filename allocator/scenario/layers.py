"""Puts a scenario together: what it extends, its own keys over that, its overrides, then `--set`.

The layers are laid on in one order that reads as it is written: for a file, first each file that it `extends`, in the
listed order (each in the same way, so a file that is reached twice is laid on twice), then its own keys, then its
`overrides` in the listed order. Mappings merge key by key, keeping their order; lists and scalars replace; `null` takes
away what a layer below has said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from allocator.problems import Place, Problems
from allocator.scenario.near import nearest
from allocator.scenario.reader import read_file, read_text
from allocator.scenario.tree import EMPTY, Empty, Keys, Node, Source, dotted, seen_from, undotted

MOST_LAYERS = 200
_REST_OF_AMOUNT = re.compile(r"\d{3}(?!\d)")
OWN = ("extends", "overrides")
"""Keys that are used up in putting the scenario together."""


@dataclass(frozen=True)
class Resolved:
    """A scenario put together: its `root` mapping, and the file that it was asked for by."""

    root: Node
    file: Path

    def path(self, keys: Keys) -> Path:
        """The path that is written at `keys`, absolute: relative ones start from the file that says them."""
        node = self.root.at_keys(keys)
        if node is None or not isinstance(node.value, str):
            raise KeyError(dotted(keys))
        return (node.at.folder / node.value).resolve()


def resolve(file: Path, sets: Sequence[str], problems: Problems) -> Resolved | None:
    """The scenario of `file` with all its layers; None, with the faults noted, where a file cannot be read."""
    file = file.resolve()
    layers = _Layers(problems)
    tree = layers.lay(file, None, Node({}, Source(file)), ())
    for said in sets:
        tree = layers.set(tree, said)
    return None if layers.unreadable else Resolved(tree, file)


class _Layers:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.read: dict[Path, Node | None] = {}
        self.laid = 0
        self.unreadable = False

    def lay(self, file: Path, named: Node | None, tree: Node, chain: tuple[Path, ...]) -> Node:
        """`tree` with all layers of `file` laid on; `named` is the line that extends it."""
        place = named.at.place(("extends",)) if named else Place(seen_from(Path.cwd(), file))
        if file in chain:
            self.stop(place, "cycle", chain=" → ".join(p.name for p in (*chain[chain.index(file) :], file)))
            return tree
        self.laid += 1
        if self.laid > MOST_LAYERS:
            if self.laid == MOST_LAYERS + 1:
                self.stop(place, "too_many_layers", most=MOST_LAYERS)
            return tree
        if file not in self.read:
            if named and not file.is_file():
                self.stop(place, "no_such_base", file=str(named.value))
                self.read[file] = None
            else:
                self.read[file] = read_file(file, self.problems)
        layer = self.read[file]
        if layer is None or not isinstance(layer.value, Mapping):
            self.unreadable = True
            return tree
        for base in self.bases(layer):
            tree = self.lay((file.parent / str(base.value)).resolve(), base, tree, (*chain, file))
        own = {key: node for key, node in layer.value.items() if key not in OWN}
        tree = self.merge(tree, Node(own, layer.at), ())
        for override in self.overrides(layer):
            for path, node in override.items():
                tree = self.put(tree, path, node)
        return tree

    def stop(self, place: Place, code: str, **values: Any) -> None:
        self.problems.add(place, f"scenario.{code}", **values)
        self.unreadable = True

    def bases(self, layer: Node) -> tuple[Node, ...]:
        said = layer.child("extends")
        if said is None:
            return ()
        found = said.value if isinstance(said.value, tuple) else (said,)
        for node in found:
            if not isinstance(node.value, str):
                self.stop(node.at.place(("extends",)), "extends_not_path")
        return tuple(node for node in found if isinstance(node.value, str))

    def overrides(self, layer: Node) -> list[Mapping[str, Node]]:
        said = layer.child("overrides")
        if said is None:
            return []
        if not isinstance(said.value, tuple):
            self.problems.add(said.at.place(("overrides",)), "scenario.overrides_not_list")
            return []
        found: list[Mapping[str, Node]] = []
        for number, node in enumerate(said.value):
            if isinstance(node.value, Mapping):
                found.append(node.value)
            else:
                self.problems.add(node.at.place(("overrides", number)), "scenario.override_not_mapping")
        return found

    def set(self, tree: Node, said: str) -> Node:
        """`tree` with one `path=value` of the command line laid on."""
        source = Source(None, said=said)
        path, equals, text = said.partition("=")
        # An equals sign may be part of a quoted label: take the first one outside quotes.
        while equals and path.count('"') % 2:
            more, equals, text = text.partition("=")
            path = f"{path}={more}"
        if not equals:
            self.problems.add(source.place(), "scenario.set_without_value")
            return tree
        node = read_text(text, source, self.problems)
        return tree if node is None else self.put(tree, path, Node(node.value, node.at, source))

    def put(self, tree: Node, path: str, node: Node) -> Node:
        """`tree` with `node` laid on at a dotted path."""
        try:
            keys = undotted(path)
        except ValueError:
            self.problems.add(node.head.place(), "scenario.bad_path", path=path)
            return tree
        if keys[0] in OWN:
            self.problems.add(node.head.place(keys), "scenario.own_key", key=keys[0])
            return tree
        return self._put(tree, keys, 0, node) or tree

    def _put(self, old: Node | None, keys: tuple[str, ...], depth: int, new: Node) -> Node | None:
        if depth == len(keys):
            return self.merge_one(old, new, keys)
        key = keys[depth]
        if old is not None and isinstance(old.value, tuple):
            number = int(key) if key.isdecimal() else -1
            if not 0 <= number < len(old.value):
                self.problems.add(
                    new.head.place(keys),
                    "scenario.no_such_item",
                    key=dotted(keys[:depth]),
                    count=len(old.value),
                )
                return old
            item = self._put(old.value[number], keys, depth + 1, new)
            items = (*old.value[:number], *([item] if item else []), *old.value[number + 1 :])
            return Node(items, old.at, old.key)
        below: dict[str, Node] = dict(old.value) if old and isinstance(old.value, Mapping) else {}
        last = depth + 1 == len(keys)
        if new.head.said and not last and key not in below and (near := nearest(key, below)):
            # One wrong character would else be a new entry: a second source of money, and the fund grows by it.
            here = keys[: depth + 1]
            place = new.head.place(here)
            self.problems.add(place, "scenario.set_beside", key=key, near=near, path=dotted(here))
            return old
        if key not in below and last and new.value is None:
            self.nothing_there(new, keys, below)
            return old
        self._keep(below, key, self._put(below.get(key), keys, depth + 1, new))
        if old is not None and isinstance(old.value, Mapping):
            return Node(below, old.at, old.key)
        return Node(below, new.at, new.key)

    def merge(self, old: Node | None, new: Node, keys: Keys) -> Node:
        """Mapping `new` laid on `old`, key by key."""
        assert isinstance(new.value, Mapping)
        merged: dict[str, Node] = dict(old.value) if old and isinstance(old.value, Mapping) else {}
        for key, node in new.value.items():
            here = (*keys, key)
            if node.value is None and key not in merged:
                self.nothing_there(node, here, merged)
            else:
                self._keep(merged, key, self.merge_one(merged.get(key), node, here))
        return Node(merged, new.at, new.key)

    @staticmethod
    def _keep(mapping: dict[str, Node], key: str, node: Node | None) -> None:
        if node is None:
            mapping.pop(key, None)
        else:
            mapping[key] = node

    def merge_one(self, old: Node | None, new: Node, keys: Keys) -> Node | None:
        """`new` laid on `old`; None where it takes the key away."""
        if new.value is None:
            return None
        if isinstance(new.value, Empty):
            place = new.head.place(keys)
            if not any(p.place.line == new.at.line and p.place.file == place.file for p in self.problems):
                # {a: 7,000万元} reads as key a and key 000万元.
                code = "comma_in_amount" if _REST_OF_AMOUNT.match(str(keys[-1])) else "empty_value"
                self.problems.add(place, f"scenario.{code}", key=str(keys[-1]))
            # Keep what was there, so that its absence is not reported as a fault of its own.
            return old or Node(EMPTY, new.at, new.key)
        if isinstance(new.value, Mapping):
            return self.merge(old, new, keys)
        return Node(new.value, replace(new.at, over=old.at) if old else new.at, new.key)

    def nothing_there(self, node: Node, keys: Keys, among: Mapping[str, Node]) -> None:
        near = nearest(str(keys[-1]), among)
        code = "scenario.nothing_to_remove_near" if near else "scenario.nothing_to_remove"
        self.problems.add(node.head.place(keys), code, key=str(keys[-1]), near=near)

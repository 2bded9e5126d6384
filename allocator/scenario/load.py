"""From a scenario's file to a checked `Scenario`: put together, its policy found, every part checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from allocator.contract import Instrument, Policy, Rule
from allocator.data import DataSettings, file_keys
from allocator.limits import Settings
from allocator.policy import Parts, load_policy, parts_of
from allocator.problems import Problems
from allocator.scenario import faults
from allocator.scenario.layers import Resolved, resolve
from allocator.scenario.near import nearest
from allocator.scenario.shape import Aim, Head, Scenario
from allocator.scenario.tree import Node
from allocator.scenario.validate import check, stop

PARTS = ("instruments", "rules", "objective")


@dataclass(frozen=True)
class Loaded:
    """A scenario as it was asked for: checked, put together with its sources, and its policy."""

    scenario: Scenario
    resolved: Resolved
    policy: Policy


def load(path: str | Path, sets: Sequence[str] = (), policy: Policy | None = None) -> Loaded:
    """The scenario of a file, with `path=value` changes laid over it. Raises `InputFaults` with every fault.

    `policy` stands in for the installed one that the scenario names.
    """
    problems = Problems()
    resolved = resolve(Path(path), sets, problems)
    if resolved is None:
        stop(problems)
        raise AssertionError("a file that cannot be read has a fault")
    named = resolved.root.child("policy")
    if policy is None:
        if named is None or not isinstance(named.value, str):
            check(Head, _only(resolved.root, Head.model_fields), (), problems)
            stop(problems)
        assert named is not None
        policy = load_policy(str(named.value), named.at.place(("policy",)))
    scenario = _Reader(resolved, policy, problems).scenario()
    stop(problems)
    assert scenario is not None
    return Loaded(scenario, resolved, policy)


class _Reader:
    """Checks the parts of one scenario, noting faults as it goes."""

    def __init__(self, resolved: Resolved, policy: Policy, problems: Problems) -> None:
        self.resolved, self.policy, self.problems = resolved, policy, problems
        self.root = resolved.root
        self.parts: Parts = parts_of(policy.package)

    def scenario(self) -> Scenario | None:
        """The scenario, or None where a part of it has a fault."""
        known = [*Head.model_fields, *PARTS, *self.policy.sections]
        assert isinstance(self.root.value, Mapping)
        for key in self.root.value:
            if key not in known:
                faults.add_unknown(self.problems, self.root, (), key, known)
        head = check(
            Head, self._absolute(self.data_keys(_only(self.root, Head.model_fields))), (), self.problems
        )
        instruments = self.instruments()
        rules = self.rules()
        objective = self.objective()
        sections = {key: self.section(key, model) for key, model in self.policy.sections.items()}
        if head is None or self.problems.errors:
            return None
        scenario = Scenario(
            policy=head.policy,
            title=head.title or self.resolved.file.stem,
            note=head.note,
            data=head.data,
            instruments=instruments,
            rules=rules,
            objective=objective,
            procedure=head.procedure,
            solve=head.solve,
            sections={key: section for key, section in sections.items() if section is not None},
            relax_cost=head.relax_cost,
            robust=head.robust,
        )
        self.tables(scenario)
        costs = self.root.child("relax_cost")
        for name in head.relax_cost:
            if name not in rules and costs is not None:
                faults.add_unknown(self.problems, costs, ("relax_cost",), name, list(rules))
        return scenario

    def section(self, key: str, model: type[Settings]) -> Settings | None:
        """A section of the policy; one that is not written is made of its defaults, if all have one."""
        node = self.root.child(key)
        if node is not None:
            return check(model, node, (key,), self.problems)
        if any(field.is_required() for field in model.model_fields.values()):
            self.missing(self.root, key)
            return None
        return model()

    def instruments(self) -> dict[str, Instrument]:
        """The instruments of the scenario, by key."""
        found: dict[str, Instrument] = {}
        for key, node in self.entries("instruments"):
            kind = self.parts.instruments.get(key)
            if kind is None:
                self.unknown("instruments", key, self.parts.instruments)
            elif instrument := check(kind, node, ("instruments", key), self.problems):
                found[key] = instrument
        return found

    def rules(self) -> dict[str, Rule]:
        """The rules of the scenario, by the names that it gives them."""
        found: dict[str, Rule] = {}
        for name, node in self.entries("rules"):
            kind = self.rule_kind(name, node)
            if kind is None:
                continue
            if node.child("name"):
                allowed = [key for key in kind.model_fields if key != "name"]
                faults.add_unknown(self.problems, node, ("rules", name), "name", allowed)
            settings = _without(node, "rule", "name")
            if rule := check(kind, settings, ("rules", name), self.problems, name=name):
                found[name] = rule
        return found

    def rule_kind(self, name: str, node: Node) -> type[Rule] | None:
        """The class of a rule: what its `rule:` says, or its own name."""
        keys, known = ("rules", name), self.parts.rules
        said = node.child("rule")
        if said is not None:
            kind = known.get(str(said.value))
            if kind is None:
                seen, near = faults.shown(said), nearest(str(said.value), known)
                code = "scenario.not_one_of_near" if near else "scenario.not_one_of"
                place = said.at.place((*keys, "rule"))
                self.problems.add(place, code, seen=seen, near=near, allowed=", ".join(known))
            return kind
        if name not in known:
            near = nearest(name, known)
            code = "scenario.unknown_rule_near" if near else "scenario.unknown_rule"
            self.problems.add(node.head.place(keys), code, name=name, near=near, allowed=", ".join(known))
        return known.get(name)

    def objective(self) -> dict[str, Aim]:
        """The parts of the objective, by key."""
        found: dict[str, Aim] = {}
        if self.root.child("objective") is None:
            self.missing(self.root, "objective")
        for key, node in self.entries("objective"):
            kind = self.parts.objectives.get(key)
            if kind is None:
                self.unknown("objective", key, self.parts.objectives)
                continue
            weight = self.weight(key, node)
            settings = check(kind, _without(node, "weight"), ("objective", key), self.problems)
            if settings is not None and weight is not None:
                found[key] = Aim(settings, weight)
        return found

    def weight(self, key: str, node: Node) -> int | None:
        """How much one part of the objective weighs."""
        weighed = check(_Weighed, _only(node, ("weight",)), ("objective", key), self.problems)
        return None if weighed is None else weighed.weight

    def entries(self, section: str) -> list[tuple[str, Node]]:
        """The entries of a mapping of parts; what is no mapping is noted as a fault."""
        node = self.root.child(section)
        if node is None:
            return []
        if not isinstance(node.value, Mapping):
            faults.add(self.problems, node, (section,), (), "scenario.not_mapping", seen=faults.shown(node))
            return []
        found: list[tuple[str, Node]] = []
        for key, entry in node.value.items():
            if isinstance(entry.value, Mapping):
                found.append((key, entry))
            else:
                seen = faults.shown(entry)
                faults.add(self.problems, entry, (section, key), (), "scenario.not_mapping", seen=seen)
        return found

    def data_keys(self, root: Node) -> Node:
        """`root` without those keys of `data:` that are a setting misspelt, which are noted."""
        data = root.child("data")
        if data is None or not isinstance(data.value, Mapping):
            return root
        settings = DataSettings.model_fields
        others = [k for k, n in data.value.items() if k not in settings and not isinstance(n.value, Mapping)]
        wrong = [key for key in others if nearest(key, settings)]
        for key in wrong:
            faults.add_unknown(self.problems, data, ("data",), key, list(settings))
        assert isinstance(root.value, Mapping)
        return replace(root, value={**root.value, "data": _without(data, *wrong)})

    def tables(self, scenario: Scenario) -> None:
        """Note the sheets of `data:` that the policy does not have."""
        node = self.root.child("data")
        if node is None:
            return
        known = [sheet.key for sheet in self.policy.sheets(scenario)]
        for key in scenario.data.tables:
            if key not in known:
                faults.add_unknown(self.problems, node, ("data",), key, ["workbook", *known])

    def unknown(self, section: str, key: str, known: Iterable[str]) -> None:
        node = self.root.child(section)
        assert node is not None
        faults.add_unknown(self.problems, node, (section,), key, list(known))

    def missing(self, node: Node, key: str) -> None:
        self.problems.add(node.head.place((key,)), "scenario.missing_key", key=key)

    def _absolute(self, root: Node) -> Node:
        """`root` with the paths below `data:` made absolute, each from the file that says it."""
        data = root.child("data")
        if data is None or not isinstance(data.value, Mapping):
            return root
        for way in file_keys(data.plain()):
            path = self.resolved.path(("data", *way))
            root = _replaced(root, ("data", *way), str(path))
        return root


class _Weighed(Settings):
    weight: int = 1


def _only(node: Node, keys: Iterable[str]) -> Node:
    assert isinstance(node.value, Mapping)
    return replace(node, value={key: node.value[key] for key in keys if key in node.value})


def _without(node: Node, *keys: str) -> Node:
    if not isinstance(node.value, Mapping):
        return node
    return replace(node, value={key: below for key, below in node.value.items() if key not in keys})


def _replaced(node: Node, way: tuple[str, ...], value: str) -> Node:
    if not way:
        return replace(node, value=value)
    assert isinstance(node.value, Mapping)
    return replace(node, value={**node.value, way[0]: _replaced(node.value[way[0]], way[1:], value)})

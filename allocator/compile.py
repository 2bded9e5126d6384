"""From a scenario and its records to the program: options, then rules' rows, then the objective's gain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocator.contract import Facts, Rule
from allocator.options import OptionTable
from allocator.problems import Place, Problem, Problems
from allocator.program import Ints, Program
from allocator.records import Tables
from allocator.scenario import Loaded
from allocator.stages import mixed

SCALE = 1_000_000
"""Micro-units in one unit of the objective, as people see it."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """What a solve needs, with the labels that lead back: the facts, the option table, the rules, the program."""

    facts: Facts
    options: OptionTable
    rules: Mapping[str, Rule]
    program: Program


def compile_scenario(loaded: Loaded, tables: Tables) -> Compiled:
    """The program of a scenario over its records. Raises `InputFaults` where rules name what is not there."""
    policy, scenario = loaded.policy, loaded.scenario
    facts = policy.facts(scenario, tables)
    options = policy.options(scenario, tables, facts)
    options.check_room()
    problems = Problems()
    for name, rule in scenario.rules.items():
        for keys, what, mend in rule.check(options, facts):
            problems.note(Problem(_place(loaded, ("rules", name, *keys)), what, mend, f"rule.{rule.key}"))
    problems.stop()
    program = build(options, scenario.rules, facts, gain(scenario, options, facts))
    for rank, name in mixed(program):
        problems.add(_place(loaded, ("rules", name)), "limits.mixed", rank=rank)
    problems.stop()
    return Compiled(facts, options, scenario.rules, program)


def build(options: OptionTable, rules: Mapping[str, Rule], facts: Facts, worth: Ints) -> Program:
    """The program of these rules over these options, with this gain [n]."""
    return Program.assemble(
        gain=worth,
        blocks=[rule.rows(options, facts) for rule in rules.values()],
        groups=options.candidate,
        fixed=np.where(options.fixed, 1, -1),
        scale=SCALE,
    )


def gain(scenario: Any, options: OptionTable, facts: Facts) -> Ints:
    """The weighted sum of the scenario's objectives, in micro-units [n]."""
    total = np.zeros(len(options), np.int64)
    for entry in scenario.objective.values():
        total += entry.weight * entry.objective.gain(options, facts)
    return np.where(options.fixed, 0, total)


def _place(loaded: Loaded, keys: tuple[str, ...]) -> Place:
    """Where the scenario says what is at `keys`, or the nearest thing above it that it says."""
    for end in range(len(keys), -1, -1):
        node = loaded.resolved.root.at_keys(keys[:end])
        if node is not None:
            return node.head.place(keys)
    return Place(loaded.resolved.file.name, key=".".join(keys))

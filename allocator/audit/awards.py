"""What every run must pass before anyone sees its plan: awards priced again from the records, every rule measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from allocator.certificate import Certificate
from allocator.compile import Compiled
from allocator.contract import Reason
from allocator.options import Award
from allocator.program import Bools
from allocator.records import Tables
from allocator.scenario import Loaded
from allocator.words import Text, say


class Unverified(Exception):
    """A plan that failed its own check; `findings` says where. Never the input's fault."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("\n".join(str(f) for f in findings))


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold: where in the run's folder, and what.

    worded  only how something is said differs, and no figure
    """

    place: str
    what: Text
    worded: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.what.en}"


def check_awards(
    loaded: Loaded, tables: Tables, compiled: Compiled, chosen: Bools, certificate: Certificate | None
) -> None:
    """Raise `Unverified` unless the plan's awards are priced right, keep every hard rule and lie below the bound."""
    awards = compiled.options.awards(chosen)
    found = [*priced(loaded, tables, compiled, awards), *kept(compiled, awards)]
    if certificate is not None and certificate.bound < compiled.program.value(chosen):
        found.append(Finding("certificate", say("verify.bound")))
    if found:
        raise Unverified(found)


def priced(
    loaded: Loaded, tables: Tables, compiled: Compiled, awards: tuple[Award, ...]
) -> Iterator[Finding]:
    """Awards whose price from the records differs from what stands in the table."""
    price = loaded.policy.reprice(loaded.scenario, tables, compiled.facts)
    for award in awards:
        again = price(award)
        if isinstance(again, Reason):
            yield Finding(award.candidate, again.text)
        elif again != award:
            differing = [
                name
                for name in ("amount", "outlay", "recovery", "merit", "columns", "labels")
                if getattr(again, name) != getattr(award, name)
            ]
            yield Finding(award.candidate, say("verify.price", columns=", ".join(differing)))


def kept(compiled: Compiled, awards: tuple[Award, ...]) -> Iterator[Finding]:
    """Hard rules that the awards break, and candidates with two awards."""
    for name, rule in compiled.rules.items():
        for measure in rule.measure(awards, compiled.facts):
            if not measure.ok:
                yield Finding(f"{name} {measure.label}".strip(), rule.say(measure, compiled.facts))
    for name, times in Counter(a.candidate for a in awards).items():
        if times > 1:
            yield Finding(name, say("verify.twice"))

"""A general limit: any labels, any money, in amounts, counts or shares; what no other rule here says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from pydantic import ConfigDict, model_validator
from scipy import sparse

from allocator.contract import Facts, Rule
from allocator.limits import (
    Bounds,
    CountBounds,
    Measure,
    MoneyBounds,
    ShareBounds,
    Unit,
    amount_rows,
    share_rows,
)
from allocator.money import Unreadable
from allocator.options import Award, OptionTable
from allocator.program import Bools, Rows
from allocator.words import Text, catalogue
from models.base import TITLES, Base, Fault, base_column, base_sum, money_faults, not_known
from models.shares import bounds_phrase

WORDS = catalogue("models.words")
Where = dict[str, tuple[str, ...]]


def _with_own_bounds(schema: dict[str, Any]) -> None:
    """Let editors know the bounds that may be written without a label."""
    kinds = (MoneyBounds, ShareBounds, CountBounds)
    for side in ("floor", "target", "cap"):
        schema["properties"][side] = {"anyOf": [k.model_json_schema()["properties"][side] for k in kinds]}
    schema["properties"].update(MoneyBounds.model_json_schema()["properties"] | schema["properties"])


class Limit(Rule):
    """一般限制.

    what        what it limits, in words, as reports print it
    where       axis -> labels: the awards that it counts (all of them without it)
    each        an axis: every label named in `limits` has a limit of its own
    money       award, first_year, outlay.2027, recovery, loss, private, ..., or count
    of          makes it a share: of a named base, or of the awards that a filter picks
    with_lines  whether fixed lines count
    limits      label -> floor, target, cap, hard, price (one entry under "" without `each`)
    """

    key: ClassVar[str] = "limit"
    title: ClassVar[Text] = Text("一般限制", "Limit")
    example: ClassVar[Mapping[str, Any]] = {
        "where": {"kind": ["企业"]},
        "money": "award",
        "floor": "100万元",
        "cap": "300万元",
    }

    model_config = ConfigDict(json_schema_extra=_with_own_bounds)

    what: str = ""
    where: Where = {}
    each: str | None = None
    money: str = "first_year"
    of: Base | Where | None = None
    with_lines: bool = False
    limits: dict[str, Bounds]

    @model_validator(mode="before")
    @classmethod
    def _bounds(cls, data: Any) -> Any:
        """Read each limit by the kind of bound that this rule has; one may be written without its label."""
        if not isinstance(data, Mapping):
            return data
        kind: type[Bounds] = MoneyBounds
        if data.get("of") is not None:
            kind = ShareBounds
        elif data.get("money") == "count":
            kind = CountBounds
        own = {k: data[k] for k in kind.model_fields if k in data}
        rest = {k: v for k, v in data.items() if k not in own}
        said = rest.get("limits") or {}
        if own:
            if said or data.get("each"):
                raise Unreadable("limit.by_label", words=WORDS)
            said = {"": own}
        if not said:
            raise Unreadable("limit.empty", words=WORDS)
        if not data.get("each") and set(said) != {""}:
            raise Unreadable("limit.axis", words=WORDS)
        return {
            **rest,
            "limits": {k: v if isinstance(v, Bounds) else kind.model_validate(v) for k, v in said.items()},
        }

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        counted = self._counted(options, self.where)
        labels = list(self.limits)
        column = np.where(counted, options.column(self.money), 0)
        if self.each is None:
            parts = options.sums([column])
        else:
            only = sparse.diags_array(counted.astype(np.int64), dtype=np.int64)
            parts = sparse.csr_array(options.by(self.each, self.money, labels) @ only)
        if self.of is None:
            return amount_rows(self.name, labels, parts, self.limits)
        if isinstance(self.of, dict):
            whole = np.where(self._counted(options, self.of), options.column(self.money), 0)
            return share_rows(self.name, labels, parts, whole, self.limits)
        base = base_column(self.of, self.money, options, facts)
        if not isinstance(base, int):
            base = np.where(self._counted(options, {}), base, 0)
        return share_rows(self.name, labels, parts, base, self.limits)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        counted = [a for a in awards if self.with_lines or not a.fixed]
        whole = None
        if isinstance(self.of, dict):
            whole = sum(a.money(self.money, facts.years) for a in counted if a.fits(self.of))
        elif self.of is not None:
            whole = base_sum(self.of, self.money, counted, facts)
        parts: Counter[str] = Counter()
        for award in counted:
            label = "" if self.each is None else award.labels.get(self.each)
            if label is not None and award.fits(self.where):
                parts[label] += award.money(self.money, facts.years)
        return [
            Measure(self.name, label, self.basis, self._unit, parts[label], limits, whole, self.money)
            for label, limits in self.limits.items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        label = facts.title(measure.label)
        what = self.what or self.name
        seen = measure.value
        value = Text("无", "none") if seen is None else Text(measure.shown(seen), measure.shown(seen))
        unit_zh = " 万元" if measure.unit == "money" else ""
        of = TITLES[self.of].zh if isinstance(self.of, str) else ""
        bounds = bounds_phrase(measure)
        return Text(
            f"{what}{label.zh}{'占' + of if of else ''} {value.zh}{unit_zh}{bounds.zh}",
            f"{what} {label.en}: {value.en}{bounds.en}",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        asked: list[tuple[tuple[str, ...], str, str]] = [
            (("where", axis), axis, label) for axis, labels in self.where.items() for label in labels
        ]
        if isinstance(self.of, dict):
            asked += [(("of", axis), axis, label) for axis, labels in self.of.items() for label in labels]
        if self.each is not None:
            asked += [(("limits", label), self.each, label) for label in self.limits]
        found: list[Fault] = []
        for keys, axis, label in asked:
            known = set(facts.labels.get(axis, ())) | set(
                options.labels[axis].values if axis in options.labels else ()
            )
            if not known:
                found.append(not_known(keys, axis, sorted(options.labels)))
            elif label not in known:
                found.append(not_known(keys, label, sorted(known)))
        return found + money_faults(self.money, options)

    @property
    def _unit(self) -> Unit:
        if self.of is not None:
            return "share"
        return "count" if self.money == "count" else "money"

    def _counted(self, options: OptionTable, where: Where) -> Bools:
        counted = options.mask(where)
        return counted if self.with_lines else counted & ~options.fixed

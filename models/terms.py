"""What the terms of instruments have in common: whom they are for, levels or grades, rounding, origins of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from allocator.contract import Facts, Instrument, Offer, Offers, Reason, Settings
from allocator.money import Money, Share, Unreadable
from allocator.program import Bools, Ints
from allocator.records import Records, Tables
from allocator.words import Text, catalogue
from models.candidate import ENTERPRISE_KIND, KINDS, NATURES
from models.modes import paid_at_most, paid_of

WORDS = catalogue("models.words")
Standing = Literal["sourced", "thin", "assumed"]


class Origin(Settings):
    """Where a term's figure comes from, and how well that is sourced."""

    source: str
    standing: Standing


class Grade(Settings):
    """One grade (档次): from this published score on, a share of what was asked for, or a fixed amount (定额).

    Equal grade, equal level. A fixed amount is no more than what would be given in full.
    """

    from_score: Annotated[int, Field(ge=0, le=100)]
    level: Share | None = None
    amount: Money | None = None

    @model_validator(mode="after")
    def _one(self) -> Grade:
        if (self.level is None) == (self.amount is None):
            raise Unreadable("terms.grade", words=WORDS)
        return self


class Terms(Instrument):
    """The terms that every instrument here has.

    support, form  its 支持方式, and the form within it, as tables print them (二（二）5、二（三）5)
    kinds, natures  whom and what it is for (单位性质, 项目性质); none: all that the instrument itself allows
    grades      name -> grade: then the published score alone gives the level, and there is one for each candidate
    round_to    awards are rounded down to a multiple of it
    minimum     the least award worth making; cap: the most for one project, if any
    equivalent  the grant-equivalent of one yuan of it
    origins     term -> where its figure comes from
    """

    support: ClassVar[Text]
    form: ClassVar[Text]

    kinds: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    grades: dict[str, Grade] = {}
    round_to: Money = 10_000
    minimum: Money = 10_000
    cap: Money | None = None
    equivalent: Share = 10_000
    origins: dict[str, Origin] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _levels_of_grades(cls, data: Any) -> Any:
        """Grades give the levels; both at once would contradict each other."""
        if not isinstance(data, Mapping) or not data.get("grades"):
            return data
        if "levels" in data:
            raise Unreadable("terms.levels_and_grades", words=WORDS)
        read = [g if isinstance(g, Grade) else Grade.model_validate(g) for g in data["grades"].values()]
        return {**data, "levels": tuple(sorted({_level(g) for g in read}, reverse=True))}

    @model_validator(mode="after")
    def _levels_fall(self) -> Terms:
        if list(self.levels) != sorted(set(self.levels), reverse=True) or not self.levels:
            raise Unreadable("terms.levels", words=WORDS)
        unknown = sorted(set(self.origins) - set(type(self).model_fields))
        if unknown:
            raise Unreadable("terms.origins", words=WORDS, names=", ".join(unknown))
        grades = list(self.grades.values())
        if len({g.from_score for g in grades}) < len(grades):
            raise Unreadable("terms.grades_twice", words=WORDS)
        known = ((self.kinds, KINDS), (self.natures, NATURES))
        wrong = [label for own, there in known for label in own if label not in there]
        if wrong:
            raise Unreadable("terms.labels", words=WORDS, names="、".join(wrong))
        return self

    def rounded(self, amount: Any) -> Any:
        """`amount` down to a whole number of `round_to`; a number or an array."""
        return amount // self.round_to * self.round_to

    def levelled(
        self,
        records: Records,
        facts: Facts,
        eligible: Bools,
        amount: Callable[[Any], Ints],
        flows: Callable[[Ints, Ints], Flows],
        allowed: Callable[[Ints], Bools] = lambda award: award > 0,
    ) -> Offers:
        """Offers at each level, or at each candidate's grade. Equal awards of one candidate count once.

        amount(level)  [n] in yuan, before rounding; `level` is a number or an array [n]
        flows(award, row)  their flows; allowed(award)  whether each candidate may have that much
        """
        eligible = eligible & self._meant(records)
        found: list[tuple[Ints, Ints, Ints]] = []
        before = np.zeros(len(records), np.int64)
        for level, full in self._steps(records, facts, amount):
            award = self.rounded(full)
            award = np.where(allowed(award), award, 0)
            row = np.flatnonzero(eligible & (award >= max(self.minimum, 1)) & (award != before))
            found.append((row.astype(np.int64), level[row], award[row]))
            before = award
        row, at, award = (np.concatenate(part) for part in zip(*found, strict=True))
        outlay, recovery, loss = flows(award, row)
        return Offers(
            row=row.astype(np.intp),
            level=at.astype(np.int32),
            award=award,
            outlay=outlay,
            recovery=recovery,
            money={
                "equivalent": award * self.equivalent // 10_000,
                "private": private_money(records, row, award),
                "loss": loss,
            },
        )

    def awarded(
        self, candidate: Mapping[str, Any], level: int, facts: Facts, amount: Callable[[int], int]
    ) -> int | Reason:
        """The scalar twin of `levelled`'s awards: `amount(level)` rounded, or what the candidate's grade gives."""
        for own, key, zh, en in (
            (self.kinds, "kind", "单位性质", "kind of applicant"),
            (self.natures, "nature", "项目性质", "nature of the project"),
        ):
            if own and candidate[key] not in own:
                return Reason(
                    Text(f"不面向该{zh}（{candidate[key]}）", f"not for this {en} ({candidate[key]})"),
                    self.basis,
                )
        if not self.grades:
            return int(self.rounded(paid_of(candidate, facts, level, amount(level))))
        name, grade = self._grade(facts.numbers["score"].get(candidate["id"], -1))
        if grade is None:
            return Reason(Text("评审得分未达到任何档次", "the score reaches no grade"), self.basis)
        if _level(grade) != level:
            return Reason(Text(f"评审得分属{name}", f"the score is of grade {name}"), self.basis)
        full = paid_of(candidate, facts, level, amount(level))
        return int(self.rounded(full if grade.amount is None else min(grade.amount, full)))

    def _meant(self, records: Records) -> Bools:
        """Whose kind and nature it is for: bool [n]."""
        meant = np.ones(len(records), bool)
        for own, key in ((self.kinds, "kind"), (self.natures, "nature")):
            if own:
                meant &= np.array([label in own for label in records[key]], bool)
        return meant

    def _steps(
        self, records: Records, facts: Facts, amount: Callable[[Any], Ints]
    ) -> Iterator[tuple[Ints, Ints]]:
        """Levels and amounts [n] before rounding: one step a level, or a single one by grades (0 without a grade)."""
        if not self.grades:
            for level in self.levels:
                one = np.full(len(records), level, np.int64)
                yield one, paid_at_most(records, facts, one, amount(level))
            return
        scores = facts.numbers["score"]
        own = [self._grade(scores.get(c, -1))[1] for c in records["id"]]
        at = np.array([0 if g is None else _level(g) for g in own], np.int64)
        most = np.array([g.amount if g and g.amount is not None else -1 for g in own], np.int64)
        full = paid_at_most(records, facts, at, amount(at))
        yield at, np.where(most < 0, full, np.minimum(most, full))

    def _grade(self, score: int) -> tuple[str, Grade | None]:
        """The highest grade that a score, in hundredths of a point, reaches."""
        reached = [(n, g) for n, g in self.grades.items() if score >= g.from_score * 100]
        return max(reached, key=lambda found: found[1].from_score, default=("", None))

    def offer(
        self,
        candidate: Mapping[str, Any],
        award: int,
        outlay: tuple[int, ...],
        recovery: tuple[int, ...],
        loss: int = 0,
    ) -> Offer:
        """The scalar twin of one row of `levelled`: the flows by year."""
        return Offer(
            award=award,
            outlay=outlay,
            recovery=recovery,
            money={
                "equivalent": award * self.equivalent // 10_000,
                "private": private_of(candidate, award),
                "loss": loss,
            },
        )


Flows = tuple[Ints, Ints, Ints]
"""Outlay and recovery [k, years], and expected loss [k]."""


def _level(grade: Grade) -> int:
    """The level of an option of that grade; a fixed amount stands for all of itself."""
    return 10_000 if grade.level is None else grade.level


def candidates(tables: Tables) -> Records:
    """The candidates' table."""
    return tables["candidates"]


def enterprises(records: Records) -> Bools:
    """Whose applicant is an enterprise: bool [n]."""
    return np.array([kind == ENTERPRISE_KIND for kind in records["kind"]], bool)


def in_year(amount: Ints, year: int, facts: Facts) -> Ints:
    """`amount` [k] in year number `year` of the plan, as flows [k, years]."""
    flow = none(amount, facts)
    flow[:, year] = amount
    return flow


def none(award: Ints, facts: Facts) -> Ints:
    """No money in any year, as flows [k, years]."""
    return np.zeros((len(award), len(facts.years)), np.int64)


def private_money(records: Records, row: Ints, award: Ints) -> Ints:
    """Own and other funds that go with each award [k], in proportion to the request that it meets, rounded down.

    Only what a candidate states is counted.
    """
    stated = (records.ints("own") + records.ints("other"))[row]
    request = records.ints("request")[row]
    room = float(stated.max(initial=0)) * float(award.max(initial=0)) < 2**62
    stated = stated if room else stated.astype(object)
    return np.asarray(stated * np.minimum(award, request) // request, np.int64)


def private_of(candidate: Mapping[str, Any], award: int) -> int:
    """The scalar twin of `private_money`."""
    request: int = candidate["request"]
    return ((candidate["own"] or 0) + (candidate["other"] or 0)) * min(award, request) // request

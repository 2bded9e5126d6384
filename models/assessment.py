"""What the office and the finance bureau add to the experts' word (66号文 二（三）4、5).

The experts' consensus decides who passes and who ranks where. What a candidate is worth rests also on criteria that
are not the experts' to score: 产业发展布局 and 年度工作重点 (the leading group's office), 产出效益 (finance). A sheet
of one row per candidate and body holds them, each with its reason. The overall score is the mean of both by weight,
rounded once, half to even, to hundredths of a point.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from allocator.problems import Place, Problems
from allocator.records import Field, Records, Sheet, Tables
from allocator.words import Text, catalogue
from models.review import OF_CANDIDATE, Consensus, Reviews, rounded

WORDS = catalogue("models.words")


def assessment_sheet(reviews: Reviews) -> Sheet:
    """The table of the bodies' own criteria."""
    return Sheet(
        key="assessments",
        title=Text("部门综合评价", "Assessments"),
        fields=(
            OF_CANDIDATE,
            Field(
                "assessor",
                Text("评价部门", "Assessed by"),
                "label",
                required=True,
                aliases=("评价单位", "assessor"),
                choices=bodies(reviews),
            ),
            *(
                Field(name, Text(name, c.en or name), "score", low=0, high=10_000)
                for name, c in reviews.others.items()
            ),
            Field("reason", Text("评价理由", "Reason"), required=True, aliases=("理由", "reason")),
        ),
        aliases=("综合评价", "assessments"),
        unique=("candidate", "assessor"),
        required=False,
    )


def bodies(reviews: Reviews) -> tuple[str, ...]:
    """The bodies beside the reviewers that score a criterion."""
    return tuple(dict.fromkeys(c.scored_by for c in reviews.others.values() if c.scored_by))


def overall(reviews: Reviews, panel: Mapping[str, Consensus], tables: Tables) -> Mapping[str, int]:
    """The overall score of every candidate that the experts scored, in hundredths of a point.

    Without a table of assessments, or for a candidate that is not in it, it is the experts' own.
    """
    said = _said(tables["assessments"]) if "assessments" in tables else {}
    own = sum(c.weight for c in reviews.experts.values())
    weights = {name: c.weight for name, c in reviews.others.items()}
    return {c: _mean(own, weights, p.score, said.get(c, {})) for c, p in panel.items()}


def _said(records: Records) -> Mapping[str, Mapping[str, int]]:
    """Scores by candidate and criterion."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    names = [f.key for f in records.sheet.fields if f.kind == "score"]
    for i, candidate in enumerate(records["candidate"]):
        for name in names:
            score = records[name][i]
            if score is not None:
                found[candidate][name] = score
    return found


def _mean(own: int, weights: Mapping[str, int], experts: int, said: Mapping[str, int]) -> int:
    """The experts' score, of weight `own`, with the other criteria's by their weights."""
    total, whole = own * experts, own
    for name, score in said.items():
        total += weights[name] * score
        whole += weights[name]
    return rounded(total, whole)


def check_assessments(
    reviews: Reviews, tables: Tables, panel: Mapping[str, Consensus], problems: Problems
) -> None:
    """Note who is scored by nobody or by the wrong body, and criteria that no table scores."""
    candidates = tables["candidates"]
    if "assessments" not in tables:
        names = "、".join(reviews.others)
        place = Place(file=candidates.locate(0, "id").file) if len(candidates) else Place(file="scenario")
        problems.add(place, "assessment.no_table", words=WORDS, level="notice", criteria=names)
        return
    records = tables["assessments"]
    scored: defaultdict[str, set[str]] = defaultdict(set)
    others = reviews.others
    for i, (candidate, body) in enumerate(zip(records["candidate"], records["assessor"], strict=True)):
        if candidate not in candidates.index:
            problems.add(records.locate(i, "candidate"), "assessment.unknown", words=WORDS, id=candidate)
            continue
        for name, criterion in others.items():
            score, own = records[name][i], criterion.scored_by == body
            if own and score is None:
                problems.add(records.locate(i, name), "assessment.missing", words=WORDS, criterion=name)
            elif score is not None and not own:
                place = records.locate(i, name)
                problems.add(
                    place, "assessment.not_theirs", words=WORDS, criterion=name, body=criterion.scored_by
                )
        scored[candidate].add(body)
    for candidate, i in candidates.index.items():
        verdict = panel.get(candidate)
        if verdict is None or verdict.score < reviews.pass_mark * 100:
            continue
        for body in bodies(reviews):
            if body not in scored[candidate]:
                place = candidates.locate(i, "id")
                problems.add(place, "assessment.none", words=WORDS, id=candidate, body=body)

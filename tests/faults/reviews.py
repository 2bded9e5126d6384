"""Damage to the experts' sheet."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from tests.faults.case import Corpus, Must, fault, reads
from tests.faults.sound import REVIEWS, Draft, cell

CORPUS = Corpus()
SCORED = [r for r in range(18) if r % 3 != 2]
CRITERIA = ("合理性", "可行性")


@CORPUS.each(
    above=(101, "above"),
    far_above=(850, "above"),
    below=(-1, "below_optional"),
    minus=("-5", "below_optional"),
    word=("良", "score"),
    fraction=("85/100", "score"),
    comma=("85,5", "score"),
    two=("85 86", "score"),
    date_=(date(2026, 3, 25), "number_date"),
    flag=(True, "score"),
    error=("#VALUE!", "cell_error"),
    percent=("85%", "score"),
    letter=("8O", "score"),
    circled=("⑧⑤", "score"),
)
def _no_score(draw: Random, draft: Draft, what: tuple[Any, str]) -> Must:
    value, code = what
    return fault(
        f"intake.{code}", REVIEWS, draft.put(REVIEWS, draw.choice(SCORED), draw.choice(CRITERIA), value)
    )


@CORPUS.damage(1)
def _a_score_shown_as_a_percentage(draw: Random, draft: Draft) -> Must:
    name = draft.put(REVIEWS, draw.choice(SCORED), draw.choice(CRITERIA), 0.855)

    def look(book: Any) -> None:
        book[REVIEWS][name].number_format = "0.0%"

    draft.style.append(look)
    return fault("intake.number_shown", REVIEWS, name)


@CORPUS.each(points="{}分", wide="wide", text="{}", decimals="{:.2f}", space=" {} ")
def _a_score_written_otherwise(draw: Random, draft: Draft, form: str) -> Must:
    row, key = draw.choice(SCORED), draw.choice(CRITERIA)
    value = draft.get(REVIEWS, row, key)
    said = (
        f"{value}".translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
        if form == "wide"
        else form.format(value)
    )
    draft.put(REVIEWS, row, key, said)
    return reads()


@CORPUS.damage(2)
def _an_expert_scores_twice(draw: Random, draft: Draft) -> Must:
    row = draw.choice(SCORED)
    again = list(draft.rows[REVIEWS][row])
    again[2], again[1] = 60, draw.choice((again[1], str(again[1]).lower(), f" {again[1]}"))
    draft.rows[REVIEWS].append(again)
    return fault("intake.repeated", REVIEWS, cell(REVIEWS, 18, "expert"))


@CORPUS.damage(2)
def _recused_and_scoring(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(6) * 3 + 2
    draft.put(REVIEWS, row, draw.choice(CRITERIA), 77)
    return fault("review.recused", REVIEWS, cell(REVIEWS, row, "recused"))


@CORPUS.damage(2)
def _a_score_missing(draw: Random, draft: Draft) -> Must:
    row, key = draw.choice(SCORED), draw.choice(CRITERIA)
    return fault("review.missing", REVIEWS, draft.put(REVIEWS, row, key, draw.choice((None, "—", " "))))


@CORPUS.damage(2)
def _a_review_of_nobody(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(18)
    return fault(
        "review.unknown", REVIEWS, draft.put(REVIEWS, row, "candidate", draw.choice(("P99", "PO1", "X")))
    )


@CORPUS.damage(1)
def _no_expert_named(draw: Random, draft: Draft) -> Must:
    return fault("intake.missing", REVIEWS, draft.put(REVIEWS, draw.randrange(18), "expert", None))


@CORPUS.each(yes="是", tick="√", letter="Y", word="回避", one=1, true=True, check="☑")
def _a_recusal_written_otherwise(draw: Random, draft: Draft, said: Any) -> Must:
    draft.put(REVIEWS, 2, "recused", said)
    return reads()


@CORPUS.each(doubt="?", maybe="待定", cross="x", two=2)
def _no_recusal(draw: Random, draft: Draft, said: Any) -> Must:
    row = draw.randrange(6) * 3 + 2
    name = draft.put(REVIEWS, row, "recused", said)
    missing = ("review.missing", REVIEWS, cell(REVIEWS, row, "合理性"))
    return Must((("intake.flag", REVIEWS, name), missing))


@CORPUS.damage(1)
def _a_panel_too_small(draw: Random, draft: Draft) -> Must:
    row = 3 * draw.randrange(6)
    del draft.rows[REVIEWS][row]
    return Must(notices=("review.panel",), gone={"reviews": (row,)})


@CORPUS.damage(1)
def _nobody_reviewed_it(draw: Random, draft: Draft) -> Must:
    first = 3 * draw.randrange(6)
    del draft.rows[REVIEWS][first : first + 3]
    return Must(notices=("review.none",), gone={"reviews": (first, first + 1, first + 2)})


@CORPUS.damage(1)
def _scores_out_of_ten(draw: Random, draft: Draft) -> Must:
    """Every score a tenth of what it was would let nobody pass."""
    for r in SCORED:
        for key in CRITERIA:
            draft.put(REVIEWS, r, key, round(draft.get(REVIEWS, r, key) / 10, 2))
    return fault("review.scale", REVIEWS, cell(REVIEWS, 0, "合理性"))


@CORPUS.damage(1)
def _a_mean_with_many_decimals(draw: Random, draft: Draft) -> Must:
    draft.put(REVIEWS, 0, "合理性", 85.33333333333333)
    return reads("intake.score_rounded", values={("reviews", 0, "合理性"): 8533})

"""What a run came to, in one or two sentences: why it stopped, how good the plan is, what stands in the way of one."""

from __future__ import annotations

from allocator.money import show
from allocator.plan import Plan
from allocator.why.shortfall import Shortfall
from allocator.words import LANGS, Lang, Text, say


def verdict(plan: Plan) -> Text:
    """What the run came to, in one or two sentences."""
    known = {
        "count": len(plan.awards),
        "gap": "—" if plan.gap is None else f"{plan.gap:.3%}",
        "certified": "—" if plan.certified_gap is None else f"{plan.certified_gap:.3%}",
        "seconds": f"{sum(plan.seconds.values()):.1f}",
        "detail": plan.outcome.detail,
    }
    with_plan = "" if plan.chosen is not None else "_empty"
    if plan.sequential is not None and plan.chosen is not None and plan.status in ("optimal", "within_gap"):
        return say("status.by_steps", **known)
    text = say(f"status.{plan.status}{with_plan}", **known)
    if not plan.shortfalls:
        return text
    whole = {
        lang: [
            text.to(lang),
            say("status.shortfalls").to(lang),
            *(_short(s, plan, lang) for s in plan.shortfalls),
        ]
        for lang in LANGS
    }
    return Text("\n".join(whole["zh"]), "\n".join(whole["en"]))


def _short(shortfall: Shortfall, plan: Plan, lang: Lang) -> str:
    rule = plan.compiled.rules.get(shortfall.rule)
    title = rule.title.to(lang) if rule else shortfall.rule
    label = plan.facts.title(shortfall.label).to(lang)
    side = say(f"side.{shortfall.side}").to(lang)
    amount = str(shortfall.amount) if shortfall.counted else show(shortfall.amount)
    unit = say("unit.count" if shortfall.counted else "unit.money").to(lang)
    return f"· {title} {label} {side}: {amount} {unit}"

"""Damage to the scenario: what a text editor, a copied line or a guess at the syntax makes of it.

Most cases are an edit of the sound text: what stands there, what is written instead, the fault's code, and a piece of
the line where it must be told (of the new text where none is given).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.sound import SCENARIO


@dataclass(frozen=True)
class Hurt:
    """A damaged scenario: its bytes, files beside it, `--set` arguments; the faults that must come, as (code, line).

    Without faults it must read as the sound one does, but for `also`: dotted path -> value.
    """

    name: str
    data: bytes
    faults: tuple[tuple[str, int | None], ...] = ()
    beside: dict[str, str] = field(default_factory=dict)
    sets: Sequence[str] = ()
    also: dict[str, object] = field(default_factory=dict)


def edit(
    name: str, old: str, new: str, code: str | None = None, at: str | None = None, **also: object
) -> Hurt:
    """The sound text with `old` replaced; without a code it must be read right."""
    assert SCENARIO.count(old) == 1, f"{name}: {old!r} stands {SCENARIO.count(old)} times"
    text = SCENARIO.replace(old, new)
    if code is None:
        return Hurt(name, text.encode(), also={k.replace("__", "."): v for k, v in also.items()})
    piece = (new if at is None else at).strip().splitlines()[0]
    line = next(i for i, row in enumerate(text.splitlines(), 1) if piece in row)
    return Hurt(name, text.encode(), ((f"{code}", line),))


def whole(name: str, data: bytes, code: str, line: int | None = None) -> Hurt:
    """Bytes that are no scenario."""
    return Hurt(name, data, ((code, line),))


def with_set(name: str, said: str, code: str | None = None, **also: object) -> Hurt:
    """The sound scenario with one `--set`."""
    faults = () if code is None else ((code, None),)
    return Hurt(
        name, SCENARIO.encode(), faults, sets=(said,), also={k.replace("__", "."): v for k, v in also.items()}
    )


AMOUNT = "{amount: 600万元, document: 示例一号}"
SHARE = "{floor: 10%, cap: 60%}"

EDITS = [
    # amounts and shares
    edit("amount_bare", AMOUNT, "{amount: 6000000}", "money.no_unit"),
    edit("amount_bare_text", AMOUNT, '{amount: "6000000"}', "money.no_unit"),
    edit("amount_float", AMOUNT, "{amount: 600.5}", "money.no_unit"),
    edit("amount_words", AMOUNT, "{amount: 六百万元}", "money.not_amount"),
    edit("amount_unit", AMOUNT, "{amount: 600万美元}", "money.unknown_unit"),
    edit("amount_fraction", AMOUNT, "{amount: 600.00001万元}", "money.part_of_a_yuan"),
    edit("amount_superscript", AMOUNT, "{amount: 60²万元}", "money.unknown_unit"),
    edit("amount_circled", AMOUNT, "{amount: ⑥⑩万元}", "money.not_amount"),
    edit("amount_range", AMOUNT, "{amount: 500-600万元}", "money.unknown_unit"),
    edit("amount_percent", AMOUNT, "{amount: 60%}", "money.unknown_unit"),
    edit("amount_comma", AMOUNT, "{amount: 6,000万元}", "scenario.comma_in_amount"),
    edit("amount_huge", AMOUNT, "{amount: " + "9" * 70 + "万元}", "money.too_long"),
    edit("amount_exponent", AMOUNT, "{amount: 1e400}", "money.too_long"),
    edit("amount_infinite", AMOUNT, "{amount: .inf}", "scenario.not_finite"),
    edit("amount_nan", AMOUNT, "{amount: .nan}", "scenario.not_finite"),
    edit("amount_true", AMOUNT, "{amount: true}", "scenario.not_number"),
    edit("amount_list", AMOUNT, "{amount: [600万元]}", "scenario.not_scalar"),
    edit("amount_null", "horizon: 6", "horizon: ~", "scenario.nothing_to_remove"),
    edit("amount_absent", AMOUNT, "{document: 示例一号}", "scenario.missing_key"),
    edit("amount_nothing", AMOUNT, "{amount: , document: 示例一号}", "scenario.empty_value"),
    edit("amount_negative", AMOUNT, "{amount: -600万元}", "scenario.too_low"),
    edit("share_bare", SHARE, "{floor: 10, cap: 60%}", "money.not_share"),
    edit("share_fraction", SHARE, "{floor: 0.1, cap: 60%}", "money.not_share"),
    edit("share_fine", SHARE, "{floor: 10.001%, cap: 60%}", "money.part_of_a_point"),
    edit("share_negative", SHARE, "{floor: -10%, cap: 60%}", "scenario.too_low"),
    edit("share_crossed", SHARE, "{floor: 70%, cap: 60%}", "limits.crossed"),
    edit("share_target_outside", SHARE, "{floor: 10%, target: 5%, cap: 60%}", "limits.crossed"),
    edit("share_words", SHARE, "{floor: 一成, cap: 60%}", "money.not_share"),
    edit("weight_over", "{weight: 60%}", "{weight: 70%}", "review.weights", at="criteria:"),
    # read right
    edit("amount_full_width", AMOUNT, "{amount: ６００万元}", fund__sources__科技创新类资金__amount=6_000_000),
    edit("amount_yuan", AMOUNT, '{amount: "6,000,000元"}', fund__sources__科技创新类资金__amount=6_000_000),
    edit("amount_yi", AMOUNT, "{amount: 0.06亿元}", fund__sources__科技创新类资金__amount=6_000_000),
    edit("amount_spaced", AMOUNT, "{amount: 600 万元}", fund__sources__科技创新类资金__amount=6_000_000),
    edit("share_spaced", SHARE, "{floor: 10 %, cap: 60％}", rules__domains__shares__重大科技创新专项__floor=1000),
    edit("share_decimals", SHARE, "{floor: 10.00%, cap: 60.0%}", rules__domains__shares__重大科技创新专项__floor=1000),
    edit("comment", "horizon: 6", "horizon: 6 # 六年", fund__horizon=6),
    edit("quoted_key", "  horizon: 6", '  "horizon": 6', fund__horizon=6),
    edit("anchor", "{weight: 40%}", "&w {weight: 40%}", fund__horizon=6),
    # keys
    edit("key_unknown", "  horizon: 6", "  horizon: 6\n  颜色: 红", "scenario.unknown_key", at="颜色"),
    edit("key_near", "  horizon: 6", "  horizons: 6", "scenario.unknown_key_near"),
    edit("key_case", "  horizon: 6", "  Horizon: 6", "scenario.unknown_key_near"),
    edit("key_chinese", "  horizon: 6", "  年限: 6", "scenario.unknown_key"),
    edit("key_twice", "  horizon: 6", "  horizon: 6\n  horizon: 7", "scenario.duplicate_key", at="horizon: 7"),
    edit("section_twice", "objective:", "fund: {year: 2026}\nobjective:", "scenario.duplicate_key", at="fund: {year"),
    edit("source_twice", "    省级以上科技资金:", "    科技创新类资金: {amount: 1元}\n    省级以上科技资金:",
         "scenario.duplicate_key", at="科技创新类资金: {amount: 1元}"),
    edit("section_unknown", "title: 小型示例", "title: 小型示例\nbudget: {}", "scenario.unknown_key", at="budget"),
    edit("section_misspelt", "\nrules:", "\nrule:", "scenario.unknown_key_near", at="rule:"),
    edit("instrument_unknown", "  equity:", "  loans:", "scenario.unknown_key"),
    edit("instrument_near", "  equity:", "  equty:", "scenario.unknown_key_near"),
    edit("rule_unknown", "calls: {rule: call}", "calls: {rule: 竞赛}", "scenario.not_one_of"),
    edit("rule_near", "calls: {rule: call}", "calls: {rule: calls}", "scenario.not_one_of_near"),
    edit("rule_unnamed", "calls: {rule: call}", "calls: {}", "scenario.unknown_rule_near"),
    edit("rule_text", "calls: {rule: call}", "calls: call", "scenario.not_mapping"),
    edit("rule_twice", "calls: {rule: call}", "calls: {rule: call, rule: limit}", "scenario.duplicate_key"),
    edit("objective_unknown", "objective:\n  merit: {}", "objective:\n  worth: {}", "scenario.unknown_key", at="worth"),
    edit("objective_gone", "objective:\n  merit: {}\n", "", "scenario.missing_key", at="policy"),
    edit("policy_unknown", "policy: science-fund", "policy: science-found", "scenario.unknown_policy"),
    edit("policy_gone", "policy: science-fund\n", "", "scenario.missing_key", at="title"),
    edit("policy_number", "policy: science-fund", "policy: 66", "scenario.not_text"),
    # wrong types
    edit("year_text", "year: 2026", "year: 今年", "scenario.not_integer"),
    edit("year_decimal", "year: 2026", "year: 2026.5", "scenario.not_integer"),
    edit("year_date", "year: 2026", "year: 2026-01-01", "scenario.not_integer"),
    edit("year_far", "year: 2026", "year: 20266", "scenario.too_high"),
    edit("year_true", "year: 2026", "year: true", "scenario.not_number"),
    edit("horizon_zero", "horizon: 6", "horizon: 0", "scenario.too_low"),
    edit("horizon_huge", "horizon: 6", "horizon: " + "9" * 40, "money.too_long"),
    edit("horizon_short", "horizon: 6", "horizon: 2", None, fund__horizon=2),
    edit("horizon_octal", "horizon: 6", "horizon: 06", None, fund__horizon=6),
    edit("count_text", "count: 2", "count: 两项", "scenario.not_integer"),
    edit("count_negative", "count: 2", "count: -1", "scenario.too_low"),
    edit("levels_scalar", "levels: [100%, 70%]", "levels: 100%", "scenario.not_list"),
    edit("levels_empty_item", "levels: [100%, 70%]", "levels: [100%, ~, ]", "money.not_share"),
    edit("gap_over", "gap: 0.01%", "gap: 150%", "scenario.not_gap"),
    edit("gap_negative", "gap: 0.01%", "gap: -1e-4", "scenario.not_gap"),
    edit("time_words", "time_limit: 10s", "time_limit: 十秒", "scenario.not_duration"),
    edit("solver_unknown", "time_limit: 10s", "time_limit: 10s, solver: HiGSH", "solver.misspelt"),
    edit("of_unknown", "of: fund", "of: founds", "scenario.not_one_of_near"),
    edit("domain_unknown", "      重点研发专项: {cap: 70%}", "      重点研究专项: {cap: 70%}", "rule.domain_share"),
    # syntax
    edit("tab", "  horizon: 6", "\thorizon: 6", "scenario.tab"),
    edit("indent", "  horizon: 6", "   horizon: 6", "scenario.mapping_values"),
    edit("outdent", "  horizon: 6", " horizon: 6", "scenario.indent"),
    edit("colon_full_width", "  horizon: 6", "  horizon：6", "scenario.full_width_colon"),
    edit("colon_gone", "  horizon: 6", "  horizon 6", "scenario.no_colon"),
    edit("colon_no_space", "  horizon: 6", "  horizon:6", "scenario.no_colon"),
    edit("brace_open", SHARE, "{floor: 10%, cap: 60%", "scenario.unclosed"),
    edit("brace_full_width", SHARE, "｛floor: 10%, cap: 60%｝", "scenario.mapping_values"),
    edit("bracket_open", "[100%, 70%]", "[100%, 70%", "scenario.unclosed"),
    edit("quote_open", "title: 小型示例", 'title: "小型示例', "scenario.unclosed_quote"),
    edit("at_sign", "title: 小型示例", "title: @小型示例", "scenario.first_character"),
    edit("percent_first", "title: 小型示例", "title: %小型示例", "scenario.first_character"),
    edit("merge_key", "{weight: 40%}", "{<<: {weight: 40%}}", "scenario.merge_key"),
    edit("tag", "horizon: 6", "horizon: !!python/object/apply:os.system [6]", "scenario.tag"),
    edit("tag_int", "horizon: 6", "horizon: !!int 6", "scenario.tag"),
    edit("alias_unknown", "horizon: 6", "horizon: *six", "scenario.no_anchor"),
    edit("alias_in_itself", "objective:\n  merit: {}", "objective: &o\n  merit: *o", "scenario.anchor_in_itself",
         at="*o"),
    edit("complex_key", "objective:\n  merit: {}", "objective:\n  ? [a, b]\n  : 1", "scenario.key_not_text", at="? [a"),
    edit("two_documents", "objective:", "---\nobjective:", "scenario.two_documents", at="---"),
    edit("bell", "title: 小型示例", "title: 小型\x07示例", "scenario.unprintable"),
    edit("bell_escaped", "title: 小型示例", 'title: "小型\\x07示例"', "scenario.unprintable"),
    edit("half_pair", "title: 小型示例", 'title: "\\ud800"', "scenario.unprintable"),
]  # fmt: skip


def _laughs() -> bytes:
    rows = ['a0: &a0 ["哈", "哈", "哈", "哈", "哈", "哈", "哈", "哈", "哈", "哈"]']
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(rows).encode()


WHOLES = [
    whole("empty", b"", "scenario.empty_file"),
    whole("comment_only", "# 空\n".encode(), "scenario.empty_file"),
    whole("null", b"null\n", "scenario.empty_file"),
    whole("scalar", "日照\n".encode(), "scenario.not_a_scenario", 1),
    whole("list", b"- policy: science-fund\n", "scenario.not_a_scenario", 1),
    whole("gb18030", SCENARIO.encode("gb18030"), "scenario.not_utf8", 2),
    whole("utf16", SCENARIO.encode("utf-16"), "scenario.not_utf8", 1),
    whole("workbook", b"PK\x03\x04" + bytes(200), "scenario.workbook"),
    whole("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "scenario.workbook"),
    whole("huge", b"# " + b"x" * 4_100_000, "scenario.too_large"),
    whole("laughs", _laughs(), "scenario.too_many_values", 6),
    whole("deep", b"a: " + b"[" * 20_000, "scenario.too_deep", 1),
    whole("wide", b"a: [" + b"1," * 250_000 + b"1]", "scenario.too_many_values", 1),
    whole("json_torn", b'{"policy": "science-fund", "fund": {', "scenario.unclosed", 1),
]

SETS = [
    with_set("set_reads", "fund.horizon=5", fund__horizon=5),
    with_set(
        "set_unit",
        "fund.sources.科技创新类资金.amount=7百万元",
        fund__sources__科技创新类资金__amount=7_000_000,
    ),
    with_set("set_no_value", "fund.horizon", "scenario.set_without_value"),
    with_set("set_bare_amount", "fund.sources.科技创新类资金.amount=7000000", "money.no_unit"),
    with_set("set_unknown", "fund.horizen=5", "scenario.unknown_key_near"),
    with_set("set_beside", "fund.sources.科技创新类资全.amount=7百万元", "scenario.set_beside"),
    with_set("set_bad_path", "fund..horizon=5", "scenario.bad_path"),
    with_set("set_own_key", "extends=other.yaml", "scenario.own_key"),
    with_set("set_item", "instruments.grant.levels.7=50%", "scenario.no_such_item"),
    with_set("set_syntax", "fund.horizon=[5", "scenario.unclosed"),
    with_set("set_nothing_there", "fund.note=~", "scenario.nothing_to_remove"),
    with_set("set_list_for_scalar", "fund.horizon=[5]", "scenario.not_scalar"),
]


def _extends(name: str, said: str, code: str, **beside: str) -> Hurt:
    files = {f"{k}.yaml": v for k, v in beside.items()}
    return Hurt(name, f"extends: {said}\n{SCENARIO}".encode(), ((code, 1),), files)


def _renamed(name: str, old: str, new: str, missing: int, unknown: int) -> Hurt:
    """A needed key misspelt: it is missing, and another is not known."""
    text = SCENARIO.replace(old, new, 1)
    return Hurt(
        name, text.encode(), (("scenario.missing_key", missing), ("scenario.unknown_key_near", unknown))
    )


LAYERS = [
    _renamed("fund_near", "fund:", "funds:", 1, 5),
    _renamed("sources_near", "  sources:", "  resources:", 5, 9),
    Hurt(
        "horizon_one",
        SCENARIO.replace("horizon: 6", "horizon: 1").encode(),
        (("fund.horizon", 26), ("fund.horizon", None)),
    ),
    _extends("extends_absent", "base.yaml", "scenario.no_such_base"),
    _extends("extends_number", "5", "scenario.extends_not_path"),
    _extends("extends_mapping", "{a: b}", "scenario.extends_not_path"),
    _extends("extends_itself", "scenario.yaml", "scenario.cycle"),
    _extends(
        "extends_circle", "one.yaml", "scenario.cycle", one="extends: two.yaml\n", two="extends: one.yaml\n"
    ),
    Hurt(
        "extends_fault_below",
        f"extends: one.yaml\n{SCENARIO}".encode(),
        (("scenario.unknown_key_near", 2),),
        {"one.yaml": "fund:\n  horizons: 5\n"},
    ),
    _extends(
        "extends_many",
        "[" + ", ".join(["one.yaml"] * 250) + "]",
        "scenario.too_many_layers",
        one="note: 一\n",
    ),
    Hurt("override_scalar", f"{SCENARIO}overrides: 5\n".encode(), (("scenario.overrides_not_list", 49),)),
    Hurt("override_item", f"{SCENARIO}overrides: [5]\n".encode(), (("scenario.override_not_mapping", 49),)),
    Hurt(
        "override_reads", f"{SCENARIO}overrides: [{{fund.horizon: 4}}]\n".encode(), also={"fund.horizon": 4}
    ),
]

HURTS = [*EDITS, *WHOLES, *SETS, *LAYERS]


# -- seeded: no word on what comes, but it is told in this file or read --------------------------------


def _line_gone(draw: Random, rows: list[str]) -> None:
    del rows[draw.randrange(len(rows))]


def _line_twice(draw: Random, rows: list[str]) -> None:
    at = draw.randrange(len(rows))
    rows.insert(at, rows[at])


def _lines_swapped(draw: Random, rows: list[str]) -> None:
    a, b = draw.sample(range(len(rows)), 2)
    rows[a], rows[b] = rows[b], rows[a]


def _sign_changed(draw: Random, rows: list[str]) -> None:
    at = draw.randrange(len(rows))
    spot = draw.randrange(max(1, len(rows[at])))
    sign = draw.choice("：，｛｝“”{}[]:,-#&*!|>'\"%@`\t\x00\u3000é０")
    rows[at] = rows[at][:spot] + sign + rows[at][spot + 1 :]


def _line_moved_in(draw: Random, rows: list[str]) -> None:
    at = draw.randrange(len(rows))
    rows[at] = " " * draw.choice((1, 2, 4)) + rows[at]


WILD: tuple[Callable[[Random, list[str]], None], ...] = (
    _line_gone,
    _line_twice,
    _lines_swapped,
    _sign_changed,
    _line_moved_in,
)


def wild(seed: int, folder: Path) -> Path:
    """The sound scenario after one to three random mishaps, written to `folder`."""
    draw = Random(seed)
    rows = SCENARIO.splitlines()
    for _ in range(draw.randint(1, 3)):
        draw.choice(WILD)(draw, rows)
    path = folder / "scenario.yaml"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path

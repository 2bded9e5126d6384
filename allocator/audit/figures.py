"""A plan's figures as its files hold them, and its program's arrays: written by a run, held to by `verify`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from allocator.compile import Compiled
from allocator.options import Award
from allocator.plan import Ruled


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def seal(plan: Mapping[str, Any]) -> str:
    """SHA-256 over a plan's canonical JSON without its seal."""
    text = json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plainly)
    return hashlib.sha256(text.encode()).hexdigest()


def _plainly(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{value!r} has no canonical form")


def program_arrays(compiled: Compiled) -> dict[str, Any]:
    """The option table and the rows as the arrays that a run's folder keeps."""
    program, options = compiled.program, compiled.options
    return {
        "gain": program.gain,
        "indptr": program.matrix.indptr.astype(np.int64),
        "indices": program.matrix.indices.astype(np.int64),
        "data": program.matrix.data,
        "lower": program.lower,
        "upper": program.upper,
        "groups": program.groups,
        "fixed": program.fixed,
        "level": options.level,
        "award": options.award,
        "outlay": options.outlay,
        "recovery": options.recovery,
        "merit": options.merit,
        **{f"money_{name}": column for name, column in options.money.items()},
    }


def award_figures(award: Award, years: tuple[int, ...]) -> dict[str, Any]:
    """The figures of an award as plan.json holds them: whole yuan; merit as a decimal number of 万元."""
    return {
        "amount": award.amount,
        "outlay": {str(y): v for y, v in zip(years, award.outlay, strict=True) if v},
        "recovery": {str(y): v for y, v in zip(years, award.recovery, strict=True) if v},
        "merit": shown(Fraction(award.merit), 1_000_000),
    }


def shown(value: Fraction, scale: int) -> Decimal | int:
    """`value / scale` to six decimals: exact for whole micro-units."""
    micro = Decimal(round(value * 1_000_000 / scale)) / 1_000_000
    return int(micro) if micro == micro.to_integral_value() else micro


def rule_json(ruled: Ruled) -> dict[str, Any]:
    """One measured rule as plan.json holds it."""
    return {
        **ruled.measure.as_json(),
        "binding": ruled.binding,
        "sentence": {"zh": ruled.sentence.zh, "en": ruled.sentence.en},
    }

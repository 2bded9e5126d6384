"""Every fault that reading can find is worded in both languages, and no wording is left over."""

from __future__ import annotations

import re
from pathlib import Path

import allocator.intake
from allocator.words import LANGS, catalogue

SOURCE = "\n".join(p.read_text(encoding="utf-8") for p in Path(allocator.intake.__file__).parent.glob("*.py"))
SAID = re.compile(r'(?:Fault|_Refused|fault|refuse|Odd)\(\s*"(\w+)"|"intake\.(\w+)"|"(row_\w+)"')


def test_every_code_is_worded_and_every_wording_is_used() -> None:
    used = {"".join(found) for found in SAID.findall(SOURCE)} - {"more"}
    for lang in LANGS:
        keys = catalogue("allocator.words").entries[lang]
        worded = {k.split(".")[2] for k in keys if k.startswith("fault.intake.")}
        assert used - worded == set()
        assert {
            code for code in worded if f'"{code}"' not in SOURCE and f'"intake.{code}"' not in SOURCE
        } == set()
        assert all(f"fault.intake.{code}.{part}" in keys for code in worded for part in ("what", "mend"))


def test_the_two_languages_fill_in_the_same_values() -> None:
    words = catalogue("allocator.words").entries
    for key, text in words["zh"].items():
        if key.startswith(("fault.intake.", "intake.")) and ".what" in key:
            fields = set(re.findall(r"\{(\w+)", text))
            assert fields == set(re.findall(r"\{(\w+)", words["en"][key])), key

"""Which heads of account money stands under: 政府预算支出经济分类科目 by instrument (or line) and kind of payee.

功能分类科目 and 指标文号 are the sources' own (`fund.sources`). Who is paid may be another than the applicant: capital
goes to an entrusted manager (受托管理机构).
"""

from __future__ import annotations

from collections.abc import Mapping

from allocator.contract import Settings
from models.candidate import ENTERPRISE_KIND
from models.terms import Standing

ANY = "*"
"""Every kind of payee that is not named."""


REGISTERED = {
    "91": ENTERPRISE_KIND,
    "92": ENTERPRISE_KIND,
    "93": ENTERPRISE_KIND,
    "12": "事业单位",
} | dict.fromkeys(("51", "52", "53"), "社会组织")
"""What the first two characters of a 统一社会信用代码 say of its bearer (GB 32100-2015: 登记管理部门, 机构类别)."""


def kind_of(kind: str | None, credit_code: str | None) -> str | None:
    """A unit's kind as stated, else as its credit code tells."""
    return kind or REGISTERED.get((credit_code or "")[:2])


class Heads(Settings):
    """The head of each kind of payee (单位性质), and where that comes from.

    heads  kind of payee, or `*` for every other -> code and name; what is not said stands empty in the tables
    payee  who is paid in the applicant's place, where somebody is
    """

    heads: dict[str, str] = {}
    payee: str = ""
    source: str = ""
    standing: Standing = "assumed"


class Accounts(Settings):
    """Heads by the key of an instrument, or by the kind of a fixed line, which counts before its instrument."""

    economic: dict[str, Heads] = {}

    def head(self, labels: Mapping[str, str], kind: str | None) -> str | None:
        """The head of an award or line with these labels whose payee is of that kind; None where nothing says."""
        for axis in ("line", "instrument"):
            own = self.economic.get(labels.get(axis, ""))
            if own is not None:
                found = own.heads.get(kind or ANY) or own.heads.get(ANY)
                if found:
                    return found
        return None

    def payee(self, labels: Mapping[str, str], applicant: str | None) -> str | None:
        """Who is paid: the applicant, or whoever stands in its place."""
        own = self.economic.get(labels.get("instrument", ""))
        return own.payee if own is not None and own.payee else applicant

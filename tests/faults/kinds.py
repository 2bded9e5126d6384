"""Other kinds of file than .xlsx, and workbooks under other names: read right, or told."""

from __future__ import annotations

import zipfile
from pathlib import Path
from random import Random

import openpyxl
import xlwt

from tests.faults.case import Corpus, Must, reads
from tests.faults.files import parts_of, replaced, whole, write_parts
from tests.faults.sound import CANDIDATES, Draft

CORPUS = Corpus()

# -- other kinds of file, read right ----------------------------------------------------------


def _as_csv(path: Path, encoding: str, delimiter: str = ",", name: str = "pool.csv") -> Path:
    """The main sheet alone as text: without its reviews no candidate has a score, which is a fault of its own."""
    page = openpyxl.load_workbook(path)[CANDIDATES]
    lines = []
    for row in page.iter_rows(values_only=True):
        said = ["" if v is None else str(v) for v in row]
        quoted = [
            '"' + v.replace('"', '""') + '"' if delimiter in v or '"' in v or "\n" in v else v for v in said
        ]
        lines.append(delimiter.join(quoted))
    target = path.with_name(name)
    target.write_bytes("\r\n".join(lines).encode(encoding))
    return target


CSV_GONE = {"reviews": tuple(range(18)), "lines": (0, 1, 2), "entitlements": (0, 1), "calls": (0,)}
CALL_UNKNOWN = tuple(("candidate.call", None, f"J{r}") for r in (8, 9))
"""A single text table has neither calls nor reviews: those are its only faults, and each is where it says."""


@CORPUS.each(
    utf8=("utf-8", ","), marked=("utf-8-sig", ","), gb18030=("gb18030", ","), gbk_tabs=("gbk", "\t"),
    utf16=("utf-16", "\t"), semicolons=("utf-8", ";"), bars=("utf-8", "|"),
    wide_commas=("utf-8", "，"),
)  # fmt: skip
def _a_text_table(draw: Random, draft: Draft, what: tuple[str, str]) -> Must:
    encoding, delimiter = what
    draft.after.append(lambda path: _as_csv(path, encoding, delimiter))
    return Must((*CALL_UNKNOWN, ("review.no_table", None, None)))


@CORPUS.each(little="utf-16-le", big="utf-16-be")
def _utf16_without_its_mark(draw: Random, draft: Draft, encoding: str) -> Must:
    draft.after.append(lambda path: _as_csv(path, encoding))
    return whole("file_kind")


@CORPUS.damage(1)
def _a_text_table_in_a_foreign_encoding(draw: Random, draft: Draft) -> Must:
    """Big5 is no GB18030: what would be misread is refused, or its headings are not found."""

    def write(path: Path) -> Path:
        target = path.with_name("pool.csv")
        target.write_bytes("項目編號,項目名稱,申報單位\r\nP1,海藻,甲\r\n".encode("big5"))
        return target

    draft.after.append(write)
    return Must((("intake.heading_absent", None, "A1"),))


@CORPUS.damage(1)
def _a_quote_that_does_not_close(draw: Random, draft: Draft) -> Must:
    def write(path: Path) -> Path:
        target = _as_csv(path, "utf-8")
        target.write_text(
            target.read_text(encoding="utf-8").replace("茶树育种", '"茶树育种'), encoding="utf-8"
        )
        return target

    draft.after.append(write)
    return whole("file_quotes")


@CORPUS.damage(1)
def _a_bare_delimiter_in_a_title(draw: Random, draft: Draft) -> Must:
    """One comma too many shifts the row: the cell beyond the heading and every cell that no longer fits are told."""
    draft.put(CANDIDATES, 1, "note", "含试验线")

    def write(path: Path) -> Path:
        target = _as_csv(path, "utf-8")
        target.write_text(
            target.read_text(encoding="utf-8").replace("钢渣固碳", "钢渣,固碳"), encoding="utf-8"
        )
        return target

    draft.after.append(write)
    shifted = (
        ("intake.label", None, "F5"), ("intake.label", None, "H5"), ("intake.label", None, "I5"),
        ("intake.below_optional", None, "O5"), ("intake.below_optional", None, "P5"), ("intake.row_wide", None, "S5"),
        ("candidate.call", None, "J5"), ("candidate.code", None, "E5"),
    )  # fmt: skip
    return Must((*shifted, *CALL_UNKNOWN, ("review.no_table", None, None)))


def _as_xls(path: Path) -> Path:
    source = openpyxl.load_workbook(path)
    book = xlwt.Workbook(encoding="utf-8")
    for page in source.worksheets:
        sheet = book.add_sheet(page.title)
        for r, row in enumerate(page.iter_rows(values_only=True)):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
    target = path.with_name("pool.xls")
    book.save(str(target))
    return target


@CORPUS.damage(1)
def _an_xls(draw: Random, draft: Draft) -> Must:
    draft.after.append(_as_xls)
    return reads()


@CORPUS.damage(4)
def _an_xls_cut_short(draw: Random, draft: Draft) -> Must:
    keep = draw.random()
    draft.after.append(_as_xls)
    draft.after.append(lambda path: replaced(path, path.read_bytes()[: 600 + int(keep * 1500)]))
    return whole("file_torn")


@CORPUS.each(xls="pool.xls", csv="pool.csv", et="pool.et", none="pool", upper="POOL.XLSX")
def _a_workbook_under_another_name(draw: Random, draft: Draft, name: str) -> Must:
    draft.after.append(lambda path: path.rename(path.with_name(name)))
    return reads()


@CORPUS.damage(1)
def _an_archive_stored_uncompressed(draw: Random, draft: Draft) -> Must:
    draft.after.append(lambda path: write_parts(path, parts_of(path), zipfile.ZIP_STORED))
    return reads()


@CORPUS.damage(1)
def _a_macro_workbook(draw: Random, draft: Draft) -> Must:
    draft.after.append(
        lambda path: write_parts(
            path.with_name("pool.xlsm"), {**parts_of(path), "xl/vbaProject.bin": b"\xcc" * 900}
        )
    )
    return reads()

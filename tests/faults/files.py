"""Damage to the file itself: what is no workbook, what is torn, what would explode, and text tables of every kind."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from random import Random

from tests.faults.case import Corpus, Must
from tests.faults.sound import CANDIDATES, Draft

CORPUS = Corpus()
LOCKED = bytes(1200) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
SHEET1 = "xl/worksheets/sheet1.xml"


def whole(code: str) -> Must:
    """One fault of the file as a whole."""
    return Must(((f"intake.{code}", None, None),))


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def replaced(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# -- no workbook ------------------------------------------------------------------------------


@CORPUS.each(
    empty=(b"", "file_empty"),
    spaces=(b" \r\n\t \n", "file_empty"),
    zeros=(bytes(4096), "file_empty"),
    mark=(b"\xef\xbb\xbf", "file_empty"),
    text=("项目编号,项目名称\r\nP1,甲\r\n".encode(), "file_text"),
    gb_text=("项目编号,项目名称\r\nP1,甲\r\n".encode("gb18030"), "file_text"),
    page=(b"<html><body><table><tr><td>P1</td></tr></table></body></html>", "file_markup"),
    xml=(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "file_markup"),
    json=(b'{"id": "P1"}', "file_text"),
    pdf=(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\n\x00\x01", "file_kind"),
    picture=(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "file_kind"),
    rar=(b"Rar!\x1a\x07\x01\x00" + bytes(range(200)), "file_kind"),
    gzip=(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + bytes(range(200)), "file_kind"),
    head_only=(b"PK\x03\x04", "file_torn"),
    ole_head_only=(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_torn"),
    ole_noise=(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 6, "file_torn"),
    encrypted=(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + LOCKED, "file_encrypted"),
)  # fmt: skip
def _no_workbook(draw: Random, draft: Draft, what: tuple[bytes, str]) -> Must:
    data, code = what
    draft.after.append(lambda path: replaced(path, data))
    return whole(code)


@CORPUS.each(docx="word/document.xml", zip_="申报材料.txt", pptx="ppt/presentation.xml")
def _another_archive(draw: Random, draft: Draft, name: str) -> Must:
    draft.after.append(lambda path: write_parts(path, {name: b"<x/>"}))
    return whole("file_kind")


@CORPUS.damage(1)
def _no_archive_at_all(draw: Random, draft: Draft) -> Must:
    def nothing(path: Path) -> Path:
        path.unlink()
        return path

    draft.after.append(nothing)
    return whole("file_absent")


@CORPUS.damage(1)
def _a_folder(draw: Random, draft: Draft) -> Must:
    def folder(path: Path) -> Path:
        path.unlink()
        path.mkdir()
        return path

    draft.after.append(folder)
    return whole("file_folder")


@CORPUS.damage(1)
def _what_wps_leaves_beside_an_open_workbook(draw: Random, draft: Draft) -> Must:
    def lock(path: Path) -> Path:
        beside = path.with_name("~$pool.xlsx")
        beside.write_bytes(b"\x05admin" + b" " * 159)
        return beside

    draft.after.append(lock)
    return whole("file_lock")


# -- torn -------------------------------------------------------------------------------------


@CORPUS.damage(6)
def _cut_short(draw: Random, draft: Draft) -> Must:
    at = draw.random()
    draft.after.append(lambda path: replaced(path, path.read_bytes()[: 100 + int(at * 5000)]))
    return whole("file_torn")


@CORPUS.damage(4)
def _bytes_turned_over_in_a_part(draw: Random, draft: Draft) -> Must:
    """The archive's own check sums tell."""
    seed = draw.random()

    def turn(path: Path) -> Path:
        data = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(SHEET1)
        start = entry.header_offset + 30 + len(SHEET1)
        at = start + 20 + int(seed * (entry.compress_size - 40))
        data[at] ^= 0x55
        return replaced(path, bytes(data))

    draft.after.append(turn)
    return whole("file_torn")


@CORPUS.each(workbook="xl/workbook.xml", rels="xl/_rels/workbook.xml.rels")
def _a_part_that_is_no_xml(draw: Random, draft: Draft, part: str) -> Must:
    draft.after.append(lambda path: write_parts(path, {**parts_of(path), part: b"<a><b></a>"}))
    return whole("file_torn")


@CORPUS.damage(1)
def _a_sheet_that_is_no_xml(draw: Random, draft: Draft) -> Must:
    def cut(path: Path) -> Path:
        parts = parts_of(path)
        return write_parts(path, {**parts, SHEET1: parts[SHEET1][: len(parts[SHEET1]) // 2] + b"<<&"})

    draft.after.append(cut)
    return Must((("intake.sheet_torn", CANDIDATES, None),))


@CORPUS.damage(1)
def _a_sheet_whose_part_is_gone(draw: Random, draft: Draft) -> Must:
    def drop(path: Path) -> Path:
        parts = parts_of(path)
        del parts[SHEET1]
        return write_parts(path, parts)

    draft.after.append(drop)
    return Must((("intake.sheet_torn", CANDIDATES, None),))


@CORPUS.damage(1)
def _a_password(draw: Random, draft: Draft) -> Must:
    def lock(path: Path) -> Path:
        data = bytearray(path.read_bytes())
        data[data.find(b"PK\x01\x02") + 8] |= 1
        return replaced(path, bytes(data))

    draft.after.append(lock)
    return whole("file_encrypted")


# -- bombs ------------------------------------------------------------------------------------


@CORPUS.damage(1)
def _a_bomb(draw: Random, draft: Draft) -> Must:
    """Some hundred kilobytes that unpack to 80 MB."""

    def explode(path: Path) -> Path:
        parts = parts_of(path)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, data in parts.items():
                if name != SHEET1:
                    archive.writestr(name, data)
            with archive.open(SHEET1, "w", force_zip64=True) as part:
                block = bytes(1 << 24)
                for _ in range(5):
                    part.write(block)
        return path

    draft.after.append(explode)
    return whole("file_bomb")


@CORPUS.damage(1)
def _a_bomb_that_lies_about_its_size(draw: Random, draft: Draft) -> Must:
    def lie(path: Path) -> Path:
        write_parts(path, {**parts_of(path), "xl/theme/theme1.xml": bytes(8 << 20)})
        data = bytearray(path.read_bytes())
        at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/theme/theme1.xml"))
        data[at + 24 : at + 28] = struct.pack("<I", 100)
        return replaced(path, bytes(data))

    draft.after.append(lie)
    return whole("file_torn")


@CORPUS.damage(1)
def parts_of_laid_over_each_other(draw: Random, draft: Draft) -> Must:
    """Many entries of the directory that all point at one part (Fifield's bomb)."""

    def overlap(path: Path) -> Path:
        parts = parts_of(path)
        payload = io.BytesIO()
        with zipfile.ZipFile(payload, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
            archive.writestr("xl/media/x0.xml", bytes(1 << 20))
            source = archive.getinfo("xl/media/x0.xml")
            for n in range(1, 700):
                copy = zipfile.ZipInfo(f"xl/media/x{n}.xml")
                copy.compress_type, copy.CRC = source.compress_type, source.CRC
                copy.compress_size, copy.file_size = source.compress_size, source.file_size
                copy.header_offset = source.header_offset
                archive.filelist.append(copy)
                archive.NameToInfo[copy.filename] = copy
        return replaced(path, payload.getvalue())

    draft.after.append(overlap)
    return whole("file_bomb")


@CORPUS.damage(1)
def _an_entity_that_explodes(draw: Random, draft: Draft) -> Must:
    """Billion laughs in the list of sheets."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "laugh">{entities}]>'.encode()

    def laugh(path: Path) -> Path:
        parts = parts_of(path)
        text = parts["xl/workbook.xml"]
        start = text.index(b"<workbook")
        return write_parts(
            path,
            {**parts, "xl/workbook.xml": head + text[start:].replace(b"</workbook>", b"&l9;</workbook>")},
        )

    draft.after.append(laugh)
    return whole("file_torn")

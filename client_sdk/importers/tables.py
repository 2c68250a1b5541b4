"""Bytes to tables: encoding, delimiter, quotes, and the line on which each row begins.

Most files hold one table, which has no name. JEFIT's holds one after another, each under a line with its name, and
FitNotes' backup is a database.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping

from client_sdk.importers.databases import MAGIC as DATABASE
from client_sdk.importers.databases import tables_of_database
from client_sdk.importers.errors import ImportFileError
from client_sdk.importers.rows import Table

_MAGIC = (
    (b"PK\x03\x04", "This is a zip archive or a workbook.", "Unpack it, and give the CSV file that is in it."),
    (b"%PDF", "This is a PDF document.", "Use the app's export to CSV."),
    (b"\x1f\x8b", "This file is compressed.", "Unpack it, and give the CSV file that is in it."),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_AGAIN = "Export it again, and give the CSV file as the app wrote it."
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_BANNER = re.compile(r"###+ *([A-Z][A-Z0-9 _-]*?) *#*")
_FIRST_BANNER = re.compile(rf"^{_BANNER.pattern}\r?$", re.MULTILINE)
_OPENING = 1000
"""How many characters tell whether a file is text at all."""


def tables_of(data: bytes) -> Mapping[str, Table]:
    """The tables of a file by name; that of a file with only one has none.

    Text is in UTF-8, UTF-16 or, failing those, Windows-1252.

    Raises:
        ImportFileError: where it holds no tables, with what it seems to be instead.
    """
    if data.startswith(DATABASE):
        return tables_of_database(data)
    text, encoding = _decoded(data)
    opening = text[:_OPENING].lstrip().casefold()
    if opening.startswith(("<!doctype", "<html", "<?xml", "<head", "<body")):
        raise ImportFileError(
            "This is a web page, not an export.", "Sign in again, and download the CSV file itself."
        )
    if opening.startswith("{"):
        raise ImportFileError(
            "This is a JSON document, such as Liftosaur's backup.", "Use the app's export of its history to CSV."
        )
    if _FIRST_BANNER.search(text, 0, _OPENING):
        return _sections(_rows(text, ","), encoding)
    delimiter = _delimiter(opening)
    rows = _rows(text, delimiter)
    if not rows:
        raise ImportFileError("The file is empty.", _AGAIN)
    return {"": _table(rows, delimiter, encoding)}


def _sections(rows: list[tuple[int, list[str]]], encoding: str) -> dict[str, Table]:
    """The tables below their names; rules of nothing but # say nothing."""
    sections: dict[str, list[tuple[int, list[str]]]] = {}
    section: list[tuple[int, list[str]]] = []
    for line, cells in rows:
        if banner := _BANNER.fullmatch(cells[0].strip()):
            section = sections.setdefault(banner[1], [])
        elif cells[0].strip(" #") or any(cells[1:]):
            section.append((line, cells))
    return {name: _table(rows, ",", encoding) for name, rows in sections.items() if rows}


def _table(rows: list[tuple[int, list[str]]], delimiter: str, encoding: str) -> Table:
    header = tuple(cell.strip() for cell in rows[0][1])
    return Table(header=header, rows=tuple(rows[1:]), delimiter=delimiter, encoding=encoding)


def _decoded(data: bytes) -> tuple[str, str]:
    for magic, message, next_step in _MAGIC:
        if data.startswith(magic):
            raise ImportFileError(message, next_step)
    for mark, marked in _MARKS:
        if data.startswith(mark):
            data, encodings = data.removeprefix(mark), [marked]
            break
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or _CONTROL.search(text, 0, _OPENING):
            break
        return text, encoding
    raise ImportFileError("This is not a text file.", _AGAIN)


def _delimiter(opening: str) -> str:
    header = opening.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line = [], 1
    try:
        for cells in reader:
            if cells:
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportFileError(f"The row that begins on line {line} can't be taken apart: {error}.", _AGAIN) from error
    return rows

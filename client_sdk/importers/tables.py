"""Bytes to rows: encoding, delimiter, quotes, and the line on which each row begins."""

from __future__ import annotations

import codecs
import csv
import io
import re

import msgspec

from client_sdk.importers.errors import ImportFileError

_MAGIC = (
    (b"PK\x03\x04", "This is a zip archive or a workbook.", "Unpack it, and give the CSV file that is in it."),
    (b"SQLite format 3", "This is an app's backup, not an export.", "Use the app's export to CSV."),
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
_OPENING = 1000
"""How many characters tell whether a file is text at all."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A file of separated values.

    ``rows`` are the rows below the header, each with the line on which it begins; blank lines are none.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    delimiter: str
    encoding: str


def table_of(data: bytes) -> Table:
    """The rows of a file in UTF-8, UTF-16 or, failing those, Windows-1252.

    Raises:
        ImportFileError: where it holds no separated values, with what it seems to be instead.
    """
    text, encoding = _decoded(data)
    opening = text[:_OPENING].lstrip().casefold()
    if opening.startswith(("<!doctype", "<html", "<?xml", "<head", "<body")):
        raise ImportFileError(
            "This is a web page, not an export.", "Sign in again, and download the CSV file itself."
        )
    delimiter = _delimiter(opening)
    rows = _rows(text, delimiter)
    if not rows:
        raise ImportFileError("The file is empty.", _AGAIN)
    return Table(
        header=tuple(cell.strip() for cell in rows[0][1]),
        rows=tuple(rows[1:]),
        delimiter=delimiter,
        encoding=encoding,
    )


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

"""What can go wrong with an import.

    IronledgerError
    └── ImportFileError     a file that no importer can read

A row that can't be read is no failure: it is listed in the reading, with its line and the reason.
"""

from __future__ import annotations

from events.errors import IronledgerError


class ImportFileError(IronledgerError):
    """The file as a whole is not an export that can be read."""

    code = "import_file"


class RowError(Exception):
    """One row can't be read; its only argument says why, as a sentence. It never leaves this package."""

"""The fold code as the server uses it: ``projections``, or a stand-in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from events.envelope import Record
from projections import log
from projections.ledger import REPORTS, Ledger, encode_report, fingerprint


class Fold(Protocol):
    """One ledger, folded. See ``projections.ledger.Ledger``."""

    position: int

    def apply(self, arrivals: Iterable[Record], /) -> None:
        """Takes records in."""
        ...

    def report(self, name: str, as_of: int | None = None, /, *, explain: bool = False) -> dict[str, Any]:
        """A report as of a local day, with the events behind its figures if asked for."""
        ...

    def digest(self) -> str:
        """The hash over all reports."""
        ...

    def checkpoint(self) -> dict[str, bytes]:
        """All that is needed to go on from here, in parts."""
        ...


@dataclass(frozen=True, kw_only=True)
class FoldCode:
    """Some version of the code that folds ledgers.

    Attributes:
        fingerprint: Names the version.
        reports: The reports of a ``Fold``, without the log.
        empty: The fold of no records.
        restore: The fold of a checkpoint, or None where it is another version's; also given is who folds the same
            ledger from nothing, up to its head, should a part turn out to be damaged.
        log: A page of the log, of a fold, the page's records, the position before which the next page ends, and the
            day that was asked for.
        encode_report: The canonical JSON of a report.
    """

    fingerprint: str
    reports: tuple[str, ...]
    empty: Callable[[], Fold]
    restore: Callable[[Mapping[str, bytes], Callable[[], Any]], Fold | None]
    log: Callable[[Any, Iterable[Record], int | None, int | None], dict[str, Any]]
    encode_report: Callable[[dict[str, Any]], bytes]


def present_fold() -> FoldCode:
    """The fold code of this installation."""
    return FoldCode(
        fingerprint=fingerprint(),
        reports=REPORTS,
        empty=Ledger,
        restore=lambda parts, replay: Ledger.restore(parts, replay=replay),
        log=log.report,
        encode_report=encode_report,
    )

"""A sign of life for what takes long: on a terminal only, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_S = 0.5
"""What is done by then was not long, and needs no bar."""

Update = Callable[[int, int], None]
"""Told how much is done, and of how much."""


@contextmanager
def working(what: str) -> Iterator[Update]:
    """Shows a bar while something goes on, which moves when it is told how far that has come."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    bar = _Bar(what)
    timer = Timer(PATIENCE_S, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.update
    finally:
        timer.cancel()
        timer.join()
        bar.hide()


class _Bar:
    """A progress bar that may never be shown."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._done, self._total = 0, 0
        self._progress: Progress | None = None

    def show(self) -> None:
        from rich.console import Console  # noqa: PLC0415  # heavy, and most commands are done before
        from rich.progress import Progress  # noqa: PLC0415  # as above

        progress = Progress(console=Console(stderr=True), transient=True)
        progress.add_task(self._what, total=self._total or None, completed=self._done)
        progress.start()
        self._progress = progress

    def update(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def hide(self) -> None:
        if self._progress is not None:
            self._progress.stop()

"""What can go wrong in the shared language.

    IronledgerError          a failure with a stable code, a sentence and a next step
    ├── MalformedError       text that is not an event, a request or a number as the protocol has them
    └── UnknownNameError     a name that nothing in the catalogue or the reports bears

Each package adds its own branch (``client_sdk.errors``, ``server.errors``) and translates at its border, once.
Outcomes that the protocol expects (a fork, a gap, a problem) are values, not errors: see ``events.protocol``.
"""

from __future__ import annotations


class IronledgerError(Exception):
    """A failure that a person can act on.

    Args:
        message: One sentence: what is wrong, and where.
        next_step: What to do about it, as a sentence; empty where nothing can be done.
    """

    code = "error"

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".rstrip()


class MalformedError(IronledgerError):
    """Text that breaks the form; ``path`` says where, as ``$.events[3].seq``."""

    code = "malformed"

    def __init__(self, message: str, path: str = "$", next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.path = path

    def under(self, path: str) -> MalformedError:
        """The same fault, seen from the value that holds this one at ``path`` (as ``$.events[3]``)."""
        return MalformedError(self.message, path + self.path.removeprefix("$"), self.next_step)


class UnknownNameError(IronledgerError):
    """A name that was asked for and that nothing bears; ``suggestions`` are the nearest that something does."""

    code = "unknown_name"

    def __init__(self, message: str, suggestions: tuple[str, ...] = (), next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.suggestions = suggestions

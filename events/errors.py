"""What can go wrong in the shared language.

    IronledgerError          a failure with a stable code, a sentence and a next step
    ├── MalformedError       text that is not an event, a request or a number as the protocol has them
    │   └── UnsoundError     a fact whose fields don't go together
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


class UnsoundError(MalformedError, ValueError):
    """Fields that don't go together in one fact, or a figure that nothing has.

    It is a ``ValueError`` so that msgspec tells of it with the path where it reads such a fact.

    Args:
        reason: A clause, such as ``reps_min is above reps_max``; where it is to be mended by one field, it names it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(sentence(reason))
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class UnknownNameError(IronledgerError):
    """A name that was asked for and that nothing bears; ``suggestions`` are the nearest that something does."""

    code = "unknown_name"

    def __init__(self, message: str, suggestions: tuple[str, ...] = (), next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.suggestions = suggestions


def sentence(clause: str) -> str:
    """A clause as a sentence; it may begin with the name of a field, which stays as it is."""
    name, _, _ = clause.partition(" ")
    return f"{clause}." if "_" in name or clause.startswith(("$", "`")) else f"{clause[:1].upper()}{clause[1:]}."

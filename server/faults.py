"""What the server's endpoints beyond sync may answer instead, in the form of ``events.protocol``'s faults."""

from __future__ import annotations

from events.protocol import BaseFault


class SignUpsClosed(BaseFault, frozen=True, kw_only=True, tag="sign_ups_closed"):
    """The configuration lets nobody open an account."""

    status = 403
    title = "Nobody can open an account here"


class NotFound(BaseFault, frozen=True, kw_only=True, tag="not_found"):
    """Nothing is at that address."""

    status = 404
    title = "Not found"


class UnknownReport(BaseFault, frozen=True, kw_only=True, tag="unknown_report"):
    """No report has that name."""

    status = 404
    title = "No such report"
    reports: tuple[str, ...]


class MethodNotAllowed(BaseFault, frozen=True, kw_only=True, tag="method_not_allowed"):
    """What is at that address answers to other methods."""

    status = 405
    title = "Method not allowed"


class NameTaken(BaseFault, frozen=True, kw_only=True, tag="name_taken"):
    """Another account has that name."""

    status = 409
    title = "The name is taken"


class PasswordTooShort(BaseFault, frozen=True, kw_only=True, tag="password_too_short"):
    """The password can be guessed."""

    status = 422
    title = "The password is too short"


class Internal(BaseFault, frozen=True, kw_only=True, tag="internal"):
    """The server is broken; its log says how."""

    status = 500
    title = "The server made a mistake"

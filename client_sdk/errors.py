"""What can go wrong on a device.

IronledgerError
├── LedgerFileError       the file is no ledger, a newer one's, or can't be written
│   └── DamagedLedgerError    what is in it can't be read, or contradicts itself
├── NotFoundError         nothing in the ledger bears the name
├── PhotoError            a file is no photo, or could not be copied as it is
├── NotSignedInError      syncing needs an account
├── SyncRefusedError      the server refused; ``fault`` says why
├── ServerError           the server answered something that is not of the protocol
└── UnreachableError      no server answered
"""

from __future__ import annotations

from events.errors import IronledgerError
from events.protocol import Fault


class LedgerFileError(IronledgerError):
    """The local ledger can't be used as it is; nothing in it was changed."""

    code = "ledger_file"


class DamagedLedgerError(LedgerFileError):
    """The ledger file is not as it was written: ``verify`` says where, ``repair`` mends it."""

    code = "damaged"

    def __init__(self, message: str) -> None:
        super().__init__(message, "Run `ironledger verify` to see what is wrong, and `ironledger repair` to mend it.")


class ChangedOptionError(IronledgerError):
    """An import would read rows that are known with another unit or time zone; nothing was written."""

    code = "changed_option"

    def __init__(self, option: str, before: str, now: str) -> None:
        super().__init__(
            f"Rows of this file are known with {option} {before}; this import says {now}.",
            f"Say --{option.replace('_', '-')} {before}, or confirm with --yes that they change.",
        )
        self.option = option


class NotFoundError(IronledgerError):
    """Nothing in the ledger bears the name that was given."""

    code = "not_found"


class OtherAccountError(IronledgerError):
    """The ledger belongs to another account; nothing was changed."""

    code = "other_account"


class PhotoError(IronledgerError):
    """A file that was to be kept as a photo is none, or was not the same twice; nothing was logged."""

    code = "photo"


class NotSignedInError(IronledgerError):
    """Syncing needs an account, and this ledger has none yet."""

    code = "not_signed_in"


class SyncRefusedError(IronledgerError):
    """The server refused to sync. What was logged stays in the outbox."""

    code = "sync_refused"

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail, fault.next_step)
        self.fault = fault


class RefusedError(IronledgerError):
    """The server refused something other than a sync, with its own ``code``."""

    def __init__(self, code: str, message: str, next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.code = code


class ServerError(IronledgerError):
    """The server broke the protocol; nothing of its answer was kept."""

    code = "server_error"


class UnreachableError(IronledgerError):
    """No server answered; what was logged stays in the outbox."""

    code = "unreachable"

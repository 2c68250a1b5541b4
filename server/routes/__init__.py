"""HTTP in and out. Nothing is decided here: bodies are read, work is called in a thread, outcomes become answers."""

from __future__ import annotations

from server.routes.accounts import accounts_router
from server.routes.ledger import ledger_router
from server.routes.operations import operations_router
from server.routes.reports import reports_router

__all__ = ["accounts_router", "ledger_router", "operations_router", "reports_router"]

"""The meeting point of an account's devices: it checks, stamps and appends, and folds reports on demand."""

from __future__ import annotations

from server.app import create_app
from server.service import Service
from server.serving import serve
from server.settings import Settings

__all__ = ["Service", "Settings", "create_app", "serve"]

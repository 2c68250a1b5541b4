"""What people call the apps that a ledger's sessions are from."""

from __future__ import annotations


def app_title(app: str | None) -> str:
    """The name of an app; what names none was logged here."""
    from client_sdk.importers.importer import APPS  # noqa: PLC0415  # heavy, and most commands name no app

    return "Ironledger" if app is None else APPS.get(app, app)

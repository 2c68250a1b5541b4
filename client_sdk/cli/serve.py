"""``ironledger serve``: the server, from the same installation. The only place where the client knows of it."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from client_sdk.cli.options import examples


@click.command("serve", epilog=examples("ironledger serve --port 8765 --data ./data"))
@click.option("--host", help="The address to listen at (IRONLEDGER_HOST).")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port to listen at (IRONLEDGER_PORT).")
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="The folder to keep (IRONLEDGER_DATA)."
)
def serve_command(host: str | None, port: int | None, data: Path | None) -> None:
    """Run a server that keeps ledgers in step, until it is interrupted."""
    from server import Settings, serve  # noqa: PLC0415  # heavy, and no other command needs it

    chosen = {name: value for name, value in (("host", host), ("port", port), ("data", data)) if value is not None}
    serve(msgspec.structs.replace(Settings.from_environment(), **chosen))

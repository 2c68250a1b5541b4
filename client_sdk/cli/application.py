"""The command ``ironledger``: its sub-commands, and what it says and returns when one fails.

0    done
1    the request failed, and a message on standard error says why and what next
2    it was used wrongly: likewise
130  interrupted
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from client_sdk.cli.options import LEDGER_VARIABLE, choose_ledger, examples
from events.errors import IronledgerError, MalformedError, UnknownNameError

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130

DEBUG_VARIABLE = "IRONLEDGER_DEBUG"

SELDOM = 50_000
"""After so many new objects garbage is looked for: a command makes many that stay, and next to none in cycles."""

COMMANDS: dict[str, tuple[str, str]] = {
    "today": ("today", "Show what the program asks for today."),
    "log": ("sets", "Log a set, or several alike."),
    "again": ("again", "Log the last set once more, or with a number changed."),
    "undo": ("undo", "Take back the last thing that was written on this device."),
    "session": ("sessions", "Start, finish or merge sessions."),
    "drill": ("drills", "Log a drill of the warm-up or the cool-down."),
    "rate": ("readiness", "Rate how you feel: fatigue, sleep, soreness, pain."),
    "deload": ("readiness", "Say when you train lighter on purpose."),
    "measure": ("measurements", "Log a girth, body fat or body weight."),
    "weigh": ("measurements", "Log your body weight."),
    "photo": ("photos", "Keep a progress photo."),
    "test": ("tests", "Log a sprint, a jump, an endurance run or another test."),
    "eat": ("food", "Log what you ate."),
    "drink": ("food", "Log water that you drank."),
    "supplement": ("food", "Log a supplement."),
    "report": ("reports", "Show what the ledger says: records, volume, balance and more."),
    "why": ("why", "Tell how a figure of a report comes about, down to the sets."),
    "log-book": ("books", "Show the ledger in words, newest first."),
    "correct": ("corrections", "Say that something was otherwise from the start."),
    "void": ("corrections", "Take something out of every report."),
    "note": ("notes", "Keep a remark on a set, a session, an exercise or anything else."),
    "restore": ("corrections", "Let something count again that was voided."),
    "erase": ("corrections", "Take something's words out for ever, everywhere."),
    "import": ("imports", "Bring in the history that another app exported."),
    "exercises": ("exercises", "Look an exercise up by its name."),
    "matrix": ("matrices", "Show what a set counts for, muscle by muscle, and who says so."),
    "match": ("exercises", "Say which exercise one of your own is the same as."),
    "program": ("programs", "Write a training program."),
    "target": ("targets", "Take the target that is proposed for a slot, or decline it."),
    "equipment": ("equipment", "Say what loads your equipment can be given."),
    "profile": ("profiles", "Show or change your settings."),
    "signup": ("accounts", "Open an account on a server and sign this device in."),
    "login": ("accounts", "Sign this device in to an account."),
    "devices": ("accounts", "List the account's devices, or revoke one."),
    "account": ("accounts", "Close the account on its server, for ever."),
    "sync": ("syncing", "Bring this ledger and the server's together."),
    "conflicts": ("conflicts", "Show what devices said that contradicts each other."),
    "settle": ("conflicts", "Settle a conflict: keep what stands, or flip it."),
    "status": ("upkeep", "Show where this ledger stands."),
    "verify": ("upkeep", "Check every event, hash chain and position of the ledger."),
    "repair": ("repairs", "Mend a damaged ledger; nothing that can be read is lost."),
    "export": ("exports", "Write the ledger out, for another app or for your trainer."),
    "serve": ("serve", "Run a server that keeps ledgers in step."),
    "simulate": ("simulate", "Prove that nothing is lost: devices and a server on which all that can fails."),
}
"""The sub-commands: the module of each, where it bears its own name, and what it does in a line."""


class Application(click.Group):
    """A group whose commands are imported when they are called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """See ``click.Group``."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        """See ``click.Group``."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"client_sdk.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # as above
        """See ``click.Group``; nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(
    "ironledger",
    epilog=examples('ironledger log "back squat" 100kg 8 --sets 3', "ironledger report records"),
    cls=Application,
)
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    envvar=LEDGER_VARIABLE,
    expose_value=False,
    callback=choose_ledger,
    help=f"The ledger file; also by {LEDGER_VARIABLE}. By itself one in your user data folder.",
)
@click.version_option(package_name="ironledger", message="%(prog)s %(version)s")
def application() -> None:
    """Ironledger keeps your training history: offline first, never overwritten, the same on every device."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status.

    Args:
        arguments: The words after ``ironledger``; those of this process by default.
    """
    gc.set_threshold(SELDOM)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what is done is done, whether a terminal can spell × or not
    try:
        outcome: Any = application.main(arguments, "ironledger", standalone_mode=False)
    except Exception as error:  # noqa: BLE001  # a person gets a sentence, never a traceback
        return _explained(error, sys.argv[1:] if arguments is None else arguments)
    return outcome if isinstance(outcome, int) else DONE


def _explained(error: Exception, words: Sequence[str]) -> int:  # noqa: C901  # one case for each kind of failure
    """Says on standard error what went wrong with a command of these words and what next; gives the exit status."""
    status = FAILED
    match error:
        case click.Abort():
            lines, status = ["Stopped."], INTERRUPTED
        case click.exceptions.NoArgsIsHelpError():
            lines, status = [error.format_message()], MISUSED
        case click.NoSuchOption(option_name=str(name)) if name[1:2].isdecimal():
            lines, status = (
                ["What begins with a minus is less than nothing.", "Write how much it was, without."],
                MISUSED,
            )
        case click.UsageError():
            path = error.ctx.command_path if error.ctx is not None else "ironledger"
            lines, status = [error.format_message(), f"`{path} --help` shows how it is used."], MISUSED
        case click.ClickException():
            lines = [error.format_message()]
        case UnknownNameError() if error.suggestions and not error.next_step:
            lines = [error.message, f"Choose one of {', '.join(error.suggestions)}."]
        case MalformedError():
            from client_sdk.cli.spelling import spoken  # noqa: PLC0415  # heavy, and most commands don't fail

            field = spoken(error.path.rpartition(".")[2])
            said = error.message if field == "$" else f"{field}: {error.message}"
            lines, status = [said, error.next_step or _how_to_use(words)], MISUSED
        case IronledgerError():
            lines = [error.message, error.next_step]
        case OSError(strerror=str(reason)):
            where = f" ({error.filename})" if error.filename else ""
            lines = [
                f"The system says: {reason}{where}.",
                "What was logged before is kept. Mend that, and try again.",
            ]
        case _ if os.environ.get(DEBUG_VARIABLE):
            raise error
        case _:
            lines = [
                f"Ironledger failed in a way that it should not: {type(error).__name__}: {error}.",
                f"Please report this, with what {DEBUG_VARIABLE}=1 shows. What was logged before is kept.",
            ]
    for line in filter(None, lines):
        click.echo(line, err=True)
    return status


def _how_to_use(words: Sequence[str]) -> str:
    """What to do where an error doesn't say it: read how the command is used."""
    named = next((word for word in words if word in COMMANDS), None)
    return f"`ironledger{'' if named is None else f' {named}'} --help` shows how it is used."

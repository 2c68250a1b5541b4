"""The simulator: the real client and server over a network, clocks and disks that fail, judged by the laws.

    seed ──schedule──▶ steps ──play──▶ World ──heal──▶ laws ──▶ Outcome
                         ▲                                │
                         ╰────────── shrink ◀── broken ───╯

It is the one place beside ``ironledger serve`` where client and server meet in a process.
"""

from client_sdk.simulation.campaign import Tally, campaign, tally
from client_sdk.simulation.faults import KINDS
from client_sdk.simulation.runs import Outcome, Step, play, schedule, shrink, simulate, words

__all__ = [
    "KINDS",
    "Outcome",
    "Step",
    "Tally",
    "campaign",
    "play",
    "schedule",
    "shrink",
    "simulate",
    "tally",
    "words",
]

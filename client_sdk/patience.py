"""Waiting for a busy server: a ``SyncEndpoint`` around another."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from events.protocol import Fault, SlowDown, SyncEndpoint, SyncReply, SyncRequest, Unavailable

ATTEMPTS = 4
"""How often a busy or restarting server is asked before the user is."""
LONGEST_WAIT_S = 30
"""A server that wants more time than this is left alone for now."""


class Patient:
    """Asks again where a server says that it is busy: never before the time that it names, and each time later.

    Args:
        endpoint: Who answers.
        waiting: Told before each wait how many seconds it takes.
        sleep: Waits so many seconds.
        chance: Gives a number from 0 up to 1, so that devices which were turned away together come back apart.
        attempts: How often to ask; the last answer is given, whatever it is.
    """

    def __init__(
        self,
        endpoint: SyncEndpoint,
        waiting: Callable[[float], None] = lambda _: None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._endpoint = endpoint
        self._waiting = waiting
        self._sleep = sleep
        self._chance = chance
        self._attempts = attempts

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        """See ``SyncEndpoint``."""
        for attempt in range(self._attempts - 1):
            outcome = self._endpoint.sync(request)
            if not isinstance(outcome, SlowDown | Unavailable) or outcome.retry_after_s > LONGEST_WAIT_S:
                return outcome
            seconds = outcome.retry_after_s + self._chance() * 2**attempt
            self._waiting(seconds)
            self._sleep(seconds)
        return self._endpoint.sync(request)

"""Slowing down whoever guesses passwords."""

from __future__ import annotations

import threading
from collections import OrderedDict

FREE_TRIES = 5
LONGEST_WAIT_S = 900
NAMES_REMEMBERED = 10_000


class SignInBrake:
    """After a few failures at one name each further try has to wait, twice as long each time.

    In memory and per process: it needs to be a nuisance, not exact. Names are counted whether or not an account has
    them, so the answer does not tell. Devices that are signed in are not touched.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def wait_s(self, name: str, now: int) -> int:
        """The seconds until a sign-in to ``name`` may be tried; 0 is now."""
        with self._lock:
            count, last = self._failures.get(name, (0, 0))
        if count < FREE_TRIES:
            return 0
        pause_s = min(1 << min(count - FREE_TRIES, 20), LONGEST_WAIT_S)
        return max(0, pause_s - (now - last) // 1000)

    def failed(self, name: str, now: int) -> None:
        """Notes a wrong password."""
        with self._lock:
            count, _ = self._failures.pop(name, (0, 0))
            self._failures[name] = (count + 1, now)
            if len(self._failures) > NAMES_REMEMBERED:
                self._failures.popitem(last=False)

    def forget(self, name: str) -> None:
        """Forgets the failures: a password was right, or the account is gone."""
        with self._lock:
            self._failures.pop(name, None)

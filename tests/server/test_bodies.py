"""What a client accepts."""

from __future__ import annotations

import pytest

from server.bodies import accepts_gzip


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", False),
        ("gzip", True),
        ("deflate, GZIP", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("gzip; q=0", False),
        ("gzip;q=0.000, *", False),
        ("*", True),
        ("*;q=0", False),
        ("identity", False),
        ("gzip;q=much", False),
    ],
)
def test_gzip_is_sent_to_whom_it_is_welcome(header: str, *, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted

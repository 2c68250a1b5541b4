"""Failures say what is wrong and what to do."""

from __future__ import annotations

from events.errors import IronledgerError, MalformedError, UnknownNameError


def test_an_error_reads_as_its_sentence_and_the_next_step() -> None:
    assert str(IronledgerError("It broke.", "Mend it.")) == "It broke. Mend it."
    assert str(IronledgerError("It broke.")) == "It broke."


def test_every_error_has_a_code() -> None:
    assert [kind.code for kind in (IronledgerError, MalformedError, UnknownNameError)] == [
        "error",
        "malformed",
        "unknown_name",
    ]


def test_an_unknown_name_comes_with_what_may_have_been_meant() -> None:
    assert UnknownNameError("There is no squatt.", ("back_squat",)).suggestions == ("back_squat",)

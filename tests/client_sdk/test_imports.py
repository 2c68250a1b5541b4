"""Files of other apps in a real ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_sdk import Replica
from client_sdk.errors import ChangedOptionError
from client_sdk.importers import Reading, read
from client_sdk.imports import bring_in
from events.catalogue import catalogue

FILE = (Path(__file__).parent / "importers" / "fixtures" / "strong_comma.csv").read_text(encoding="utf-8")


def reading(replica: Replica, text: str = FILE, unit: str = "kg", timezone: str = "Europe/Berlin") -> Reading:
    outcome = read(
        text.encode(),
        at=replica.clock(),
        catalogue=catalogue(),
        unit=unit,
        distance_unit="km",
        timezone=timezone,
    )
    assert isinstance(outcome, Reading)
    return outcome


@pytest.fixture
def replica() -> Replica:
    return Replica.in_memory()


def test_the_same_file_again_adds_nothing(replica: Replica) -> None:
    assert bring_in(replica, reading(replica)).drafts
    before = replica.status()
    assert bring_in(replica, reading(replica)).drafts == []
    assert replica.status() == before


def test_a_dry_run_writes_nothing(replica: Replica) -> None:
    assert bring_in(replica, reading(replica), dry_run=True).drafts
    assert replica.store.outbox_size() == 0


def test_a_longer_export_adds_what_is_new(replica: Replica) -> None:
    lines = FILE.splitlines(keepends=True)
    bring_in(replica, reading(replica, "".join(lines[:5])))
    first = replica.store.outbox_size()
    added = bring_in(replica, reading(replica)).drafts
    assert replica.store.outbox_size() == first + len(added)
    assert bring_in(replica, reading(replica)).drafts == []
    whole = Replica.in_memory()
    bring_in(whole, reading(whole))
    assert whole.report("volume") == replica.report("volume")


def test_a_changed_row_corrects_once_and_a_changed_end_finishes_anew_once(replica: Replica) -> None:
    bring_in(replica, reading(replica))
    changed = FILE.replace('"Legs, heavy",1h 10m', '"Legs",2h')
    assert changed != FILE
    assert [draft.body.__class__.__name__ for draft in bring_in(replica, reading(replica, changed)).drafts] == [
        "ImportStarted",
        "FactCorrected",
        "SessionFinished",
    ]
    assert bring_in(replica, reading(replica, changed)).drafts == []
    [session] = [row for row in replica.report("sessions")["sessions"] if row["title"] == "Legs"]
    assert session["duration_s"] == 2 * 3600


def test_what_the_lifter_corrected_is_not_taken_back_by_the_same_file(replica: Replica) -> None:
    bring_in(replica, reading(replica))
    session = replica.report("sessions")["sessions"][0]["session"]
    replica.correct(session, title="My own words")
    assert bring_in(replica, reading(replica)).drafts == []
    assert replica.report("sessions")["sessions"][0]["title"] == "My own words"


@pytest.mark.parametrize("change", [{"unit": "lb"}, {"timezone": "Pacific/Auckland"}])
def test_another_unit_or_zone_for_known_rows_must_be_confirmed(replica: Replica, change: dict[str, str]) -> None:
    bring_in(replica, reading(replica))
    size = replica.store.outbox_size()
    with pytest.raises(ChangedOptionError, match="--yes"):
        bring_in(replica, reading(replica, **change))
    assert replica.store.outbox_size() == size
    assert bring_in(replica, reading(replica, **change), confirmed=True).drafts
    assert bring_in(replica, reading(replica, **change)).drafts == []


def test_rows_that_vanished_from_a_later_export_are_listed(replica: Replica) -> None:
    bring_in(replica, reading(replica))
    lines = FILE.splitlines(keepends=True)
    gone = bring_in(replica, reading(replica, "".join(lines[:-1]))).vanished
    assert gone
    assert all(key.startswith('["strong",') for key in gone)


def test_two_devices_that_import_one_file_write_the_same_events(replica: Replica) -> None:
    other = Replica.in_memory()
    for device in (replica, other):
        bring_in(device, reading(device))
    ids = [[record.event.id for _, record in device.store.pending()] for device in (replica, other)]
    assert ids[0] == ids[1]


def load_of(replica: Replica) -> dict[str, object]:
    """The load of the heaviest imported squat."""
    [squat] = [entry for entry in replica.report("records")["exercises"] if entry["exercise"] == "back_squat"]
    load: dict[str, object] = squat["heaviest"]["load"]
    return load


def test_a_file_that_goes_back_and_forth_is_followed_each_time(replica: Replica) -> None:
    bring_in(replica, reading(replica))
    before = load_of(replica)
    other = FILE.replace(",100.0,", ",102.5,")
    assert other != FILE
    for text, expected in [(other, {"milli": 102_500, "unit": "kg"}), (FILE, before)] * 2:
        assert bring_in(replica, reading(replica, text)).drafts
        assert load_of(replica) == expected
        assert bring_in(replica, reading(replica, text)).drafts == []
    assert replica.report("problems")["problems"] == []


def test_a_wrong_unit_is_taken_back_by_importing_with_the_right_one(replica: Replica) -> None:
    bring_in(replica, reading(replica))
    before = load_of(replica)
    bring_in(replica, reading(replica, unit="lb"), confirmed=True)
    with pytest.raises(ChangedOptionError, match=r"unit lb; .* kg"):
        bring_in(replica, reading(replica))
    bring_in(replica, reading(replica), confirmed=True)
    assert load_of(replica) == before
    assert bring_in(replica, reading(replica)).drafts == []


def test_an_import_that_was_voided_says_so(replica: Replica) -> None:
    drafts = bring_in(replica, reading(replica)).drafts
    replica.void(str(getattr(drafts[0].body, "import_", "")))
    again = bring_in(replica, reading(replica))
    assert again.drafts == []
    assert again.voided == reading(replica).sets


def test_what_was_erased_is_not_brought_back(replica: Replica) -> None:
    drafts = bring_in(replica, reading(replica)).drafts
    gone = next(draft.id for draft in drafts if draft.body.__class__.__name__ == "SetLogged")
    replica.erase(str(gone))
    assert bring_in(replica, reading(replica)).drafts == []

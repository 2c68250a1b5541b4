"""Imports as batches: taken back as a whole, and brought back."""

from __future__ import annotations

from typing import Any

import pytest
from support.exports import export, exports

from client_sdk import Replica
from client_sdk.batches import Amount, batches, last_batch
from client_sdk.errors import NotFoundError
from client_sdk.importers import Reading, read
from client_sdk.imports import Imported, bring_in
from events.catalogue import catalogue

BACKUP = export("fitnotes_backup")
TRACKED = export("fitnotes_body")
STRONG = export("strong_comma")


@pytest.fixture
def replica() -> Replica:
    return Replica.in_memory()


def import_of(replica: Replica, data: bytes) -> Imported:
    reading = read(
        data, at=replica.clock(), catalogue=catalogue(), unit="kg", distance_unit="km", timezone="Europe/Berlin"
    )
    assert isinstance(reading, Reading)
    return bring_in(replica, reading)


def digest(replica: Replica) -> str:
    return replica.ledger().digest()


def counting(replica: Replica) -> dict[str, Any]:
    """What is made of a history, whichever files it came by."""
    measured = {fact.id: (fact.body, fact.time) for fact in replica.ledger().facts.of_type("measurement_taken")}
    return {
        "exercises": replica.report("records")["exercises"],
        "weeks": replica.report("volume")["weeks"],
        "measured": {name: (getattr(body, "value", None), time) for name, (body, time) in measured.items()},
    }


def test_a_batch_tells_what_it_brought(replica: Replica) -> None:
    import_of(replica, BACKUP)
    [batch] = batches(replica.ledger().facts)
    assert (batch.app, batch.dialect, batch.undone, batch.corrections) == ("fitnotes", "fitnotes-backup", False, 0)
    assert batch.told == batch.counting == Amount(sessions=2, sets=5, measurements=3)


def test_what_was_undone_counts_nowhere_and_counts_again_when_restored(replica: Replica) -> None:
    empty = digest(replica)
    import_of(replica, BACKUP)
    before = digest(replica)
    batch = last_batch(replica.ledger().facts)
    replica.void(batch.id)
    assert digest(replica) == empty
    [undone] = batches(replica.ledger().facts)
    assert (undone.undone, undone.told, undone.counting) == (True, batch.told, Amount(0, 0, 0))
    replica.restore(batch.id)
    assert digest(replica) == before


def test_the_last_batch_is_the_latest_that_was_not_undone(replica: Replica) -> None:
    for data in (STRONG, BACKUP):
        import_of(replica, data)
    apps = []
    for _ in range(2):
        batch = last_batch(replica.ledger().facts)
        apps.append(batch.app)
        replica.void(batch.id)
    assert apps == ["fitnotes", "strong"]
    with pytest.raises(NotFoundError, match="taken back already"):
        last_batch(replica.ledger().facts)


def test_without_imports_there_is_no_last_batch(replica: Replica) -> None:
    with pytest.raises(NotFoundError, match="Nothing was ever imported"):
        last_batch(replica.ledger().facts)


def test_a_file_that_was_undone_writes_nothing_and_names_its_batch(replica: Replica) -> None:
    import_of(replica, BACKUP)
    batch = last_batch(replica.ledger().facts)
    replica.void(batch.id)
    again = import_of(replica, BACKUP)
    assert (again.drafts, again.voided, again.undone) == ([], 8, (batch.id,))


def test_a_longer_file_adds_what_is_new_and_names_the_batch_that_was_undone(replica: Replica) -> None:
    import_of(replica, TRACKED)
    batch = last_batch(replica.ledger().facts)
    replica.void(batch.id)
    longer = import_of(replica, TRACKED + b"2026-01-12,07:00:00,Bodyweight,81.0,kg,\n")
    assert (longer.voided, longer.undone) == (3, (batch.id,))
    assert last_batch(replica.ledger().facts).counting == Amount(0, 0, 1)


def test_what_a_batch_corrected_stays_when_it_is_undone(replica: Replica) -> None:
    import_of(replica, TRACKED)
    import_of(replica, TRACKED.replace(b"82.0", b"83.0"))
    batch = last_batch(replica.ledger().facts)
    assert (batch.told, batch.corrections) == (Amount(0, 0, 0), 1)
    replica.void(batch.id)
    values = [fact.body.value.milli for fact in replica.ledger().facts.of_type("measurement_taken")]
    assert 83_000 in values
    import_of(replica, TRACKED)
    values = [fact.body.value.milli for fact in replica.ledger().facts.of_type("measurement_taken")]
    assert 82_000 in values


@pytest.mark.parametrize("name", sorted(set(exports()) - {"fitnotes_backup"}))
def test_a_file_that_grew_says_the_same_as_one_that_came_whole(replica: Replica, name: str) -> None:
    whole = Replica.in_memory()
    import_of(whole, export(name))
    lines = export(name).splitlines(keepends=True)
    import_of(replica, b"".join(lines[: -len(lines) // 8]))
    import_of(replica, export(name))
    assert counting(replica) == counting(whole)
    assert import_of(replica, export(name)).drafts == []


def test_a_file_of_the_body_says_nothing_of_what_was_trained(replica: Replica) -> None:
    import_of(replica, BACKUP)
    assert all("Bodyweight" in key or "Thigh" in key for key in import_of(replica, TRACKED).vanished)
    header = b"Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time,Comment\n"
    gone = import_of(replica, header + b"2026-01-10,Squat,Legs,100.0,kgs,5,,,,\n").vanished
    assert gone
    assert not any("Bodyweight" in key for key in gone)


def test_the_csv_of_an_app_knows_the_sets_of_its_backup(replica: Replica) -> None:
    import_of(replica, BACKUP)
    header = b"Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time,Comment\n"
    rows = b"2026-01-10,Bench Press (Barbell),Chest,135.0,lbs,8,,,,\n2026-01-11,Running,Cardio,,,,5,km,0:30:05,\n"
    before = sum(1 for _ in replica.ledger().facts.of_type("set_logged"))
    import_of(replica, header + rows)
    assert sum(1 for _ in replica.ledger().facts.of_type("set_logged")) == before


def test_devices_that_import_one_file_and_one_that_undoes_it_agree(replica: Replica) -> None:
    other = Replica.in_memory()
    for device in (replica, other):
        import_of(device, BACKUP)
    ids = [[record.event.id for _, record in device.store.pending()] for device in (replica, other)]
    assert ids[0] == ids[1]

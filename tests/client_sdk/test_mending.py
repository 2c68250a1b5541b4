"""What becomes of what is found in a damaged file, case by case."""

from __future__ import annotations

import msgspec
from support.chains import NOON_MS, Writer, note

from client_sdk.mending import FORGED, Mended, choose, found_of, in_causal_order, mend
from client_sdk.store import Held, Local, Row, Tip
from events import Event, Stamp
from events.canonical import canonical
from events.envelope import chain_hash, encode_event, without_words

OWN = "00000000-0000-4000-8000-00000000000a"
OTHER = "00000000-0000-4000-8000-00000000000b"
LOCAL = Local(replica="00000000-0000-4000-8000-0000000000ff")
STAMP = Stamp(NOON_MS, 0)


def row(event: Event, kept: bytes | None = None, stamp: Stamp | None = None) -> Row:
    received, skew = (None, None) if stamp is None else (stamp.received, stamp.skew)
    kept = encode_event(event) if kept is None else kept
    return Row(kept=kept, replica=event.replica, seq=event.seq, received=received, skew=skew)


def mended(*rows: Row, held: tuple[Event, ...] = (), carved: tuple[Row, ...] = ()) -> Mended:
    names = (f"00000000-0000-4000-8000-0000000000{number:02x}" for number in range(16, 99))
    return mend(LOCAL, choose(rows, carved, set()), held, draw=lambda: next(names), now=NOON_MS)


def added(made: Mended) -> list[Event]:
    return [event for event, _, _ in made.rewriting.added]


def test_a_whole_chain_is_kept_as_it_is_with_its_stamps() -> None:
    events = Writer(OWN).write_many(3)
    made = mended(*(row(event, stamp=STAMP) for event in events))
    assert (added(made), made.again) == (events, 0)
    assert {stamp for _, _, stamp in made.rewriting.added} == {STAMP}
    assert made.rewriting.tips == {OWN: Tip(3, bytes.fromhex(events[-1].hash))}


def test_behind_a_hole_and_what_saw_the_lost_one_is_written_again() -> None:
    own, other = Writer(OWN), Writer(OTHER)
    own.write_many(3)
    other.write(saw={OWN: 1})
    other.write(saw={OWN: 2})
    made = mended(*(row(event) for event in (own.events[0], own.events[2], *other.events)))
    assert (made.rewriting.aside, made.again) == ([], 2)
    stays, theirs, again, seer = added(made)
    assert [stays, theirs] == [own.events[0], other.events[0]]
    assert (again.id, again.seq, again.seen) == (own.events[2].id, 1, {OWN: 1})
    assert (seer.id, seer.seen) == (other.events[1].id, {OTHER: 1, OWN: 1})


def test_what_is_held_already_adds_nothing_and_a_fork_of_it_is_written_again() -> None:
    theirs = Writer(OWN)
    theirs.write_many(3)
    mine = theirs.fork(1)
    mine.write_many(2)
    made = mended(*(row(event) for event in mine.events), held=tuple(theirs.events))
    assert [event.id for event in added(made)] == [event.id for event in mine.events[1:]]
    assert all(event.replica not in {OWN, LOCAL.replica} for event in added(made))
    assert made.rewriting.tips[OWN] == Tip(3, bytes.fromhex(theirs.events[-1].hash))
    assert mended(*(row(event) for event in theirs.events), held=tuple(theirs.events)).rewriting.added == []


def test_a_forged_event_is_set_aside_unless_the_sound_one_is_held() -> None:
    own = Writer(OWN)
    own.write_many(3)
    forged = msgspec.structs.replace(own.events[1], body=msgspec.Raw(canonical(note("forged"))))
    rows = [row(own.events[0]), row(forged), row(own.events[2])]
    made = mended(*rows)
    [aside] = made.rewriting.aside
    assert (aside.reason, aside.kept, aside.seq) == (FORGED, encode_event(forged), 2)
    assert [event.id for event in added(made)] == [own.events[0].id, own.events[2].id]
    made = mended(*rows, held=tuple(own.events))
    assert (made.rewriting.added, made.rewriting.aside) == ([], [])


def test_a_former_state_that_follows_is_better_than_a_present_one_that_does_not() -> None:
    own = Writer(OWN)
    own.write_many(2)
    forged = msgspec.structs.replace(own.events[1], body=msgspec.Raw(canonical(note("forged"))))
    made = mended(row(own.events[0]), row(forged), carved=(row(own.events[1]),))
    assert (added(made), made.rewriting.aside) == (own.events, [])


def test_of_two_states_that_follow_the_one_without_words_counts() -> None:
    event = Writer(OWN).write()
    bare = without_words(event)
    for rows, carved in (((row(event), row(bare)), ()), ((), (row(event), row(bare)))):
        assert added(mended(*rows, carved=carved)) == [bare]


def test_what_was_written_again_since_does_not_come_back_from_a_former_state() -> None:
    former = Writer(OWN).write()
    present = Writer(OTHER).write(id=former.id)
    assert added(mended(row(present), carved=(row(former),))) == [present]
    assert added(mended(carved=(row(former),))) == [former]


def test_a_place_that_nothing_proves_is_no_copy() -> None:
    own = Writer(OWN)
    own.write_many(2)
    strayed = msgspec.structs.replace(own.events[1], replica=OTHER)
    other_words = msgspec.structs.replace(strayed, body=msgspec.Raw(canonical(note("other"))))
    rows = (row(own.events[0]), row(own.events[1]))
    for stray, kept_aside in ((strayed, 0), (other_words, 0)):
        made = mended(*rows, row(stray))
        assert (added(made), len(made.rewriting.aside)) == (own.events, kept_aside)


def test_what_cannot_be_read_is_set_aside_with_its_bytes() -> None:
    own = Writer(OWN)
    own.write_many(2)
    nowhere = Row(kept=b"no event at all", replica=7, seq="?", received=None, skew="?")
    made = mended(row(own.events[0]), row(own.events[1], b'{"at":'), nowhere)
    assert [(aside.kept, aside.seq) for aside in made.rewriting.aside] == [(b"no event at all", None), (b'{"at":', 2)]
    assert found_of(nowhere).ref is None


def test_events_are_ordered_behind_all_that_they_saw() -> None:
    own, other = Writer(OWN), Writer(OTHER)
    own.write_many(2)
    other.write(saw={OWN: 2})
    own.write(saw={OTHER: 1})
    backwards = [*reversed(own.events), *other.events]
    held = [Held(place, event, b"", None) for place, event in enumerate(backwards)]
    ordered = [held.event for held in in_causal_order(held)]
    assert ordered == [own.events[0], own.events[1], other.events[0], own.events[2]]
    assert all(chain_hash(bytes(32), event) for event in ordered)
    circle = [Writer(OWN).write(saw={OTHER: 1}), Writer(OTHER).write(saw={OWN: 1})]  # no sound file has one
    assert len(in_causal_order([Held(1, event, b"", None) for event in circle])) == 2

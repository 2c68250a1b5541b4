"""A few seconds of fuzzing with every test run; ``make fuzz`` does the whole. See docs/explanation/proof.md."""

from __future__ import annotations

import json
import random
from collections import Counter
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from fuzz import run
from fuzz.campaign import Failure, play, shrunk
from fuzz.codec import Codec
from fuzz.fronts import InProcess
from fuzz.importers import Importers
from fuzz.mutations import mutate_bytes, spell, spell_otherwise, tree_of
from fuzz.oracle import canonical_text, value_of
from fuzz.sync import Sync, World
from hypothesis import given
from hypothesis import strategies as st

from client_sdk import Replica
from client_sdk.cli import main
from client_sdk.store import SignedIn
from events.codec import encode_body
from events.training import SetLogged
from projections.ledger import REPORTS
from server.ingest import Accepted
from server.memory_store import _Session as MemorySession  # what it forgets can't be seen from outside

SEED = 1

texts = st.text() | st.text(st.characters(max_codepoint=127))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(("name", "cases"), [("codec", 1500), ("sync", 5), ("importers", 40)])
def test_nothing_undocumented_comes_of_what_nobody_should_send(name: str, cases: int) -> None:
    outcomes = play(run.TARGETS[name](), SEED, range(cases))
    assert len(outcomes) > 3, outcomes


@given(st.binary() | values.map(lambda value: json.dumps(value).encode()) | texts.map(str.encode))
def test_any_text_is_an_event_or_malformed_and_a_second_opinion_agrees(text: bytes) -> None:
    Codec().replay(text)


@given(values)
def test_any_data_is_spelled_as_the_page_says_or_refused(value: object) -> None:
    Codec().replay([value])


@pytest.mark.parametrize("front", ["memory", "disk", "http"])
def test_the_same_page_holds_behind_every_door(front: str, tmp_path: Path) -> None:
    world = World(front, tmp_path, Counter())
    try:
        Sync().play_in(world, random.Random(SEED))  # noqa: S311  (it must repeat itself)
    finally:
        world.close()


def test_what_was_accepted_can_be_read_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "fuzzed.ledger")
    world = World("memory", tmp_path, Counter())
    Sync().play_in(world, random.Random(SEED))  # noqa: S311  (it must repeat itself)
    assert isinstance(world.front, InProcess)
    with Replica.open(file) as replica:
        replica.sign_in("", SignedIn(world.front.accounts[0], "", ""))
        replica.sync(world.front.endpoint(world.front.accounts[0]))
    reports = [["report", name, *form] for name in (*REPORTS, "log") for form in ([], ["--json"])]
    for command in (["log-book", "--limit", "0"], ["verify"], ["status"], *reports):
        status = main(["--ledger", file, *command])
        assert status == 0, capsys.readouterr().err


def test_a_store_that_forgets_what_it_acknowledged_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = MemorySession.append

    def forgetful(self: MemorySession, account: str, accepted: Accepted) -> None:
        entries = accepted.entries[:-1] if len(accepted.entries) > 2 else accepted.entries
        honest(self, account, msgspec.structs.replace(accepted, entries=entries))

    monkeypatch.setattr(MemorySession, "append", forgetful)
    with pytest.raises(Failure, match="Smallest input found"):
        play(Sync(), 1, range(20))


def test_a_codec_that_reads_something_else_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = encode_body

    def tired(body: object) -> msgspec.Raw:
        return honest(msgspec.structs.replace(body, reps=None) if isinstance(body, SetLogged) else body)  # type: ignore[arg-type]

    monkeypatch.setattr("fuzz.codec.encode_body", tired)
    with pytest.raises(Failure, match=r"(?s)says something else.*Smallest input found"):
        play(Codec(), 1, range(2000))


def test_the_smallest_input_is_looked_for() -> None:
    assert shrunk(b"a long text with an x and a y in it", lambda text: b"x" in text and b"y" in text) == b"xy"
    assert shrunk(list(range(100)), lambda numbers: 42 in numbers) == [42]


def test_a_case_can_be_played_again_by_its_number() -> None:
    first, again = (play(Importers(), 5, range(3, 5)) for _ in range(2))
    assert first == again


def test_the_command_counts_outcomes() -> None:
    out = StringIO()
    assert run.main(["--codec", "50", "--seed", "3", "--processes", "1", "--json"], out) == 0
    told = json.loads(out.getvalue())["codec"]
    assert (told["inputs"], told["undocumented"]) == (50, [])
    assert sum(told["outcomes"].values()) == 50


@given(st.integers(0, 10**9))
def test_a_spelling_of_a_tree_is_the_same_value(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (it must repeat itself)
    value = {"a": ["ü", "\U0001f3cb", "\x00"], "b": {"c": -1, "d": None}}
    tree = tree_of(json.dumps(value))
    for spelled in (spell(tree), spell_otherwise(tree, chance)):
        assert value_of(spelled.encode()) == value
    assert value_of(canonical_text(value)) == value
    assert isinstance(mutate_bytes(spell(tree).encode(), chance), bytes)

"""Every fault of docs/reference/protocol.md, over HTTP, with a device beside it that has something to send.

Whatever the fault: it is told as the page says, the server has stored nothing, the device's outbox is as it was, and
when the cause is gone, or the device got over it by itself, all that was logged is on the server, once.
"""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest
from support.servers import PASSWORD, assert_problem, refusing, running

from client_sdk import Replica, http, sync
from client_sdk.errors import SyncRefusedError
from client_sdk.http import HttpEndpoint
from client_sdk.patience import ATTEMPTS, Patient
from client_sdk.store import SignedIn
from events.envelope import stored_event
from events.protocol import MAX_REQUEST_BYTES, MAX_REQUEST_EVENTS, SlowDown, WireRecord
from server.settings import Settings
from server.sqlite_store import SqliteStore

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "protocol.md"

ONLY_A_PERSON_OR_TIME_HELPS = {"unauthenticated", "device_revoked", "wrong_account", "slow_down", "unavailable"}
"""A device gets over the others by itself; or they are provoked by hand, and it knows nothing of them."""


class Server:
    """A server that can be set back to an earlier day."""

    def __init__(self, folder: Path) -> None:
        self.database = Settings(data=folder).database
        self._backup = folder / "backup.db"
        self._serving = ExitStack()
        self._port = 0
        self.url = ""
        self.wire = httpx.Client()

    def start(self) -> None:
        """Serves, at the same address as before if it served before."""
        store = SqliteStore(self.database, busy_timeout_ms=50)
        settings = Settings(port=self._port, data=self.database.parent)
        self.url = self._serving.enter_context(running(self.database.parent, store, settings))
        self._port = httpx.URL(self.url).port or 0

    def stop(self) -> None:
        self._serving.close()

    def back_up(self) -> None:
        _copy(self.database, self._backup)

    def restore(self) -> None:
        """As docs/how-to/run-a-server.md says."""
        self.stop()
        for file in self.database.parent.glob("server.db*"):
            file.unlink()
        shutil.copy(self._backup, self.database)
        self.start()

    def records(self) -> int:
        """How many records there are, of whatever account."""
        with _connected(self.database) as connection:
            return int(connection.execute("SELECT count(*) FROM records").fetchone()[0])


class Scene:
    """A phone that synced two sets and holds two more, and the server."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.name = str(folder)
        self.logged: list[str] = []
        """The ids of all events that have to be on the server in the end."""
        self.slept: list[float] = []
        self._open = ExitStack()
        self.laptop = http.sign_up(server.url, name=self.name, password=PASSWORD, device_name="laptop")
        server.back_up()
        self.phone = self.new_replica("phone")
        self.enter(self.phone)
        self.log(2)
        self.sync()
        self.backup = folder / "backup.ledger"
        _copy(folder / "phone", self.backup)
        self.log(2)

    def new_replica(self, name: str) -> Replica:
        """A replica on a file of that name."""
        return self._open.enter_context(Replica.open(self.folder / name))

    def enter(self, replica: Replica, signed: SignedIn | None = None) -> None:
        """Signs a replica in, by itself to the account of the scene, and goes on with it."""
        signed = signed or http.sign_in(self.server.url, name=self.name, password=PASSWORD, device_name="phone")
        replica.sign_in(self.server.url, signed, adopt=True)
        self.phone = replica
        self.use(signed.token)

    def use(self, token: str, url: str | None = None) -> None:
        """Goes on with that token, and at that address."""
        self.token, self.url = token, url or self.server.url

    def log(self, count: int = 1) -> None:
        self.logged += [self.phone.log_set("back_squat", reps=8).id for _ in range(count)]

    def sync(self) -> None:
        """All round trips that a sync takes."""
        endpoint = HttpEndpoint(self.url, self.token, client=self.server.wire)
        self.phone.sync(Patient(endpoint, sleep=self.slept.append))

    def own_request(self) -> bytes:
        """What the phone sends next."""
        local, outbox = self.phone.store.local(), self.phone.store.outbox()
        return msgspec.json.encode(sync.request(local, sync.batch(outbox), self.phone.clock()))

    def post(self, content: bytes, **headers: str | None) -> httpx.Response:
        """Posts that to where the phone syncs; ``headers`` are written with underscores, None for none."""
        usual = {"Content_Type": "application/json", "Authorization": f"Bearer {self.token}"}
        named = {name.replace("_", "-"): value for name, value in (usual | headers).items() if value is not None}
        return self.server.wire.post(f"{self.url}/v1/sync", content=content, headers=named)

    def waiting(self) -> list[bytes]:
        return [held.kept for held in self.phone.store.outbox()]

    def on_the_server(self) -> list[str]:
        """The ids of the account's events."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.server.wire.get(f"{self.url}/v1/ledger", headers=headers)
        lines = answer.raise_for_status().content.splitlines()
        return [stored_event(bytes(msgspec.json.decode(line, type=WireRecord).event)).id for line in lines]

    def lose_the_cursor(self) -> None:
        """The phone has its ledger, and forgets that it ever synced it."""
        with _connected(Path(self.phone.store.path)) as connection:  # type: ignore[attr-defined]  # it is a file
            connection.execute("UPDATE local SET cursor = '0', head = 0, head_hash = ?", (bytes(32),))

    def close(self) -> None:
        self._open.close()


class Provoked(NamedTuple):
    """What makes for a fault, and the members beyond the usual ones that tell of it."""

    ask: Callable[[], httpx.Response]
    members: dict[str, Any]


class Row(NamedTuple):
    """One way to a fault of the page."""

    status: int
    code: str
    way: str
    provoke: Callable[[Scene], AbstractContextManager[Provoked]]

    @property
    def is_by_hand(self) -> bool:
        return isinstance(self.provoke, ByHand)


class ByHand:
    """The phone's request, as no device of ours would send it."""

    def __init__(self, doctor: Callable[[bytes], bytes], path: str | None = None, **headers: str | None) -> None:
        self._doctor = doctor
        self._members = {} if path is None else {"path": path}
        self._headers = headers

    @contextmanager
    def __call__(self, scene: Scene) -> Iterator[Provoked]:
        content = self._doctor(scene.own_request())
        yield Provoked(lambda: scene.post(content, **self._headers), self._members)


def instead(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _: content


def put(pattern: str, replacement: str) -> Callable[[bytes], bytes]:
    """Says something else in the first place that matches."""

    def doctor(request: bytes) -> bytes:
        doctored, count = re.subn(pattern.encode(), replacement.encode(), request, count=1)
        assert count == 1
        return doctored

    return doctor


def unchanged(request: bytes) -> bytes:
    return request


def own(scene: Scene, **members: object) -> Provoked:
    """The phone's own request."""
    return Provoked(lambda: scene.post(scene.own_request()), members)


@contextmanager
def with_an_unknown_token(scene: Scene) -> Iterator[Provoked]:
    token = scene.token
    scene.use("nobody-was-ever-given-this")
    yield own(scene)
    scene.use(token)


@contextmanager
def of_a_closed_account(scene: Scene) -> Iterator[Provoked]:
    http.close_account(scene.server.url, scene.laptop.token)
    yield own(scene)
    scene.enter(scene.phone, http.sign_up(scene.server.url, name=scene.name, password=PASSWORD, device_name="phone"))


@contextmanager
def of_a_revoked_device(scene: Scene) -> Iterator[Provoked]:
    http.revoke(scene.server.url, scene.laptop.token, scene.phone.store.local().device or "")
    yield own(scene)
    scene.enter(scene.phone)


@contextmanager
def with_the_token_of_another_account(scene: Scene) -> Iterator[Provoked]:
    token = scene.token
    other = http.sign_up(scene.server.url, name=f"not {scene.name}", password=PASSWORD, device_name="phone")
    scene.use(other.token)
    yield own(scene)
    scene.use(token)


@contextmanager
def to_a_restored_server(scene: Scene) -> Iterator[Provoked]:
    scene.server.restore()
    scene.use(http.sign_in(scene.server.url, name=scene.name, password=PASSWORD, device_name="phone").token)
    yield own(scene)


@contextmanager
def of_a_copied_file(scene: Scene) -> Iterator[Provoked]:
    _copy(scene.folder / "phone", scene.folder / "copy")
    name = scene.phone.store.local().replica
    scene.log()
    scene.sync()
    scene.phone = scene.new_replica("copy")
    scene.log()
    yield own(scene, replica=name, seq=5)
    assert scene.phone.store.local().replica != name


@contextmanager
def of_who_holds_another_branch_of_a_copy(scene: Scene) -> Iterator[Provoked]:
    """A tablet has what the phone wrote; a backup of the phone went on otherwise, and was first at a new account."""
    phone, name = scene.phone, scene.phone.store.local().replica
    scene.sync()
    scene.enter(tablet := scene.new_replica("tablet"))
    scene.sync()
    scene.log()
    _copy(scene.backup, scene.folder / "restored")
    server, again = scene.server.url, f"{scene.name} again"
    scene.enter(
        scene.new_replica("restored"), http.sign_up(server, name=again, password=PASSWORD, device_name="phone")
    )
    scene.log()
    scene.sync()
    scene.enter(tablet, http.sign_in(server, name=again, password=PASSWORD, device_name="tablet"))
    yield own(scene, replica=name, seq=3)
    assert phone.store.local().replica == name


@contextmanager
def of_who_lost_the_cursor_to_a_restored_server(scene: Scene) -> Iterator[Provoked]:
    with to_a_restored_server(scene):
        scene.lose_the_cursor()
        yield own(scene, replica=scene.phone.store.local().replica, expected_seq=1)


@contextmanager
def of_who_saw_what_a_restored_server_lost(scene: Scene) -> Iterator[Provoked]:
    name = scene.phone.store.local().replica
    scene.sync()
    scene.enter(scene.new_replica("tablet"))
    scene.sync()
    scene.log()
    with to_a_restored_server(scene):
        scene.lose_the_cursor()
        yield own(scene, replica=name, seq=4)


@contextmanager
def with_a_hash_that_does_not_follow(scene: Scene) -> Iterator[Provoked]:
    content = put(r'"hash":"\w{64}"', f'"hash":"{"ab" * 32}"')(scene.own_request())
    yield Provoked(lambda: scene.post(content), {"replica": scene.phone.store.local().replica, "seq": 3})


@contextmanager
def to_a_server_with_too_much_to_do(scene: Scene) -> Iterator[Provoked]:
    """Ours slows nobody down but those who sign in; a later one, or what stands before it, may."""
    token = scene.token
    slow = SlowDown(detail="Too many requests came.", next_step="Wait 7 seconds, then try again.", retry_after_s=7)
    with refusing(slow) as url:
        scene.use(token, url)
        yield own(scene, retry_after_s=7)
    scene.use(token)


@contextmanager
def to_a_server_whose_database_is_locked(scene: Scene) -> Iterator[Provoked]:
    with _connected(scene.server.database) as blocking:
        blocking.execute("BEGIN IMMEDIATE")
        yield own(scene, retry_after_s=2)
        blocking.execute("ROLLBACK")


_VERY_LONG = '"body":{"session":"' + "x" * 17_000 + '"}'
_FLOAT = put(r'"v":1', '"v":1.5')
_CURSOR = r'"cursor":"[^"]+"'

TABLE = [
    Row(400, "malformed", "empty", ByHand(instead(b""), "$")),
    Row(400, "malformed", "not JSON", ByHand(instead(b"nonsense"), "$")),
    Row(400, "malformed", "not UTF-8", ByHand(instead(b"\xff\xfe"), "$")),
    Row(400, "malformed", "too deep", ByHand(instead(b"[" * 5000), "$")),
    Row(400, "malformed", "not an object", ByHand(instead(b"[]"), "$")),
    Row(400, "malformed", "cut gzip", ByHand(lambda text: gzip.compress(text)[:-9], "$", Content_Encoding="gzip")),
    Row(400, "malformed", "more than gzip", ByHand(lambda t: gzip.compress(t) * 2, "$", Content_Encoding="gzip")),
    Row(400, "malformed", "not gzip", ByHand(unchanged, "$", Content_Encoding="gzip")),
    Row(400, "malformed", "a field is missing", ByHand(put(r'"account":"[^"]+",', ""), "$")),
    Row(400, "malformed", "a field is of another type", ByHand(put(r'"sent_at":', '"sent_at":1.'), "$.sent_at")),
    Row(400, "malformed", "a limit of none", ByHand(put(r'"limit":\d+', '"limit":0'), "$.limit")),
    Row(400, "malformed", "an unknown protocol", ByHand(put(r'"protocol":1', '"protocol":2'), "$.protocol")),
    Row(400, "malformed", "no stamp for one", ByHand(put(r'"stamps":\[\]', '"stamps":[null]'), "$.stamps")),
    Row(400, "malformed", "no cursor of ours", ByHand(put(_CURSOR, '"cursor":"three"'), "$.cursor")),
    Row(400, "malformed", "half a cursor", ByHand(put(_CURSOR, '"cursor":"2"'), "$.cursor")),
    Row(400, "malformed", "an event with a float", ByHand(_FLOAT, "$.events[0].v")),
    Row(400, "malformed", "an event with one field more", ByHand(put(r'"v":1', '"v":1,"w":1'), "$.events[0]")),
    Row(401, "unauthenticated", "no token", ByHand(unchanged, Authorization=None)),
    Row(401, "unauthenticated", "an unknown token", with_an_unknown_token),
    Row(401, "unauthenticated", "a closed account", of_a_closed_account),
    Row(403, "device_revoked", "a revoked device", of_a_revoked_device),
    Row(403, "wrong_account", "another's token", with_the_token_of_another_account),
    Row(413, "too_large", "a long body", ByHand(lambda text: text + b" " * MAX_REQUEST_BYTES, "$")),
    Row(
        *(413, "too_large", "much from little"),
        ByHand(lambda text: gzip.compress(text + b" " * 2**25), "$", Content_Encoding="gzip"),
    ),
    Row(
        *(413, "too_large", "many events"),
        ByHand(put(r'"events":\[', '"events":[' + "{}," * MAX_REQUEST_EVENTS), "$.events"),
    ),
    Row(413, "too_large", "a long event", ByHand(put(r'"body":{[^}]+}', _VERY_LONG), "$.events[0]")),
    Row(415, "media_type", "of no type", ByHand(unchanged, Content_Type=None)),
    Row(415, "media_type", "of another type", ByHand(unchanged, Content_Type="text/plain")),
    Row(415, "media_type", "of another encoding", ByHand(unchanged, Content_Encoding="br")),
    Row(410, "reset", "a restored server", to_a_restored_server),
    Row(409, "fork", "a copied file", of_a_copied_file),
    Row(409, "fork", "another's other branch", of_who_holds_another_branch_of_a_copy),
    Row(409, "gap", "a restored server, a lost cursor", of_who_lost_the_cursor_to_a_restored_server),
    Row(409, "chain_broken", "a hash that does not follow", with_a_hash_that_does_not_follow),
    Row(422, "saw_unknown", "a restored server, a first event", of_who_saw_what_a_restored_server_lost),
    Row(429, "slow_down", "much to do", to_a_server_with_too_much_to_do),
    Row(503, "unavailable", "a locked database", to_a_server_whose_database_is_locked),
]
"""In the order of the page."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(tmp_path_factory.mktemp("server"))
    served.start()
    yield served
    served.stop()
    served.wire.close()


@pytest.fixture(scope="module")
def lasting_scene(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """For what leaves no trace."""
    played = Scene(server, tmp_path_factory.mktemp("scene"))
    yield played
    played.close()


@pytest.fixture
def scene(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Iterator[Scene]:
    """A new one, unless the row's fault is provoked by hand."""
    if request.node.callspec.params["row"].is_by_hand:
        lasting: Scene = request.getfixturevalue("lasting_scene")
        lasting.log(2)
        yield lasting
    else:
        played = Scene(server, tmp_path)
        yield played
        played.close()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.code}: {row.way}")
def test_a_fault_is_told_and_stores_nothing_and_what_waits_arrives_in_the_end(row: Row, scene: Scene) -> None:
    with row.provoke(scene) as (ask, members):
        stored, waiting = scene.server.records(), scene.waiting()
        answer = ask()
        assert_problem(answer, row.status, row.code, **members)
        assert_sentences(answer)
        assert (scene.server.records(), scene.waiting()) == (stored, waiting)
        assert waiting
        if row.code in ONLY_A_PERSON_OR_TIME_HELPS and not row.is_by_hand:
            with pytest.raises(SyncRefusedError) as refusal:
                scene.sync()
            assert refusal.value.fault.detail == answer.json()["detail"]
            assert_waited(scene, answer)
            assert (scene.server.records(), scene.waiting()) == (stored, waiting)
        else:
            scene.sync()
    scene.sync()
    assert scene.waiting() == []
    assert sorted(scene.on_the_server()) == sorted(scene.logged)


def test_the_table_has_every_fault_of_the_page_and_no_other() -> None:
    _, _, after = PAGE.read_text("utf-8").partition("\n### Faults\n")
    rows = [line for line in after.split("\n## ")[0].splitlines() if line.startswith("| ")][1:]
    told = {(int(status), code) for row in rows for status, code in re.findall(r"\b(\d{3}) `(\w+)`", row)}
    assert {(row.status, row.code) for row in TABLE} == told


def assert_sentences(answer: httpx.Response) -> None:
    """What went wrong, and what to do about it."""
    document = answer.json()
    for text in (document["detail"], document["next_step"]):
        assert re.fullmatch(r"[A-Z0-9$'].*[^.\s]\.", text), text
        assert "Traceback" not in text
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    if "retry_after_s" in document:
        assert answer.headers["Retry-After"] == str(document["retry_after_s"])


def assert_waited(scene: Scene, answer: httpx.Response) -> None:
    """A device comes back no earlier than it was told, a few times; where it wasn't told to, never."""
    told = answer.json().get("retry_after_s")
    assert len(scene.slept) == (0 if told is None else ATTEMPTS - 1)
    assert all(seconds >= told for seconds in scene.slept)


@contextmanager
def _connected(database: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def _copy(database: Path, to: Path) -> None:
    """A copy of a database that is in use."""
    with _connected(database) as source, _connected(to) as target:
        source.backup(target)

"""The server as anybody meets it: over HTTP. The faults of a sync are in ``journeys/test_faults.py``."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest
from support.chains import NOON_MS, Writer, request_of, some_uuid
from support.servers import PASSWORD, Lifter, assert_problem, running

from events.envelope import GENESIS, Stamp, ledger_hash, stored_event
from events.protocol import SyncReply, WireRecord
from server.settings import Settings
from server.sqlite_store import SqliteStore

JSON = {"Content-Type": "application/json"}


def test_without_a_good_token_nobody_is_let_in(lifter: Lifter, url: str) -> None:
    request = msgspec.json.encode(request_of(lifter.account))
    for authorization in ("", "Bearer", "Bearer nonsense", "Bearer \xff", "Basic bWF4OmxvbmcgZW5vdWdo"):
        headers = JSON | ({"Authorization": authorization} if authorization else {})
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = httpx.post(f"{url}/v1/sync", content=request, headers=encoded)
        assert_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_every_private_address_asks_for_a_token(url: str) -> None:
    for path in ("devices", "ledger", "live", "reports", "reports/records"):
        assert_problem(httpx.get(f"{url}/v1/{path}"), 401, "unauthenticated")
    for path in (f"devices/{some_uuid()}", "accounts/me"):
        assert_problem(httpx.delete(f"{url}/v1/{path}"), 401, "unauthenticated")


def test_no_account_sees_another_one_s(sign_up: Callable[[], Lifter]) -> None:
    mine, other = sign_up(), sign_up()
    mine.sync(Writer().write())
    request = msgspec.json.encode(request_of(mine.account))
    assert_problem(other.client.post("/v1/sync", content=request, headers=JSON), 403, "wrong_account")
    assert other.client.get("/v1/ledger").text == ""
    assert other.client.get("/v1/reports").json()["head"] == 0
    assert_problem(other.client.delete(f"/v1/devices/{mine.device}"), 404, "not_found")
    assert mine.sync().head == 1


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/octet-stream", "application/x-www-form-urlencoded"]
)
def test_only_json_is_read(lifter: Lifter, media_type: str) -> None:
    assert_problem(lifter.post(Content_Type=media_type), 415, "media_type")
    assert lifter.post(Content_Type="application/json; charset=utf-8").status_code == 200


def test_only_gzip_is_inflated(lifter: Lifter) -> None:
    assert_problem(lifter.post(Content_Encoding="br"), 415, "media_type")
    assert lifter.post(Content_Encoding="identity").status_code == 200


def test_gzip_goes_both_ways(lifter: Lifter) -> None:
    writer = Writer()
    body = gzip.compress(msgspec.json.encode(request_of(lifter.account, *writer.write_many(50))))
    answer = lifter.client.post("/v1/sync", content=body, headers=JSON | {"Content-Encoding": "gzip"})
    assert answer.json()["head"] == 50
    zipped = lifter.post(Accept_Encoding="gzip")
    plain = lifter.post(Accept_Encoding="gzip;q=0, identity")
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["vary"]
    assert int(zipped.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert zipped.json()["records"] == plain.json()["records"]


def test_a_locked_database_is_read_all_the_same(tmp_path: Path) -> None:
    database = Settings(data=tmp_path).database
    with running(tmp_path, SqliteStore(database, busy_timeout_ms=50)) as url, httpx.Client(base_url=url) as client:
        made = client.post("/v1/accounts", json={"name": "max", "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {made['token']}"
        lifter = Lifter(made["account"], made["device"], "max", client)
        lifter.sync(Writer().write())
        blocking = sqlite3.connect(database, isolation_level=None)
        blocking.execute("BEGIN IMMEDIATE")
        assert lifter.sync().head == 1
        assert_problem(client.post("/v1/accounts", json={"name": "moritz", "password": PASSWORD}), 503, "unavailable")
        assert_problem(client.delete("/v1/accounts/me"), 503, "unavailable")
        blocking.close()
        assert lifter.sync().head == 1


def test_what_is_not_there_is_told_as_a_problem_too(lifter: Lifter) -> None:
    assert_problem(lifter.client.get("/nothing"), 404, "not_found")
    answer = lifter.client.get("/v1/sync")
    assert_problem(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["allow"]
    assert_problem(lifter.client.delete("/v1/devices/phone"), 404, "not_found")


def test_a_mistake_of_the_server_is_logged_and_shows_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken_clock() -> int:
        raise ZeroDivisionError("inside")

    with running(tmp_path, clock=broken_clock) as url:
        answer = httpx.post(f"{url}/v1/accounts", json={"name": "max", "password": "correct horse"})
    assert_problem(answer, 500, "internal")
    assert "ZeroDivisionError" not in answer.text
    logged = "".join(capsys.readouterr())  # where to is said when serving, by whoever served before in this process
    assert "ZeroDivisionError" in logged
    assert "correct horse" not in logged


def test_the_ledger_is_read_line_by_line_and_can_be_continued_anywhere(lifter: Lifter) -> None:
    writer = Writer()
    lifter.sync(*writer.write_many(700))
    whole = lifter.client.get("/v1/ledger")
    assert whole.headers["content-type"].startswith("application/x-ndjson")
    records = [msgspec.json.decode(line, type=WireRecord) for line in whole.content.splitlines()]
    assert [record.position for record in records] == list(range(1, 701))
    assert [stored_event(bytes(record.event)).hash for record in records] == [event.hash for event in writer.events]
    plain = lifter.client.get("/v1/ledger", headers={"Accept-Encoding": "identity"})
    assert (whole.headers["content-encoding"], plain.content) == ("gzip", whole.content)
    assert whole.headers["ironledger-head"] == lifter.sync(limit=2000).cursor
    proof, cursors = GENESIS, ["0"]
    for record in records:
        event = stored_event(bytes(record.event))
        proof = ledger_hash(proof, event.hash, Stamp(record.received, record.skew))
        cursors.append(f"{record.position}.{proof.hex()}")
    for position in (1, 500, 699, 700):
        rest = lifter.client.get("/v1/ledger", params={"after": cursors[position]})
        assert rest.content.splitlines() == whole.content.splitlines()[position:]
    assert_problem(lifter.client.get("/v1/ledger?after=7"), 400, "malformed", path="$.after")
    assert_problem(lifter.client.get("/v1/ledger?after=7." + "0" * 64), 410, "reset")


def test_the_schema_describes_every_address(url: str) -> None:
    for path in ("/schema", "/schema/openapi.json"):
        schema = httpx.get(f"{url}{path}").raise_for_status().json()
        assert schema["openapi"].startswith("3.")
    assert {"/v1/sync", "/v1/accounts", "/v1/devices", "/v1/ledger", "/v1/live", "/v1/reports"} <= schema[
        "paths"
    ].keys()
    for path, methods in schema["paths"].items():
        for method in methods.values():
            assert method["summary"], path
    statuses = schema["paths"]["/v1/sync"]["post"]["responses"].keys()
    assert {"200", "400", "401", "403", "409", "410", "413", "415", "422", "429", "503"} <= statuses


def test_health_and_metrics_answer_without_a_token(lifter: Lifter, url: str) -> None:
    lifter.sync(Writer().write())
    assert httpx.get(f"{url}/health/live").json() == {"status": "live"}
    assert httpx.get(f"{url}/health/ready").json() == {"status": "ready"}
    metrics = httpx.get(f"{url}/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    assert 'ironledger_requests_total{method="POST",route="/v1/sync",status="200"}' in metrics.text
    assert 'ironledger_events_total{problem="none",status="accepted"}' in metrics.text
    assert lifter.account not in metrics.text


def test_server_time_is_the_servers_own(lifter: Lifter) -> None:
    reply = lifter.sync(Writer().write())
    assert isinstance(reply, SyncReply)
    assert reply.server_time == reply.verdicts[0].received > NOON_MS

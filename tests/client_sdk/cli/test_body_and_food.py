"""Logging measurements, photos, tests, food, water and supplements, and what the reports show of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.weigh_ins import measured

from client_sdk import Replica
from client_sdk.draft import Draft
from client_sdk.errors import LedgerFileError
from client_sdk.sqlite_store import SqliteStore
from events import Body
from events.body import PhotoAttached, TestPerformed
from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.quantities import DAY_MS

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


def test_what_is_measured_is_in_the_report_as_it_was_typed(done: Run) -> None:
    assert done("measure", "thigh", "58,5cm", "--side", "left").out.startswith("Logged left thigh 58.5 cm  #")
    done("measure", "Thighs", "58.9cm", "--side", "right")
    done("weigh", "81.4kg")
    report = done("report", "body", "--json").json
    assert [(row["site"], row["side"]) for row in report["measurements"]] == [
        ("body_weight", None),
        ("thigh", "left"),
        ("thigh", "right"),
    ]
    assert report["sides"][0]["ratio_milli"] == 993
    shown = done("report", "body").out
    assert "thigh, left" in shown
    assert "58.5 cm" in shown


def test_a_measurement_may_be_back_dated_corrected_and_voided(done: Run) -> None:
    name = done("weigh", "82kg", "--at", "2025-06-30 07:00").name
    done("correct", name, "value=81.5kg")
    [row] = done("report", "body", "--json").json["measurements"]
    assert (row["latest"]["day"], row["latest"]["amount"]) == ("2025-06-30", 81_500)
    done("void", name)
    assert done("report", "body", "--json").json["measurements"] == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("measure", "thigh", "5.85cm"), "less than 20 cm"),
        (("measure", "thigh", "58"), "no unit"),
        (("measure", "thigh", "58kg"), "measured in cm, mm or in"),
        (("measure", "thihg", "58cm"), "Did you mean thigh?"),
        (("weigh", "814kg"), "more than any body measures"),
        (("weigh", "81.4cm"), "measured in kg or lb"),
        (("weigh", "81.4kg", "--at", "2190-01-01"), "yet to come"),
        (("test", "sprint", "40m", "2s"), "faster than anybody ever ran"),
        (("test", "jump", "52"), "no unit"),
        (("test", "jump", "high"), "no distance, time or height"),
        (("test", "sprint", "40m", "50m"), "twice"),
        (("test", "agility", "9.8s", "--aim", "highest"), "has a figure for it"),
        (("eat", "steak", "--protein", "400g"), "more than 250 g"),
        (("eat", "steak", "--protein", "2kg"), "more than 1 kg"),
        (("eat",), "a name, a macronutrient or a tag"),
        (("eat", "--tag", " "), "needs a name"),
        (("drink", "0ml"), "is nothing"),
        (("drink", "500"), "not an amount of water"),
        (("supplement", "creatine", "50g"), "more than 30 g"),
        (("supplement", "creatine", "0g"), "is nothing"),
    ],
)
def test_slips_of_the_finger_are_refused_in_words_and_nothing_is_written(
    run: Run, done: Run, words: tuple[str, ...], reason: str
) -> None:
    refused = run(*words)
    assert refused.status in {1, 2}
    assert reason in refused.err
    assert "Traceback" not in refused.err
    assert done("status", "--json").json["outbox"] == 0


def test_a_site_of_ones_own_has_to_be_meant_once(run: Run, done: Run) -> None:
    assert run("measure", "wrist", "17cm").status == 1
    done("measure", "wrist", "17cm", "--really")
    done("measure", "Wrist", "17.2cm")
    [row] = done("report", "body", "--json").json["measurements"]
    assert (row["site"], row["count"]) == ("wrist", 2)


def test_a_photo_is_kept_beside_the_ledger_and_told_of_in_it(
    done: Run, run: Run, tmp_path: Path, ledger: Path
) -> None:
    file = tmp_path / "me.png"
    file.write_bytes(JPEG)
    kept = Path(done("photo", file, "--pose", "Front").out.rsplit("It is kept in ", 1)[1].strip())
    assert kept.parent == ledger.with_name("test.ledger-photos")
    assert kept.read_bytes() == JPEG
    [photo] = done("report", "body", "--json").json["photos"]
    assert (photo["sha256"], photo["media_type"], photo["pose"]) == (kept.stem, "image/jpeg", "front")
    assert "logged before" in done("photo", file, "--pose", "back").out
    assert len(list(kept.parent.iterdir())) == 1
    file.write_bytes(b"no picture")
    refused = run("photo", file, "--pose", "front")
    assert (refused.status, refused.err.splitlines()[0]) == (1, f"{file} is no photo.")


def test_an_erased_photo_is_gone_from_this_device_once_nothing_tells_of_it(
    done: Run, tmp_path: Path, ledger: Path
) -> None:
    file = tmp_path / "me.jpg"
    file.write_bytes(JPEG)
    names = [done("photo", file, "--pose", pose).out.split("#")[1].split()[0] for pose in ("front", "back")]
    folder = ledger.with_name("test.ledger-photos")
    assert "Removed" not in done("erase", names[0], "--yes").out
    assert len(list(folder.iterdir())) == 1
    assert "Removed" in done("erase", names[1], "--yes").out
    assert list(folder.iterdir()) == []
    assert file.exists()


def test_an_erased_photo_is_gone_even_where_its_words_can_not_be_taken_out_yet(
    done: Run, run: Run, tmp_path: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LedgerFileError("There is no room left.", "Make some.")

    file = tmp_path / "me.jpg"
    file.write_bytes(JPEG)
    name = done("photo", file, "--pose", "front").out.split("#")[1].split()[0]
    monkeypatch.setattr(SqliteStore, "erase", fail)
    assert run("erase", name, "--yes").status == 1
    assert list(ledger.with_name("test.ledger-photos").iterdir()) == []


def test_tests_are_compared_with_their_like(done: Run) -> None:
    done("test", "sprint", "40m", "5,21s", "--at", "2025-06-01")
    done("test", "sprint", "40m", "5.10s", "--at", "2025-06-08")
    done("test", "jump", "52cm")
    done("test", "endurance", "5km", "24:30")
    done("test", "endurance", "12min", "2.8km")
    done("test", "broad_jump", "240cm")
    rows = done("report", "performance", "--json").json["tests"]
    assert [(row["kind"], row["aim"]) for row in rows] == [
        ("sprint", "shortest_time"),
        ("jump", "highest"),
        ("endurance", "farthest"),
        ("endurance", "shortest_time"),
        ("broad_jump", "farthest"),
    ]
    assert rows[0]["timeline"][1]["beat"]["seconds_milli"] == 5210
    shown = done("report", "performance").out
    assert "sprint 40 m" in shown
    assert "0.11 s (2.1 %) better" in shown


def test_food_water_and_supplements_are_told_by_day(done: Run) -> None:
    done("weigh", "80kg")
    done(
        *("eat", "chicken and rice", "--protein", "45g", "--carbs", "80", "--fat", "12,5g"),
        *("--tag", "Chicken", "--tag", "whole grain", "--tag", "chicken"),
    )
    name = done("eat", "whey", "--protein", "24g").name
    done("correct", name, "protein=25g", "carbs=3g", "fat=1g", "tags=dairy")
    done("drink", "500ml", "--when", "during")
    done("supplement", "Pre-workout", "12g")
    done("supplement", "zinc", "10mg")
    [day] = done("report", "nutrition", "--json").json["days"]
    assert (day["protein_dg"], day["protein_mg_per_kg"], day["protein_band"]) == (700, 875, "below")
    assert day["sources"] == {"protein": ["chicken", "dairy"], "carbohydrate": ["whole_grains"], "fat": []}
    assert [(one["kind"], one["name"]) for one in day["supplements"]] == [("other", "zinc"), ("pre_workout", None)]
    shown = done("report", "nutrition").out
    assert "below the guide's 1.6 to 2.2 g/kg" in shown.replace("\n", " ")
    assert "Evidence: strong for caffeine." in shown


def test_protein_that_is_just_below_the_range_is_not_shown_at_its_end(done: Run) -> None:
    done("weigh", "80kg")
    done("eat", "lentils", "--protein", "127.8g")
    assert "1.598  below" in done("report", "nutrition").out


def test_the_range_of_protein_is_a_setting(done: Run, run: Run) -> None:
    assert "1.8-2.4" in done("profile", "protein=1.8-2.4").out
    assert done("report", "nutrition", "--json").json["protein_range"]["own"] is True
    assert "Write it as 1.6-2.2." in run("profile", "protein=lots").err


def test_a_weigh_in_gives_body_weight_lifts_their_estimate(done: Run) -> None:
    done("log", "pull up", "bw+20kg", "5")
    assert "no weight was known" in done("report", "records").out
    done("weigh", "80kg")
    shown = done("report", "records")
    assert "116.5 kg ?" in shown.out
    assert "the body's own weight" in shown.out


@pytest.mark.parametrize("name", ["body", "performance", "nutrition"])
@pytest.mark.parametrize("limit", [20, 0])
def test_a_long_diary_is_plain_text_of_80_columns(done: Run, ledger: Path, name: str, limit: int) -> None:
    with Replica.open(ledger) as replica:
        replica.write(_diary(replica))
    out = done("report", name, "--limit", limit).out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_weeks_of_body_weight_are_drawn_in_the_units_of_the_profile(done: Run, ledger: Path) -> None:
    with Replica.open(ledger) as replica:
        replica.write(_diary(replica))
    done("profile", "units=lb")
    out = done("report", "body").out
    assert "lb ┤" in out
    assert "Body weight, the mean of each week." in out


def _diary(replica: Replica) -> list[Draft]:
    """Sixty days of it, with long names."""
    drafts = []
    for back in range(60):
        at = replica.clock() - back * DAY_MS
        said: list[Body] = [
            measured("body_weight", f"{80 + back / 100:.2f}", "kg"),
            measured("upper_arm", f"{38 + back / 100:.2f}", "cm", side="left"),
            measured("a site of the lifter's own, well named", f"{38 + back / 100:.2f}", "cm", side="right"),
            TestPerformed(test=replica.new_id(), kind="sprint", distance_mm=40_000, seconds_milli=5000 + back),
            TestPerformed(test=replica.new_id(), kind="a test with a long name of its own", height_mm=500 - back),
            PhotoAttached(
                photo=replica.new_id(), sha256="0" * 64, bytes=1, media_type="image/jpeg", pose="from the left, bent"
            ),
            FoodLogged(name="meal", protein_dg=1450, carbohydrate_dg=3800, fat_dg=1120, tags=("chicken", "nuts")),
            FoodLogged(name="snack", tags=("olive_oil",)),
            WaterLogged(ml=2750),
            SupplementTaken(kind="other", name="a mixture with a very long name indeed", dose_mg=12_345),
            SupplementTaken(kind="creatine", dose_mg=5000),
        ]
        drafts += [replica.draft(body, at) for body in said]
    return drafts


@pytest.mark.parametrize("name", ["body", "performance", "nutrition"])
def test_an_empty_report_says_how_to_begin(done: Run, name: str) -> None:
    assert "ironledger" in done("report", name).out

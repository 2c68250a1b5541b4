"""Which loads equipment can be given: the law against brute force, and examples."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import some_uuid

from events.equipment import EquipmentDefined, EquipmentKind, Plate
from events.quantities import Load, Unit, parse_milli
from projections.loads import Loading, Rack, rack_of, usual_rack

ENOUGH = 12
"""So many pairs are more than the oracle's loads can take."""


def kg(text: str) -> Load:
    """A load in kilograms."""
    return Load(parse_milli(text), "kg")


def lb(text: str) -> Load:
    """A load in pounds."""
    return Load(parse_milli(text), "lb")


def a_rack(kind: EquipmentKind, **fields: object) -> Rack:
    """The loads of a piece of equipment."""
    said = {"equipment": some_uuid("equipment"), "name": "It", "kind": kind} | fields
    return rack_of(EquipmentDefined(**said))[0]  # type: ignore[arg-type]  # fields of all types


def made(loading: Loading | None) -> tuple[str, str, list[str], list[str]]:
    """A loading in words: the load, the base, the plates of each side, the add-ons."""
    assert loading is not None
    plates = [f"{plate.count} x {plate.load}" for plate in loading.plates]
    return str(loading.load), str(loading.base), plates, [str(load) for load in loading.add_ons]


# Everything that the oracle has to try is small: a few sizes, a few of each.
_units = st.sampled_from(("kg", "lb"))
_small = st.builds(Load, st.sampled_from([500, 1_000, 1_250, 2_500, 3_000]), _units)
_plates = st.lists(
    st.builds(Plate, st.sampled_from([1_250, 1_500, 2_500, 5_000]), _units, st.integers(1, 3) | st.none()),
    max_size=3,
).map(tuple)
_steps = st.lists(_small, max_size=3).map(tuple)
_add_ons = st.lists(_small, max_size=3).map(tuple)
_most = st.none() | st.builds(Load, st.integers(0, 25_000), _units)
_asked = st.builds(Load, st.integers(0, 13_000), _units)
"""Less than the oracle makes of the least plates, ``ENOUGH`` pairs of 1.25 lb, and of the least steps."""


def _everything(
    start: Load, plates: tuple[Plate, ...], steps: tuple[Load, ...], add_ons: tuple[Load, ...], most: Load | None
) -> set[int]:
    """Every load that can be made, up to far beyond what is asked for."""
    if steps:
        bases = [start.nanograms]
        for number in range(80):
            bases.append(bases[-1] + steps[min(number, len(steps) - 1)].nanograms)
    else:
        counts = [range((plate.pairs or ENOUGH) + 1) for plate in plates]
        bases = [
            start.nanograms
            + sum(2 * count * plate.load.nanograms for count, plate in zip(taken, plates, strict=True))
            for taken in product(*counts)
        ]
    within = [base for base in bases if most is None or base <= most.nanograms]
    extras = [
        sum(load.nanograms for load in chosen)
        for size in range(len(add_ons) + 1)
        for chosen in combinations(add_ons, size)
    ]
    return {base + extra for base in within for extra in extras}


@given(
    start=st.builds(Load, st.integers(0, 3_000), _units),
    plates=_plates,
    steps=_steps,
    add_ons=_add_ons,
    most=_most,
    asked=_asked,
)
def test_the_next_load_and_the_nearest_are_those_of_all_that_can_be_made(
    *,
    start: Load,
    plates: tuple[Plate, ...],
    steps: tuple[Load, ...],
    add_ons: tuple[Load, ...],
    most: Load | None,
    asked: Load,
) -> None:
    plates = () if steps else plates
    everything = _everything(start, plates, steps, add_ons, most)
    rack = Rack(start, plates=plates, steps=steps, add_ons=add_ons, most=most)
    above, at_most = rack.above(asked.nanograms), rack.at_most(asked.nanograms)
    greater = [load for load in everything if load > asked.nanograms]
    no_greater = [load for load in everything if load <= asked.nanograms]
    assert (above and above.nanograms) == min(greater, default=None)
    assert (at_most and at_most.nanograms) == max(no_greater, default=None)
    for loading in (above, at_most):
        if loading is not None:
            assert_is_made(loading, start, plates, add_ons)


def assert_is_made(loading: Loading, start: Load, plates: tuple[Plate, ...], add_ons: tuple[Load, ...]) -> None:
    """What is to be put on weighs what the load weighs, and is there."""
    sides = sum(2 * plate.count * plate.load.nanograms for plate in loading.plates)
    extra = sum(load.nanograms for load in loading.add_ons)
    assert abs(loading.base.nanograms + sides + extra - loading.nanograms) < 10**9
    assert abs(loading.load.nanograms - loading.nanograms) < 10**9
    for plate in loading.plates:
        there = [size.pairs for size in plates if size.load == plate.load]
        assert None in there or plate.count <= sum(pairs for pairs in there if pairs)
    for load in set(loading.add_ons):
        assert loading.add_ons.count(load) <= add_ons.count(load)
    if loading.plates:
        assert loading.base == start


def test_an_add_on_makes_a_stacks_step_smaller() -> None:
    plain = a_rack("stack", steps=(kg("5"),), max_load=kg("200"))
    with_add_on = a_rack("stack", steps=(kg("5"),), add_ons=(kg("1.25"),), max_load=kg("200"))
    assert made(plain.above(kg("40").nanograms)) == ("45 kg", "45 kg", [], [])
    assert made(with_add_on.above(kg("40").nanograms)) == ("41.25 kg", "40 kg", [], ["1.25 kg"])
    assert made(with_add_on.above(kg("41.25").nanograms)) == ("45 kg", "45 kg", [], [])


def test_each_add_on_is_used_once_and_no_more_of_them_than_needed() -> None:
    rack = a_rack("stack", steps=(kg("5"),), add_ons=(kg("1.25"), kg("2.5"), kg("2.5")))
    loads = [kg("40")]
    for _ in range(5):
        loading = rack.above(loads[-1].nanograms)
        assert loading is not None
        loads.append(loading.load)
    assert [str(load) for load in loads] == ["40 kg", "41.25 kg", "42.5 kg", "43.75 kg", "45 kg", "46.25 kg"]
    assert made(rack.above(kg("44").nanograms)) == ("45 kg", "45 kg", [], [])


def test_a_stack_ends_where_it_ends_but_for_its_add_ons() -> None:
    rack = a_rack("stack", steps=(kg("5"),), add_ons=(kg("1.25"),), max_load=kg("100"))
    assert made(rack.above(kg("100").nanograms))[0] == "101.25 kg"
    assert rack.above(kg("101.25").nanograms) is None
    assert rack.at_most(kg("4").nanograms) is None


def test_steps_lead_from_one_load_to_the_next_and_the_last_one_repeats() -> None:
    rack = a_rack("dumbbells", start_load=kg("2"), steps=(kg("1"), kg("1"), kg("2")), max_load=kg("10"))
    loads = [rack.at_most(kg(str(number)).nanograms) for number in range(2, 12)]
    assert [loading and loading.load.milli // 1000 for loading in loads] == [2, 3, 4, 4, 6, 6, 8, 8, 10, 10]


def test_equipment_of_a_kind_that_nobody_knows_goes_up_as_it_says_or_as_any_other() -> None:
    assert made(a_rack("cable_tower", steps=(kg("7"),)).above(kg("14").nanograms))[0] == "21 kg"
    assert made(a_rack("cable_tower").above(kg("10").nanograms)) == made(a_rack("other").above(kg("10").nanograms))


def test_plates_go_on_in_pairs_as_long_as_there_are_some() -> None:
    plates = (Plate(20_000, "kg", 2), Plate(10_000, "kg", 1), Plate(1_250, "kg"))
    rack = a_rack("barbell", start_load=kg("20"), plates=plates)
    assert made(rack.at_most(kg("125").nanograms)) == (
        "125 kg",
        "20 kg",
        ["2 x 20 kg", "1 x 10 kg", "2 x 1.25 kg"],
        [],
    )
    assert made(rack.above(kg("100").nanograms))[2] == ["2 x 20 kg", "1 x 1.25 kg"]
    assert made(rack.at_most(kg("21").nanograms)) == ("20 kg", "20 kg", [], [])
    assert rack.at_most(kg("19").nanograms) is None
    within = a_rack("barbell", start_load=kg("20"), plates=plates, max_load=kg("80"))
    assert within.above(kg("79").nanograms) == within.at_most(kg("100").nanograms)
    assert within.above(kg("80").nanograms) is None


def test_plates_of_pounds_go_on_a_bar_of_kilograms() -> None:
    rack = a_rack("barbell", start_load=kg("20"), plates=(Plate(45_000, "lb"), Plate(1_250, "kg")))
    assert made(rack.above(kg("60").nanograms)) == ("60.823 kg", "20 kg", ["1 x 45 lb"], [])
    assert made(rack.at_most(kg("63.2").nanograms))[2] == ["17 x 1.25 kg"]
    assert made(rack.at_most(kg("63.4").nanograms))[2] == ["1 x 45 lb", "1 x 1.25 kg"]
    above = rack.above(kg("60").nanograms)
    assert above is not None
    assert above.nanograms == kg("20").nanograms + 2 * lb("45").nanograms


def test_a_greedy_choice_of_plates_is_mended_where_it_leads_nowhere() -> None:
    plates = (Plate(4_000, "kg"), Plate(3_000, "kg"))
    rack = a_rack("barbell", start_load=kg("10"), plates=plates)
    assert made(rack.at_most(kg("22").nanograms))[2] == ["2 x 3 kg"]


@pytest.mark.parametrize(
    ("kind", "unit", "asked", "expected"),
    [
        ("barbell", "kg", "100", "102.5 kg"),
        ("barbell", "lb", "225", "230 lb"),
        ("trap_bar", "kg", "100", "102.5 kg"),
        ("dumbbell", "kg", "20", "22 kg"),
        ("dumbbell", "lb", "50", "55 lb"),
        ("kettlebell", "kg", "16", "20 kg"),
        ("machine", "kg", "40", "45 kg"),
        ("cable", "lb", "40", "50 lb"),
        ("smith_machine", "kg", "60", "62.5 kg"),
        ("body_weight", "kg", "0", "2.5 kg"),
    ],
)
def test_where_nothing_is_known_what_gyms_usually_have_is_assumed(
    kind: str, unit: Unit, asked: str, expected: str
) -> None:
    usual = usual_rack(kind, unit)  # type: ignore[arg-type]  # a literal's value
    assert usual is not None
    assert made(usual[0].above(Load(parse_milli(asked), unit).nanograms))[0] == expected


def test_of_bands_no_steps_are_known() -> None:
    assert usual_rack("band", "kg") is None


def test_what_equipment_does_not_tell_is_assumed_and_named() -> None:
    def missing(kind: EquipmentKind, **fields: object) -> tuple[str, ...]:
        said = {"equipment": some_uuid("equipment"), "name": "It", "kind": kind} | fields
        return rack_of(EquipmentDefined(**said))[1]  # type: ignore[arg-type]  # fields of all types

    assert missing("barbell") == ("plates", "start_load")
    assert missing("barbell", start_load=kg("15")) == ("plates",)
    assert missing("stack") == ("steps", "start_load")
    assert missing("stack", steps=(kg("5"),)) == ("start_load",)
    pounds = a_rack("barbell", start_load=lb("35"))
    assert made(pounds.above(lb("35").nanograms))[0] == "40 lb"


def test_many_plates_of_both_units_cost_no_more_than_the_loads_are_heavy() -> None:
    sizes = [Plate(milli, unit, 3) for unit in ("kg", "lb") for milli in range(1_000, 26_000, 1_000)]
    rack = Rack(kg("20"), plates=tuple(sizes), add_ons=tuple(kg(f"0.{digit}") for digit in range(1, 9)))
    loading = rack.above(kg("333.333").nanograms)
    assert loading is not None
    assert 0 < loading.nanograms - kg("333.333").nanograms <= 10**11

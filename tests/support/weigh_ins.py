"""Measurements, for histories in which they arrive late, are corrected, voided and erased."""

from __future__ import annotations

from hypothesis import strategies as st
from support.chains import NOON_MS, some_uuid
from support.facts import a_set

from events import Body
from events.body import BODY_WEIGHT, Measurement, MeasurementTaken, MeasurementUnit
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.quantities import DAY_MS, parse_milli

WEIGH_INS = [some_uuid("weigh-in", number) for number in range(4)]


def measured(site: str, value: str, unit: MeasurementUnit, **fields: str) -> MeasurementTaken:
    """A measurement: ``measured("thigh", "58.5", "cm", side="left")``."""
    said = {"measurement": some_uuid()} | fields
    return MeasurementTaken(site=site, value=Measurement(parse_milli(value), unit), **said)


_values = st.sampled_from([Measurement(80_000, "kg"), Measurement(81_400, "kg"), Measurement(180_000, "lb")])
_names = st.sampled_from(WEIGH_INS)
weigh_ins: st.SearchStrategy[Body] = st.one_of(
    st.builds(MeasurementTaken, measurement=_names, site=st.just(BODY_WEIGHT), value=_values),
    st.builds(
        MeasurementTaken,
        measurement=_names,
        site=st.sampled_from(["thigh", "hip"]),
        value=st.just(Measurement(58_500, "cm")),
        side=st.sampled_from([None, "left", "right", "both"]),
    ),
    st.builds(
        FactCorrected,
        target=_names,
        changes=st.sampled_from(
            [
                {"value": {"milli": 79_000, "unit": "kg"}},
                {"value": {"milli": 57_000, "unit": "cm"}},
                {"at": NOON_MS - 40 * DAY_MS},
                {"site": "grip"},
            ]
        ),
    ),
    st.builds(FactVoided, target=_names),
    st.builds(FactRestored, target=_names),
)
"""Weigh-ins and girths under few names, and all that may become of them."""

body_weight_sets: st.SearchStrategy[Body] = st.builds(
    a_set,
    st.sampled_from(["pull_up", "push_up", "back_squat"]),
    st.sampled_from(["bw", "bw+20kg", "bw-15lb", "100kg"]),
    st.sampled_from([1, 5, 12]),
    set=st.sampled_from([some_uuid("set", number) for number in range(4)]),
)

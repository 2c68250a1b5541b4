"""JEFIT: the tables of its database one after another, and all sets of an exercise in one cell.

    ### EXERCISE LOGS ####################################
    USERID,TIMESTAMP,belongSys,logs,_id,record,mydate,eid,ename,day_item_id,belongsession,logTime,…
    1,"2026-02-04 17:00:00",1,"60x10,65x8",1,86.67,2026-02-04,21,"Barbell Bench Press",1,1770220318,1770220500,…

Certain, for five public readers of such files agree and two quote real rows: the names of the tables and of these
columns; ``logs`` as weight, x, reps; ``belongsession``, which names a row of ``WORKOUT SESSIONS``, whose
``starttime`` and ``endtime`` are Unix seconds; ``mydate``, the lifter's own day; and ``set_type`` in ``EXERCISE SET
LOGS``, with one row per set. Rather certain: weights in ``logs`` are in the unit of the account, which ``SETTING``
names as ``mass`` (two readers tested it), while ``weight_lbs`` in the set logs are always pounds, and are not read.
Uncertain, and not read: times and distances of cardio, body measurements (``PROFILE``), whose unit nobody tells, and
routines.

A workout is named by its start, as a time in UTC; where its session is not in the file, by its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from client_sdk.importers.clock import wall_time
from client_sdk.importers.errors import RowError
from client_sdk.importers.rows import Cells, Format, Layout, Remark, Row, Table, fitted, unit_named
from events.quantities import Unit
from events.training import SetKind

_LOGS, _SETS, _SESSIONS, _SETTING = "EXERCISE LOGS", "EXERCISE SET LOGS", "WORKOUT SESSIONS", "SETTING"
_NEEDED = frozenset({"logs", "mydate", "ename", "belongsession"})
_KINDS: dict[str, SetKind] = {
    "warm-up": "warm_up",
    "warmup": "warm_up",
    "warm up": "warm_up",
    "drop": "drop",
    "failure": "failure",
}
_LEFT_OUT = {
    "CARDIO LOGS": "Cardio of JEFIT is not read: enter it by hand.",
    "PROFILE": "Body measurements of JEFIT are not read: the file doesn't say in which unit they are.",
}
_LAST_SECOND = 7_258_118_400
"""The end of the year 2199: more are no seconds."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _recognise(table: Table) -> Layout | None:
    columns = {name.casefold(): column for name, column in table.columns.items()}
    return Layout(dialect="jefit", columns=columns) if columns.keys() >= _NEEDED else None


def _rows(table: Table, layout: Layout) -> Iterator[Row | Remark]:
    unit = _unit(layout.beside.get(_SETTING))
    visits = {cells["_id"]: _visit(cells) for cells in _cells(layout.beside.get(_SESSIONS))}
    kinds: dict[str, dict[str, SetKind]] = {}
    for cells in _cells(layout.beside.get(_SETS)):
        kind = _KINDS.get(cells["set_type"].casefold(), "working")
        kinds.setdefault(cells["exercise_log_id"], {})[cells["set_index"]] = kind
    for line, row in table.rows:
        try:
            cells = Cells(layout.columns, fitted(row, len(table.header)))
            yield from _sets(line, cells, unit, visits, kinds.get(cells["_id"], {}))
        except RowError as error:
            yield Remark(line, str(error))
    for name, what in _LEFT_OUT.items():
        yield from (Remark(line, what) for line, _ in (layout.beside[name].rows if name in layout.beside else ()))


def _sets(
    line: int,
    cells: Cells,
    unit: Unit | None,
    visits: Mapping[str, tuple[str, str]],
    kinds: Mapping[str, SetKind],
) -> Iterator[Row | Remark]:
    """Each set of one exercise of a workout; what is no set is left out by itself."""
    logged = [item.strip() for item in cells["logs"].split(",") if item.strip()]
    if not logged:
        raise RowError("It has no sets of weight and reps: cardio of JEFIT is not read.")
    start, end = visits.get(cells["belongsession"], ("", ""))
    for index, item in enumerate(logged):
        weight, times, reps = item.lower().partition("x")
        if not times:
            yield Remark(line, f"Its set {item[:40]!r} is no weight with reps.")
            continue
        yield Row(
            line=line,
            start=start or cells["mydate"],
            end=end,
            exercise=cells["ename"],
            number=None,
            kind=kinds.get(str(index), "working") if len(kinds) == len(logged) else "working",
            weight=weight.strip(),
            unit=unit,
            reps=reps.strip(),
        )


def _cells(table: Table | None) -> Iterator[Cells]:
    """The sound rows of another table."""
    if table is not None:
        columns = {name.casefold(): column for name, column in table.columns.items()}
        for _, row in table.rows:
            if len(row) == len(table.header):
                yield Cells(columns, row)


def _visit(cells: Cells) -> tuple[str, str]:
    """When a workout began and ended, in UTC; empty where it doesn't say. One that took no time was not timed."""
    start, end = _moment(cells["starttime"]), _moment(cells["endtime"])
    return start, "" if end <= start else end


def _moment(seconds: str) -> str:
    whole = seconds.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit() and 0 < int(whole[:12]) < _LAST_SECOND):
        return ""
    return (_EPOCH + timedelta(seconds=int(whole[:12]))).strftime("%Y-%m-%dT%H:%M:%SZ")


def _unit(setting: Table | None) -> Unit | None:
    return next((unit for cells in _cells(setting) if (unit := unit_named(cells["mass"]))), None)


JEFIT = Format(app="jefit", title="JEFIT", table=_LOGS, recognise=_recognise, rows=_rows, end=wall_time)

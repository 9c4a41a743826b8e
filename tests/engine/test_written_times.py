from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine import written_times
from assay.engine.connection import open_connection
from assay.engine.derived import RowRules
from assay.engine.written_times import read_times, time_steps_s
from assay.text.dates import TimeForm, find_time_form, reads_time

PARTS = st.tuples(
    st.sampled_from(["2020-02-29", "2021-02-29", "1582-10-10", "2020-1-1", ""]),
    st.sampled_from(["T", " ", "t", ""]),
    st.sampled_from(["00:00:00", "23:59:60", "24:00:00", "07:08:09.123456", "07:08", "7:8:9"]),
    st.sampled_from(["Z", "z", "", "+01:00", " "]),
)
WRITTEN = st.lists(st.one_of(st.none(), PARTS.map("".join)), min_size=1, max_size=4)
ALIKE = st.lists(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(
        lambda at: at.replace(microsecond=0).isoformat()
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return open_connection(1, None, "unused")


def _rules(form: TimeForm, zone: str | None = None) -> RowRules:
    return RowRules("x.csv", "0" * 12, "twitter", form, zone, datetime(2030, 1, 1, tzinfo=UTC))


@given(
    written=st.one_of(WRITTEN, ALIKE, ALIKE.map(lambda times: [time + "Z" for time in times])),
    zone=st.sampled_from([None, "UTC", "Europe/Berlin"]),
)
def test_times_written_alike_are_read_as_the_engine_reads_them(
    connection: duckdb.DuckDBPyConnection, written: list[str | None], zone: str | None
) -> None:
    rules = _rules(TimeForm("iso", zone is None, 1.0), zone)
    column = pa.array(["x", *written], pa.string()).slice(1)
    found = read_times(connection, rules, column)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(written_times, "_read_whole", lambda *_: None)
        assert found.equals(read_times(connection, rules, column))


@pytest.mark.parametrize(
    ("written", "finest_s", "step_s"),
    [
        ("2020-01-01T00:00:00Z", 1.0, 1.0),
        ("2020-01-01T00:00:00.5Z", 1.0, 0.001),
        ("2020-01-01T00:00:00.000001Z", 1.0, 0.000001),
        ("2020-01-01T00:01:00Z", 3600.0, 60.0),
        ("2020-01-01T01:00Z", 1.0, 60.0),
        ("2020-01-01T00:00+01:00", 1.0, 60.0),
        (" 2020-01-01 ", 1.0, 86400.0),
    ],
)
def test_a_time_is_as_coarse_as_it_is_written(written: str, finest_s: float, step_s: float) -> None:
    at = datetime.fromisoformat(written.strip().replace("Z", "+00:00"))
    instants = pa.array([at.replace(tzinfo=at.tzinfo or UTC)], pa.timestamp("us", "UTC"))
    rules = _rules(TimeForm("iso", True, finest_s))
    assert time_steps_s(rules, pa.array([written]), instants).to_pylist() == [step_s]


def test_unix_times_of_any_unit(connection: duckdb.DuckDBPyConnection) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    seconds = int(at.timestamp())
    for unit, texts in {"s": [f"{seconds}", f"{seconds}.5"], "ms": [f"{seconds}000", None]}.items():
        found = read_times(
            connection, _rules(TimeForm("epoch", True, 1.0, epoch=unit)), pa.array(texts)
        ).to_pylist()
        assert found[0] == at
        assert found[1] == (at + timedelta(seconds=0.5) if unit == "s" else None)


def test_a_number_that_is_no_time_spoils_no_other(connection: duckdb.DuckDBPyConnection) -> None:
    written = pa.array(["1577836800.5", "1e300", "99999999999999999999", "-1e19", None])
    found = read_times(connection, _rules(TimeForm("epoch", True, 1.0, epoch="s")), written)
    assert found.to_pylist() == [datetime(2020, 1, 1, 0, 0, 0, 500_000, UTC), *[None] * 4]


AT_TEN = datetime(2024, 1, 2, 9, tzinfo=UTC)
SHOWN = (
    "20240102T090000Z",
    "20240102T100000+0100",
    "20240102090000",
    "202401020900",
    "Tue Jan 02 2024 10:00:00 GMT+0100 (CET)",
    "Tue Jan 02 2024 10:00:00 GMT+0100 (Central European Standard Time)",
    "Tue, 2 Jan 2024 10:00:00 +0100 (CET)",
    "Tue, 02 Jan 2024 09:00:00 GMT",
    "Tue Jan  2 09:00:00 2024",
    "Tue Jan  2 10:00:00 CET 2024",
    "Tuesday, January 2, 2024 at 9:00 AM",
    "Tue, Jan 2, 2024 4:00 AM EST",
    "Jan 2, 2024 \u00b7 9:00 AM UTC",
    "2024-01-02 09:00:00 +0000 UTC",
    "2024-01-02T10:00:00+01:00[Europe/Berlin]",
    "02.01.2024, 09:00",
    "2.1.2024 10:00:00 UTC+01:00",
    "January 2, 2024, 9:00:00\u202fAM",
    "2024-1-2 9:00",
    "2024-01-02 10:00:00 (CET)",
    "2024-01-02 10:00:00 (UTC+01:00)",
    "Jan 2, 2024 4:00 AM (EST)",
    "2024-01-02 09:00:00 GMT (Western European Time)",
)


@pytest.mark.parametrize("written", SHOWN)
def test_times_as_programs_show_them(connection: duckdb.DuckDBPyConnection, written: str) -> None:
    form = find_time_form([written])
    assert form is not None
    assert reads_time(form, written)
    column = pa.array([written, f" {written} ", None, "soon"])
    rules = _rules(form, None if form.zoned else "UTC")
    times = read_times(connection, rules, column)
    assert times.to_pylist() == [AT_TEN, AT_TEN, None, None]
    step_s = 1.0 if ":00:00" in written or "0000" in written else 60.0
    assert time_steps_s(rules, column, times).to_pylist()[0] == form.resolution_s == step_s


@pytest.mark.parametrize("written", ["20240102", "20240102.0", "Tuesday, January 2, 2024"])
def test_days_as_programs_show_them(connection: duckdb.DuckDBPyConnection, written: str) -> None:
    form = find_time_form([written])
    assert form is not None and form.resolution_s == 86400.0 and not form.zoned
    times = read_times(connection, _rules(form, "UTC"), pa.array([written]))
    assert times.to_pylist() == [datetime(2024, 1, 2, tzinfo=UTC)]


@pytest.mark.parametrize(
    "written",
    ["2. Januar 2024", "99991231", "12345678", "1/2/24, at noon", "2024-01-02 10:00:00 (UTC-5)"],
)
def test_what_is_no_time_stays_none(written: str) -> None:
    assert find_time_form([written]) is None

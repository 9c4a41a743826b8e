from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.share_order import sort_shares
from assay.model.tables import UTC_US

START = datetime(2021, 9, 1, tzinfo=UTC)

texts = st.one_of(st.sampled_from(["", "a", "a\0", "ab", "ä", "о", "https://x.org/1"]), st.text())
# Whole seconds, microseconds, and spans too wide for one packed number.
microseconds = st.one_of(
    st.integers(0, 3).map(lambda second: second * 1_000_000),
    st.integers(0, 5),
    st.integers(0, 2**57),
)
shares = st.lists(
    st.tuples(texts, microseconds, texts, st.sampled_from(["p", "q", "ü"])), max_size=60
)


def as_table(rows: list[tuple[str, int, str, str]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return pa.table(
        {
            "object_id": pa.chunked_array(
                [pa.array(part, pa.string()) for part in (columns[0][:7], columns[0][7:])]
            ),
            "shared_at": pa.array(columns[1], pa.int64()).cast(UTC_US),
            "account_id": pa.array(columns[2], pa.string()),
            "post_id": pa.array(columns[3], pa.string()),
        }
    )


@given(shares)
def test_ranked_sort_is_the_sort_of_the_bytes(rows: list[tuple[str, int, str, str]]) -> None:
    found = sort_shares(as_table(rows))

    expected = sorted(
        {(o.encode(), time, account.encode(), post.encode()) for o, time, account, post in rows}
    )
    made = [rows[place] for place in found.rows.tolist()]
    assert [(o.encode(), time, a.encode(), p.encode()) for o, time, a, p in made] == expected
    objects = found.objects.to_pylist()
    assert [objects[rank] for rank in found.ranks.tolist()] == [row[0] for row in made]


def test_a_thousand_shares_at_one_moment_are_sorted_by_account() -> None:
    at = int((START - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    rows = [("o", at, f"u{number * 7919 % 1000}", "p") for number in range(1000)] * 2

    found = sort_shares(as_table(rows))

    assert [rows[place][2] for place in found.rows.tolist()] == sorted({row[2] for row in rows})

"""What a table says does not depend on row order, on chunks or on the last bits of a float."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.write import (
    canonical_table,
    content_hash,
    file_sha256,
    round_significant,
    rounded,
    write_json,
    write_table,
)
from assay.errors import CheckFailed

SCHEMA = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("count", pa.int64(), nullable=False),
        pa.field("share", pa.float64()),
    ]
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text(max_size=5),
            "count": st.integers(-(2**62), 2**62),
            "share": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        }
    ),
    max_size=30,
    unique_by=lambda row: (row["name"], row["count"]),
)


@given(st.lists(st.floats()))
def test_rounding_keeps_twelve_digits(values: list[float]) -> None:
    for before, after in zip(values, round_significant(np.array(values, dtype=float)), strict=True):
        if not math.isfinite(before) or before == 0:
            assert after == before or (math.isnan(after) and math.isnan(before))
        elif math.isfinite(after):
            assert len(Decimal(f"{after:.15e}").normalize().as_tuple().digits) <= 16
            assert float(f"{after:.11e}") == after
            # Half a unit in the twelfth digit, and the spacing of floats near zero.
            assert abs(after - before) <= abs(before) * 5.01e-12 + 5e-324


@given(st.lists(st.floats(allow_nan=False)))
def test_rounding_twice_changes_nothing(values: list[float]) -> None:
    once = round_significant(np.array(values, dtype=float))
    assert np.array_equal(round_significant(once), once)


@given(st.floats(min_value=1e-11, max_value=1e30), st.integers(-3, 3))
def test_rounding_is_exact_beside_powers_of_ten(value: float, steps: int) -> None:
    near = float(f"1e{math.floor(math.log10(value))}")
    for _ in range(abs(steps)):
        near = math.nextafter(near, math.inf if steps > 0 else 0)
    for number in (value, near):
        result = round_significant(np.array([number]))[0]
        through_text = float(f"{number:.11e}")
        # Equal but for near-ties in the thirteenth digit, which a product of floats may tip over.
        assert abs(result - through_text) <= 1.01e-11 * number
        assert result == float(f"{result:.11e}")


@given(st.lists(st.floats(-1e-11, 1e-11, exclude_min=True, exclude_max=True)))
def test_rounding_of_tiny_values_is_that_of_their_text(values: list[float]) -> None:
    through_text = [float(f"{value:.11e}") for value in values]
    assert round_significant(np.array(values, dtype=float)).tolist() == through_text


@pytest.mark.parametrize("power", [-30, -150, -296, -305, -318])
def test_rounding_of_tiny_values_beside_a_half(power: int) -> None:
    """In the last digit a half is the exact value's to decide, not a product's."""
    digits = np.random.default_rng(1).integers(10**11, 10**12, 200)
    ties = [float(f"{number}5e{power}") for number in digits.tolist()]
    near = [math.nextafter(tie, to) for tie in ties for to in (0.0, 1.0)] + ties
    through_text = [float(f"{value:.11e}") for value in near]
    assert round_significant(np.array(near)).tolist() == through_text


def test_rounding_leaves_the_callers_array_alone() -> None:
    values = np.array([1 / 3])
    round_significant(values)
    assert values[0] == 1 / 3


def test_far_ends_are_exact() -> None:
    assert round_significant(np.array([1.23456789012345e-300]))[0] == 1.23456789012e-300


@given(ROWS, st.randoms(use_true_random=False))
def test_row_order_and_chunks_do_not_matter(rows: list[dict[str, object]], random) -> None:
    shuffled = rows[:]
    random.shuffle(shuffled)
    middle = len(shuffled) // 2
    one = pa.Table.from_pylist(rows, SCHEMA)
    other = pa.concat_tables(
        [
            pa.Table.from_pylist(shuffled[:middle], SCHEMA),
            pa.Table.from_pylist(shuffled[middle:], SCHEMA),
        ]
    )
    key = ("name", "count")
    assert content_hash(canonical_table(one, SCHEMA, key)) == content_hash(
        canonical_table(other, SCHEMA, key)
    )


def test_last_bits_do_not_matter_but_the_twelfth_digit_does() -> None:
    def hash_of(value: float) -> str:
        table = pa.table({"name": ["a"], "count": [1], "share": [value]})
        return content_hash(canonical_table(table, SCHEMA))

    assert hash_of(0.1 + 0.2) == hash_of(0.3)
    assert hash_of(0.300000000001) != hash_of(0.3)


@pytest.mark.parametrize(
    "change", [{"name": ["b"]}, {"count": [2]}, {"share": [0.5]}, {"share": [None]}]
)
def test_any_other_value_changes_the_hash(change: dict[str, list[object]]) -> None:
    base = {"name": ["a"], "count": [1], "share": [0.25]}
    assert content_hash(canonical_table(pa.table(base), SCHEMA)) != content_hash(
        canonical_table(pa.table(base | change), SCHEMA)
    )


def test_column_names_are_part_of_the_hash() -> None:
    assert content_hash(pa.table({"a": [1]})) != content_hash(pa.table({"b": [1]}))


def test_extra_columns_and_metadata_are_dropped() -> None:
    table = pa.table({"extra": [1], "share": [None], "count": [1], "name": ["a"]})
    result = canonical_table(table.replace_schema_metadata({"by": "someone"}), SCHEMA)
    assert result.schema.equals(SCHEMA, check_metadata=True)


def test_a_null_stays_null_and_never_becomes_nan() -> None:
    table = pa.table({"name": ["a", "b"], "count": [1, 2], "share": [None, 0.5]})
    assert canonical_table(table, SCHEMA)["share"].to_pylist() == [None, 0.5]


def test_missing_column_and_forbidden_null_are_refused() -> None:
    with pytest.raises(CheckFailed, match="lacks the column 'share'"):
        canonical_table(pa.table({"name": ["a"], "count": [1]}), SCHEMA)
    with pytest.raises(CheckFailed, match="1 nulls in the column 'name'"):
        canonical_table(pa.table({"name": [None], "count": [1], "share": [0.0]}), SCHEMA)


def test_written_table_is_what_was_returned(tmp_path: Path) -> None:
    table = pa.table({"name": ["b", "a"], "count": [1, 2], "share": [1 / 3, None]})
    path = tmp_path / "deep" / "table.parquet"
    written = write_table(path, table, SCHEMA, sort_by=["name"])
    assert written["name"].to_pylist() == ["a", "b"]
    assert pq.read_table(path).equals(written)
    assert [item.name for item in path.parent.iterdir()] == ["table.parquet"]


def test_a_refused_table_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    good = pa.table({"name": ["a"], "count": [1], "share": [0.5]})
    write_table(path, good, SCHEMA)
    before = path.read_bytes()
    with pytest.raises(CheckFailed):
        write_table(path, good.drop_columns(["count"]), SCHEMA)
    assert path.read_bytes() == before


def test_json_is_sorted_rounded_and_utf8(tmp_path: Path) -> None:
    path = tmp_path / "new" / "run.json"
    write_json(path, {"b": (1 / 3, float("nan")), "a": "Δ", 3: True})
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == {"3": True, "a": "Δ", "b": [0.333333333333, None]}
    assert "Δ" in text
    assert text.endswith("}\n")
    assert text.index('"3"') < text.index('"a"') < text.index('"b"')


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=JSON_VALUES)
def test_json_is_laid_out_as_pythons_own(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "value.json"
    write_json(path, value)
    told = json.dumps(rounded(value), indent=2, sort_keys=True, ensure_ascii=False)
    assert path.read_bytes().decode() == told + "\n"


@given(JSON_VALUES)
def test_rounded_values_are_plain_json_and_stay(value: object) -> None:
    once = rounded(value)
    assert rounded(once) == once
    assert json.loads(json.dumps(once, allow_nan=False)) == once


def test_file_hash_reads_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file_sha256(path) == file_sha256(path, chunk_bytes=1) == known

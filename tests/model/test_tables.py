"""The schemas keep the promises that every table makes."""

from __future__ import annotations

import pyarrow as pa
import pytest

from assay.model import tables

SCHEMAS = {name: value for name, value in vars(tables).items() if isinstance(value, pa.Schema)}


@pytest.mark.parametrize("name", SCHEMAS)
def test_times_are_utc_microseconds_and_nothing_else(name: str) -> None:
    for column in SCHEMAS[name]:
        if pa.types.is_temporal(column.type):
            assert column.type == tables.UTC_US
            assert column.name.endswith("_at") or "_at_" in column.name


@pytest.mark.parametrize("name", SCHEMAS)
def test_names_are_unique_even_without_case(name: str) -> None:
    # Spark does not tell N from n.
    names = [column.name.casefold() for column in SCHEMAS[name]]
    assert len(names) == len(set(names))
    assert all(column == column.lower() for column in SCHEMAS[name].names)


@pytest.mark.parametrize("name", SCHEMAS)
def test_figures_are_64_bit(name: str) -> None:
    for column in SCHEMAS[name]:
        if pa.types.is_integer(column.type):
            assert column.type == pa.int64()
        if pa.types.is_floating(column.type):
            assert column.type == pa.float64()


def test_ids_are_never_null() -> None:
    for name, column in (
        ("POSTS", "post_id"),
        ("POSTS", "account_id"),
        ("ACCOUNTS", "account_id"),
        ("SHARES", "account_id"),
        ("SHARES", "object_id"),
        ("EDGES", "account_a"),
        ("EDGES", "account_b"),
    ):
        assert not SCHEMAS[name].field(column).nullable


def test_default_kinds_leave_out_conversation_and_the_domain() -> None:
    assert set(tables.SHARE_KINDS) - set(tables.DEFAULT_KINDS) == {"domain", "mention", "reply"}
    assert set(tables.DEFAULT_KINDS) <= set(tables.SHARE_KINDS)

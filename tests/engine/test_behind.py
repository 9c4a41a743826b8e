from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.behind import WriterBehind, ahead

SCHEMA = pa.schema([pa.field("n", pa.int64(), nullable=False)])


def test_tables_stand_in_the_order_in_which_they_were_given(tmp_path: Path) -> None:
    path = tmp_path / "n.parquet"
    with WriterBehind(path, SCHEMA, {"compression": "zstd"}) as writer:
        for begin in range(0, 50, 5):
            writer.write_table(pa.table({"n": range(begin, begin + 5)}, schema=SCHEMA))
    assert pq.read_table(path)["n"].to_pylist() == list(range(50))


@pytest.mark.parametrize("more", [True, False])
def test_an_error_of_the_thread_is_raised(tmp_path: Path, more: bool) -> None:
    wrong, right = pa.table({"m": ["x"]}), pa.table({"n": [1]}, schema=SCHEMA)
    with (
        pytest.raises(ValueError, match="schema"),
        WriterBehind(tmp_path / "n.parquet", SCHEMA, {}) as writer,
    ):
        writer.write_table(wrong)
        if more:
            writer.write_table(right)
            pytest.fail("the error before it was passed over")


def test_the_next_piece_is_made_while_this_one_is_worked_on() -> None:
    asked = [threading.Event() for _ in range(3)]

    def pieces() -> Iterator[int]:
        for number in range(3):
            asked[number].set()
            yield number

    with closing(ahead(pieces())) as found:
        for number, piece in enumerate(found):
            assert piece == number
            assert number == 2 or asked[number + 1].wait(timeout=10)
            assert number > 0 or not asked[2].is_set()
    assert piece == 2


def test_an_error_of_what_is_read_ahead_comes_behind_the_pieces_before_it() -> None:
    def pieces() -> Iterator[int]:
        yield 1
        raise OSError("cut off")

    found = ahead(pieces())
    assert next(found) == 1
    with pytest.raises(OSError, match="cut off"):
        next(found)


def test_who_leaves_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    with closing(ahead(iter(range(1, 9)))) as found:
        assert next(found) == 1
    assert threading.active_count() == before

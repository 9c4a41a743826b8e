from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.behind import WriterBehind

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

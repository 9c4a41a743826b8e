from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from assay.engine.split_shares import split_by_object

# Letters of one to four bytes: their order is that of the bytes.
OBJECTS = [f"{letter}{number * 37 % 101}" for number in range(300) for letter in "aéо😀"]


@pytest.mark.parametrize("wanted", [1, 2, 3, 8, 200])
def test_parts_follow_each_other_in_the_order_of_their_objects(tmp_path: Path, wanted: int) -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        for begin in range(0, len(OBJECTS), 70):
            yield pa.record_batch({"object_id": OBJECTS[begin : begin + 70]})

    with split_by_object(batches, wanted, tmp_path) as parts:
        found = [part.read().read_all()["object_id"].to_pylist() for part in parts]

    assert len(found) == wanted
    kept = [sorted(map(str.encode, part)) for part in found if part]
    assert [name for part in kept for name in part] == sorted(map(str.encode, OBJECTS))
    assert all(one[-1] < other[0] for one, other in pairwise(kept))
    assert not list(tmp_path.iterdir())

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from assay.engine.split_shares import PARTS_AT_MOST, PartsWriter, bounds_of

# Letters of one to four bytes: their order is that of the bytes.
OBJECTS = [f"{letter}{number * 37 % 101}" for number in range(300) for letter in "aéо😀"]


@pytest.mark.parametrize("wanted", [1, 2, 3, 8, 200])
def test_parts_follow_each_other_in_the_order_of_their_objects(tmp_path: Path, wanted: int) -> None:
    batches = [
        pa.record_batch({"object_id": OBJECTS[begin : begin + 70]})
        for begin in range(0, len(OBJECTS), 70)
    ]

    bounds = bounds_of(batches, wanted)
    with closing(PartsWriter(tmp_path, "part", bounds, batches[0].schema)) as writer:
        for batch in batches:
            writer.write(batch)
    found = [
        pa.ipc.open_stream(str(path)).read_all()["object_id"].to_pylist() for path in writer.paths
    ]

    assert len(found) == min(wanted, PARTS_AT_MOST)
    assert all(found)
    kept = [sorted(map(str.encode, part)) for part in found]
    assert [name for part in kept for name in part] == sorted(map(str.encode, OBJECTS))
    assert all(one[-1] < other[0] for one, other in pairwise(kept))


def test_nothing_to_look_at_makes_one_part() -> None:
    assert len(bounds_of([], 8)) == 0

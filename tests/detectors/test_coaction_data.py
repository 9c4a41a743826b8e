from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.detectors.coaction_data import shares_by_kind
from assay.model.dataset import Dataset
from assay.model.tables import SHARES

KINDS = ["hashtag"] * 7 + ["link"] * 9 + ["text"]


@pytest.mark.parametrize("told", [True, False])
def test_kinds_are_counted_whatever_parquet_says_of_its_groups_of_rows(
    tmp_path: Path, told: bool
) -> None:
    """One group of four rows holds two kinds, the others one; or nothing is said of any."""
    dataset = Dataset(tmp_path)
    columns = [
        pa.array(KINDS) if field.name == "kind" else pa.array([0] * 17).cast(pa.string())
        for field in SHARES
    ]
    table = pa.table(columns, SHARES.names)
    pq.write_table(table, dataset.shares, row_group_size=4, write_statistics=told)
    assert shares_by_kind(dataset) == {"hashtag": 7, "link": 9, "text": 1}

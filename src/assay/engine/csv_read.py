"""CSV and TSV in batches: every row of the file is yielded or rejected, each once.

Arrow parses a block without a quote as it is. In all others the scanner counts and judges the rows,
and the good ones are split where it found them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from assay.engine.byte_source import BLOCK_BYTES, ByteSource, with_next
from assay.engine.csv_layout import CsvLayout
from assay.engine.csv_parse import parse_plain
from assay.engine.read import LooksLikeRow, RawBatch


def read_csv(
    source: ByteSource,
    layout: CsvLayout,
    columns: Sequence[str],
    looks_like_row: LooksLikeRow,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[RawBatch]:
    """Read the named columns as strings, batch by batch.

    Args:
        source: The file.
        layout: From :func:`find_csv_layout`.
        columns: Which columns to read.
        looks_like_row: Finds rows that an unclosed quote swallowed; see
            :data:`assay.engine.read.LooksLikeRow`.
        block_bytes: How much to read at once.
    """
    done, leftover, header_seen = 0, b"", False
    blocks = source.blocks(block_bytes)
    while True:
        raw, at_end = with_next(blocks, leftover)
        plain = None
        if raw and not (at_end and source.damage):
            plain = _plain(raw, layout, columns, (at_end, header_seen))
        if plain is not None:
            table, end = plain
            leftover, header_seen = raw[end:], True
            if len(table):
                yield RawBatch(table, np.arange(done + 1, done + 1 + len(table), dtype=np.int64))
                done += len(table)
        elif raw:
            # Here, not above: it loads numba, which files without quotes never need.
            from assay.engine.csv_block import ScannedBlock

            scan = ScannedBlock(raw, layout, at_end, looks_like_row)
            leftover = raw[scan.position :]
            if at_end and source.damage:
                scan.cut_off_last()
            if not header_seen and len(scan.states):
                scan.drop_first()
                header_seen = True
            if len(scan.states):
                yield scan.batch(done, columns)
                done += len(scan.states)
        if at_end:
            return


def _plain(
    raw: bytes, layout: CsvLayout, columns: Sequence[str], where: tuple[bool, bool]
) -> tuple[pa.Table, int] | None:
    """As :func:`parse_plain`, behind the header where it was not seen yet."""
    at_end, header_seen = where
    begin = 0
    if not header_seen:
        first = len(raw) - len(raw.lstrip(b"\r\n"))
        begin = raw.find(b"\n", first) + 1
        # A lone return is a line break too; blank lines are no rows and leave nothing to parse.
        if not begin or b"\r" in raw[first:begin].rstrip(b"\r\n") or not raw[begin:].strip():
            return None
    found = parse_plain(raw[begin:], layout, columns, at_end=at_end)
    return None if found is None else (found[0], found[1] + begin)

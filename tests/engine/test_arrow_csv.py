"""Arrow's CSV reader leaves Ctrl-C to the process's own handler."""

from __future__ import annotations

import io
import os
import signal

from assay.engine.arrow_csv import csv


class _Interrupting(io.BytesIO):
    """Bytes whose every reading comes with a Ctrl-C."""

    def read(self, size: int | None = -1, /) -> bytes:
        os.kill(os.getpid(), signal.SIGINT)
        return super().read(size)


def test_a_ctrl_c_while_it_reads_reaches_the_process() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        table = csv.read_csv(_Interrupting(b"a,b\n" + b"1,2\n" * 1000))
    finally:
        signal.signal(signal.SIGINT, before)
    assert table.num_rows == 1000
    assert heard

"""Arrow's CSV reader, for all who need it: it leaves Ctrl-C to whoever runs the process.

By itself it takes the signal's handler while it reads, and between two reads a stop is lost.
"""

from __future__ import annotations

import pyarrow as pa
from pyarrow import csv

__all__ = ["csv"]

pa.enable_signal_handlers(False)

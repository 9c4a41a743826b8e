"""What an importer is: it recognises a format and turns a file into rows with known fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.engine.read import RawReject
from assay.importers.container import Container
from assay.importers.report import ImportOptions
from assay.text.dates import TimeForm


@dataclass(frozen=True)
class FieldBatch:
    """Some rows with the names that the derivation knows.

    Attributes:
        fields: Columns of :data:`assay.engine.derive.POST_FIELDS`, for a share table
            ``object_0`` … beside account, post and time, or fields of accounts.
        rows: Row numbers.
        rejects: Rows between these that could not be read.
    """

    fields: pa.Table
    rows: npt.NDArray[np.int64]
    rejects: list[RawReject]


class Batches(Protocol):
    """Reads the file from the start."""

    def __call__(self) -> Iterator[FieldBatch]:
        """All rows, batch by batch."""


@dataclass(frozen=True)
class Reading:
    """How one file will be read.

    Attributes:
        batches: The rows.
        mapping: Field to column, to show to the user.
        kinds: Kinds of the columns ``object_0`` …; empty if the rows are posts.
        time: How times are written.
        platform: Platform of rows that name none.
        other_time: In a table of accounts, the form of times that the first form does not read.
        timezone: The zone that the source documents for times without one, if it does.
        infer_reposts: Whether ``RT @name:`` makes a post a repost.
        notes: What a person should know.
        accounts: Whether the rows are accounts (columns of
            :data:`assay.engine.account_tables.PROFILE_FIELDS`), neither posts nor shares.
        columns: What the file calls each column of the batches, where that is not the mapping.
        wide: Whether one row of a share table may name several objects, or none.
    """

    batches: Batches
    mapping: Mapping[str, str]
    kinds: tuple[str, ...]
    time: TimeForm
    platform: str
    timezone: str | None = None
    infer_reposts: bool = True
    notes: tuple[str, ...] = field(default=())
    accounts: bool = False
    wide: bool = False
    other_time: TimeForm | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


class Importer(Protocol):
    """One source format."""

    @property
    def name(self) -> str:
        """As ``--format`` takes it."""

    @property
    def title(self) -> str:
        """One line for lists."""

    def recognises(self, container: Container) -> bool:
        """Whether the file is in this format."""

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Prepare the reading.

        Raises:
            InputError: Something that the format needs is missing.
        """

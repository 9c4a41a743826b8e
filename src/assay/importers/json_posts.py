"""Posts in nested JSON: what the formats of platforms' APIs and of tools have in common.

An API answers with pages, a tool writes pages or posts: one object, lines or an array of them. A
page counts for nothing; the posts in it are numbered as they come in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.engine.read import RawReject
from assay.errors import InputError
from assay.importers.base import FieldBatch, Reading
from assay.importers.container import Container, JsonContainer
from assay.importers.json_rows import PostFields, field_batch, refused
from assay.importers.report import ImportOptions
from assay.text.dates import TimeForm

if TYPE_CHECKING:
    from assay.engine.json_read import JsonRecords

Json = dict[str, Any]
"""A JSON object."""
ISO_UTC = TimeForm("iso", True, 1.0)
UNIX_S = TimeForm("epoch", True, 1.0, epoch="s")


@dataclass(frozen=True)
class NoPost:
    """Something in a file that is no post.

    Attributes:
        value: As the file has it.
        reason: Why it is none, for the table of rejects.
        column: The field that says so.
    """

    value: Any
    reason: str
    column: str | None = None


Found = dict[str, Any] | NoPost
"""Fields of a post, or what is none."""
PostsOf = Callable[[Json], Iterable[Found]]
"""The posts of one object of a file."""


@dataclass(frozen=True)
class JsonPosts:
    """A format of nested JSON.

    Attributes:
        name: As ``--format`` takes it.
        title: One line for lists.
        platform: Platform of posts that name none.
        mapping: Field to where it stands in the file, to show to the user.
        looks: Whether one of the file's first objects is of this format.
        posts: The posts of one object of the file.
        among: As :attr:`posts`, with what the objects say that were read together with it; for
            formats whose objects speak of each other.
        time: How :attr:`posts` gives the times.
        timezone: The zone that the source documents for times that name none.
    """

    name: str
    title: str
    platform: str
    mapping: Mapping[str, str]
    looks: Callable[[Json], bool]
    posts: PostsOf
    time: TimeForm = ISO_UTC
    timezone: str | None = "UTC"
    among: Callable[[Sequence[Json]], PostsOf] | None = None

    def recognises(self, container: Container) -> bool:
        """By the fields of its first objects."""
        return isinstance(container, JsonContainer) and any(
            self.looks(value) for value in container.first_objects
        )

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Fixed fields.

        Raises:
            InputError: The file is no JSON, or the user maps columns, of which it has none.
        """
        if not isinstance(container, JsonContainer):
            raise InputError(
                f"the format {self.name} is JSON, and the file is not",
                fix="leave out --format, or name another",
                file=container.path,
            )
        if options.mapping:
            raise InputError(
                f"the fields of the format {self.name} are known; it has no columns to map",
                fix="leave out --map, or read the objects as rows of a table: --format table",
                file=container.path,
            )

        def batches() -> Iterator[FieldBatch]:
            done = 0
            for records in container.records():
                batch, done = self._batch(records, done)
                yield batch

        return Reading(
            batches=batches,
            mapping=self.mapping,
            kinds=(),
            time=self.time,
            platform=options.platform or self.platform,
            timezone=self.timezone,
        )

    def _batch(self, records: JsonRecords, done: int) -> tuple[FieldBatch, int]:
        from assay.engine.json_read import parsed

        values, broken = parsed(records)
        posts_of = self.among([value for _, value in values]) if self.among else self.posts
        return _numbered(values, broken, posts_of, done)


def _numbered(
    values: list[tuple[int, Json]], broken: list[RawReject], posts_of: PostsOf, done: int
) -> tuple[FieldBatch, int]:
    """The posts and rejects in the order of the file, numbered from ``done`` on."""
    posts: list[tuple[int, PostFields]] = []
    rejects: list[RawReject] = []
    pending = sorted([*((row, value, None) for row, value in values),
                      *((reject.row, None, reject) for reject in broken)],
                     key=lambda entry: entry[0] or 0)  # fmt: skip
    for _, value, reject in pending:
        if value is None:
            done += 1
            assert reject is not None
            rejects.append(RawReject(done, reject.column, reject.reason, reject.raw))
            continue
        for found in _as_deep_as_can_be(posts_of, value):
            done += 1
            if isinstance(found, NoPost):
                rejects.append(refused(done, found.value, found.column, found.reason))
            else:
                posts.append((done, found))
    return field_batch(posts, rejects), done


def _as_deep_as_can_be(posts_of: PostsOf, value: Json) -> Iterator[Found]:
    """What is found in an object; answers to answers may stand in each other without end."""
    try:
        yield from posts_of(value)
    except RecursionError:
        yield NoPost(None, "the objects in this one stand in each other too deep to be read")


def inner(value: Any, *names: str) -> Json:
    """The object inside an object inside an object; empty where one of them is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def listed(value: Any, *names: str) -> list[Any]:
    """The list inside an object inside an object; empty where there is none."""
    *outer, last = names
    found = inner(value, *outer).get(last)
    return found if isinstance(found, list) else []


def objects(value: Any, *names: str) -> list[Json]:
    """As :func:`listed`, the objects of the list alone."""
    return [entry for entry in listed(value, *names) if isinstance(entry, dict)]


def found_in(entries: Iterable[Any], posts: PostsOf) -> Iterator[Found]:
    """What is found in the entries of a page's list; one that is no object is no post."""
    for entry in entries:
        if isinstance(entry, dict):
            yield from posts(entry)
        else:
            yield NoPost(entry, "the entry of a list of posts is no object")


def joined(values: Iterable[Any]) -> str | None:
    """Links, tags or names in one field, each once; None if there are none."""
    return " ".join(dict.fromkeys(str(value) for value in values if value)) or None

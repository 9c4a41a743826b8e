"""What the API takes and gives of the register of protected bodies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from assay.web.api.shapes import Asked, Paged, Text, Told

Texts = Annotated[list[Text], Field(default_factory=list)]
Version = Annotated[int, Field(ge=1, lt=10**9)]


class ProtectedBody(Told):
    """A protected body; its fields are those of a register's file."""

    id: Text = Field(description="Unique in the register.")
    name: Text
    aliases: Texts
    kind: Text = ""
    sender: Text = Field(default="", description="ISO 3166-1 alpha-2, as is `host`.")
    host: Text = ""
    handles: Texts = Field(description="`platform:handle since 2020-01-31 until 2024-12-31`.")
    domains: Texts
    parent: Text = Field(default="", description="Id of the body above it.")
    sisters: Texts
    proofs: Texts
    logos: Texts


class BodyAsked(ProtectedBody, Asked):
    """A body that is to be kept; what a register does not know is refused."""


class ProtectedRegister(Told):
    """One version of the register; its ETag is its version."""

    version: int = Field(description="0 before the first.")
    bodies: list[ProtectedBody]


class RegisterAsked(Asked):
    """A whole register, to take the place of the one that was seen."""

    why: Text = Field(description="The reason, in a sentence.")
    bodies: list[BodyAsked]


class RegisterKept(Told):
    """The version that counts now; it is the one that was seen if nothing is different."""

    version: int
    repeated: bool = Field(default=False, description="Whether it was done by an earlier request.")


class Erased(Told):
    """That a version, or what was said of it, was erased."""

    by: str
    why: str
    at: datetime


class ProtectedVersion(Told):
    """Who made a version of the register, when, and what became different."""

    version: int
    sha256: str = Field(description="Of its file in JSON, as its page gives it.")
    author: str
    what: str | None = Field(description="Null once erased.")
    why: str | None = Field(description="Null once erased.")
    made_at: datetime
    entry: int | None = Field(description="Its place in the log; null if the log has none of it.")
    erased: Erased | None = Field(description="Null while all of it is there.")
    text_erased: bool = Field(description="Whether what it held was erased too.")


class ProtectedVersions(Paged):
    """One page of the register's history, the newest version first."""

    versions: list[ProtectedVersion]


class ErasureAsked(Asked):
    """Which versions are to be erased; of the newest the words alone."""

    first: Version
    last: Version
    why: Text = Field(description="It stays: name nobody in it.")
    words_only: bool = Field(
        default=False, description="What they changed and why alone; what they hold stays."
    )


class VersionsErased(Told):
    """How many versions were erased."""

    erased: int
    repeated: bool = Field(default=False, description="Whether it was done by an earlier request.")

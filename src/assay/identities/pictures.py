"""Where pictures of accounts and logos of bodies lie, and which picture is whose.

A picture of an account is a file in a folder of pictures, named by its account id or handle or in
the column ``avatar``; or a hash in the column ``avatar_hash``. Pictures that cannot be read are
told and left out; nothing else is lost for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assay.errors import InputError
from assay.identities.avatars import (
    PictureHash,
    PictureMatch,
    hash_file,
    hash_of_text,
    logo_hashes,
    nearest_picture,
)
from assay.identities.register import Body
from assay.identities.weigh import Account

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
_UNSAFE = re.compile(r"[^A-Za-z0-9._@-]")


@dataclass(frozen=True)
class PictureSeen:
    """An account's picture beside a body's logos.

    Attributes:
        hashes: Of the account's picture.
        match: How it meets a logo; None where it meets none.
        file: The account's picture; None where only a hash is known.
        logo: The body's logo; None where it has none.
    """

    hashes: PictureHash
    match: PictureMatch | None
    file: Path | None
    logo: Path | None


@dataclass
class Pictures:
    """Pictures at hand; each is opened once, when somebody asks for it.

    Attributes:
        logos: Body's place in the register to hashes of its logos in all guises.
        logo_files: The same, to the first logo's file.
        folder: Folder of accounts' pictures; None where there is none.
        refused: What could not be read, in words.
        known: Hashes of accounts that need no file, by account id.
    """

    logos: Mapping[int, Sequence[PictureHash]]
    logo_files: Mapping[int, Path]
    folder: Path | None = None
    refused: list[str] = field(default_factory=list)
    known: dict[str, PictureHash] = field(default_factory=dict)

    def seen(self, account: Account, body: int) -> PictureSeen | None:
        """The account's picture beside a body's logos; None where either is not known."""
        logos = self.logos.get(body)
        if not logos:
            return None
        file = self._file(account)
        hashes = self.known.get(account.account_id) or self._hashes(account, file)
        if hashes is None:
            return None
        self.known[account.account_id] = hashes
        return PictureSeen(hashes, nearest_picture(hashes, logos), file, self.logo_files.get(body))

    def _hashes(self, account: Account, file: Path | None) -> PictureHash | None:
        if file is None:
            return hash_of_text(account.avatar)
        try:
            return hash_file(file)
        except InputError as error:
            self.refused.append(f"{file.name}: {error.message}")
            return None

    def _file(self, account: Account) -> Path | None:
        if self.folder is None:
            return None
        names = [account.avatar] if account.avatar else []
        for stem in (account.account_id, account.account_id.rsplit(":", 1)[-1], account.handle):
            plain = _UNSAFE.sub("_", stem.lstrip("@"))
            names += [plain + ending for ending in ENDINGS] if plain else []
        root = self.folder.resolve()
        for name in names:
            path = self.folder / name
            try:
                if path.is_file() and path.resolve().is_relative_to(root):
                    return path
            except (OSError, ValueError):
                continue
        return None


def read_pictures(bodies: Sequence[Body], register: Path, folder: Path | None) -> Pictures:
    """Hash the register's logos.

    Args:
        bodies: The register.
        register: Its file; logos are named from its folder.
        folder: Pictures of accounts; None where there are none.

    Raises:
        InputError: A logo cannot be read, or the folder is missing.
    """
    if folder is not None and not folder.is_dir():
        raise InputError(
            "there is no such folder of pictures", fix="name a folder with PNG or JPEG files",
            file=folder,
        )  # fmt: skip
    hashes: dict[int, tuple[PictureHash, ...]] = {}
    files: dict[int, Path] = {}
    for place, body in enumerate(bodies):
        for logo in body.logos:
            path = register.parent / logo
            hashes[place] = hashes.get(place, ()) + logo_hashes(path)
            files.setdefault(place, path)
    return Pictures(hashes, files, folder)

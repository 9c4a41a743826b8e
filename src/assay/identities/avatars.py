"""Pictures of accounts beside a body's logos, by PDQ and pHash, also cut, framed and mirrored.

PDQ survives recompression and scaling and little else; pHash survives a cut to a circle or a crop.
So each logo is hashed as it is and in a few guises: in a circle, with a border, cropped, mirrored.
Nothing is fetched: pictures come as files, or as hashes in the table of accounts.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import imagehash
import numpy as np
import pdqhash
from PIL import Image, ImageDraw, ImageFile, ImageOps

from assay.errors import InputError

LARGEST_BYTES = 20_000_000
LARGEST_PIXELS = 40_000_000
"""A picture says how large it is before it is unpacked; larger ones are refused unseen."""
SIDE = 256
"""Pixels to which a picture is brought before it is put into guises."""
PDQ_BITS, PDQ_NEAR = 256, 31
PHASH_BITS, PHASH_NEAR = 64, 10
"""Bits in which two hashes may differ. PDQ's 31 is its authors' threshold; pHash has fewer bits and
is asked for a nearer likeness than the 14 that catches more crops, and more strangers."""
LEAST_QUALITY = 50
"""PDQ's own measure, 0 to 100; below it a picture has too little in it to be told apart."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
GUISES = ("as it is", "in a circle", "with a border", "cropped", "mirrored")


@dataclass(frozen=True)
class PictureHash:
    """A picture's hashes as hexadecimal text; one of them may be unknown.

    Attributes:
        pdq: 256 bits; empty if unknown, or if the picture is too plain.
        phash: 64 bits; empty if unknown.
        guise: Of :data:`GUISES`.
    """

    pdq: str = ""
    phash: str = ""
    guise: str = GUISES[0]


@dataclass(frozen=True)
class PictureMatch:
    """How a picture meets a logo.

    Attributes:
        how: ``PDQ`` or ``pHash``.
        bits: Bits in which they differ.
        guise: In which guise the logo is met.
    """

    how: str
    bits: int
    guise: str

    @property
    def told(self) -> str:
        """In words."""
        of = PDQ_BITS if self.how == "PDQ" else PHASH_BITS
        where = "" if self.guise == GUISES[0] else f", {self.guise}"
        return f"{self.how} differs in {self.bits} of {of} bits{where}"


def open_picture(path: Path) -> Image.Image:
    """A picture in RGB on white, brought to :data:`SIDE` pixels.

    Raises:
        InputError: The file is missing, no picture, or would unpack into too much.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError(
                f"the picture is larger than {LARGEST_BYTES:,} bytes",
                fix="scale it down", file=path,
            )  # fmt: skip
        content = path.read_bytes()
    except OSError as error:
        raise InputError("the picture cannot be read", fix="check its name", file=path) from error
    with warnings.catch_warnings(), _whole_pictures_only():
        # Pillow warns of what may be a bomb; sizes are judged here, before anything is unpacked.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            width, height = picture.size
            if width * height > LARGEST_PIXELS:
                raise _too_large(path)
            return _on_white(picture)
        except InputError:
            raise
        except Image.DecompressionBombError as error:
            raise _too_large(path) from error
        except (OSError, ValueError, SyntaxError) as error:
            raise InputError(
                "the file is no picture that can be read",
                fix=f"save it as {', '.join(FORMATS[:3])}",
                file=path,
            ) from error


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """Half a picture is none, also where another library (WeasyPrint) told Pillow otherwise."""
    told = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = told


def _too_large(path: Path) -> InputError:
    return InputError(
        f"the picture would unpack into more than {LARGEST_PIXELS:,} pixels",
        fix="scale it down; small files of this size are made to exhaust memory",
        file=path,
    )


def _on_white(picture: Image.Image) -> Image.Image:
    picture.draft("RGB", (SIDE, SIDE))
    coloured = picture.convert("RGBA")
    ground = Image.new("RGBA", coloured.size, "white")
    ground.alpha_composite(coloured)
    return ground.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def hash_picture(picture: Image.Image, guise: str = GUISES[0]) -> PictureHash:
    """PDQ and pHash of a picture."""
    bits, quality = pdqhash.compute(np.asarray(picture))
    pdq = np.packbits(bits.astype(bool)).tobytes().hex() if quality >= LEAST_QUALITY else ""
    return PictureHash(pdq, str(imagehash.phash(picture)), guise)


def hash_file(path: Path) -> PictureHash:
    """PDQ and pHash of a file.

    Raises:
        InputError: It is no picture that can be read.
    """
    return hash_picture(open_picture(path))


def logo_hashes(path: Path) -> tuple[PictureHash, ...]:
    """A logo's hashes in all guises.

    Raises:
        InputError: It is no picture that can be read.
    """
    logo = open_picture(path)
    return tuple(hash_picture(picture, guise) for guise, picture in _guises(logo))


def _guises(logo: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    yield GUISES[0], logo
    disc = Image.new("L", logo.size, 0)
    ImageDraw.Draw(disc).ellipse((0, 0, SIDE - 1, SIDE - 1), fill=255)
    white = Image.new("RGB", logo.size, "white")
    yield GUISES[1], Image.composite(logo, white, disc)
    for share, ground in ((0.08, "white"), (0.08, "black"), (0.16, "white"), (0.16, "black")):
        border = round(SIDE * share)
        framed = ImageOps.expand(logo, border, ground)
        yield GUISES[2], framed.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    for share in (0.08, 0.15):
        cut = round(SIDE * share)
        inner = logo.crop((cut, cut, SIDE - cut, SIDE - cut))
        yield GUISES[3], inner.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    yield GUISES[4], ImageOps.mirror(logo)


def nearest_picture(own: PictureHash, others: Sequence[PictureHash]) -> PictureMatch | None:
    """The nearest of a logo's guises, if any is near enough."""
    found = []
    for other in others:
        if own.pdq and other.pdq:
            found.append((_bits(own.pdq, other.pdq) / PDQ_NEAR, "PDQ", other))
        if own.phash and other.phash:
            found.append((_bits(own.phash, other.phash) / PHASH_NEAR, "pHash", other))
    near = [one for one in found if one[0] <= 1]
    if not near:
        return None
    share, how, other = min(near, key=lambda one: (one[0], one[1]))
    return PictureMatch(how, round(share * (PDQ_NEAR if how == "PDQ" else PHASH_NEAR)), other.guise)


def _bits(one: str, two: str) -> int:
    return (int(one, 16) ^ int(two, 16)).bit_count()


@cache
def hash_of_text(text: str) -> PictureHash | None:
    """A hash that a table holds: 64 hexadecimal digits are PDQ, 16 are pHash; else None."""
    digits = text.strip().lower().removeprefix("0x")
    if not digits or set(digits) - set("0123456789abcdef"):
        return None
    if len(digits) * 4 == PDQ_BITS:
        return PictureHash(pdq=digits)
    return PictureHash(phash=digits) if len(digits) * 4 == PHASH_BITS else None


def thumbnail_png(path: Path, side: int = 96) -> bytes:
    """A small copy of a picture for a page, drawn anew so that nothing hides in it.

    Raises:
        InputError: It is no picture that can be read.
    """
    small = open_picture(path).resize((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()

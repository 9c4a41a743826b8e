from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFile, ImageOps

from assay.errors import InputError
from assay.identities.avatars import (
    LARGEST_PIXELS,
    hash_file,
    hash_of_text,
    hash_picture,
    logo_hashes,
    nearest_picture,
    open_picture,
    thumbnail_png,
)
from assay.identities.pictures import read_pictures
from assay.identities.register import Body
from assay.identities.weigh import Account


def drawn(seed: int) -> Image.Image:
    """A made-up coat of arms."""
    picture = Image.new("RGB", (300, 300), ("navy", "darkgreen", "maroon")[seed % 3])
    draw = ImageDraw.Draw(picture)
    draw.polygon([(40, 260), (150, 40 + 20 * seed), (260, 260)], fill="gold")
    draw.ellipse((180 - 50 * seed, 30, 280 - 40 * seed, 130), fill="firebrick")
    draw.rectangle((60 + 30 * seed, 150, 160, 210), fill="white")
    draw.line([(0, 30 * seed), (300, 200)], fill="white", width=9)
    return picture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    drawn(0).save(folder / "logo.png")
    return folder


def guises(logo: Image.Image) -> dict[str, Image.Image]:
    disc = Image.new("L", logo.size, 0)
    ImageDraw.Draw(disc).ellipse((0, 0, 299, 299), fill=255)
    return {
        "smaller": logo.resize((90, 90)),
        "in a circle": Image.composite(logo, Image.new("RGB", logo.size, "white"), disc),
        "with a border": ImageOps.expand(logo, 30, "white"),
        "cropped": logo.crop((25, 25, 275, 275)),
        "mirrored": ImageOps.mirror(logo),
    }


def test_the_logo_is_met_in_every_guise_and_other_pictures_are_not(folder: Path) -> None:
    known = logo_hashes(folder / "logo.png")
    for how, picture in guises(drawn(0)).items():
        picture.save(folder / "one.jpg", quality=80)
        match = nearest_picture(hash_file(folder / "one.jpg"), known)
        assert match is not None, how
        assert "differs in" in match.told
    for seed in (1, 2):
        assert nearest_picture(hash_picture(drawn(seed).resize((256, 256))), known) is None


def test_hashes_in_a_table_do_without_the_file(folder: Path) -> None:
    own = hash_file(folder / "logo.png")
    known = logo_hashes(folder / "logo.png")
    for text in (own.pdq, "0x" + own.phash.upper()):
        told = hash_of_text(text)
        assert told is not None
        assert nearest_picture(told, known) is not None
    assert hash_of_text("cat.png") is None
    assert hash_of_text("abc") is None
    assert hash_of_text("") is None


def bomb(path: Path, side: int) -> None:
    """A PNG of a few bytes that says it has so many pixels on a side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) +
        chunk(b"IEND", b"")
    )  # fmt: skip


@pytest.mark.parametrize("lenient", [False, True])
def test_bombs_and_what_is_no_picture_are_refused_with_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lenient: bool
) -> None:
    # As WeasyPrint sets it for everyone in the process.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    for side in (7_000, 100_000):
        bomb(tmp_path / "bomb.png", side)
        with pytest.raises(InputError, match=f"more than {LARGEST_PIXELS:,} pixels") as refused:
            open_picture(tmp_path / "bomb.png")
        assert refused.value.fix
    whole = tmp_path / "whole.png"
    drawn(0).save(whole)
    for name, content in {
        "text.png": b"<svg onload='alert(1)'/>",
        "empty.png": b"",
        "cut.png": whole.read_bytes()[: whole.stat().st_size // 2],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="no picture"):
            open_picture(tmp_path / name)
    with pytest.raises(InputError, match="cannot be read"):
        open_picture(tmp_path / "missing.png")
    assert lenient is ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_broken_picture_loses_nothing_else(folder: Path, tmp_path: Path) -> None:
    drawn(0).crop((25, 25, 275, 275)).save(tmp_path / "herald_2.png")
    (tmp_path / "9.png").write_text("nothing")
    bodies = (Body("herald", "Herald", logos=("logo.png",)), Body("plain", "Plain"))
    pictures = read_pictures(bodies, folder / "bodies.csv", tmp_path)
    seen = pictures.seen(Account("8", "x", "@herald_2"), 0)
    assert seen is not None
    assert seen.match is not None
    assert pictures.seen(Account("9"), 0) is None
    assert pictures.refused == ["9.png: the file is no picture that can be read"]
    assert pictures.seen(Account("8", "x", "herald_2"), 1) is None
    # Nothing outside the folder is opened, whatever the table says.
    outside = Account("5", avatar="../" + folder.name + "/logo.png")
    assert pictures.seen(outside, 0) is None
    by_hash = pictures.seen(Account("6", avatar=hash_file(folder / "logo.png").phash), 0)
    assert by_hash is not None
    assert by_hash.match is not None


def test_missing_logos_and_folders_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_pictures((Body("a", "A", logos=("none.png",)),), tmp_path / "bodies.csv", None)
    with pytest.raises(InputError, match="no such folder"):
        read_pictures((), tmp_path / "bodies.csv", tmp_path / "none")


def test_a_thumbnail_is_drawn_anew(folder: Path) -> None:
    png = thumbnail_png(folder / "logo.png")
    assert png.startswith(b"\x89PNG")
    assert len(png) < 30_000
    assert b"tEXt" not in png

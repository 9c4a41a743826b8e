"""Object ids of normalised texts: the first 128 bits of the SHA-256 of each (FIPS 180-4), in hex.

The texts are hashed side by side, :data:`_LANES` at a time, so that the compiler has the same step
of all of them to do at once. Texts of as many blocks follow each other: then no lane stands idle.
"""

from __future__ import annotations

from math import isqrt

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.engine.compiled import njit
from assay.engine.raw_columns import bytes_of

Words = npt.NDArray[np.uint32]

_LANES = 64
_BLOCK_BYTES = 64
_PADDING_BYTES = 9
"""The bit behind the text, and its length."""
_KEY_BYTES = 16
_WORD = np.uint32


def text_keys(texts: pa.Array) -> pa.Array:
    """The object id of each text, as :func:`assay.text.normalise.text_key` makes it.

    Args:
        texts: Normalised texts, none null.
    """
    offsets, data = bytes_of(texts)
    blocks = (np.diff(offsets) + (_PADDING_BYTES + _BLOCK_BYTES - 1)) // _BLOCK_BYTES
    words = first_words(offsets, data, np.argsort(blocks, kind="stable"))
    hexadecimal = np.take(_HEX, words.astype(">u4").view(np.uint8))
    places = np.arange(len(texts) + 1, dtype=np.int32) * (2 * _KEY_BYTES)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(places), pa.py_buffer(hexadecimal))


def _first_bits_of_root(number: int, power: int) -> int:
    """The first 32 bits of the fraction of a number's square or cube root."""
    shifted = number << 32 * power
    root = isqrt(shifted) if power == 2 else round(shifted ** (1 / 3))
    while root**power > shifted:
        root -= 1
    while (root + 1) ** power <= shifted:
        root += 1
    return root & 0xFFFFFFFF


_PRIMES = [number for number in range(2, 312) if all(number % low for low in range(2, number))]
_BEGIN = np.array([_first_bits_of_root(prime, 2) for prime in _PRIMES[:8]], np.uint32)
_ROUNDS = np.array([_first_bits_of_root(prime, 3) for prime in _PRIMES[:64]], np.uint32)
_HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint16)
"""Both digits of each byte."""


@njit
def first_words(
    offsets: npt.NDArray[np.int32], data: npt.NDArray[np.uint8], order: npt.NDArray[np.int64]
) -> Words:
    """The first four words of the SHA-256 of each text, one row a text.

    Args:
        offsets: Where each text begins in ``data``, and where the last one ends.
        data: Bytes.
        order: All texts, those of equally many blocks together.
    """
    found = np.empty((len(order), 4), np.uint32)
    state, words = np.empty((8, _LANES), np.uint32), np.zeros((64, _LANES), np.uint32)
    for first in range(0, len(order), _LANES):
        lanes = min(_LANES, len(order) - first)
        blocks = 0
        for lane in range(lanes):
            blocks = max(blocks, _blocks(offsets, order[first + lane]))
        for part in range(8):
            state[part, :] = _BEGIN[part]
        for block in range(blocks):
            for lane in range(lanes):
                text = order[first + lane]
                begin, end = int(offsets[text]), int(offsets[text + 1])
                _take_block(data, (begin, end), block, (words, lane))
            _mix_in(state, words)
            for lane in range(lanes):
                text = order[first + lane]
                if block == _blocks(offsets, text) - 1:
                    for part in range(4):
                        found[text, part] = state[part, lane]
    return found


@njit
def _blocks(offsets: npt.NDArray[np.int32], text: int) -> int:
    """How many blocks a text fills, with what is written behind it."""
    size = int(offsets[text + 1]) - int(offsets[text])
    return (size + _PADDING_BYTES + _BLOCK_BYTES - 1) // _BLOCK_BYTES


@njit
def _take_block(
    data: npt.NDArray[np.uint8], text: tuple[int, int], block: int, target: tuple[Words, int]
) -> None:
    """One block of a padded text as sixteen words of its lane; nothing behind the text's end."""
    words, lane = target
    begin, end = text
    position = begin + block * _BLOCK_BYTES
    for number in range(16):
        if position + 4 <= end:
            early = _WORD(data[position]) << _WORD(24) | _WORD(data[position + 1]) << _WORD(16)
            late = _WORD(data[position + 2]) << _WORD(8) | _WORD(data[position + 3])
            words[number, lane] = _WORD(early | late)
        else:
            words[number, lane] = 0
            for place in range(position, min(position + 4, end + 1)):
                byte = _WORD(data[place]) if place < end else _WORD(0x80)
                words[number, lane] |= _WORD(byte << _WORD(8 * (position + 3 - place)))
        position += 4
    bits = (end - begin) * 8
    if position >= end + _PADDING_BYTES:
        words[14, lane], words[15, lane] = _WORD(bits >> 32), _WORD(bits & 0xFFFFFFFF)


@njit(inline=True)
def _turned(word: np.uint32, bits: int) -> np.uint32:
    """The word rotated to the right."""
    return _WORD(_WORD(word >> _WORD(bits)) | _WORD(word << _WORD(32 - bits)))


@njit
def _mix_in(state: Words, words: Words) -> None:
    """The compression function of all lanes; fills the schedule behind the block's words."""
    for number in range(16, 64):
        for lane in range(_LANES):
            early, late = words[number - 15, lane], words[number - 2, lane]
            small = _turned(early, 7) ^ _turned(early, 18) ^ _WORD(early >> _WORD(3))
            large = _turned(late, 17) ^ _turned(late, 19) ^ _WORD(late >> _WORD(10))
            words[number, lane] = _WORD(
                words[number - 16, lane] + small + words[number - 7, lane] + large
            )
    mixed = state.copy()
    for number in range(64):
        # The eight parts change their names each round, not their places.
        a, b, c, d, e, f, g, h = (
            mixed[(64 - number) & 7],
            mixed[(65 - number) & 7],
            mixed[(66 - number) & 7],
            mixed[(67 - number) & 7],
            mixed[(68 - number) & 7],
            mixed[(69 - number) & 7],
            mixed[(70 - number) & 7],
            mixed[(71 - number) & 7],
        )
        constant = _ROUNDS[number]
        for lane in range(_LANES):
            one, other = e[lane], a[lane]
            chosen = (one & f[lane]) ^ (_WORD(~one) & g[lane])
            most = (other & b[lane]) ^ (other & c[lane]) ^ (b[lane] & c[lane])
            sum_e = _turned(one, 6) ^ _turned(one, 11) ^ _turned(one, 25)
            sum_a = _turned(other, 2) ^ _turned(other, 13) ^ _turned(other, 22)
            step = _WORD(h[lane] + sum_e + chosen + constant + words[number, lane])
            d[lane] = _WORD(d[lane] + step)
            h[lane] = _WORD(step + sum_a + most)
    for part in range(8):
        for lane in range(_LANES):
            state[part, lane] = _WORD(state[part, lane] + mixed[part, lane])

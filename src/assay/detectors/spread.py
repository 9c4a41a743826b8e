"""Bits spread evenly over 64: SplitMix64 (Steele, Lea & Flood 2014, OOPSLA) as kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit

Uint64s = npt.NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit
def spread(key: np.uint64) -> np.uint64:
    """The finaliser: every bit of the key decides half of the bits of the result; 0 stays 0."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


class Divisor(NamedTuple):
    """What tells multiples of a number n = 2^k d, d odd, apart without a division.

    Attributes:
        inverse: The number that makes 1 of d, counted in 64 bits.
        zeros: k.
        most: The largest multiple of n below 2^64, divided by n.
    """

    inverse: np.uint64
    zeros: np.uint64
    most: np.uint64


def divisor(number: int) -> Divisor:
    """For a number from 1 up."""
    zeros = (number & -number).bit_length() - 1
    inverse = pow(number >> zeros, -1, 2**64)
    return Divisor(np.uint64(inverse), np.uint64(zeros), np.uint64((2**64 - 1) // number))


@njit
def is_multiple(value: np.uint64, of: Divisor) -> bool:
    """Whether the value is a whole multiple (Granlund & Montgomery 1994, PLDI, section 9).

    For every pair of shares a division would take longer than all else that is done with it.
    """
    product = value * of.inverse
    turned = (product >> of.zeros) | (product << ((np.uint64(64) - of.zeros) & np.uint64(63)))
    return bool(turned <= of.most)


@njit
def mixed(value: np.uint64) -> np.uint64:
    """A step and the finaliser: the next number of the stream that ``value`` has come to."""
    return spread(value + GOLDEN)


@njit
def mixed_all(values: Uint64s) -> Uint64s:
    """:func:`mixed` of each value."""
    out = np.empty(len(values), np.uint64)
    for index in range(len(values)):
        out[index] = mixed(values[index])
    return out


@njit
def uniform(bits: np.uint64) -> float:
    """A float in [0, 1) from 64 mixed bits."""
    return float(bits >> np.uint64(11)) * 2.0**-53

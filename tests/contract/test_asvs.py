"""The page on ASVS 4.0.3: every line of level 2 once, and every test that it names exists."""

from __future__ import annotations

import re
from collections import Counter

from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reference" / "asvs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([\d., ]+) \| (\w+) \| (.+) \|$", re.M)
STATES = {"held", "partly", "open", "runner", "none"}
LEVEL_2 = (
    "1.1.1-7 1.2.1-4 1.4.1 1.4.4-5 1.5.1-4 1.6.1-4 1.7.1-2 1.8.1-2 1.9.1-2 1.10.1 1.11.1-2 1.12.2 "
    "1.14.1-6 2.1.1-12 2.2.1-3 2.3.1-3 2.4.1-6 2.5.1-7 2.6.1-3 2.7.1-6 2.8.1-7 2.9.1-3 2.10.1-4 "
    "3.1.1 3.2.1-4 3.3.1-4 3.4.1-5 3.5.1-3 3.7.1 4.1.1-3 4.1.5 4.2.1-2 4.3.1-3 5.1.1-5 5.2.1-8 "
    "5.3.1-10 5.4.1-3 5.5.1-4 6.1.1-3 6.2.1-6 6.3.1-2 6.4.1-2 7.1.1-4 7.2.1-2 7.3.1 7.3.3-4 "
    "7.4.1-3 8.1.1-4 8.2.1-3 8.3.1-8 9.1.1-3 9.2.1-4 10.2.1-2 10.3.1-3 11.1.1-8 12.1.1-3 12.2.1 "
    "12.3.1-6 12.4.1-2 12.5.1-2 12.6.1 13.1.1 13.1.3-5 13.2.1-3 13.2.5-6 13.3.1-2 13.4.1-2 "
    "14.1.1-4 14.2.1-6 14.3.2-3 14.4.1-7 14.5.1-4"
)
"""The lines of levels 1 and 2, as the standard's own table of 4.0.3 has them."""


def lines() -> list[str]:
    found = []
    for part in LEVEL_2.split():
        section, _, numbers = part.rpartition(".")
        first, _, last = numbers.partition("-")
        found += [f"{section}.{one}" for one in range(int(first), int(last or first) + 1)]
    return found


def test_every_line_of_level_2_stands_there_once() -> None:
    told = Counter(line for row in ROW.finditer(PAGE) for line in row[1].split(", "))
    assert told == Counter(lines())
    assert {row[2] for row in ROW.finditer(PAGE)} == STATES


def test_every_test_that_is_named_exists() -> None:
    tests = {
        name
        for path in (REPOSITORY / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 50
    assert named - tests == set()


def test_what_is_held_says_by_what() -> None:
    for row in ROW.finditer(PAGE):
        assert "`test_" in row[3] or len(row[3].split()) > 1, row[0]

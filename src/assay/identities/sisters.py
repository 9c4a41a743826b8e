"""Why an account is rather another post, or another body, than somebody posing as this one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from babel.core import get_global

from assay.identities.candidates import Match
from assay.identities.compile import Compiled
from assay.identities.concepts import DIPLOMATIC, concept_of, names_of_places, places_of, remainder

MOST_CODE = 3
"""Letters of a country's code in a handle, at most."""
SAME_LETTERS = frozenset({"whole", "affix"})
"""Ways of meeting in which no letter is left that could name another place."""


def sister_reason(
    names: tuple[str, str], matches: Sequence[tuple[str, Match]], register: Compiled
) -> str | None:
    """Why it is a sister, or None.

    Args:
        names: Handle and display name.
        matches: Field and match, all of the same body.
        register: The register.
    """
    handle, display_name = names
    hows = {match.how for _, match in matches}
    place = matches[0][1].body
    body = register.bodies[place]
    if hows == {"sister"}:
        return f"it names the same sender as {body.name} in another country, as sister posts do"
    exact = {where for where, match in matches if match.how in SAME_LETTERS}
    if body.kind in DIPLOMATIC:
        for where, text in (("display_name", display_name), ("handle", handle)):
            concept = concept_of(text) if text and where not in exact else None
            if concept is None or not concept.diplomatic:
                continue
            other = bool(concept.sender) and concept.sender != body.sender
            if other or (concept.host and concept.host != body.host):
                return f"{text} is another post than {body.name}"
    if body.kind in DIPLOMATIC and hows <= {"typo", "affix typo"}:
        for where, match in matches:
            written = handle if where == "handle" else display_name
            if match.handle and _other_code(written, match.written):
                return f"it differs from {match.written} where that tells the country"
    if hows & {"whole", "affix", "concept", "typo", "affix typo"}:
        return None
    other_places = (places_of(handle) | places_of(display_name)) - register.places[place]
    if other_places:
        return f"beside what it shares with {body.name} it names {', '.join(sorted(other_places))}"
    return None


def _other_code(one: str, two: str) -> bool:
    """Whether two handles differ in the few letters that stand for a country: BAH and BIH."""
    said, told = concept_of(one), concept_of(two)
    if (said.roles, said.sender) != (told.roles, told.sender) or not said.diplomatic:
        return False
    rest, other = remainder(one), remainder(two)
    if rest == other or max(len(rest), len(other)) > MOST_CODE:
        return False
    # What is added to a handle that tells no country may tell one.
    return rest in _codes() or not other


@cache
def _codes() -> frozenset[str]:
    """Codes of countries: ISO 3166-1 in two and three letters, and how their names begin."""
    aliases = get_global("territory_aliases")
    found = {code.lower() for code in aliases if code.isalpha() and len(code) == MOST_CODE}
    for code, names in names_of_places().items():
        found.add(code.lower())
        found |= {name[:MOST_CODE] for name in names if name.isascii()}
    return frozenset(found)

"""Whether a name that is a slip away from a body's is rather another name of its own."""

from __future__ import annotations

from assay.identities.candidates import Match
from assay.identities.compile import Compiled
from assay.identities.population import readings, reads_wholly
from assay.lexicon.impersonation import impersonation_words


def another_reading(
    names: tuple[str, str], where: str, match: Match, register: Compiled
) -> str | None:
    """Why the slip is rather another name: Mike Best beside Mike Bost; None where it is not.

    Args:
        names: Handle and display name.
        where: The field that is a slip away, ``handle`` or ``display_name``.
        match: How it meets the body.
        register: The register, with what was learnt of the population.
    """
    written = names[0] if where == "handle" else names[1]
    known = register.population.words
    affixes = frozenset(impersonation_words().affixes)
    genuine = readings(match.written)
    own = set(genuine)
    others = [word for word in readings(written) if word not in own | affixes]
    if not others:
        return None
    if all(word in known for word in others) and len(others) <= len(genuine):
        return f"{' '.join(others).capitalize()} is a name or word of its own"
    letters = "".join(readings(written))
    if letters.isascii() and reads_wholly(letters, known) and not _is_word(match.written, known):
        return f"{letters} falls into names and words that many people bear"
    return None


def _is_word(written: str, known: frozenset[str]) -> bool:
    return reads_wholly("".join(readings(written)), known)

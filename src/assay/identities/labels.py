"""Labels of parody, fan and commentary accounts, held against what the platform asks of them.

Where a platform has no rule that could be sourced, a label anywhere on the profile will do. A table
without bios or pictures cannot show that they lack something: such a condition stays open and does
not count against the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from assay.identities.register import platform_name
from assay.lexicon.impersonation import impersonation_words
from assay.lexicon.platform_rules import PlatformRule, platform_rules

ANYWHERE = ("somewhere",)
WORDS = {
    "name_starts": "the display name begins with {words}",
    "name": "the display name says what it is",
    "bio": "the bio says what it is",
    "handle": "the handle says what it is",
    "name_or_handle": "the name or the handle says what it is",
    "somewhere": "the name or the bio says what it is",
    "avatar": "the picture is not that of whom it depicts",
}


class Profile(Protocol):
    """What of an account can bear a label."""

    @property
    def platform(self) -> str:
        """Its platform."""

    @property
    def handle(self) -> str:
        """Its handle."""

    @property
    def display_name(self) -> str:
        """Its display name."""

    @property
    def bio(self) -> str:
        """Its bio."""


@dataclass(frozen=True)
class Condition:
    """One thing that a platform asks for.

    Attributes:
        told: In words.
        met: Whether the profile shows it; None where the data cannot tell.
        needed: Whether the platform demands it, or only advises it.
    """

    told: str
    met: bool | None
    needed: bool = True


@dataclass(frozen=True)
class LabelTest:
    """An account's label and its platform's conditions.

    Attributes:
        label: The label it bears, or None.
        keeps: Whether it bears one, and nothing that is needed is missing.
        conditions: Each with its outcome.
        in_name: Whether the display name bears it, for everyone to see.
    """

    label: str | None
    keeps: bool
    conditions: tuple[Condition, ...]
    in_name: bool = False


def label_of(profile: Profile, *, same_avatar: bool | None = None) -> LabelTest:
    """Hold an account's label against its platform's rule.

    Args:
        profile: The account.
        same_avatar: Whether its picture is that of whom it depicts; None where it is not known.
    """
    rule = platform_rules().get(platform_name(profile.platform))
    found = _found(profile)
    asks_handle = rule is not None and {"handle", "name_or_handle"} & set(rule.conditions)
    label = found["name"] or found["bio"] or (found["handle"] if asks_handle else None)
    conditions = tuple(
        Condition(
            WORDS[name].format(words=" or ".join(rule.words if rule else ())),
            _met(name, profile, found, rule, same_avatar),
            rule is None or name not in rule.not_needed,
        )
        for name in (rule.conditions if rule else ANYWHERE)
    )
    kept = all(one.met is not False for one in conditions if one.needed)
    return LabelTest(label, label is not None and kept, conditions, found["name"] is not None)


def _met(
    condition: str,
    profile: Profile,
    found: dict[str, str | None],
    rule: PlatformRule | None,
    same_avatar: bool | None,
) -> bool | None:
    if condition == "avatar":
        return None if same_avatar is None else not same_avatar
    if condition == "name_starts":
        words = rule.words if rule else ()
        # A longer label that begins so counts as well (fanpage); a name that does, Fantastic, not.
        begins = (*words, *(one for one in _labels() if one.startswith(words)))
        start = profile.display_name.lower().lstrip(" [(•-")
        rests = [start[len(one) :][:1] for one in begins if start.startswith(one)]
        return any(not (rest.isascii() and rest.isalpha()) for rest in rests)
    if condition == "bio":
        return found["bio"] is not None if profile.bio else None
    if condition == "name_or_handle":
        return bool(found["name"] or found["handle"])
    if condition == "somewhere":
        return bool(found["name"] or found["bio"])
    return found[condition] is not None


def _found(profile: Profile) -> dict[str, str | None]:
    bio = profile.bio.lower()
    # "All other accounts are fake" is a claim, no label.
    for phrase in impersonation_words().claims_only:
        bio = bio.replace(phrase, " ")
    texts = {"name": profile.display_name.lower(), "bio": bio}
    found = {
        where: next((label for label in _labels() if _bears(text, label)), None)
        for where, text in texts.items()
    }
    # Handles have no blanks: only whole words between signs, or a long word at an end, count.
    return found | {"handle": next((one for one in _labels() if _in_handle(profile, one)), None)}


def _in_handle(profile: Profile, label: str) -> bool:
    handle = profile.handle.lower()
    if label in handle.replace(".", "_").split("_"):
        return True
    return len(label) > 4 and " " not in label and handle.startswith(label)


@cache
def _labels() -> tuple[str, ...]:
    return tuple(sorted(impersonation_words().labels, key=len, reverse=True))


def _bears(text: str, label: str) -> bool:
    place = text.find(label)
    while place >= 0:
        before = text[place - 1 : place]
        after = text[place + len(label) : place + len(label) + 1]
        if not (label.isascii() and (before.isalpha() or after.isalpha())):
            return True
        place = text.find(label, place + 1)
    return False

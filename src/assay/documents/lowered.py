"""A text in small letters, for patterns that are looked for at every place of a document.

``re.IGNORECASE`` tries every alternative of a long list at every character; over small letters the
engine passes over those that cannot begin there. On a page of news that is two to six times faster.
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4)
def lowered(text: str) -> str:
    """The text in small letters, each at the place where it stood."""
    low = text.lower()
    if len(low) == len(text):
        return low
    # “İ” becomes two characters, which would move all that follows.
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)

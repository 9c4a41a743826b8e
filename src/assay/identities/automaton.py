"""Finds any of many words in one pass, as arrays that machine code can walk (Aho and Corasick)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from assay.identities.desk import Roles
from assay.identities.glyphs import CODE_POINTS


def word_automaton(words: Sequence[str]) -> Roles:
    """An automaton for words; without words it finds nothing."""
    letters = sorted({letter for word in words for letter in word})
    kinds = np.zeros(CODE_POINTS, np.uint16)
    kinds[[ord(letter) for letter in letters]] = np.arange(1, len(letters) + 1)
    trie: list[dict[int, int]] = [{}]
    ends = [False]
    for word in words:
        state = 0
        for letter in word:
            kind = int(kinds[ord(letter)])
            if kind not in trie[state]:
                trie[state][kind] = len(trie)
                trie.append({})
                ends.append(False)
            state = trie[state][kind]
        ends[state] = True
    after = np.zeros((len(trie), len(letters) + 1), np.int32)
    fallback = [0] * len(trie)
    queue = deque([0])
    while queue:
        state = queue.popleft()
        back = fallback[state]
        ends[state] = ends[state] or ends[back]
        if state:
            after[state] = after[back]
        for kind, child in trie[state].items():
            fallback[child] = int(after[back, kind]) if state else 0
            after[state, kind] = child
            queue.append(child)
    return Roles(kinds, after, np.array(ends))

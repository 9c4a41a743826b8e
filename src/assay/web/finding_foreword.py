"""What stands before a finding where the person concerned reads it: what it is, in their language.

Findings are written in English. Whoever is confronted with one is told in their own language what
such a page says, what it does not, what its English headings mean, and what they can do.
"""

from __future__ import annotations

from assay.report.markup import Markup, el
from assay.text.sentence import Sentence
from assay.web.languages import ENGLISH, Language

_HEAD = Sentence("Before you read this")
_TOLD = (
    Sentence(
        "This is a finding that a program made. It decides nothing: people decide, and they read"
        " your answer before they do, unless it cannot wait."
    ),
    Sentence(
        "It does not say who is behind an account, what anybody meant by it, or that anybody did"
        " wrong. What was found can have honest reasons, and the page weighs them: see whether"
        " yours is among them, and say so in your answer."
    ),
)
_OF_GROUPS = Sentence(
    "It is about accounts that shared the same things at almost the same moments. The first"
    " sentence says which and how often, and how often chance alone would bring it about. Where"
    " it says q: of all pairs of accounts that are reported at that threshold, this share or less"
    " is expected to be false. That is not the probability that it is wrong about you."
)
_OF_LIKENESS = Sentence(
    "It is about an account or a site that looks like a body of the house's register. The first"
    " sentence says which, and the points say what is alike. That names or pictures are alike does"
    " not say that anybody is deceived: parody, criticism and namesakes are weighed too."
)
_ASK = Sentence(
    "Findings are written in English only. If that does not do for you, ask in your answer for an"
    " explanation in your language."
)
_HEADINGS = Sentence("What the English headings mean")
_GROUP_HEADINGS = {
    "Accounts": Sentence("how many accounts are meant, and which of them is yours"),
    "How firm is it?": Sentence("whether it would be found under other settings too"),
    "Explanations considered": Sentence(
        "what could be the reason, the honest ones first, with what speaks for each and against it"
    ),
    "Pairs left at the run’s own settings and thresholds": Sentence(
        "how much of it is left if less or more is asked for"
    ),
    "What this account shared with others of the group": Sentence(
        "each time that your account and another one shared the same; others are numbered"
    ),
    "Limits": Sentence("what the finding does not say"),
    "What this does not say": Sentence("what no finding of this sort says"),
}
_LIKENESS_HEADINGS = {
    "Genuine, by the register": Sentence("the body that the house protects"),
    "Where the names differ": Sentence("the two names, sign by sign"),
    "Reasons, with their points": Sentence("what is alike, and how much each counts"),
    "Whose account it is": Sentence("what is known of who runs it"),
    "Why it may be harmless, and why not": Sentence(
        "what could be the reason, the honest ones first, with what speaks for each and against it"
    ),
    "Limits": Sentence("what the finding does not say"),
}


def foreword(language: Language, *, of_likeness: bool) -> Markup:
    """The words before a finding.

    Args:
        language: Of whoever reads it.
        of_likeness: Whether it is about one that looks like another, not about accounts that act
            at the same moments.
    """
    say = language.say
    headings = _LIKENESS_HEADINGS if of_likeness else _GROUP_HEADINGS
    told = [*_TOLD, _OF_LIKENESS if of_likeness else _OF_GROUPS]
    if language is not ENGLISH:
        told.append(_ASK)
    return el(
        "section",
        el("h2", say(_HEAD)),
        [el("p", say(one)) for one in told],
        el(
            "details",
            el("summary", say(_HEADINGS)),
            el(
                "dl",
                [
                    el("div", el("dt", heading, lang=ENGLISH.code), el("dd", say(meaning)))
                    for heading, meaning in headings.items()
                ],
                class_="facts",
            ),
            class_="fold",
        ),
        lang=language.code,
        class_="card told",
    )

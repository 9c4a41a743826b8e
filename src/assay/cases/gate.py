"""What a notice must say before it is taken up, the same for every sender.

After the Manila Principles on Intermediary Liability (2 and 3) and article 16(2) of the DSA: the
exact addresses, why, and who says so in good faith; a public body adds its legal basis and the
reference of the order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assay.model.case import PUBLIC_BODY_KINDS
from assay.text.sentence import Sentence

_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?")
_ALWAYS: tuple[tuple[str, str], ...] = (
    ("explanation", Sentence("say why, in a few sentences")),
    ("sender_name", Sentence("say who sends this")),
    ("sender_email", Sentence("give an e-mail address for the answer")),
    ("good_faith", Sentence("state that what is said is believed to be true and complete")),
)
_OF_PUBLIC_BODIES: tuple[tuple[str, str], ...] = (
    ("legal_basis", Sentence("name the law and the article that the demand rests on")),
    ("order_reference", Sentence("give the reference of the order")),
)


def missing_from_notice(notice_kind: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that a notice lacks, and for each what its sender is told; empty if complete."""
    asked = _ALWAYS + (_OF_PUBLIC_BODIES if notice_kind in PUBLIC_BODY_KINDS else ())
    missing = {name: told for name, told in asked if not fields.get(name, "").strip()}
    # A request about one's own data is about a person and not about addresses.
    if notice_kind != "data_subject_request":
        missing |= wrong_addresses(fields.get("urls", "").split())
    return missing


def wrong_addresses(urls: list[str]) -> dict[str, str]:
    """What is wrong with a list of exact addresses; empty if nothing is."""
    if not urls:
        return {
            "urls": Sentence("give the exact addresses, one a line; a site's name is not enough")
        }
    wrong = [url for url in urls if not _ADDRESS.fullmatch(url)]
    if not wrong:
        return {}
    told = Sentence("these are no exact web addresses: %(urls)s", urls=", ".join(wrong[:5]))
    return {"urls": told}

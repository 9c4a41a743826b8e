"""What the acts on a register entry ask: the text that everyone reads."""

from __future__ import annotations

from functools import partial

from assay.web.questions import ActForm, Question

_form = partial(ActForm, "register", keeps=True)
_PUBLIC = (
    Question("title", "Title", help="Without names of private persons: everyone reads it."),
    Question("summary", "What happened", "text", help="Who asked for what, and what was decided."),
    Question("sender_public", "Who asked", help="A public body by its name; else “a person”."),
    Question("legal_basis", "Legal basis", required=False, help="Of a public body's demand."),
    Question("order_reference", "Reference of the order", required=False),
    Question(
        "urls", "Addresses", "text", required=False, help="Only where they name no private person."
    ),
)

REGISTER_FORMS: tuple[ActForm, ...] = (
    _form("amend", "Change the draft", "Nobody outside sees it yet.", _PUBLIC),
    _form(
        "publish",
        "Publish",
        "Everyone can read exactly what stands here, and check that it is not changed later.",
        _PUBLIC,
        why="Why it is published, as everyone reads it",
        usual="Decisions are published.",
        firm=True,
    ),
    _form(
        "correct",
        "Correct",
        "The earlier text stays visible beside the new one.",
        _PUBLIC,
        why="What is corrected, as everyone reads it",
    ),
    _form(
        "withdraw",
        "Withdraw",
        "The entry stays, marked as withdrawn.",
        why="Why it is withdrawn, as everyone reads it",
        firm=True,
    ),
)
"""In the order in which pages offer them."""

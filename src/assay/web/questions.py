"""What forms of acts are made of: questions, and what each is answered by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assay.model.case import RecordKind

Kind = Literal["line", "text", "choice", "choices", "yesno", "date", "email"]


@dataclass(frozen=True)
class Question:
    """One thing that a form asks.

    Attributes:
        name: Of the fact or field.
        label: What is asked.
        kind: How it is answered.
        choices: Value and words of each choice.
        help: A sentence more.
        required: Whether the form is not complete without it.
        fact: Whether it is a choice, an id or a date that stays for ever.
        group: Under which heading it stands; those under one stand folded away.
        begins: Field of the record whose text it begins with while it has none of its own.
    """

    name: str
    label: str
    kind: Kind = "line"
    choices: Mapping[str, str] | None = None
    help: str = ""
    required: bool = True
    fact: bool = False
    group: str = ""
    begins: str = ""


@dataclass(frozen=True)
class ActForm:
    """The form of one act.

    Attributes:
        kind: Of the record; None where every kind knows the act.
        act: What it is called in the workflow.
        title: What somebody wants to do.
        explain: What happens then.
        questions: Beside the reason, which every act asks for.
        why: What the reason is asked as.
        usual: A reason that fits most times; it can be changed.
        firm: Whether it cannot be taken back easily; the button says so by its colour.
        keeps: Whether it begins with what the record says already.
        own_title: The title for a partner, who does it for themselves; empty where it is the same.
    """

    kind: RecordKind | None
    act: str
    title: str
    explain: str
    questions: tuple[Question, ...] = ()
    why: str = "Reason"
    usual: str = ""
    firm: bool = False
    keeps: bool = False
    own_title: str = ""

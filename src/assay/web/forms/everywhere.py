"""What the acts ask that every record knows."""

from __future__ import annotations

from functools import partial

from assay.web import words_inside as inside
from assay.web.forms.shared import MEMBER
from assay.web.questions import ActForm, Question

_form = partial(ActForm, None)

FORMS_EVERYWHERE: tuple[ActForm, ...] = (
    _form("claim", "Work on this", "Others see that you do.", usual="I take this."),
    _form("release", "Let go of it", "Somebody else can take it.", usual="Released."),
    _form("note", "Write a note", "The team reads it; the parties do not.", why="Note"),
    _form(
        "add_task",
        "Set a task",
        "It stands on this page until somebody ends it.",
        (
            Question("task_text", "What is to be done", "text"),
            Question("for_whom", "For whom", "choice", required=False, fact=True),
            Question("due_on", "Until", "date", required=False, fact=True),
        ),
        usual="To be done.",
    ),
    _form(
        "end_task",
        "End a task",
        "With a word on what came of it.",
        (Question("task", "Which task", "choice", fact=True),),
        why="What came of it",
        usual="Done.",
    ),
    _form(
        "mark_sharing",
        "Mark who may be told of it",
        "For everyone here to keep to. With red or amber+strict, no partner can be asked to assess"
        " it.",
        (
            Question("tlp", "Traffic Light Protocol", "choice", inside.SHARED_WITH, fact=True),
            Question(
                "pap",
                "Permissible Actions Protocol",
                "choice",
                inside.ACTED_ON,
                required=False,
                fact=True,
            ),
        ),
        usual="By what its spreading could do.",
    ),
    _form(
        "declare_conflict",
        "Declare a conflict of interest",
        "You do nothing more on this.",
        why="Which conflict",
    ),
    _form(
        "restrict",
        "Restrict to members",
        "Nobody else sees it: not in lists, counts or search.",
        firm=True,
    ),
    _form("unrestrict", "Open to the team", "Everyone inside sees it again."),
    _form(
        "add_member",
        "Add a member",
        "They see it while it is restricted.",
        (MEMBER,),
        usual="Works on this too.",
    ),
    _form(
        "remove_member",
        "Remove a member",
        "They no longer see it while it is restricted.",
        (MEMBER,),
        usual="No longer works on this.",
    ),
    _form(
        "check_file",
        "Check a file",
        "Its hash is worked out again, and what came of it stands in the history.",
        (Question("entry", "Entry that added it", fact=True),),
        usual="Hash worked out again.",
    ),
    _form(
        "erase",
        "Erase a text",
        "The reason and the texts of one event go, and the file that it added; that they were"
        " there stays.",
        (Question("entry", "Entry, as the history numbers it", fact=True),),
        why="Who asked, and on which ground",
        firm=True,
    ),
)
"""In the order in which pages offer them."""

"""A sentence that can be said again in another language."""

from __future__ import annotations


class Sentence(str):
    """A sentence in English that remembers how it was put together.

    Wherever a text is wanted it is one; whoever can say it in another language translates
    ``template`` and puts ``parts`` into it again. The parts of the project that may word something
    for the public need not know any other language.

    Args:
        template: The sentence with a place like ``%(urls)s`` for each part; a catalogue's key.
        parts: What stands in these places.

    Raises:
        KeyError: A place has no part.
    """

    template: str
    parts: dict[str, str]

    def __new__(cls, template: str, **parts: str) -> Sentence:
        """The sentence with its parts in their places."""
        made = super().__new__(cls, template % parts if parts else template)
        made.template, made.parts = template, parts
        return made

"""Measures and demands in Russian, French and German, by the order of words within a sentence.

Without a parse only the plain form is read: a named platform, a verb of enforcement, and something
that lives on platforms. Everything less plain is left unread rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assay.documents.base import Reading
from assay.documents.chains import statement_chain
from assay.documents.counts import find_counts, online_noun
from assay.documents.gazetteer import find_names
from assay.lexicon.foreign import ForeignWords, foreign_words
from assay.lexicon.word_lists import word_list
from assay.model.record import (
    OWN_WORDS,
    Action,
    Count,
    Demand,
    Measure,
    SegmentRole,
    Span,
    Status,
    Value,
)

_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\S)[^.!?\n]*)*[.!?]?")
_QUOTED = re.compile(r"[«„“]\s?(?P<name>[A-ZА-ЯЁÄÖÜÉ][\w -]{1,28}?)\s?[»“”]")
_LATIN = re.compile(
    r"(?<![\w«„“])(?P<name>[A-ZÄÖÜÉ][a-zäöüé]+[A-Za-z0-9]*)(?=\s(?:und|et)\s[A-ZÄÖÜÉ]|\s)"
)
_NETWORK = re.compile(
    r"(?:соц(?:иальная\s+)?сет[ьи]|платформ[аы]|компани[яи]|видеосервис|сервис|мессенджер|"
    r"réseau(?:x)?(?:\s+socia(?:l|ux))?|plateformes?|service(?:\s+de\s+vidéo)?|entreprise|société|"
    r"Netzwerk|Plattform(?:en)?|Dienst|Videodienst|Unternehmen|Firma|Konzern)\s*$",
    re.IGNORECASE,
)
_ARTICLES = word_list("sentence_openers")
_ACTOR_BEFORE = re.compile(
    r"(?P<actor>(?:[A-ZА-ЯЁÄÖÜÉ][\w’'-]+)(?:\s(?:[a-zа-яёäöüé’']{1,4}\s)?[\w’'-]+){0,4})\s*"
    r"(?:(?:a|hat|haben|ont|wurden|wurde|в\s\S+)\s*)?$"
)
_NAME_BEFORE = re.compile(
    r"(?<![\w«„“’'-])(?:(?P<first>[A-ZÄÖÜÉ][\w’'-]+)\s)?(?P<name>[A-Z][a-z][A-Za-z0-9]*)\s$"
)
_OWN = re.compile(r"\b(?:son|sa|ses|sein\w*|ihr\w*|сво\w+)\s(?:[\w.,]+\s){0,2}$", re.IGNORECASE)
_LONGEST_NAME = 80
"""Characters before a verb in which a name is sought that ends right there."""
_NO_NAME_BEFORE = re.compile(
    r"\s(?:vor|nach|in|im|am|an|für|mit|bei|seit|zu|zum|de|du|des|à|au|aux|en|dans|pour|avant|après|"
    r"в|на|после|до|за|по|из|от)\s"
)
"""Behind the first word of a sentence these make it no name: “Kurz vor der Wahl …”."""
_LAST_NAME = re.compile(r"\s[A-ZА-ЯЁÄÖÜÉ][\w’'-]+\s")
_OPENING = re.compile(
    r"\s*(?:(?:Die|Der|Das|La|Le|Les)\s[\w-]+\s|[А-ЯЁ][а-яё]+\s)?"
    r"(?:«(?P<marked>[^»]+)»|(?P<plain>(?:L['’])?[A-ZÄÖÜÉ][\w-]+(?:\s[A-ZÄÖÜÉ][\w-]+){0,3}))"
)
_AND = frozenset(("und", "et", "и"))
"""Before a second verb: who does it stands further up."""
_STATUS_PAST: Status = "past"


class ForeignMeasures:
    """Reads measures and demands where no parser is at hand."""

    name = "foreign_measures"
    languages: Sequence[str] = ("ru", "fr", "de")

    def read(self, reading: Reading) -> None:
        """Add what plain sentences tell, in the order of the text."""
        language = reading.document.language.split("-", maxsplit=1)[0]
        words = foreign_words().get(language)
        if words is None:
            return
        names = _platform_names(reading) | _acting_names(reading, words)
        for role, sentence in _sentences(reading):
            for measure in _measures(reading, words, sentence, names, (role, language)):
                _add(reading, measure)
            for demand in _demands(reading, words, sentence, names):
                number = len(reading.demands) + 1
                reading.demands.append(replace(demand, demand_id=f"D{number}"))


def _sentences(reading: Reading) -> Iterator[tuple[SegmentRole, Span]]:
    for segment in reading.document.segments:
        if segment.role in OWN_WORDS:
            for match in _SENTENCE.finditer(reading.text, segment.span.start, segment.span.end):
                yield segment.role, Span(match.start(), match.end())


def _platform_names(reading: Reading) -> set[str]:
    """Names that the document itself calls a network, platform or company."""
    found = set()
    text = reading.text
    for pattern in (_QUOTED, _LATIN):
        for match in pattern.finditer(text):
            if _NETWORK.search(text, max(0, match.start() - 30), match.start()):
                found.add(match.group("name").strip())
    return found


def _acting_names(reading: Reading, words: ForeignWords) -> set[str]:
    """Names that stand right before a verb of enforcement: “Chirpnet löscht”.

    German writes every noun with a capital: there only the first word of a sentence counts.
    Behind a first name it is a person, and who removes what is their own is no platform.
    """
    found = set()
    language = reading.document.language.split("-", maxsplit=1)[0]
    for _, sentence in _sentences(reading):
        for pattern in words.verbs.values():
            for match in pattern.finditer(reading.text, sentence.start, sentence.end):
                start = max(sentence.start, match.start() - _LONGEST_NAME)
                before = _NAME_BEFORE.search(reading.text, start, match.start())
                if before is None or before.group("name") in _ARTICLES:
                    continue
                first = before.group("first")
                if first is not None and first not in _ARTICLES:
                    continue
                opens = not reading.text[sentence.start : before.start("name")].strip()
                own = _removes_own(reading.text, Span(match.end(), sentence.end), language)
                if (opens or language != "de") and not own:
                    found.add(before.group("name"))
    return found


def _removes_own(text: str, stretch: Span, language: str) -> bool:
    """“a supprimé ses 12 comptes”: who does so may be anybody.

    “Twitter a suspendu son compte” is somebody else's: this is asked of names alone that nothing
    but their place makes a platform's.
    """
    thing = online_noun(text, stretch, language)
    return thing is not None and _OWN.search(text, stretch.start, thing.start) is not None


def _named(reading: Reading, stretch: Span, names: set[str]) -> list[Value]:
    """Platforms named in a stretch: known ones, quoted ones, and those the document makes known."""
    text = reading.text
    found = {
        one.span.start: Value(one.name.value, one.span)
        for one in find_names(text, stretch, frozenset(("platform", "company")))
    }
    for match in _QUOTED.finditer(text, stretch.start, stretch.end):
        found.setdefault(
            match.start("name"),
            Value(match.group("name").strip(), Span(match.start("name"), match.end("name"))),
        )
    for match in re.finditer(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True))) or '(?!)'})"
        r"(?!\w)", text[stretch.start : stretch.end],
    ):  # fmt: skip
        start = stretch.start + match.start()
        found.setdefault(start, Value(match.group(0), Span(start, stretch.start + match.end())))
    return [found[start] for start in sorted(found)]


def _first_name(reading: Reading, stretch: Span) -> list[Value]:
    """A capitalised name that opens the sentence: “Chirpnet supprime 48 comptes”."""
    match = re.compile(r"\s*(?P<name>[A-ZА-ЯЁÄÖÜÉ][\w-]{2,})(?=\s)").match(
        reading.text, stretch.start, stretch.end
    )
    if match is None or match.group("name") in _ARTICLES:
        return []
    behind = (_NO_NAME_BEFORE, _LAST_NAME)
    if any(pattern.match(reading.text, match.end()) for pattern in behind):
        return []
    return [Value(match.group("name"), Span(match.start("name"), match.end("name")),
                  how="a name in this place")]  # fmt: skip


def _measures(
    reading: Reading,
    words: ForeignWords,
    sentence: Span,
    names: set[str],
    where: tuple[SegmentRole, str],
) -> Iterator[Measure]:
    role, language = where
    text = reading.text
    for action, pattern in words.verbs.items():
        match = pattern.search(text, sentence.start, sentence.end)
        if match is None:
            continue
        if words.untold.search(text, sentence.start, match.start()):
            continue
        before, after = Span(sentence.start, match.start()), Span(match.end(), sentence.end)
        near = Span(match.start(), min(sentence.end, match.end() + 90))
        told = Span(sentence.start, sentence.end) if language == "de" else near
        counts = _direct(find_counts(text, told, language), text, match.end(), language)
        thing = online_noun(text, told, language)
        passive = words.by.search(text, after.start, after.end)
        if passive:
            actor = _named(reading, Span(passive.end(), after.end), names)[:2]
        else:
            actor = _named(reading, before, names)
            if not actor and not _removes_own(text, told, language):
                actor = _first_name(reading, before)
        if not actor or (not counts and thing is None):
            continue
        if action == "identify" and not counts:
            continue
        status = _status(words, text, sentence, match)
        yield _measure(reading, (action, Span(match.start(), match.end())), status, actor, counts,
                       (sentence, role))  # fmt: skip


def _measure(
    reading: Reading,
    step: tuple[Action, Span],
    status: Status,
    actor: list[Value],
    counts: list[Count],
    where: tuple[Span, SegmentRole],
) -> Measure:
    sentence, role = where
    ends = [step[1].end, *(count.phrase.end for count in counts)]
    starts = [step[1].start, *(value.span.start for value in actor if value.span)]
    starts += [count.phrase.start for count in counts]
    platforms = [value for value in actor if value.value]
    language = reading.document.language.split("-", maxsplit=1)[0]
    words = foreign_words()[language]
    # “L'entreprise invoque …”: the ground has the next sentence to itself.
    ground = words.ground.search(reading.text, step[1].end, sentence.end) or (
        words.ground_after.match(reading.text, sentence.end)
    )
    grounds: tuple[Value, ...] = ()
    if ground is not None:
        span = Span(ground.start("what"), ground.end("what"))
        grounds = (Value(span.of(reading.text).strip(), span),)
    only = platforms[0].value if len(platforms) == 1 else None
    return Measure(
        measure_id="",
        actions=(step,),
        status=status,
        actor=tuple(actor),
        platform=tuple(platforms),
        target=_target(reading, step[1], sentence, platforms),
        span=Span(min(starts), max(ends)),
        counts=tuple(replace(one, platform=one.platform or only) for one in counts),
        ground=grounds,
        asserted_by=statement_chain(reading, step[1]),
        segment=role,
    )


_OWNER = re.compile(
    r"(?:[а-яё]+(?:ы|и|а|я|ов|ей)|(?:de\s|du\s|des\s|de\sl['’])[a-zéèê]+(?:\s[a-zéèê]+)?|(?:der|des)\s"
    r"[A-ZÄÖÜ][a-zäöüß]+)\s[«„“]?\s?(?P<name>[A-ZА-ЯЁÄÖÜÉ][\w-]+(?:\s[A-ZА-ЯЁÄÖÜÉ][\w-]+)?)"
)


def _target(
    reading: Reading, said: Span, sentence: Span, platforms: Sequence[Value]
) -> tuple[Value, ...]:
    """Whose the accounts are, by name: “les comptes de l'armateur Nordfracht”."""
    own = {value.value for value in platforms}
    for match in _OWNER.finditer(reading.text, sentence.start, sentence.end):
        span = Span(match.start("name"), match.end("name"))
        if span.of(reading.text) in own or abs(span.start - said.end) > _NEAR_VERB:
            continue
        if not online_noun(reading.text, Span(sentence.start, span.start),
                           reading.document.language.split("-", maxsplit=1)[0]):  # fmt: skip
            continue
        return (Value(span.of(reading.text), span),)
    return ()


_NEAR_VERB = 90
_PRONOUNS = frozenset(("он", "она", "они", "il", "elle", "ils", "elles", "er", "sie"))


def _last_speaker(reading: Reading, position: int) -> Value | None:
    """Who spoke last before a pronoun."""
    before = [
        one
        for one in reading.statements
        if one.speaker.value is not None and one.spans[0].start < position
    ]
    return Value(before[-1].speaker.value, before[-1].speaker.span) if before else None


def _direct(counts: list[Count], text: str, verb_end: int, language: str) -> list[Count]:
    """Numbers of online things that a list holds together; the first near the verb."""
    found: list[Count] = []
    for count in counts:
        if count.unit in ("companies", "followers", "platforms"):
            continue
        if not found:
            if language == "de" or count.phrase.start - verb_end < 60:
                found.append(count)
        elif len(text[found[-1].phrase.end : count.phrase.start]) < 8:
            found.append(count)
    return found


def _status(words: ForeignWords, text: str, sentence: Span, match: re.Match[str]) -> Status:
    lead = text[max(sentence.start, match.start() - 60) : match.start()]
    if words.negation.search(lead) or words.negation.search(match.group(0)) or re.search(
        r"n['’]$", lead
    ):  # fmt: skip
        return "denied"
    if words.future.search(lead) or words.future.fullmatch(match.group(0)):
        return "announced"
    return _STATUS_PAST


def _add(reading: Reading, measure: Measure) -> None:
    """A new measure, or one more mention of one that the document has told already."""
    for number, known in enumerate(reading.measures):
        same_action = {a for a, _ in known.actions} & {a for a, _ in measure.actions}
        agree = not known.counts or not measure.counts or (
            {(c.n, c.unit) for c in known.counts} & {(c.n, c.unit) for c in measure.counts}
        )  # fmt: skip
        if same_action and agree and known.status == measure.status:
            fuller = len(measure.counts) > len(known.counts)
            below = known.segment == "headline" and measure.segment != "headline"
            lead, rest = (measure, known) if fuller or below else (known, measure)
            reading.measures[number] = replace(
                lead,
                measure_id=known.measure_id,
                counts=lead.counts or (rest.counts if lead.status != "denied" else ()),
                target=lead.target or rest.target,
                ground=lead.ground or rest.ground,
                mentions=tuple(sorted({*known.mentions, *measure.mentions, rest.span})),
            )
            return
    reading.measures.append(replace(measure, measure_id=f"M{len(reading.measures) + 1}"))


def _opens_with(
    reading: Reading, lead: Span, names: set[str], addressee: Sequence[Value]
) -> tuple[Value, ...]:
    """“Die Partei Clear River sprach von … und forderte”: whom the sentence begins with."""
    match = _OPENING.match(reading.text, lead.start, lead.end)
    if match is None:
        return ()
    span = Span(*match.span("marked" if match.group("marked") else "plain"))
    said = span.of(reading.text)
    known = find_names(reading.text, span)
    name = known[0].name.value if known else said
    if said in names or said in _ARTICLES or name in {one.value for one in addressee}:
        return ()
    return (Value(name, span, how="whom the sentence begins with"),)


def _demands(
    reading: Reading, words: ForeignWords, sentence: Span, names: set[str]
) -> Iterator[Demand]:
    text = reading.text
    for pattern in words.demands:
        match = pattern.search(text, sentence.start, sentence.end)
        if match is None:
            continue
        trigger = Span(match.start("trigger"), match.end("trigger"))
        content = Span(match.start("content"), match.end("content"))
        content = Span(content.start, content.start + len(content.of(text).rstrip(" .”»")))
        if content.end <= content.start:
            continue
        addressee: list[Value] = []
        if match.group("to"):
            place = Span(match.start("to"), match.end("to"))
            addressee = _named(reading, place, names) or [Value(place.of(text), place)]
        lead = _ACTOR_BEFORE.search(text, sentence.start, min(match.start(), trigger.start))
        actor: tuple[Value, ...] = ()
        if lead is not None and lead.group("actor").split()[-1] not in _AND:
            span = Span(lead.start("actor"), lead.end("actor"))
            known = find_names(text, span)
            actor = (Value(known[0].name.value, known[0].span),) if known else (
                Value(span.of(text), span),
            )  # fmt: skip
        if not actor:
            actor = _opens_with(reading, Span(sentence.start, trigger.start), names, addressee)
        first, *more = (actor[0].value or "").casefold().split() if actor else ("",)
        if first in _PRONOUNS and more:
            # “Il est ordonné à …” names nobody.
            actor = ()
        elif first in _PRONOUNS:
            speaker = _last_speaker(reading, trigger.start)
            meant = actor[0].span.of(text) if actor[0].span is not None else ""
            told = f"“{meant}”: who spoke before"
            actor = (Value(speaker.value, actor[0].span, how=told),) if speaker is not None else ()
        yield Demand("", actor, tuple(addressee), trigger, content)
        return

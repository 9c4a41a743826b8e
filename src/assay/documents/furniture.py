"""Lines that belong to a page and not to its article, told by their words.

English, Russian, French and German. Each pattern names a form of words that pages use for
themselves (subscribe, share, read time, all rights reserved), never a topic.
"""

from __future__ import annotations

import re

from assay.model.record import Span

_FLAGS = re.IGNORECASE

_PAGE = re.compile(
    r"""^(?:
    (?:estimated\s)?read(?:ing)?\stime\b.* | \d+\s?min(?:ute)?s?\s(?:read|lesen|de\slecture)\b.*
    | no\s(?:featured\s)?image\savailable | advertise?ment | реклама | publicité | anzeige | werbung
    | share(?:\s(?:this|on|via))?\b.{0,60} | tweet | print | e-?mail | comments?(?:\s\(\d+\))?
    | \d+\scomments? | leave\sa\s(?:comment|reply) | skip\sto\s(?:main\s)?content | menu | search
    | home(?:\s?[>»/|].*)? | back\sto\stop | all\s(?:messages|news|releases) | more | next
    | previous
    | accept(?:\sall)?(?:\scookies)? | we\suse\scookies.* | this\s(?:site|website)\suses\scookies.*
    | поделиться.{0,40} | комментарии.{0,20} | время\sчтения.* | на\sглавную | читать\sдалее
    | partager.{0,40} | lire\sla\ssuite | temps\sde\slecture.* | accueil | commentaires?.{0,20}
    | teilen.{0,40} | kommentare.{0,20} | lesezeit.* | startseite | weiterlesen
    | tags?:.{0,200} | теги:.{0,200} | mots-clés.{0,200} | topics?:.{0,200}
    | categor(?:y|ies):.{0,120}
    | (?:press\sreleases?|news|новости|actualités|communiqués?(?:\sde\spresse)?|aktuelles|presse)
      (?:\s(?:and|&|и|et|und)\s\w+)?
    | listen\sto\sthis\sarticle.* | play\svideo.* | loading\.* | photo\sgallery | toggle\s.*
    )$""",
    _FLAGS | re.VERBOSE,
)

_CAPTION = re.compile(
    r"^(?:photo|image|picture|file\sphoto|фото|crédit\sphoto|foto|©)\b\s?[:/©(].{0,160}$|"
    r"^©\s.{0,120}$|.{0,160}\((?:photo|image|getty images|file photo|фото|foto)[^)]{0,60}\)$",
    _FLAGS,
)

_CLOCK = re.compile(r"^[^\W\d_][\w .'-]{1,30}:\s?\d{1,2}:\d{2}(?:\s?[ap]m)?$", _FLAGS)

_CONTACT = re.compile(
    r"^(?:[\w .-]{0,40}:\s*)?(?:\+?\(?(?:\d[\s().-]{0,3}){9,}|[\w.+-]+@[\w-]+\.[\w.-]+|"
    r"\[email\sprotected\])\s*$|"
    r"^(?:consular queries|press office|media contact|contact|tel|phone|fax|телефон|тел|e-?mail|"
    r"contacts? presse|téléphone|telefon|kontakt)\b[^.]{0,60}[:.]?\s*$",
    _FLAGS,
)

_NEWSLETTER = re.compile(
    r"\b(?:subscribe\s+(?:to|now|here|today)|please\s+subscribe|sign(?:ing)?\s+up\s+(?:to|for)|"
    r"(?:our|free|daily|weekly|new)\s+(?:\w+\s+){0,3}newsletter|newsletter!|get\s+(?:\w+\s+){0,3}"
    r"(?:news|updates?|alerts?)\s+(?:\w+\s+){0,4}(?:inbox|updates?|daily|by e-?mail)|"
    r"follow(?:ing)?\s+(?:us|our)\b|join\s+our\s+(?:\w+\s+){0,2}(?:channel|list|community)|"
    r"support\s+(?:us|our\s+(?:work|journalism|site))|consider\s+(?:making\s+)?a\s+donation|"
    r"donate\s+(?:now|today|here)|make\s+a\s+donation|become\s+a\s+(?:member|supporter|patron)|"
    r"bypass\s+the\s+(?:big\s+)?tech\s+\w+|download\s+our\s+app|"
    r"подписывайтесь|подпишитесь|поддержите\s+(?:нас|редакцию)|наш(?:ем|у)?\s+рассылк\w+|"
    r"наш\w*\s+(?:телеграм|telegram)|abonnez-vous|inscrivez-vous|notre\s+(?:newsletter|lettre)|"
    r"faire\s+un\s+don|soutenez-nous|suivez-nous|abonnieren\s+sie|unser(?:en|em)?\s+newsletter|"
    r"unterstützen\s+sie\s+uns|folgen\s+sie\s+uns)",
    _FLAGS,
)
_PLEA_CHARS = 420
_TOLD = re.compile(
    r"[“”«»\"]|\b(?:said|announced|reported|told|сообщил|заявил|a déclaré|sagte)\b", _FLAGS
)
"""A long line that quotes somebody tells a story; a plea speaks to the reader."""

_RELATED = re.compile(
    r"^\W{0,3}(?:related(?:\s(?:stories|articles|news|content|links?|posts?))?|"
    r"(?:see|read)\s(?:also|more|next)|also\sread|more\s(?:on|from|about)\b.{0,40}|recommended|"
    r"you\smay\s(?:also\s)?like.*|most\s(?:read|popular)|further\sreading|don['’]t\smiss|"
    r"читайте\s(?:также|ещё|еще)|по\sтеме|смотрите\sтакже|"
    r"(?:à\s)?lire\s(?:aussi|également)|voir\saussi|sur\sle\smême\s(?:sujet|thème)|"
    r"lesen\ssie\s(?:auch|mehr)|mehr\szum\sthema|siehe\sauch)\b\s?(?:[:–—|>»].{0,200}|.{0,12})$",
    _FLAGS,
)

INLINE_RELATED = re.compile(
    r"[(\[](?:RELATED|READ (?:MORE|ALSO)|SEE ALSO|ALSO READ|MORE|ЧИТАЙТЕ ТАКЖЕ|LIRE AUSSI|"
    r"À LIRE AUSSI|LESEN SIE AUCH)\s?:[^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*[)\]]",
    _FLAGS,
)
"""A pointer to another story in the middle of a paragraph."""

_SOURCE = re.compile(
    r"^(?:source|sources|via|original(?:ly)?\s(?:article|published\s(?:at|by|on|in))|"
    r"this\s(?:article|story)\s(?:was\s)?(?:first|originally)\s(?:appeared|published)\b.*|"
    r"first\spublished\s(?:at|by|on|in)|reprinted\sfrom|republished\s(?:from|with)|"
    r"источник|quelle|source\soriginale|crédit)\s?:?\s(?!of\s).{1,240}$",
    _FLAGS,
)
_SOURCE_MARK = re.compile(r"^(?:source|sources|via|источник|quelle)\s?:", _FLAGS)

_OTHER_STORIES = re.compile(
    r"^\W{0,3}(?:most\s(?:read|popular|viewed|shared)|trending(?:\snow)?|popular(?:\snow)?|top\sstories|"
    r"recommended(?:\sfor\syou)?|editors?['’]?s?\s(?:picks?|choice)|in\scase\syou\smissed\sit|"
    r"you\s(?:may|might)\s(?:also\s)?like|don['’]t\smiss|latest\s(?:news|headlines|stories)|"
    r"(?:самое\s)?(?:популярное|читаемое|обсуждаемое)|лента\sновостей|"
    r"(?:les\s)?plus\slus?|à\sla\sune|meistgelesen\w*|beliebt\w*)\b\s?(?:[:–—|>»].{0,200})?$",
    _FLAGS,
)

_SALUTATION = re.compile(
    r"^(?:dear\b.{1,60}|(?:to\s)?ladies\sand\sgentlemen|to\swhom\sit\smay\sconcern|"
    r"(?:hi|hello|good\s(?:morning|afternoon|day))\b.{0,40}|уважаем\w+\b.{1,60}|здравствуйте.{0,40}|"
    r"(?:cher|chère|chers|chères)\b.{1,60}|madame,\smonsieur|mesdames,?\s(?:et\s)?messieurs|bonjour.{0,40}|"
    r"sehr\sgeehrte\w*\b.{1,80}|(?:guten\stag|hallo)\b.{0,40})[,!:]$",
    _FLAGS,
)

_FOOTER = re.compile(
    r"\b(?:all\srights\sreserved|copyright\s(?:©|\(c\)|\d{4})|©\s?\d{4}|terms\s(?:of\s(?:use|service)|"
    r"and\sconditions)|privacy\spolicy|cookie\s(?:policy|settings)|about\sus|contact\sus|"
    r"send\s(?:us\s)?(?:your\s)?tips\sto|got\sa\stip|"
    r"(?:do|does)\snot\snecessarily\s(?:represent|reflect)|are\s(?:solely\s)?those\sof\sthe\sauthor|"
    r"all\scontent\s(?:created|provided|published)\sby|available\swithout\scharge\sto\sany|"
    r"republish(?:ed|ing)?\s(?:articles?|our\sstories|guidelines|this\sarticle)|"
    r"for\s(?:media|press|licensing)\s(?:enquir|inquir)\w+|media\scontacts?:|notes?\sto\seditors|"
    r"you\s(?:are\s)?receiv(?:e|ed|ing)\sthis|unsubscribe|se\sdésabonner|отписаться|abbestellen|"
    r"about\s(?:the\s)?author|cancel\sat\sany\stime|helps?\s(?:us\s)?(?:to\s)?cover\sthe\scosts?|"
    r"все\sправа\sзащищены|перепечатка|политика\sконфиденциальности|мнение\s(?:автора|редакции)|"
    r"tous\sdroits\sréservés|mentions\slégales|politique\sde\sconfidentialité|"
    r"alle\srechte\svorbehalten|impressum|datenschutz(?:erklärung)?)\b",
    _FLAGS,
)

_LISTING = re.compile(
    r"^(?:latest|recent|other|more|further|previous|related)\s(?:events?|news|releases?|stories|"
    r"articles?|posts?|press\sreleases?|headlines|updates?)$|^(?:read\sthis\snext|in\sother\snews|"
    r"most\s(?:read|popular)|trending(?:\snow)?|top\sstories|you\smight\salso\slike)$|"
    r"^(?:последние|другие|ещё|еще|свежие)\s(?:новости|сообщения|публикации|материалы)$|"
    r"^(?:dernières?|autres)\s(?:actualités|nouvelles|articles|communiqués)$|"
    r"^(?:weitere|aktuelle|letzte)\s(?:meldungen|nachrichten|beiträge|artikel)$",
    _FLAGS,
)

_DATELINE = re.compile(
    r"^(?P<place>(?:[A-ZÀ-ÖØ-ÞА-ЯЁ][\w.'’À-ÿ-]*[ ,/]{0,2}){1,5}?)"
    r"(?P<when>,?\s?(?:\d{1,2}\.?\s[^\W\d_]{3,10}\.?|[^\W\d_]{3,10}\.?\s\d{1,2})(?:,?\s\d{4})?)?\s?"
    r"(?P<agency>[(/]\s?[A-ZÀ-Þa-zА-ЯЁ][^()/]{1,40}[)/])?\s?,?[.,]?\s?(?P<dash>–|—|--|-)\s?(?=\S)"
)


_DATELINE_LINES = 6


_KICKER = re.compile(
    r"^(?:opinions?|analysis|comment(?:ary|s)?|editorial|op-?ed|columns?|exclusive|breaking(?:\snews)?|"
    r"news|press\srelease|(?:for\s)?immediate\srelease|satire|guest\s(?:post|essay)|interview|"
    r"мнение|колонка|новости|пресс-релиз|tribune|opinion|chronique|éditorial|communiqué(?:\sde\s"
    r"presse)?|meinung|kommentar|gastbeitrag|pressemitteilung)$",
    _FLAGS,
)
"""What kind of text it is, on a line of its own above the headline."""


def is_page_furniture(text: str) -> bool:
    """Menus, share buttons, reading times, the kind of text and the like."""
    bare = text.strip(" \xa0|•·»>")
    return len(text) < 300 and bool(_PAGE.match(bare) or _KICKER.match(bare.rstrip(":")))


def is_caption(text: str) -> bool:
    """The line under a picture."""
    return len(text) < 240 and bool(_CAPTION.match(text))


def is_clock(text: str) -> bool:
    """“Moscow: 09:18”: a clock in the head of a page."""
    return bool(_CLOCK.match(text))


def is_contact(text: str) -> bool:
    """A telephone number, an address, or the words before one."""
    return bool(_CONTACT.match(text.strip()))


def is_newsletter(text: str) -> bool:
    """Asks the reader to subscribe, follow or give."""
    short = len(text) <= _PLEA_CHARS
    return short and bool(_NEWSLETTER.search(text)) and not _TOLD.search(text)


def is_related(text: str) -> bool:
    """Points to another story."""
    return len(text) < 260 and bool(_RELATED.match(text))


def is_other_stories(text: str) -> bool:
    """Heads a box of stories that have nothing to do with the article: “Most read”."""
    return len(text) < 260 and bool(_OTHER_STORIES.match(text))


def is_salutation(text: str) -> bool:
    """“Dear editors,”: the first line of a letter, and no headline."""
    return bool(_SALUTATION.match(text))


def is_source_line(text: str) -> bool:
    """“Source: …” on a line of its own."""
    text = text.replace("\xa0", " ").strip()
    if not _SOURCE.match(text):
        return False
    return bool(_SOURCE_MARK.match(text)) or len(text) < 200


def is_earlier_letter(text: str) -> bool:
    """A line that a mail program quotes from the letter which is answered (RFC 3676, 4.5)."""
    return text.startswith(">")


def is_footer(text: str) -> bool:
    """Terms, rights, tips, disclaimers: words of the publisher about itself."""
    return bool(_FOOTER.search(text) or is_newsletter(text) or is_contact(text))


_NOTES = re.compile(
    r"^(?:notes|footnotes|endnotes|references|bibliography|works\scited|notes\sand\sreferences|"
    r"примечания|сноски|anmerkungen|fußnoten|notes\sde\sbas\sde\spage|références)\s?:?$",
    _FLAGS,
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def is_notes_head(text: str, following: str) -> bool:
    """“Notes” above the first numbered note: what is cited there is told elsewhere."""
    return bool(_NOTES.match(text.strip())) and is_note(following, 1)


def is_note(text: str, number: int) -> bool:
    """“2 E-mail of 28 June”, “[2] …”, “² …”: the note of a number, and no figure of the text."""
    return bool(re.match(rf"\[?{number}[\].)]?\s?[^\d\s.,:]", text.strip().translate(_RAISED)))


def is_listing_head(text: str) -> bool:
    """“LATEST EVENTS”: the head of a list of other texts."""
    return len(text) < 60 and bool(_LISTING.match(text.strip(" :•|")))


def dateline(text: str) -> re.Match[str] | None:
    """“MOSCOW, September 3 (Sputnik) – ”: the place, perhaps a day and an agency, and a dash.

    A place alone must be in capitals, or any sentence with a dash would do.
    """
    match = _DATELINE.match(text)
    if match is None or match.end() > 90:
        return None
    place = match.group("place").strip(" ,")
    if not match.group("when") and not match.group("agency") and not place.isupper():
        return None
    if match.group("dash") == "-" and not match.group("agency") and not match.group("when"):
        return None
    return match


def dateline_in(text: str, span: Span) -> tuple[re.Match[str], int] | None:
    """The dateline of a segment and the offset that its match counts from.

    A byline may stand above it, so the first few lines are looked at.
    """
    position = span.start
    for line in span.of(text).split("\n")[:_DATELINE_LINES]:
        match = dateline(line)
        if match is not None:
            return match, position
        position += len(line) + 1
    return None

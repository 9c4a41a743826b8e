"""One document of the corpus against its truth, slot by slot."""

from __future__ import annotations

import re
from collections.abc import Iterable

from benchmarks.documents_gold import Gold
from benchmarks.documents_score import (
    Scores,
    jaccard,
    matched,
    missing,
    overlap,
    same,
    same_count,
    same_measure,
    same_names,
    same_statement,
    same_sum,
    squeeze,
    told,
)

from assay.documents.base import Reading
from assay.documents.derive_claims import all_claims
from assay.model.record import OWN_WORDS, Measure, Span

SILENT_SLOTS = ("origin", "operator", "ground", "legal_basis", "election")
VALUE_SLOTS = ("actor", "platform", "target", *SILENT_SLOTS)


def compare(scores: Scores, gold: Gold, reading: Reading) -> None:
    """One document, slot by slot."""
    page(scores, gold, reading)
    statements(scores, gold.name, reading, gold.reading)
    measures(scores, gold, reading)
    numbers(scores, gold, reading)
    demands(scores, gold.name, reading, gold.reading)


def statements(scores: Scores, name: str, reading: Reading, truth: Reading) -> None:
    """Who says what, in which words, when."""
    pairs = matched(reading.statements, truth.statements, same_statement)
    scores.pairs("statements F1", len(pairs), reading.statements, truth.statements)
    missing(scores["statements F1"], name, pairs, truth.statements, lambda one: one.spans[0])
    own = {id(found) for found, _ in pairs}
    scores["statements F1"].misses += [
        f"{name} false: {one.spans[0].of(reading.text)[:90]!r}"
        for one in reading.statements
        if id(one) not in own
    ]
    for found, true in pairs:
        exact = {(s.start, s.end) for s in found.spans} == {(s.start, s.end) for s in true.spans}
        scores.share("statement span exact", exact, f"{name} {true.statement_id}")
        right = same(found.speaker.value, true.speaker.value)
        scores.share(
            "statement speaker", right, f"{name} {found.speaker.value!r} not {true.speaker.value!r}"
        )
        if true.cue is not None:
            near = found.cue is not None and overlap(found.cue, true.cue)
            scores.share("statement cue overlap", near, f"{name} {true.statement_id}")
        if true.said_on is not None:
            have = found.said_on
            right = have is not None and (have.value, have.precision) == (
                true.said_on.value,
                true.said_on.precision,
            )
            scores.share("statement said on", right, f"{name} {true.statement_id} {have}")
    quoted = [one for one in truth.statements if one.form == "direct"]
    got = [one for one in reading.statements if one.form == "direct"]
    direct = matched(got, quoted, same_statement)
    scores.pairs("quoted statements F1", len(direct), got, quoted)


def demands(scores: Scores, name: str, reading: Reading, truth: Reading) -> None:
    """Who asks whom for what."""
    asked = matched(
        reading.demands, truth.demands, lambda a, b: jaccard(a.content, b.content) >= 0.5
    )
    scores.pairs("demands F1", len(asked), reading.demands, truth.demands)
    missing(scores["demands F1"], name, asked, truth.demands, lambda one: one.content)
    own = {id(found) for found, _ in asked}
    scores["demands F1"].misses += [
        f"{name} false: {one.trigger.of(reading.text)!r} {one.content.of(reading.text)[:80]!r}"
        for one in reading.demands
        if id(one) not in own
    ]
    for found, true in asked:
        scores.share(
            "demand content exact", found.content == true.content, f"{name} {true.demand_id}"
        )
        for slot in ("actor", "addressee"):
            wanted = getattr(true, slot)
            if wanted:
                have = getattr(found, slot)
                right = same_names(have, wanted)
                scores.share(f"demand {slot}", right, f"{name} {told(have)} not {told(wanted)}")
        scores.share("demand status", found.status == true.status, f"{name} {found.status}")


def page(scores: Scores, gold: Gold, reading: Reading) -> None:
    """The page itself: its date, its parts, and nothing read from its furniture."""
    document = reading.document
    if gold.published is not None:
        told = [
            (date.value or "", date.precision)
            for date in document.dates
            if date.role in ("published", "dateline")
        ]
        value, precision = gold.published
        right = any(
            one[:10] == value and (fine == precision or fine in ("second", "minute"))
            for one, fine in told
        )
        scores.share("published date with precision", right, f"{gold.name} {told}")
    for role, begins in gold.segments:
        at = document.text.index(begins)
        scores.share(
            "segments", document.role_at(at) == role, f"{gold.name} {role} {document.role_at(at)}"
        )
    bad = [
        Span(document.text.index(begins), len(document.text))
        for role, begins in gold.segments
        if role in ("footer", "other_releases", "newsletter_plea")
    ]
    inside = [
        one
        for one in reading.measures
        if one.segment in ("headline", "subtitle", "body")
        and any(overlap(one.span, span) for span in bad)
    ]
    # What a link to another story tells is kept, and marked as such.
    unmarked = [one for one in reading.measures if one.segment != "related_link"]
    words = [one.span.of(document.text) for one in unmarked]
    inside += [
        word for word in words if any(squeeze(bit) in squeeze(word) for bit in gold.furniture)
    ]
    scores["events in furniture (must be 0)"].right += len(inside)
    wrong = list(unsupported(reading))
    scores["unsupported values (must be 0)"].right += len(wrong)
    scores["unsupported values (must be 0)"].misses += [f"{gold.name} {one}" for one in wrong]


def measures(scores: Scores, gold: Gold, reading: Reading) -> None:
    """What was done by whom to what, on which ground, when, on whose word."""
    name, truth = gold.name, gold.reading
    pairs = matched(own_measures(reading), truth.measures, same_measure)
    own = own_measures(reading)
    scores.pairs("measures F1", len(pairs), own, truth.measures)
    missing(scores["measures F1"], name, pairs, truth.measures, lambda one: one.span)
    matches = {id(found) for found, _ in pairs}
    scores["measures F1"].misses += [
        f"{name} false: {one.span.of(reading.text)[:80]!r}" for one in own if id(one) not in matches
    ]
    for found, true in pairs:
        scores.share(
            "measure status",
            found.status == true.status,
            f"{name} {true.measure_id} {found.status}",
        )
        for slot in VALUE_SLOTS:
            slot_of_measure(scores, name, slot, found, true)
        for slot in ("disclosed_on", "acted_on"):
            want = getattr(true, slot)
            if want is not None:
                have = getattr(found, slot)
                right = have is not None and (have.value, have.precision) == (
                    want.value,
                    want.precision,
                )
                scores.share(
                    "dates of measures with precision",
                    right,
                    f"{name} {true.measure_id} {slot} {have}",
                )
        if true.asserted_by or not found.asserted_by:
            right = told(found.asserted_by) == told(true.asserted_by) or (
                len(found.asserted_by) == len(true.asserted_by)
                and same_names(found.asserted_by, true.asserted_by)
            )
            scores.share(
                "measure asserted by, whole chain",
                right,
                f"{name} {true.measure_id} {told(found.asserted_by)} not {told(true.asserted_by)}",
            )
        if true.repetition is not None or found.repetition is not None:
            scores.share(
                "measure repetition",
                (true.repetition is None) == (found.repetition is None),
                f"{name} {true.measure_id} {found.repetition}",
            )
    claims = all_claims(reading)
    ids = {true.measure_id: found.measure_id for found, true in pairs}
    known = set(ids.values())
    for measure_id, words, whose in gold.hedges:
        found_one = next((one for one, true in pairs if true.measure_id == measure_id), None)
        if found_one is not None:
            said = [
                (one.hedge, one.hedged_by)
                for one in claims
                if one.hedge and one.subject == found_one.measure_id
            ]
            right = any(words in (hedge or "") and same(by, whose) for hedge, by in said)
            scores.share(
                "hedge and whose", right, f"{name} {measure_id} {said} not {words} {whose}"
            )
    weakened = {(one.subject, one.hedge) for one in claims if one.hedge and one.subject in known}
    wanted = [(ids[one], words) for one, words, _ in gold.hedges if one in ids]
    both = matched(sorted(weakened), wanted, lambda a, b: a[0] == b[0] and b[1] in a[1])
    scores.pairs("hedges of measures F1", len(both), sorted(weakened), wanted)
    scores["hedges of measures F1"].misses += [
        f"{name} false: {one}" for one in weakened - {pair[0] for pair in both}
    ]


def slot_of_measure(scores: Scores, name: str, slot: str, found: Measure, true: Measure) -> None:
    """One slot: the same names, near the same characters, silent where the truth is."""
    have, want = getattr(found, slot), getattr(true, slot)
    if want:
        right = same_names(have, want)
        scores.share(
            f"measure {slot} value",
            right,
            f"{name} {true.measure_id} {told(have)} not {told(want)}",
        )
        # Who “we” is stands elsewhere; a name in the clause has its place there.
        inside = [one.span for one in want if one.span and overlap(one.span, true.span)]
        if inside:
            near = any(overlap(one.span, place) for one in have if one.span for place in inside)
            scores.share(f"measure {slot} span overlap", near, f"{name} {true.measure_id}")
    elif slot in SILENT_SLOTS:
        scores.share(
            "abstention: open slots left open",
            not have,
            f"{name} {true.measure_id} {slot} {told(have)}",
        )


def numbers(scores: Scores, gold: Gold, reading: Reading) -> None:
    """Numbers of things with their platforms, and sums of money with the time that they cover."""
    name, truth, own = gold.name, gold.reading, own_measures(reading)
    have = [count for one in own for count in one.counts]
    want = [count for one in truth.measures for count in one.counts]
    counted = matched(have, want, same_count)
    scores.pairs("counts F1", len(counted), have, want)
    missing(scores["counts F1"], name, counted, want, lambda one: one.span)
    matches = {id(found) for found, _ in counted}
    scores["counts F1"].misses += [
        f"{name} false: {one.phrase.of(reading.text)[:80]!r}"
        for one in have
        if id(one) not in matches
    ]
    for found, true in counted:
        right = (found.comparator == "=") == (true.comparator == "=")
        scores.share("count comparator", right, f"{name} {found.comparator} {true.comparator}")
    for number, wanted in gold.count_platforms:
        got = [one.platform for one in have if one.n == number]
        scores.share("count platform, or unsplit", wanted in got, f"{name} {number:g} {got}")
    money = [one for measure in own for one in measure.spend]
    wanted_money = [one for measure in truth.measures for one in measure.spend]
    paid = matched(money, wanted_money, same_sum)
    scores.pairs("spend F1", len(paid), money, wanted_money)
    missing(scores["spend F1"], name, paid, wanted_money, lambda one: one.span)
    for found, true in paid:
        right = (found.comparator == "=") == (true.comparator == "=")
        scores.share("spend comparator", right, f"{name} {found.comparator} {true.comparator}")
    if gold.sums is not None:
        sums = matched(reading.spends, gold.sums, same_sum)
        scores.pairs("all sums of money F1", len(sums), reading.spends, gold.sums)
        scores["all sums of money F1"].misses += (
            [f"{name} {one.span.of(reading.text)}" for one in reading.spends]
            if len(sums) != len(gold.sums) or len(sums) != len(reading.spends)
            else []
        )
        for found, true in sums:
            if true.period:
                scores.share("period of a sum", found.period == true.period,
                             f"{name} {found.period}")  # fmt: skip


def own_measures(reading: Reading) -> list[Measure]:
    """Those in the document's own words."""
    return [one for one in reading.measures if one.segment in OWN_WORDS]


def unsupported(reading: Reading) -> Iterable[str]:
    """Values without characters, and numbers that their own characters do not hold."""
    for claim in all_claims(reading):
        if claim.in_text and claim.span is None:
            yield f"{claim.subject} {claim.slot} without a place"
    for measure in reading.measures:
        for count in measure.counts:
            words = count.span.of(reading.text)
            digits = re.sub(r"[\s.,'’\u00a0\u202f]", "", words)
            if re.fullmatch(r"\d+", digits) and float(digits) != count.n:
                yield f"{count.n:g} from {words!r}"

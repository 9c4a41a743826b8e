"""The fixed words of a record's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.model.record import CURRENCY_OPEN
from assay.report.record.view import Row

STANDS_FOR_NOTHING = (
    "A claim is what a document says, on whose word it says so. Assay does not say whether it is "
    "true, and a label in it is the label of whoever gave it."
)

ACTIONS = {
    "remove": "removed",
    "suspend": "suspended",
    "block": "blocked",
    "demote": "demoted",
    "label": "labelled",
    "demonetise": "demonetised",
    "ad_ban": "barred from advertising",
    "geo_block": "blocked in a country",
    "de_index": "taken out of search",
    "end_business": "business ended",
    "restore": "restored",
    "identify": "identified, nothing more said",
    "designate": "designated",
    "other": "other measure",
}

STATUS = {
    "past": "done",
    "ongoing": "going on",
    "announced": "announced",
    "threatened": "threatened",
    "hypothetical": "supposed",
    "denied": "denied",
    "reported": "reported",
}

RELATIONS = {
    "equal": "the same",
    "sum_of_parts": "a sum of parts",
    "rounding": "a rounding",
    "bound": "a bound",
    "subset": "a part of the other",
    "unit_differs": "different units",
    "contradicts": "they contradict",
}

SLOTS = {
    "actor": "By",
    "platform": "Platform",
    "target": "Target",
    "count": "Number",
    "spend": "Money",
    "origin": "Origin",
    "operator": "Operator",
    "ground": "Ground given",
    "legal_basis": "Law named",
    "evidence": "Evidence named",
    "election": "Election",
    "repetition": "Repetition",
    "disclosed_on": "Made known",
    "acted_on": "Done on",
    "asserted_by": "On whose word",
    "action": "What",
    "status": "Status",
    "content": "Words",
    "cue": "Cue",
    "speaker": "Speaker",
    "role": "Role",
    "organisation": "For",
    "addressee": "To",
    "venue": "Where said",
    "through": "Passed on by",
    "said_on": "Said on",
    "trigger": "Word that asks",
    "demanded_on": "Asked on",
    "published": "Published",
    "captured": "Saved",
    "modified": "Changed",
    "dateline": "Date line",
    "wire": "Agency",
    "republisher": "Republisher",
    "author": "Author",
    "origin_link": "Link to the origin",
}

COMPARATORS = {">": "more than ", ">=": "at least ", "<": "fewer than ", "<=": "at most "}
COMPARATORS |= {"~": "about ", "vague": "", "=": "", "range": ""}


def slot_name(slot: str) -> str:
    """A slot as the page calls it."""
    return SLOTS.get(slot, slot.replace("_", " "))


def number_in_words(count: Row) -> str:
    """“more than 10 companies”, “13 to 15 accounts”."""
    many = f"{count['n']:,.0f}" if float(count["n"]).is_integer() else f"{count['n']:,g}"
    if count["most"] is not None:
        many += f" to {count['most']:,.0f}"
    unit = str(count["unit"]).replace("+", " and ")
    where = f" ({count['platform']})" if count["platform"] else ""
    return f"{COMPARATORS.get(count['comparator'], '')}{many} {unit}{where}"


def money_in_words(spend: Row) -> str:
    """“about 100,000 USD (2015/2016)”."""
    period = f" ({spend['period']})" if spend["period"] else ""
    currency = "" if spend["currency"] == CURRENCY_OPEN else f" {spend['currency']}"
    return f"{COMPARATORS.get(spend['comparator'], '')}{spend['amount']:,g}{currency}{period}"


def actions_in_words(measure: Row) -> str:
    """“blocked, then removed”."""
    steps = list(dict.fromkeys(ACTIONS.get(one["action"], "other") for one in measure["actions"]))
    return ", then ".join(steps)


def measure_in_words(measure: Row) -> str:
    """One line that names a measure: who, what, how many."""
    who = measure["platform"] or measure["actor"] or "Nobody named"
    numbers = joined([number_in_words(count) for count in measure["counts"]])
    done = f"{actions_in_words(measure)}{unless_done([measure])}"
    return f"{who}: {done}" + (f" – {numbers}" if numbers else "")


def unless_done(tellings: Iterable[Row]) -> str:
    """“ (denied)” behind the act where a telling says anything but that it was done."""
    told = list(dict.fromkeys(one["status"] for one in tellings))
    if told == ["past"]:
        return ""
    return f" ({joined(STATUS.get(one, str(one)) for one in told)})"


def joined(parts: Iterable[str]) -> str:
    """“a, b and c”."""
    listed: Sequence[str] = list(dict.fromkeys(parts))
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def split_names(text: str | None) -> list[str]:
    """The names in one text column."""
    return [] if not text else text.split("; ")


def plural(number: int, one: str, many: str | None = None) -> str:
    """“1 document”, “3 documents”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"

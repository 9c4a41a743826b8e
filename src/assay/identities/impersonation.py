"""Who poses as, resembles or is a body of the register, by names, bio and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from assay.identities.account_rows import AccountBatch
from assay.identities.candidates import Match, find_candidates
from assay.identities.compile import Compiled
from assay.identities.weigh import Account, Weighed, declared, weigh


def judge(
    batch: AccountBatch, register: Compiled, today: date
) -> Iterator[tuple[Account, Weighed]]:
    """Accounts of which there is something to say, each with the body that it meets best."""
    by_row: dict[int, dict[int, list[tuple[str, Match]]]] = defaultdict(lambda: defaultdict(list))
    handles = batch.names("handle")
    for where, names in (("handle", handles), ("display_name", batch.names("display_name"))):
        for match in find_candidates(names, register):
            by_row[match.row][match.body].append((where, match))
    listed = register.listed
    told = {row for row, handle in enumerate(handles) if handle.lower() in listed}
    for row in sorted(told.union(by_row)):
        account = batch[row]
        own = declared(account, register, today) if row in told else None
        if own is not None:
            yield account, own
        elif row in by_row:
            yield account, _best([weigh(account, met, register) for met in by_row[row].values()])


def _best(weighed: Sequence[Weighed]) -> Weighed:
    """The body that an account means most; a sister's place only where nothing else is said."""
    # A label or a sister post weighs with its body; the first of equals is the register's first.
    return max(weighed, key=lambda one: (one.labelled, one.score, one.verdict == "sister",
                                         len(one.reasons), -one.body))  # fmt: skip

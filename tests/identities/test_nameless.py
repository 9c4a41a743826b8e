"""What is left of a dossier when the account's names go."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from tests.identities.register_rows import TODAY

from assay.identities.account_rows import AccountBatch
from assay.identities.comparison import account_comparison
from assay.identities.compile import compile_register
from assay.identities.copies import Copy
from assay.identities.dossiers import Dossier, Supplied, build_dossiers
from assay.identities.harmless import harmless
from assay.identities.histories import SeenName
from assay.identities.impersonation import judge
from assay.identities.nameless import nameless
from assay.identities.register import Body, Handle
from assay.identities.weigh import Account

BODY = Body(
    "best", "Valley Courier", aliases=("Mike Bost",), kind="office-holder",
    handles=(Handle("x", "valleycourier"),), domains=("courier.example",),
)  # fmt: skip


class Numbered:
    """Names its things by how long they are."""

    def account(self, account_id: str) -> str:
        return "x:account-0"

    def post(self, post_id: str) -> str:
        return "x:post-0"

    def other(self, sort: str, name: str) -> str:
        return f"{sort}-{len(name)}"


def dossier_of(account: Account, seen: tuple[SeenName, ...] = ()) -> Dossier:
    register = compile_register([BODY])
    judged = [list(judge(AccountBatch.of([account]), register, TODAY))]
    supplied = Supplied(TODAY, histories={account.account_id: seen})
    (dossier,) = next(build_dossiers(judged, register, supplied))
    return dossier


@pytest.mark.parametrize(
    ("handle", "name", "secrets"),
    [
        ("valleycouriier", "Zq Valley Couriier", ["couriier", "zq"]),
        ("vаlleycourier", "Valley Cоurier", ["vаlley", "cоurier"]),
        ("@valleycourier_zqx", "", ["zqx"]),
        ("zqx.valley", "Valley Courier News", ["zqx"]),
    ],
)
def test_nothing_of_the_account_is_told_and_all_of_the_body(
    handle: str, name: str, secrets: list[str]
) -> None:
    account = Account("x:zqx77", "x", handle, name, "zqx bio", "https://zqx.example", row=5)
    seen = (SeenName(date(2025, 12, 20), "zqxold", "Zqx Before"),)
    with_names = dossier_of(account, seen)
    without = nameless(with_names, Numbered())
    told = json.dumps(
        [account_comparison(without), [str(one) for one in harmless(without)]], ensure_ascii=False
    ).casefold()
    for secret in [*secrets, "zqx", "zqxold", "before", "zqx.example"]:
        assert secret not in told, secret
    assert "valley courier" in told
    assert without.account.row == 0
    assert (without.said.score, without.said.verdict) == (
        with_names.said.score,
        with_names.said.verdict,
    )
    assert "it was called account-0 / account-0 until 2025-12-20" in told


def test_words_that_a_reason_cites_go_and_those_of_the_sentence_stay() -> None:
    account = Account("x:50", "x", "valleycouriier", "The Valley Couriier", "is a word")
    cited = (
        "the display name The Valley Couriier is one slip away from Valley Courier (+0.50)",
        "Couriier is a name or word of its own (-0.15)",
        "valleycouriier falls into names and words that many people bear (-0.15)",
    )
    whole = dossier_of(account)
    told = nameless(replace(whole, said=replace(whole.said, reasons=cited)), Numbered())
    assert told.said.reasons == (
        "the display name account-0 is one slip away from Valley Courier (+0.50)",
        "account-0 is a name or word of its own (-0.15)",
        "account-0 falls into names and words that many people bear (-0.15)",
    )


def test_a_handle_that_is_an_ordinary_word_goes_where_it_is_cited() -> None:
    whole = dossier_of(Account("x:50", "x", "valleycouriier", ""))
    cited = ("the handle nothing is one slip away from Valley Courier (+0.50)",)
    called = whole.account._replace(handle="nothing")
    told = nameless(
        replace(whole, account=called, said=replace(whole.said, reasons=cited)), Numbered()
    )
    assert told.said.reasons == (
        "the handle account-0 is one slip away from Valley Courier (+0.50)",
    )


def test_copied_posts_go_by_their_pseudonyms() -> None:
    copy = Copy("x:9", "x:zqx77", "2025-12-02", "x:8", "x:1", "2025-12-01", "zqx wrote this")
    account = Account("x:zqx77", "x", "valleycouriier", "")
    (told,) = nameless(replace(dossier_of(account), copies=(copy,)), Numbered()).copies
    assert told == Copy(
        "x:post-0", "x:account-0", "2025-12-02", "x:post-0", "x:account-0", "2025-12-01", "text-14"
    )

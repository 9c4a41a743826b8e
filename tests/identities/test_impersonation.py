from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.identities.register_rows import HEAD, ROWS, TODAY, small_register, verdicts

from assay.errors import InputError
from assay.identities.account_rows import read_accounts
from assay.identities.asked import Protect
from assay.identities.compile import Compiled, compile_register
from assay.identities.register import Body, Handle
from assay.identities.run import find_impersonation
from assay.identities.weigh import Account
from assay.model.progress import Silent


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return small_register(tmp_path_factory.mktemp("register"))


@pytest.mark.parametrize(
    ("handle", "name", "body"),
    [
        ("morningheraid", "", "herald"),
        ("mornlngherald", "", "herald"),
        ("m0rn1ngherald", "", "herald"),
        ("morningherald_official", "", "herald"),
        ("morningherald1957", "", "herald"),
        ("", "Mоrning Hеrald", "herald"),
        ("", "M\u200borning Herald", "herald"),
        ("", "Herald Morning The", "herald"),
        ("", "ＭＯＲＮＩＮＧ ＨＥＲＡＬＤ", "herald"),
        ("FranceEmbJapan", "", "fr-jp"),
        ("", "Посольство Франции в Японии", "fr-jp"),
        ("", "法国驻日本大使馆", "fr-jp"),
        ("", "سفارة فرنسا في اليابان", "fr-jp"),
        ("", "Französische Botschaft in Japan", "fr-jp"),
        ("", "Embajada de Francia en Japón", "fr-jp"),
        ("", "Japan Foreign Ministry", "jp-mfa"),
        ("", "Спутник курьер", "swift"),
    ],
)
def test_names_that_resemble_a_body_are_found_and_no_name_alone_poses(
    register: Compiled, handle: str, name: str, body: str
) -> None:
    said = verdicts(register, Account("1", "x", handle, name))["1"]
    assert register.bodies[said.body].id == body
    assert said.verdict == "resembles"
    assert said.score >= 0.5
    assert any("never convicts" in reason for reason in said.reasons)


def test_a_second_kind_of_evidence_makes_it_pose(register: Compiled) -> None:
    said = verdicts(
        register,
        Account("only", "x", "morningherald_uk", "Morning Herald", "The only official account"),
        Account("links", "x", "morningherald2", "", "", "https://www.morningherald.example/x"),
        Account("critic", "x", "morningherald2", "", "The Morning Herald lies and is corrupt"),
    )
    assert said["only"].verdict == "poses_as"
    assert said["links"].verdict == "resembles", "who links to the body need not pose as it"
    assert "+0.10" in " ".join(said["links"].reasons)
    assert said["critic"].verdict == "resembles"


def test_official_accounts_are_declared_or_proved(register: Compiled) -> None:
    said = verdicts(
        register,
        Account("proved", "twitter", "@AmbaFranceJP"),
        Account("declared", "x", "MorningHerald"),
        Account("elsewhere", "tiktok", "morningherald"),
    )
    assert [said[one].verdict for one in ("proved", "declared", "elsewhere")] == [
        "proved",
        "declared",
        "resembles",
    ]


def test_a_handle_listed_without_a_platform_is_named_as_such() -> None:
    body = Body("h", "The Morning Herald", handles=(Handle("", "theherald"),))
    (said,) = verdicts(compile_register([body]), Account("1", "x", "TheHerald")).values()
    assert (said.verdict, said.reasons) == (
        "declared",
        ("the register lists the handle theherald",),
    )


def test_sister_posts_are_no_impostors(register: Compiled) -> None:
    said = verdicts(
        register,
        Account("1", "x", "FranceEmbKenya", "French Embassy in Kenya"),
        Account("2", "x", "", "Ambassade de France au Maroc"),
        Account("3", "x", "morningheraldkenya", ""),
    )
    assert {one.verdict for one in said.values()} == {"sister"}


def test_a_label_counts_where_the_platform_asks_for_it(register: Compiled) -> None:
    said = verdicts(
        register,
        Account("keeps", "x", "herald_jokes", "Parody Morning Herald", "parody account"),
        Account("end", "x", "herald_jokes", "Morning Herald (parody)", "parody account"),
        Account("elsewhere", "telegram", "herald_jokes", "Morning Herald (parody)"),
        Account("claim", "x", "morningherald_", "", "all other accounts are fake"),
    )
    assert said["keeps"].verdict is None
    assert said["keeps"].labelled
    assert not said["end"].labelled
    assert said["elsewhere"].labelled
    assert said["claim"].verdict == "poses_as"


def test_a_person_of_the_same_name_is_a_namesake(register: Compiled) -> None:
    assert verdicts(register, Account("1", "x", "annak84", "Anna Kowalska"))["1"].verdict is None


def test_countries_exchanged_change_names_and_nothing_else(tmp_path: Path) -> None:
    """The same rules hold whoever is protected."""
    words = [("FR", "French", "Japan"), ("RU", "Russian", "Ukraine"), ("US", "American", "Iran")]
    hosts = {"Japan": "JP", "Ukraine": "UA", "Iran": "IR"}
    outcomes = []
    for code, adjective, host in words:
        for sender, place, host_code in [(adjective, host, hosts[host])]:
            path = tmp_path / f"{code}.csv"
            path.write_text(
                "id,name,kind,sender,host,handles\n"
                f"post,{sender} Embassy in {place},embassy,{code},{host_code},x:{code}post\n"
                f"police,{sender} Police,agency,{code},,x:{code}police\n",
                encoding="utf-8",
            )
        accounts = tmp_path / f"{code}-accounts.csv"
        accounts.write_text(
            "account_id,platform,handle,display_name,bio\n"
            f"1,x,a,{adjective} Embassy in {host},the only official account\n"
            f"2,x,b,{adjective} Embassy in {host},\n"
            f"3,x,c,{adjective} Embassy in Kenya,official\n"
            f"4,x,d,{adjective} Police,official\n"
            f"5,x,e,Parody {adjective} Police,parody\n"
            f"6,x,f,Down with the {adjective} police,they are corrupt\n",
            encoding="utf-8",
        )
        out = tmp_path / code
        find_impersonation(accounts, Protect(path, TODAY), out, Silent())
        rows = pq.read_table(out / "impersonation.parquet").to_pylist()
        outcomes.append(
            [(row["account_id"], row["verdict"], row["score"], len(row["reasons"])) for row in rows]
        )
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert {row[1] for row in outcomes[0]} == {"poses_as", "resembles", "sister"}


def test_strange_names_lose_nothing_else(register: Compiled) -> None:
    said = verdicts(
        register,
        Account("long", "x", "a" * 10_000, "x" * 10_000),
        Account("emoji", "x", "", "🎉🎉🎉"),
        Account("turned", "x", "", "\u202edlareH gninroM"),
        Account("lines", "x", "", "Morning\nHerald"),
        Account("last", "x", "morningherald_", ""),
    )
    assert said["last"].verdict == "resembles"
    assert said["lines"].verdict == "resembles"
    assert not {"long", "emoji"} & {one for one, told in said.items() if told.verdict}


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=40)), min_size=1, max_size=20))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_batch_says_the_same_of_each_account_as_each_alone(
    register: Compiled, names: list[tuple[str, str]]
) -> None:
    accounts = [Account(str(n), "x", *one) for n, one in enumerate(names)]
    accounts.append(Account("known", "x", "morningherald_", ""))
    together = verdicts(register, *accounts)
    assert together["known"].verdict == "resembles"
    alone: dict[str, object] = {}
    for account in accounts:
        alone |= verdicts(register, account)
    assert together == alone


def test_tables_are_read_by_their_usual_columns(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text('screen_name,name,description\n0042,"A\nB",bio\n', encoding="utf-8")
    (batch,) = read_accounts(path)
    assert list(batch) == [Account("0042", "", "0042", "A\nB", "bio", row=1)]
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="neither handles nor display names"):
        list(read_accounts(path))
    with pytest.raises(InputError, match="no accounts"):
        list(read_accounts(tmp_path / "missing.csv"))


def test_the_order_of_accounts_and_bodies_changes_nothing(tmp_path: Path) -> None:
    names = ["MorningHerald_", "FranceEmbKenya", "fr4nceembjapan", "Anna Kowalska"]
    told = []
    for order in (1, -1):
        path = tmp_path / "bodies.csv"
        path.write_text(HEAD + "".join(ROWS.splitlines(True)[::order]), encoding="utf-8")
        rows = tmp_path / "accounts.csv"
        rows.write_text("handle\n" + "\n".join(names[::order]) + "\n", encoding="utf-8")
        find_impersonation(rows, Protect(path, TODAY), tmp_path / "out", Silent())
        table = pq.read_table(tmp_path / "out" / "impersonation.parquet").to_pylist()
        told.append({row["handle"]: (row["verdict"], row["score"]) for row in table})
    assert told[0] == told[1]
    assert len(told[0]) >= 2


@pytest.mark.parametrize(
    ("bio", "less"),
    [
        ("Personal account. Mother, farmer, runner", 0.1),
        ("Official campaign of Anna Kowalska, paid for by her friends", 0.1),
        ("For office business see the official account @kowalska_office.", 0.0),
    ],
)
def test_who_says_that_it_is_no_official_account_claims_nothing(
    register: Compiled, bio: str, less: float
) -> None:
    said = verdicts(register, Account("own", "x", "annakowalska", "Anna Kowalska", bio))["own"]
    plain = verdicts(register, Account("own", "x", "annakowalska", "Anna Kowalska"))["own"]
    assert said.score == round(plain.score - less, 4)
    assert not said.second_kind
    only = bio + " All others are fake"
    claims = verdicts(register, Account("own", "x", "annakowalska", "Anna Kowalska", only))["own"]
    assert claims.verdict == "poses_as", "whoever says to be the only one claims a good deal"


def test_nobody_hides_by_naming_the_genuine_account(register: Compiled) -> None:
    for bio in ("", "Official support of @ambafrancejp"):
        said = verdicts(register, Account("near", "x", "ambafrancejp_", "", bio))["near"]
        assert (said.verdict, said.score) == ("resembles", 0.55)

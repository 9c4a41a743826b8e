"""``assay case`` against a house that is served: the same commands, by the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli.case import case
from assay.errors import AssayError, UsageError
from tests.web.served import new_house, serving, with_team

Run = Callable[..., str]
NOTICE = (
    "--fact=notice_kind=impersonation",
    "--field=title=An account with our name",
    "--field=urls=https://social.example/imitator",
    "--field=explanation=It uses our name.",
    "--field=sender_name=A. Sender",
    "--field=sender_email=sender@example.org",
    "--field=good_faith=yes",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    house = with_team(new_house(tmp_path_factory.mktemp("served")))
    tokens: dict[str, str | None] = {"nobody": None}
    for name in ("anna", "ben"):
        account = house.accounts.by_email(f"{name}@house.example")
        assert account is not None
        tokens[name] = house.tokens.make(account, "cli", "work", house.now())
    with serving(house) as address:

        def said(*arguments: str, by: str = "anna") -> str:
            token = tokens.get(by, by)
            asked = [*arguments, f"--server={address}"]
            done = CliRunner().invoke(case, asked, env={"ASSAY_TOKEN": token})
            if isinstance(done.exception, AssayError):
                raise done.exception
            assert done.exit_code == 0, done.output
            return done.output

        yield said


def test_a_notice_by_the_server(run: Run) -> None:
    made = json.loads(run("new", "notice", "--why=by telephone", *NOTICE, "--json"))
    assert (made["state"], made["version"]) == ("submitted", 2)
    assert "/follow/" in made["link"]
    identity = made["id"]
    told = run("add", identity, "acknowledge", "--version=2", "--why=complete")
    assert told.startswith(f"{identity}  notice, acknowledged, version 3")
    run("add", identity, "triage", "--version=3", "--why=urgent", "--fact=priority=high")
    shown = run("show", identity)
    assert "by telephone" in shown
    assert "triage by Anna" in shown
    assert "possible now: " in shown
    assert "ask_to_be_heard" in shown
    assert json.loads(run("show", identity, "--json"))["facts"]["priority"] == "high"
    assert identity in run("list", "--state=triaged")
    assert run("list", "--state=closed") == "0 records\n"
    with pytest.raises(UsageError) as refused:
        run("add", identity, "note", "--version=2", "--why=late")
    assert "changed meanwhile" in str(refused.value.fix)


def test_a_case_by_the_server(run: Run) -> None:
    said = ("--field=title=Twelve pages", "--field=explanation=One template in all of them.")
    made = json.loads(run("new", "case", "--why=seen in a scan", *said, "--json"))
    assert "draft by Anna, entry" in run("show", made["id"])
    whole = json.loads(run("show", made["id"], "--json"))
    assert (whole["kind"], whole["state"]) == ("case", "draft")
    assert whole["fields"]["explanation"] == "One template in all of them."
    assert whole["history"][0]["why"] == "seen in a scan"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("new", "appeal", "--why=x"), "opens no appeal"),
        (("new", "case", "--why=x", "--field=title=Twelve pages"), "something is missing or wrong"),
        (("new", "notice", "--why=x", "--field=tilte=x"), "no tilte"),
        (("new", "notice", "--why=x", "--fact=urgent=yes"), "no urgent"),
        (("new", "notice", "--why=x", "--field=good_faith=perhaps"), "good_faith cannot be taken"),
        (("new", "notice", "--why=x", "--field=title=" + "x" * 20_001), "title cannot be taken"),
        (("new", "notice", "--why=x", *NOTICE[:2]), "urls: "),
        (("new", "notice", "--why=x", *NOTICE[1:]), "kind: impersonation"),
        (("new", "notice", "--why=x", "--name=log"), "leave --name out"),
        (("list", "--by=anna"), "by the token"),
        (("list", "--keys=k"), "--keys out"),
        (("list", "--database=x.db"), "where the records are"),
    ],
)
def test_what_a_server_does_not_take(run: Run, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        run(*arguments)


def test_a_token_is_needed_and_has_to_work(run: Run) -> None:
    with pytest.raises(UsageError, match="there is no token"):
        run("list", by="nobody")
    with pytest.raises(UsageError, match="Unauthorized"):
        run("list", by="assay_of-nobody")
    asked = ["list", "--server=http://house.example"]
    done = CliRunner().invoke(case, asked, env={"ASSAY_TOKEN": "assay_x"})
    assert "a token needs an https address" in str(done.exception)


def test_a_database_is_told_who_acts(tmp_path: Path) -> None:
    done = CliRunner().invoke(case, ["list", f"--database={tmp_path / 'cases.db'}"])
    assert isinstance(done.exception, UsageError)
    assert "who acts" in done.exception.message


def test_every_link_that_is_to_be_handed_over_is_shown(run: Run) -> None:
    urls = ["https://social.example/ada", "https://social.example/bea"]
    two = [one.replace("=urls=https://social.example/imitator", f"=urls={urls[0]}\n{urls[1]}")
           for one in NOTICE]  # fmt: skip
    made = json.loads(run("new", "notice", "--why=x", *two, "--json"))
    version = made["version"]

    def does(act: str, *answers: str, by: str = "anna") -> str:
        nonlocal version
        said = run("add", made["id"], act, f"--version={version}", "--why=x", *answers, by=by)
        version += 1
        return said

    does("acknowledge")
    does("triage", "--fact=priority=high")
    asked = ("--field=put_to_them=x", "--fact=answer_until=2031-02-14")
    for url in urls:
        assert "/follow/" in does("ask_to_be_heard", *asked, f"--field=concerned_urls={url}")
    does("conclude", "--fact=outcome=no_action", "--field=told=Nothing.", by="ben")
    told = does("notify")
    for url in urls:
        assert f"for whoever is behind {url}: http" in told

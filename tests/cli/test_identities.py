"""The commands about names, called as functions: no process is started."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from assay.cli.complaint import complaint
from assay.cli.detect import detect
from assay.cli.identities import identities
from assay.errors import UsageError

REGISTER = (
    "id,name,kind,sender,handles,domains\n"
    "herald,The Morning Herald,outlet,GB,x:morningherald,morningherald.com\n"
)
ACCOUNTS = (
    "account_id,platform,handle,display_name,bio\n"
    "1,x,morningherald,The Morning Herald,\n"
    "2,x,morningheraid,Morning Herald,the only official account\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    (folder / "bodies.csv").write_text(REGISTER, encoding="utf-8")
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "links.txt").write_text("https://mornlngherald.com/a\n", encoding="utf-8")
    done = run(detect, "impersonation", folder / "accounts.csv", "--identities",
               folder / "bodies.csv", "--today", "2026-01-01", "-o", folder / "out")  # fmt: skip
    assert "2 accounts: 1 declared, 1 poses_as" in done.output
    assert "report.html" in done.output
    return folder


def run(command: click.Command, *arguments: object) -> Result:
    """Call a command and fail on any error."""
    done = CliRunner().invoke(command, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done


def test_the_report_and_the_complaint_are_written(folder: Path) -> None:
    assert "Impersonation report" in (folder / "out/report.html").read_text("utf-8")
    done = run(complaint, folder / "out", "--no-pdf", "--json")
    (written,) = json.loads(done.output)
    assert written["verdict"] == "poses_as"
    assert Path(written["files"][0]).is_file()
    assert run(complaint, folder / "out", "--no-pdf").output.strip().endswith(".html")


def test_since_says_what_changed(folder: Path) -> None:
    done = run(detect, "impersonation", folder / "accounts.csv", "--identities",
               folder / "bodies.csv", "--since", folder / "out", "--no-report",
               "-o", folder / "later")  # fmt: skip
    assert "no change" in done.output


def test_domains_and_a_day_that_is_none(folder: Path) -> None:
    arguments = ("lookalike-domains", folder / "links.txt", "--identities", folder / "bodies.csv",
                 "-o", folder / "domains", "--json")  # fmt: skip
    assert json.loads(run(detect, *arguments).output)["resembles"] == 1
    wrong = CliRunner().invoke(detect, [*map(str, arguments), "--today", "tomorrow"])
    assert wrong.exit_code == 2
    assert "is no day" in wrong.output


def test_a_register_is_made_of_a_list_and_checked(folder: Path) -> None:
    (folder / "list.csv").write_text("name,twitter\nThe Herald,herald\n", encoding="utf-8")
    made = folder / "made.yaml"
    counts = run(
        identities, "import", folder / "list.csv", "-o", made, "--kind", "outlet", "--json"
    )
    assert json.loads(counts.output)["handles"] == 1
    assert "1 bodies, 0 holes" in run(identities, "check", made).output
    other = ["import", str(folder / "list.csv"), "-o", str(folder / "made.json")]
    refused = CliRunner().invoke(identities, other).exception
    assert isinstance(refused, UsageError)
    assert str(folder / "made.yaml") in str(refused.fix)

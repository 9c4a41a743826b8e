"""No name of an account survives in anything that a pseudonymised run leaves behind."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from assay.cli.main import cli
from assay.exchange.registry import EXPORTERS
from assay.laboratory.campaign import Campaign
from tests.bundle.leaks import LeakFinder
from tests.bundle.named_campaign import NamedCampaign, named_campaign

SMALL = Campaign(
    accounts=240, organic_posts=1_500, days=4.0, burst_accounts=30, feed_links=20, group_objects=15
)


@dataclass(frozen=True)
class Scanned:
    """A pseudonymised run, what was said while it was made, and the names."""

    out: Path
    said: str
    campaign: NamedCampaign
    key: Path

    @property
    def leaks(self) -> LeakFinder:
        return LeakFinder(self.campaign.names)


def assay(*arguments: str | Path) -> str:
    """What a command says on both streams; it must not fail."""
    done = CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    folder = tmp_path_factory.mktemp("named")
    campaign = named_campaign(folder, SMALL)
    key = folder / "zqxvilsecret.key"
    assay("pseudonymise", "new-key", key)
    out = folder / "sent" / "out"
    said = assay(
        "scan", campaign.posts, campaign.accounts, "-o", out, "--pseudonymise", key,
        "--map", "media=media",
    )  # fmt: skip
    return Scanned(out, said, campaign, key)


def test_the_names_are_there_to_be_found(scanned: Scanned) -> None:
    data = scanned.campaign.posts.read_bytes() + scanned.campaign.accounts.read_bytes()
    assert {name for _, name in scanned.leaks.in_bytes(data)} == scanned.campaign.names
    assert scanned.leaks.in_text("https://example.org/" + quote(quote("Зюквелина")))
    assert scanned.leaks.in_text("http://xn--" + "зюквелина".encode("punycode").decode())
    assert scanned.leaks.in_text(json.dumps({"a": "Зюквелина"}))
    for packed in (zlib.compress(b"[ZQXVIL" + bytes(range(99))), b"a zqxvilander b"):
        assert scanned.leaks.in_bytes(b"<script>" + base64.b64encode(packed) + b"</script>")


def test_no_name_survives_a_scan(scanned: Scanned) -> None:
    assert (scanned.out / "findings.json").exists()
    assert list((scanned.out / "evidence").glob("*/posts.parquet")), "nothing was found to show"
    assert scanned.leaks.in_tree(scanned.out.parent) == []
    assert scanned.leaks.in_text(scanned.said) == set()


def test_no_name_survives_an_export(scanned: Scanned, tmp_path: Path) -> None:
    for exporter in EXPORTERS:
        target = tmp_path / f"exported{exporter.suffix}"
        said = assay("export", scanned.out, "--format", exporter.name, "-o", target)
        assert scanned.leaks.in_text(said) == set()
        assert scanned.leaks.in_tree(target) == [], exporter.name


def test_no_name_survives_the_report_written_again(scanned: Scanned) -> None:
    said = assay("report", scanned.out)
    assert scanned.leaks.in_text(said) == set()
    assert scanned.leaks.in_tree(scanned.out / "report.html") == []


def test_the_key_and_the_mapping_stay_outside(scanned: Scanned) -> None:
    secret = scanned.key.read_text(encoding="ascii").split()[1]
    kept = [path.read_bytes() for path in scanned.out.rglob("*") if path.is_file()]
    assert not any(secret.encode() in data or bytes.fromhex(secret) in data for data in kept)
    beside = {path.name for path in scanned.key.parent.iterdir()}
    assert scanned.key.name + ".mapping" in beside
    assert scanned.leaks.in_bytes(Path(f"{scanned.key}.mapping").read_bytes()) == []

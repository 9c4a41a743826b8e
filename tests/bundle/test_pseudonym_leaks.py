"""No name of an account survives in anything that a pseudonymised run leaves behind."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from PIL import Image

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


def resembled(folder: Path, campaign: NamedCampaign) -> tuple[str | Path, ...]:
    """Bodies that two accounts resemble, with a w in each name, and what lies beside a register."""
    pictures = folder / "pictures"
    pictures.mkdir()
    one, other = campaign.people[0], campaign.people[8]
    Image.effect_noise((64, 64), 90).save(folder / "logo.png")
    shutil.copy(folder / "logo.png", pictures / f"{one.handle}.png")
    (pictures / f"{other.handle}.png").write_bytes(b"no picture")
    names_of = [who.display_name.replace("xvil", "xwil") for who in (one, other)]
    bodies = [
        {
            "id": f"body{n}",
            "name": name.replace("Qu", "Qw"),
            "kind": "outlet",
            "logos": ["logo.png"],
        }
        for n, name in enumerate(names_of)
    ]
    register, names = folder / "bodies.json", folder / "names.csv"
    register.write_text(json.dumps({"identities": bodies}), encoding="utf-8")
    names.write_text(
        "account_id,seen_at,handle,display_name\n"
        + "".join(
            f"{platform}:{who.id},2025-12-20,{who.handle.upper()},{who.display_name} before\n"
            for who in (one, other)
            for platform in SMALL.platforms
        ),
        encoding="utf-8",
    )
    beside = ("--pictures", pictures, "--names", names, "--today", "2026-01-01")
    return ("--identities", register, *beside)


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
        "--map", "media=media", *resembled(folder, campaign),
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


def test_no_name_survives_a_comparison_with_a_register(scanned: Scanned) -> None:
    """The body is named still, and why something resembles it; a complaint names pseudonyms."""
    told = json.loads((scanned.out / "findings.json").read_text("utf-8"))["findings"]
    found = [one for one in told if one["kind"].startswith("impersonation.")]
    assert {one["statistic"]["identity"] for one in found} == {"body0", "body1"}
    assert any("its picture is the body's" in one["reason"] for one in found)
    for one in found:
        (account,) = one["subjects"]
        assert "Qwillôxviq" in one["statement"]
        assert "slips away from Zqxwilander Qwillôxviq" in one["reason"]
        bare = account.rpartition(":")[2]
        assert bare.startswith("account-")
        assert f"it was called {bare} / {bare} until 2025-12-20 or later" in one["reason"]
    refused = json.loads((scanned.out / "run.json").read_text("utf-8"))["identities"]["accounts"]
    assert refused["refused_pictures"] == ["one of an account's"]
    table = pq.read_table(scanned.out / "impersonation.parquet")
    accounts = pq.read_table(scanned.out / "dataset/accounts.parquet")["account_id"].to_pylist()
    assert set(table["account_id"].to_pylist()) <= set(accounts)
    said = assay("complaint", scanned.out, "--all", "--no-pdf")
    assert len(list((scanned.out / "complaints").iterdir())) >= len(found)
    assert scanned.leaks.in_text(said) == set()
    assert scanned.leaks.in_tree(scanned.out / "complaints") == []


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


def test_no_name_survives_a_bundle(scanned: Scanned, tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    said = assay("bundle", scanned.out, "-o", case)
    assert scanned.leaks.in_text(said) == set()
    assert scanned.leaks.in_tree(case) == []


def test_a_run_with_names_is_made_again_before_anything_leaves_it(
    scanned: Scanned, tmp_path: Path
) -> None:
    named = tmp_path / "named"
    campaign = scanned.campaign
    assay("scan", campaign.posts, campaign.accounts, "-o", named, "--no-report")
    assert scanned.leaks.in_tree(named)
    graph = tmp_path / "network.graphml"
    case = tmp_path / "case.zip"
    for words in (
        ("export", named, "--format", "graphml", "-o", graph),
        ("bundle", named, "-o", case),
    ):
        said = assay(*words, "--pseudonymise", scanned.key)
        assert scanned.leaks.in_text(said) == set()
    assert "account-" in graph.read_text(encoding="utf-8")
    assert scanned.leaks.in_tree(graph) + scanned.leaks.in_tree(case) == []
    assert {path.name for path in tmp_path.iterdir()} == {"named", graph.name, case.name}
    with zipfile.ZipFile(case) as archive:
        told = json.loads(archive.read("bundle.json"))
        (tried,) = archive.read("history.ndjson").splitlines()
        record = json.loads(archive.read("run.json"))
        manifest = archive.read("dataset/manifest.json")
    # Made again under pseudonyms, it is no second try.
    assert (told["runs"], told["settings"]) == (1, 1)
    assert json.loads(tried)["results"] == record["results"]
    assert json.loads(tried)["dataset_manifest_sha256"] == hashlib.sha256(manifest).hexdigest()


def test_no_name_survives_an_import_of_other_platforms(scanned: Scanned, tmp_path: Path) -> None:
    one, other = scanned.campaign.people[:2]
    message = {
        "id": 1, "type": "message", "date": "2024-03-04T00:00:00", "date_unixtime": "1709510400",
        "from": one.display_name, "from_id": f"user{one.id}", "forwarded_from": other.display_name,
        "text": ["see ", {"type": "mention", "text": f"@{other.handle}"}, " and the long text"],
    }  # fmt: skip
    chat = {
        "name": other.display_name,
        "type": "public_channel",
        "id": 12345678,
        "messages": [message],
    }
    tweet = {
        "id": "1490000000000000001", "author_id": one.id, "created_at": "2024-03-04T00:00:00.000Z",
        "text": f"@{other.handle} look at https://x.com/{other.handle}/status/1490000000000000002",
        "edit_history_tweet_ids": ["1490000000000000001"],
        "entities": {"mentions": [{"username": other.handle}]},
    }  # fmt: skip
    user = {"id": one.id, "username": one.handle, "name": one.display_name}
    page = {"data": [tweet], "includes": {"users": [user]}, "meta": {"result_count": 1}}
    for name, content in (("zqxviltelegram.json", chat), ("zqxviltweets.json", page)):
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
        out = tmp_path / f"out-{content is chat}"
        said = assay("import", tmp_path / name, "-o", out, "--pseudonymise", scanned.key, "--json")
        assert scanned.leaks.in_text(said.replace(str(tmp_path), "")) == set()
        assert scanned.leaks.in_tree(out) == []
        posts = pq.read_table(out / "posts.parquet").to_pylist()
        assert len(posts) == 1
        assert "@account-" in posts[0]["text"]


def test_the_key_and_the_mapping_stay_outside(scanned: Scanned) -> None:
    secret = scanned.key.read_text(encoding="ascii").split()[1]
    kept = [path.read_bytes() for path in scanned.out.rglob("*") if path.is_file()]
    assert not any(secret.encode() in data or bytes.fromhex(secret) in data for data in kept)
    beside = {path.name for path in scanned.key.parent.iterdir()}
    assert scanned.key.name + ".mapping" in beside
    assert scanned.leaks.in_bytes(Path(f"{scanned.key}.mapping").read_bytes()) == []

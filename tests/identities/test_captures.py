from __future__ import annotations

import gzip
import hashlib
from datetime import date
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import InputError
from assay.identities import proofs
from assay.identities.captures import Proof, profile_of, read_captures
from assay.identities.compile import compile_register
from assay.identities.dossiers import Supplied, build_dossiers
from assay.identities.proofs import proof_state, proofs_of
from assay.identities.register import Body, Handle
from assay.identities.weigh import Account, Weighed

DID = "did:plc:" + "a" * 24
BODY = Body(
    "herald",
    "Herald",
    domains=("morningherald.com",),
    handles=(Handle("x", "morningherald"), Handle("telegram", "heraldchannel")),
)


def save(root: Path, name: str, text: str, site: str = "morningherald.com") -> None:
    path = root / site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("captures")
    save(
        root,
        ".well-known/trust.txt",
        "# ours\nmember=https://press.example/\nsocial=https://x.com/MorningHerald\n"
        "social=https://www.instagram.com/morningherald/\n",
    )
    save(root, ".well-known/atproto-did", DID + "\n")
    save(
        root,
        "index.html",
        """<a rel="me nofollow" href="https://mastodon.social/@herald">M</a>
        <a href="https://t.me/heraldchannel">T</a>
        <a href="https://x.com/intent/tweet?text=hi">share</a>
        <script type="application/ld+json">{"@type": "NewsMediaOrganization",
          "publisher": {"sameAs": ["https://www.youtube.com/@HeraldTV", 7]}}</script>
        <script type="application/ld+json">{broken</script>
        <a rel="me" href="https://www.tiktok.com/@herald.news">k</a>""",
    )
    save(root, "_atproto.txt", '_atproto.news.herald.com. 300 IN TXT "did=' + DID + '"\n',
         "news.herald.com")  # fmt: skip
    save(root, "picture.html.png", "no page")
    return root


def test_every_way_of_naming_an_account_is_read(folder: Path) -> None:
    told = {(one.how, one.platform, one.handle) for one in read_captures(folder)}
    assert told == {
        ("trust.txt", "x", "morningherald"),
        ("trust.txt", "instagram", "morningherald"),
        ("atproto-did", "bluesky", DID),
        ("DNS TXT", "bluesky", DID),
        ("rel=me", "mastodon", "herald"),
        ("rel=me", "tiktok", "herald.news"),
        ("sameAs", "youtube", "heraldtv"),
        ("link", "telegram", "heraldchannel"),
    }
    assert all(len(one.sha256) == 64 and "/" in one.file for one in read_captures(folder))


@pytest.mark.parametrize(
    ("account", "state"),
    [
        (Account("1", "twitter", "@MorningHerald"), "proved"),
        (Account("2", "x", "morningheraid"), "contradicted"),
        (Account("3", "telegram", "heraldchannel"), "declared"),
        (Account("4", "telegram", "other"), "unproved"),
        (Account("5", "telegram", "other", verified=True), "proved"),
        (Account("6", "x", "morningherald_", verified=True), "contradicted"),
        (Account("7", "vk", "morningherald", verified=True), "unproved"),
        (Account("bluesky:" + DID, "bluesky", "morningherald.com"), "proved"),
        (Account("9", "bluesky", "morningherald.com"), "proved"),
        (Account("did:plc:" + "b" * 24, "bluesky", "morningherald.com"), "contradicted"),
    ],
)
def test_states_of_proof(folder: Path, account: Account, state: str) -> None:
    own = proofs_of([BODY], read_captures(folder))[0]
    assert proof_state(account, BODY, own).state == state


def test_without_captures_the_register_declares_and_proves(folder: Path) -> None:
    listed = Account("1", "x", "morningherald")
    assert proof_state(listed, BODY, ()).state == "declared"
    proving = Body("h", "H", handles=BODY.handles, proofs=(Handle("x", "morningherald"),))
    assert proof_state(listed, proving, ()).state == "proved"
    # A stranger's site proves nothing for the body.
    stranger = Body("s", "S", domains=("elsewhere.com",))
    own = proofs_of([stranger, BODY], read_captures(folder))
    assert set(own) == {1}
    assert proof_state(listed, stranger, own.get(0, ())).state == "unproved"


def test_proofs_go_to_the_bodies_whose_sites_they_are_of() -> None:
    sites = ("herald.com", "news.herald.com", "notherald.com", "com", "herald.com.evil.net")
    captured = [Proof(site, "x", "h", "link", "a", "0") for site in sites]
    bodies = [
        Body("a", "A", domains=("news.herald.com", "herald.com")),
        Body("b", "B", domains=("herald.com",)),
        Body("c", "C"),
        Body("d", "D", domains=("news.herald.com",)),
    ]
    told = {
        place: [one.site for one in some] for place, some in proofs_of(bodies, captured).items()
    }
    both = ["herald.com", "news.herald.com"]
    assert told == {0: both, 1: both, 3: ["news.herald.com"]}


def test_proofs_of_others_are_not_looked_at_for_each_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thousand sites were captured; an account is held against those of its body."""
    bodies = [Body(f"b{n}", f"Body {n}", domains=(f"b{n}.org",)) for n in range(1000)]
    captures = [Proof(f"b{n}.org", "x", f"body{n}", "trust.txt", "a", "0") for n in range(1000)]
    looked: list[Proof] = []

    def watched(proof: Proof, account: Account) -> bool:
        looked.append(proof)
        return named(proof, account)

    named = proofs._names
    monkeypatch.setattr(proofs, "_names", watched)
    judged = [[(Account("1", "x", "body7"), Weighed(7, "declared", 0.0, ()))]]
    register = compile_register(bodies)
    (dossier,) = next(build_dossiers(judged, register, Supplied(date(2026, 1, 1), captures)))
    assert dossier.said.verdict == "proved"
    assert {one.site for one in looked} == {"b7.org"}


def test_a_page_with_broken_marks_keeps_the_links_before_them(tmp_path: Path) -> None:
    save(tmp_path, "index.html", '<a rel="me" href="https://x.com/herald">x</a><![odd[ <p>')
    assert [(one.platform, one.handle) for one in read_captures(tmp_path)] == [("x", "herald")]


def test_two_records_for_one_name_prove_nothing(tmp_path: Path) -> None:
    save(tmp_path, "_atproto.txt", f'"did={DID}"\n"did=did:plc:{"c" * 24}"\n')
    assert read_captures(tmp_path) == ()


def test_broken_captures_are_refused_with_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_captures(tmp_path / "none")
    with pytest.raises(InputError, match="holds no site"):
        read_captures(tmp_path)
    path = tmp_path / "a.com" / "index.html"
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="no UTF-8"):
        read_captures(tmp_path)


@pytest.mark.parametrize(
    "link",
    ["https://x.com/intent/post", "https://example.org/a", "x.com", "https://x.com/a/status/1",
     "http://[::1", "https://bsky.app/search", "mailto:a@b.com", "https://www.youtube.com/watch"],
)  # fmt: skip
def test_addresses_that_name_no_profile(link: str) -> None:
    assert profile_of(link) is None


@given(st.text(max_size=80))
def test_nonsense_is_no_error(text: str) -> None:
    for link in (text, "https://x.com/" + text, "https://bsky.app/profile/" + text):
        found = profile_of(link)
        assert found is None or all(found)


def test_a_capture_that_may_not_be_read_is_told_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system refuses it; whoever runs the tests as root may read anything, so it is faked."""
    save(tmp_path, "trust.txt", "social=https://x.com/morningherald\n")

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(InputError, match="Permission denied") as told:
        read_captures(tmp_path)
    assert told.value.file == str(tmp_path / "morningherald.com" / "trust.txt")
    assert "take it out of the folder" in str(told.value)


def page(
    address: str, text: str, *, at: str, status: str = "200 OK", packing: str = "identity"
) -> tuple[str, bytes]:
    """One record of a WARC as a crawler writes it."""
    body = brotli.compress(text.encode()) if packing == "br" else text.encode()
    told = f"Content-Type: text/html; charset=utf-8\r\nContent-Encoding: {packing}"
    http = f"HTTP/1.1 {status}\r\n{told}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{hash((address, at))}>\r\n"
        f"WARC-Date: {at}\r\nWARC-Target-URI: {address}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return address, head.encode() + http + b"\r\n\r\n"


def test_a_web_archive_is_read_as_its_sites_and_the_newest_capture_counts(tmp_path: Path) -> None:
    home, trust = "https://morningherald.com/", "https://morningherald.com/.well-known/trust.txt"
    records = [
        page(home, '<a rel="me" href="https://x.com/oldherald">x</a>', at="2021-01-01T00:00:00Z"),
        page(home, '<a rel="me" href="https://x.com/morningherald">x</a>',
             at="2024-01-01T00:00:00Z"),
        page(home, '<a rel="me" href="https://x.com/olderherald">x</a>', at="2020-01-01T00:00:00Z"),
        page(trust, "social=https://t.me/heraldchannel", at="2024-01-01T00:00:00Z", packing="br"),
        page("https://morningherald.com/readers/me/trust.txt", "social=https://x.com/reader",
             at="2024-01-01T00:00:00Z"),
        page("https://[morningherald.com/", '<a rel="me" href="https://x.com/nobody">x</a>',
             at="2024-01-01T00:00:00Z"),
        page("https://morningherald.com/gone", '<a rel="me" href="https://x.com/gone">x</a>',
             at="2024-01-01T00:00:00Z", status="404 Not Found"),
    ]  # fmt: skip
    for name, members in (("plain.warc", False), ("packed.warc.gz", True)):
        folder = tmp_path / name.partition(".")[0]
        folder.mkdir()
        data = [gzip.compress(one) if members else one for _, one in records]
        (folder / name).write_bytes(b"".join(data))
        told = read_captures(folder)
        assert [(one.platform, one.handle, one.how) for one in told] == [
            ("telegram", "heraldchannel", "trust.txt"),
            ("x", "morningherald", "rel=me"),
        ]
        assert told[0].file == f"{name}#{trust}"
        whole = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert {one.sha256 for one in told} == {whole}
        account = Account("1", "telegram", "heraldchannel")
        assert proof_state(account, BODY, proofs_of([BODY], told)[0]).state == "proved"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no record"),
        (b"no archive at all\n", "damaged after record 0"),
        (gzip.compress(page("https://a.example/", "x" * 9000, at="2024-01-01T00:00:00Z")[1])[:90],
         "damaged|no record"),
        (page("https://a.example/", "!!", at="2024-01-01T00:00:00Z", packing="zstd")[1],
         "https://a.example/ is packed as 'zstd', which is not read"),
    ],
    ids=["empty", "text", "cut", "packed"],
)  # fmt: skip
def test_a_damaged_web_archive_is_refused_with_words(
    tmp_path: Path, content: bytes, says: str
) -> None:
    name = "a.warc.gz" if content[:1] == b"\x1f" else "a.warc"
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says) as refused:
        read_captures(tmp_path)
    assert refused.value.fix
    assert refused.value.file == str(tmp_path / name)

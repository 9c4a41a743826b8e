"""Lists of domains and certificates in all their forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine import json_read
from assay.errors import InputError
from assay.identities import domain_lists
from assay.identities.domain_lists import read_domains

CERTIFICATES = [
    {"id": 7, "issuer_name": "C=US, O=An Authority", "common_name": "herald.example",
     "name_value": "herald.example\n*.herald.example"},
    {"id": 8, "common_name": None, "name_value": "mail.heraid.example"},
]  # fmt: skip
HOSTS = ["herald.example", "herald.example", "herald.example", "mail.heraid.example"]


def read(folder: Path, name: str, text: str) -> list[str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [text for piece in read_domains(path) for text in piece]


@pytest.mark.parametrize(
    ("name", "text", "hosts"),
    [
        ("crt.json", json.dumps(CERTIFICATES), HOSTS),
        ("crt.ndjson", "\n\n".join(map(json.dumps, CERTIFICATES)), HOSTS),
        ("one.json", json.dumps(CERTIFICATES[1]), HOSTS[3:]),
        ("plain.json", '["a.example", "*.b.example"]', ["a.example", "b.example"]),
        ("log.jsonl", '{"dns_names": ["a.example", "b.example"]}', ["a.example", "b.example"]),
        (
            "crt.csv",
            "crt.sh ID,Logged At,Common Name,Matching Identities,Issuer Name\r\n"
            '7,2025-01-01,herald.example,"herald.example\n*.herald.example","C=US, O=A"\r\n'
            '8,2025-01-02,,mail.heraid.example,"C=US"\r\n',
            HOSTS,
        ),
        ("san.tsv", "id\tsan\n1\tDNS:a.example, DNS:*.b.example\n", ["a.example", "b.example"]),
        ("bare.csv", "a.example,2025\nb.example,2025\n", ["a.example", "b.example"]),
        ("other.csv", "site,seen\na.example,2025\n", ["site", "a.example"]),
        ("links.txt", "https://a.example/b,c\n\nb.example\n", ["https://a.example/b", "b.example"]),
        ("links.csv", 'url\n"https://a.example/b,c"\n', ["https://a.example/b,c"]),
        ("empty.csv", "", []),
    ],
)  # fmt: skip
def test_hosts_of_every_form_are_read(
    tmp_path: Path, name: str, text: str, hosts: list[str]
) -> None:
    assert read(tmp_path, name, text) == hosts


@pytest.mark.parametrize(
    ("name", "text", "says", "row"),
    [
        ("a.json", "[{", "no JSON", 1),
        ("a.json", '["a.example", "b.example"', "breaks off", 3),
        ("a.json", '["a.example", "b.exam', "no JSON", 2),
        ("a.json", '{"domain": ["a.example"', "no JSON", None),
        ("a.json", "", "no JSON", None),
        ("a.ndjson", '{"domain": "a.example"}\nnothing\n', "no JSON", 2),
        ("a.json", '[{"domain": "a.example"}, {"id": 3}]', "names no host", 2),
        ("a.json", "[7]", "names no host", 1),
        ("a.csv", 'domain\n"a.example\n', "cannot be read", None),
    ],
)
def test_a_broken_list_is_refused_with_words(
    tmp_path: Path, name: str, text: str, says: str, row: int | None
) -> None:
    with pytest.raises(InputError, match=says) as refused:
        read(tmp_path, name, text)
    assert refused.value.row == row
    assert refused.value.fix
    assert refused.value.file == str(tmp_path / name)


def test_what_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00")
    for name in ("a.txt", "none.txt"):
        with pytest.raises(InputError, match="cannot be read"):
            list(read_domains(tmp_path / name))


def test_a_list_as_json_is_read_a_block_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who stops at the first hosts has not read what is broken behind them."""
    monkeypatch.setattr(json_read, "BLOCK_BYTES", 64)
    monkeypatch.setattr(domain_lists, "PIECE", 2)
    path, hosts = tmp_path / "a.json", [f"h{n}.example" for n in range(99)]
    path.write_text("\ufeff\n" + json.dumps([{"domain": host} for host in hosts]), "utf-8")
    assert [text for piece in read_domains(path) for text in piece] == hosts
    path.write_bytes(path.read_bytes() + b'{"domain": 7\xff')
    assert next(iter(read_domains(path))) == hosts[:2]
    with pytest.raises(InputError, match="breaks off"):
        list(read_domains(path))


@given(
    lines=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=9))
)
def test_pieces_hold_every_line_once(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "domains.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(domain_lists, "PIECE", 2)
        pieces = list(read_domains(path))
    assert all(len(piece) <= 2 for piece in pieces)
    wanted = [line.split(",")[0].strip() for line in lines if line.strip()]
    assert [one for piece in pieces for one in piece] == wanted

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.identities.register_rows import HEAD, ROWS, TODAY

from assay.identities.asked import Protect
from assay.identities.domains import DomainSearch, domain_of, lookalike_domains
from assay.identities.register import Body
from assay.identities.run import find_lookalike_domains
from assay.model.progress import Silent

BODIES = (
    Body("herald", "Herald", domains=("morningherald.com",)),
    Body("bbq", "BBQ", domains=("bbq.com",)),
)


@pytest.mark.parametrize(
    "text",
    [
        "morningherald.ltd",
        "https://www.morningherald.co.uk/a?b=c",
        "morningheraid.com",
        "mornlngherald.com",
        "morninherald.com",
        "moringherald.net",
        "morningherald-news.com",
        "morningherald.com.login-portal.info",
        "xn--mrningherald-4fk.com",
        "mоrningherald.com",
        "realmorningherald.org",
    ],
)
def test_lookalikes_are_found_and_only_resemble(text: str) -> None:
    (row,) = lookalike_domains([text], BODIES)
    assert (row["identity"], row["verdict"]) == ("herald", "resembles")
    assert row["score"] >= 0.5
    assert len(row["reasons"]) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "example.com",
        "bbqnews.net",
        "bqb.com",
        "herald.com",
        "10.0.0.1",
        "",
        "no domain",
        "xn--\u00e9.com",
    ],
)
def test_nothing_is_said_of_others(text: str) -> None:
    assert lookalike_domains([text], BODIES) == []


def test_a_short_name_under_another_ending_is_found() -> None:
    (row,) = lookalike_domains(["bbq.ltd"], BODIES)
    assert (row["identity"], row["score"]) == ("bbq", 0.5)


def test_a_body_s_own_domain_is_declared() -> None:
    rows = lookalike_domains(["https://news.morningherald.com/x"], BODIES)
    assert [row["verdict"] for row in rows] == ["declared"]


@given(st.text(max_size=60))
def test_nonsense_is_no_error(text: str) -> None:
    domain_of(text)
    assert all(row["score"] <= 1 for row in lookalike_domains([text, text + ".com"], BODIES))


def test_files_in_and_a_table_out(tmp_path: Path) -> None:
    register, domains = tmp_path / "bodies.csv", tmp_path / "domains.txt"
    register.write_text(HEAD + ROWS, encoding="utf-8")
    domains.write_text("jp.ambafrance.org\nambafrance.info\nnothing\n", encoding="utf-8")
    counts = find_lookalike_domains(domains, Protect(register, TODAY), tmp_path, Silent())
    assert counts == {"read": 3, "no_domain": 1, "resembles": 1, "declared": 1}
    rows = pq.read_table(tmp_path / "domains.parquet").to_pylist()
    assert {row["identity"] for row in rows} == {"fr-jp"}


HOSTS = (
    "morningherald.com", "morningheraid.com", "a.morningherald.ltd", "morningherald.ltd.evil.org",
    "morningherald.evil.org", "xmorningherald.evil.org", "bbq.ltd", "x.org", "no domain",
)  # fmt: skip


@given(st.lists(st.sampled_from(HOSTS), max_size=14), st.integers(1, 5))
@settings(max_examples=30)
def test_pieces_and_their_order_change_nothing(hosts: list[str], piece: int) -> None:
    search = DomainSearch(BODIES)
    for start in range(0, len(hosts), piece):
        search.add(hosts[start : start + piece])
    assert search.rows() == lookalike_domains(sorted(hosts), BODIES)
    assert search.read == len(hosts)
    assert search.no_domain == hosts.count("no domain")

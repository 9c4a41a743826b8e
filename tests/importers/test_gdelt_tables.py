"""GDELT's tables, which are published without a line of names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.importers.conftest import Imported

from assay.errors import InputError
from assay.importers.headerless import KNOWLEDGE_GRAPH, MENTIONS, missing_header

Run = Callable[..., Imported]
URL = "https://www.a.org/2024/page"
EXTRAS = (
    "<PAGE_LINKS>https://b.org/1?x=1&amp;y=2;https://c.org/2</PAGE_LINKS>"
    "<PAGE_TITLE>&quot;A title&quot; that is long enough to be told</PAGE_TITLE>"
)


def article(number: int, moment: str = "20240102100000", **cells: str) -> str:
    told = {
        "GKGRECORDID": f"20240102100000-{number}",
        "V2.1DATE": moment,
        "V2SOURCECOLLECTIONIDENTIFIER": "1",
        "V2SOURCECOMMONNAME": "a.org",
        "V2DOCUMENTIDENTIFIER": f"{URL}{number}",
        "V2.1QUOTATIONS": '"never closed',
        "V2EXTRASXML": EXTRAS,
    }
    return "\t".join((told | cells).get(name, "") for name in KNOWLEDGE_GRAPH) + "\n"


def mention(event: int, site: str, url: str = URL, moment: str = "20240102101500") -> str:
    cells = (str(event), "20240102100000", moment, "1", site, url)
    return "\t".join([*cells, *[""] * (len(MENTIONS) - len(cells))]) + "\n"


def test_articles_of_the_knowledge_graph(run_import: Run) -> None:
    rows = [article(0), article(1, V2EXTRASXML=""), article(2, "soon"), "cut off\n"]
    result = run_import("".join(rows), name="20240102100000.gkg.csv")
    (file,) = result.summary.files
    assert (file.format, file.timezone, file.time_resolution_s) == ("gdelt-table", "UTC", 900.0)
    assert [(post["row"], post["account_id"], post["kind"]) for post in result.posts] == [
        (1, "web:a.org", "article"),
        (2, "web:a.org", "article"),
    ]
    first, second = result.posts
    assert first["created_at"].isoformat() == "2024-01-02T10:00:00+00:00"
    assert first["title"] == '"A title" that is long enough to be told'
    assert (first["post_id"], second["title"]) == (f"web:{URL}0", None)
    assert result.objects("link") == ["https://b.org/1?x=1&y=2", "https://c.org/2"]
    assert [(one["row"], one["column"]) for one in result.rejects] == [(3, "V2.1DATE"), (4, None)]


def test_sites_share_the_events_that_they_mention(run_import: Run) -> None:
    rows = [mention(7, "a.org"), mention(7, "b.org"), mention(8, "b.org"), mention(9, "")]
    result = run_import("".join(rows), name="20240102101500.mentions.CSV")
    assert [(one["object_id"], one["account_id"]) for one in result.shares] == [
        ("7", "web:a.org"),
        ("7", "web:b.org"),
        ("8", "web:b.org"),
    ]
    assert [(one["row"], one["column"]) for one in result.rejects] == [(4, "MentionSourceName")]
    assert result.summary.time_resolution_s == 900.0


@pytest.mark.parametrize("width", [58, 61])
def test_a_table_of_events_is_refused(run_import: Run, width: int) -> None:
    cells = ["410512345", "20240102", "202401", "2024", "2024.0055"]
    with pytest.raises(InputError, match="names one article for each") as refused:
        run_import("\t".join(cells + [""] * (width - len(cells))) + "\n", name="in.export.CSV")
    assert "mentions" in str(refused.value.fix)


@pytest.mark.parametrize("head", [b"", b"a\tb\n", b"\t" * 26, b"id\tdate" + b"\t" * 14, b"\xff"])
def test_no_other_table_is_given_names(head: bytes) -> None:
    assert missing_header(head) == b""

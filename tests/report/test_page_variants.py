"""Pages of runs that differ: nothing found, several windows, no posts, broken tables."""

from __future__ import annotations

import json
import re
import shutil
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from tests.report.made_groups import Plan
from tests.report.made_run import make_empty_run, make_run
from tests.report.parsed_page import Page

from assay.cli.report import report
from assay.engine.write import write_json, write_table
from assay.errors import AssayError, InputError, UsageError
from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.model.tables import EDGES, NETWORK_ACCOUNTS
from assay.report import assets, words
from assay.report.gather import shown
from assay.report.page import write_report
from assay.report.payload import LARGEST_PAGE_BYTES
from assay.report.sections import tables


def test_a_run_without_findings_gets_an_honest_page(tmp_path: Path) -> None:
    run = make_empty_run(tmp_path)
    summary = write_report(run, Silent())
    page = Page(run.report.read_text(encoding="utf-8"))
    assert (summary.findings, summary.accounts, summary.pictures) == (0, 0, ())
    assert "No pair of accounts passed the test" in page.text
    assert "That is not proof that nobody acted together" in page.text
    assert "the smallest q is" in page.text
    assert "Nothing passes in any of them." in page.text
    assert "Pairs at risk" in page.text
    assert "example:8" not in page.text, "pairs that did not pass are not named"
    assert "undecided" not in page.text
    assert "What the data as a whole say" not in page.text


def test_the_summary_says_where_to_read_on_and_what_could_not_be_tested(tmp_path: Path) -> None:
    run = make_empty_run(tmp_path)
    record: dict[str, Any] = json.loads(run.run.read_text(encoding="utf-8"))
    apart = {"id": "apart", "statement": "2 accounts met.", "reason": "They did.",
             "explanations": [], "subjects": ["x:1", "x:2"], "limits": []}  # fmt: skip
    write_json(run.findings, {"findings": [], "undecided": [apart]})
    page = rewritten(run, surrogates={"says": {"whole": ["As a whole, more."], "threshold": []}})
    found = page.text[page.text.index("What was found") :]
    assert "1 further group met again and again, though none of its pairs passes" in found
    assert "What the data as a whole say" in found
    targets = {attributes.get("id") for _, attributes in page.elements}
    assert {"undecided", "whole"} <= targets
    none = rewritten(run, family=record["family"] | {"tests": 0}).text
    assert "no two accounts shared enough of the same things around the same time" in none
    assert "more often than chance allows" not in none


def test_a_pair_counts_once_whatever_kinds_and_windows_it_came_close_in(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    once = pq.read_table(run.edges)
    pairs = len(once)
    for changed in ({"window_s": 10.0}, {"kind": "hashtag"}):
        for name, value in changed.items():
            place = once.schema.get_field_index(name)
            column = pa.array([value] * pairs, once.schema.field(name).type)
            again = once.set_column(place, once.schema.field(name), column)
        write_table(run.edges, pa.concat_tables([pq.read_table(run.edges), again]), EDGES)
    write_report(run, Silent())
    text = Page(run.report.read_text(encoding="utf-8")).text
    assert f"; {pairs} pairs of accounts had coincided on at least 2 objects of one kind." in text


def test_where_people_react_too_fast_the_summary_begins_with_it(tmp_path: Path) -> None:
    run = make_empty_run(tmp_path)
    record = json.loads(run.run.read_text(encoding="utf-8"))
    says = "Too fast for the test: links at 60 s."
    write_json(run.run, record | {"reactions": {"windows": [], "says": [says]}})
    write_report(run, Silent())
    text = Page(run.report.read_text(encoding="utf-8")).text
    assert text.index(says) < text.index("What was looked at")
    write_json(run.run, record | {"reactions": {"windows": [], "says": []}})
    write_report(run, Silent())
    html = run.report.read_text(encoding="utf-8")
    assert html.count('class="callout"') == 1


def test_pictures_of_an_earlier_result_do_not_stay(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5, 4)))
    write_report(run, Silent())
    assert (run.pictures / "timeline-group-1.svg").exists()
    (run.pictures / "mine.txt").write_text("a note", encoding="utf-8")
    make_empty_run(tmp_path)
    write_report(run, Silent())
    assert [path.name for path in run.pictures.iterdir()] == ["mine.txt"]


def test_a_share_table_without_posts_shows_the_shares(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,), share_table=True))
    summary = write_report(run, Silent())
    assert summary.shown_pairs > 0
    page = Page(run.report.read_text(encoding="utf-8"))
    assert "object: https://news-0.example/story/" in page.text


@pytest.mark.parametrize(
    "missing",
    ["dataset", "edge_tests.parquet", "communities.parquet", "findings.json", "edges.parquet"],
)
def test_parts_that_are_missing_are_left_out(tmp_path: Path, missing: str) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    path = run.folder / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    write_report(run, Silent())
    assert "5 accounts in 1 group" in Page(run.report.read_text(encoding="utf-8")).text


def test_a_run_that_does_not_record_its_command_is_told_by_its_parameters(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    record: dict[str, Any] = json.loads(run.run.read_text(encoding="utf-8"))
    record["data"] = {"shares": 77, "accounts": 8, "objects": 9, "read": 80, "rejected": 3}
    record["parameters"] = {"windows_s": [60.0], "kinds": ["link"]}
    record["family"] = {"tests": 12, "how": "upper bound"}
    record["caps"] = ["By your choice 3 objects were left out."]
    record["command"] = None
    write_json(run.run, record)
    write_report(run, Silent())
    text = Page(run.report.read_text(encoding="utf-8")).text
    assert "77 shares by 8 accounts of 9 objects" in text
    caps = "By your choice 3 objects were left out."
    assert text.index(caps) < text.index("What was found") < text.rindex(caps)
    assert "The run does not record its command" in text
    record["input"] = ["/somewhere/of my own/posts.csv"]
    record["parameters"] |= {"fdr": 0.05, "min_shared": 2, "deltas": [10.0, 30.0]}
    write_json(run.run, record)
    write_report(run, Silent())
    text = Page(run.report.read_text(encoding="utf-8")).text
    assert (
        "assay scan posts.csv --window 60s --min-shared 2 --fdr 0.05 --kinds link "
        "--delta 10w,30w -o OUT"
    ) in text
    assert "/somewhere" not in text


def rewritten(run: RunFolder, **changes: Any) -> Page:
    """The page of a run whose record says something else."""
    record: dict[str, Any] = json.loads(run.run.read_text(encoding="utf-8"))
    write_json(run.run, record | changes)
    write_report(run, Silent())
    return Page(run.report.read_text(encoding="utf-8"))


def test_an_estimated_window_shows_its_curve(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    curve = [[0.05, 2.0], [0.1, 7.0], [0.15, 137.0], [0.95, 6544.0]]
    page = rewritten(run, window_auto={"window_s": 7.0, "objects": 136, "curve": curve})
    assert "How the window was chosen" in page.text
    assert "the quickest 10 % (136 objects)" in page.text
    said = page.text.index("half of the objects, and only the other half was tested.")
    assert said < page.text.index("What was found")
    assert "The window that other choices would have given" in page.text
    assert "10 % (chosen)7 s" in page.text
    assert (run.pictures / "window_curve.png").read_bytes().startswith(b"\x89PNG")
    svg = (run.pictures / "window_curve.svg").read_text(encoding="utf-8")
    assert "logarithmic scale" in svg
    assert "chosen: 10 %, 7 s" in svg
    again = rewritten(run, window_auto=None)
    assert "How the window was chosen" not in again.text
    assert not (run.pictures / "window_curve.svg").exists()


def test_an_estimated_window_shows_its_curve_where_nothing_passed(tmp_path: Path) -> None:
    run = make_empty_run(tmp_path)
    told = {"window_s": 7.0, "objects": 12, "curve": [[0.1, 7.0], [0.2, 9.0]]}
    assert "How the window was chosen" in rewritten(run, window_auto=told).text
    names = [path.name for path in sorted(run.pictures.iterdir())]
    assert names == ["window_curve.png", "window_curve.svg"]


def test_openly_affiliated_groups_are_named_so_everywhere(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(6, 5), affiliated=(1,)))
    write_report(run, Silent())
    html = run.report.read_text(encoding="utf-8")
    page = Page(html)
    other, declared = (
        html[html.index(f'id="{name}"') :].split("</details></details>")[0]
        for name in ("coaction-community-0000", "coaction-affiliated-0001")
    )
    assert '<span class="tag">synchronous, openly affiliated</span>' in declared
    assert escape(words.OPENLY_AFFILIATED) in declared
    assert '<span class="tag">synchronous</span>' in other.split("</summary>")[0]
    assert page.text.count(words.OPENLY_AFFILIATED) == 1
    assert "1 of the groups is openly affiliated." in page.text
    accounts = html[html.index('data-table="accounts"') :].split("</table>")[0]
    assert accounts.count("1 (openly affiliated)") == 5
    assert accounts.count("(openly affiliated)") == 5
    assert "Group 1 (openly affiliated)" in (run.pictures / "network.svg").read_text("utf-8")
    own = page.text.lower()
    for word in ("suspicio", "suspect", "inauthentic behaviour", "guilt", "alarm"):
        assert word not in own
    # One badge looks like the other: no class of its own, so no colour of its own.
    summaries = re.findall(r"<summary>.*?</summary>", html)
    badges = {tag for summary in summaries for tag in re.findall(r'<span class="([^"]+)"', summary)}
    assert badges == {"tag", "tag quiet"}


@pytest.mark.parametrize(
    ("groups", "affiliated", "said"),
    [
        ((6, 5), (), ""),
        ((6, 5), (0, 1), "Every group is openly affiliated."),
        ((6,), (0,), "This group is openly affiliated."),
        ((6, 5, 4), (0, 2), "2 of the groups are openly affiliated."),
    ],
)
def test_the_headline_counts_open_affiliation(
    tmp_path: Path, groups: tuple[int, ...], affiliated: tuple[int, ...], said: str
) -> None:
    run = make_run(tmp_path, Plan(groups=groups, affiliated=affiliated))
    write_report(run, Silent())
    text = Page(run.report.read_text(encoding="utf-8")).text
    assert said in text
    assert ("openly affiliated." in text) == bool(said)


def test_accounts_that_were_not_tested_have_no_column_of_dashes(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    write_report(run, Silent())
    assert 'data-key="q_value"' in run.report.read_text(encoding="utf-8")
    accounts = pq.read_table(run.network_accounts)
    untested = pa.nulls(len(accounts), pa.float64())
    for name in ("p_value", "q_value"):
        accounts = accounts.set_column(accounts.schema.get_field_index(name), name, untested)
    write_table(run.network_accounts, accounts, NETWORK_ACCOUNTS)
    write_report(run, Silent())
    html = run.report.read_text(encoding="utf-8")
    assert 'data-key="q_value"' not in html
    assert 'data-key="coordinated_shares"' in html


def test_a_table_that_lists_a_part_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(tmp_path, Plan(groups=(5, 4)))
    write_report(run, Silent())
    assert "This page lists" not in Page(run.report.read_text(encoding="utf-8")).text
    monkeypatch.setattr(tables, "MOST_OBJECTS", 10)
    write_report(run, Silent())
    text = Page(run.report.read_text(encoding="utf-8")).text
    found = re.search(r"Objects they shared \((\d+)\). This page lists 10 of (\d+), those", text)
    assert found is not None
    assert found[1] == found[2]


def test_windows_and_deltas_stand_side_by_side(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    record: dict[str, Any] = json.loads(run.run.read_text(encoding="utf-8"))
    family = record["family"]
    family["members"].append(family["members"][0] | {"kind": "hashtag", "window_s": 10.0})
    page = rewritten(run, family=family)
    assert "KindWindowCandidate pairsNarrow ΔPassSmallest qWider ΔPassSmallest q" in page.text
    kept = len(pq.read_table(run.network))
    assert f"link60 s{kept + 40}10 min{kept}" in page.text
    assert "No pair coincided often enough to be a candidate for hashtag at 10 s." in page.text


def test_the_command_writes_and_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    done = CliRunner().invoke(report, [str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["path"] == "report.html"
    assert told["bytes"] == run.report.stat().st_size <= LARGEST_PAGE_BYTES
    assert told["left_out_pairs"] == 0
    plain = CliRunner().invoke(report, [str(tmp_path)])
    assert "report.html" in plain.stdout
    assert CliRunner().invoke(report, [str(tmp_path), "--quiet"]).output == ""


def test_a_report_cannot_be_pseudonymised_afterwards_and_says_what_can(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        CliRunner().invoke(
            report, [str(tmp_path), "--pseudonymise", "k.key"], catch_exceptions=False
        )
    assert "assay scan" in (caught.value.fix or "")
    assert "--pseudonymise k.key" in (caught.value.fix or "")


def test_the_page_says_that_names_are_pseudonyms(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    assert "pseudonym" not in rewritten(run).text
    manifest = json.loads(run.dataset.manifest.read_text(encoding="utf-8"))
    told = {"key": "0123456789abcdef", "note": "Texts can be searched for."}
    write_json(run.dataset.manifest, manifest | {"pseudonymised": told})
    text = rewritten(run).text
    assert "stand under pseudonyms; who holds the key can turn them back. Texts can be" in text


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("ad\u200dmin", "ad\ufffdmin"),
        ("\u200cadmin", "\ufffdadmin"),
        ("م\u200d", "م\ufffd"),
        ("ад\u200dмин", "ад\ufffdмин"),
        ("می\u200c\u200cخواهم", "می\ufffd\ufffdخواهم"),
        ("\u202eexe.txt", "\ufffdexe.txt"),
        ("a\u200bb", "a\ufffdb"),
    ],
)
def test_what_hides_in_a_name_is_shown_and_what_scripts_need_stays(name: str, seen: str) -> None:
    assert shown(name) == seen


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_report(RunFolder(tmp_path), Silent())
    assert "assay scan" in (caught.value.fix or "")


def test_broken_tables_and_records_are_errors_that_name_the_file(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(5,)))
    run.network.write_bytes(b"no parquet")
    with pytest.raises(InputError) as caught:
        write_report(run, Silent())
    assert "network.parquet" in str(caught.value)
    run.run.write_text("{", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_report(run, Silent())
    assert "run.json" in str(caught.value)


def test_a_missing_build_says_how_to_make_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "BUILT", tmp_path / "nowhere")
    with pytest.raises(AssayError) as caught:
        assets.script()
    assert "npm run build" in (caught.value.fix or "")

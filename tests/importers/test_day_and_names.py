"""What single rows tell: coarse times, the file's own column names, publishers, foreign files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.importers.conftest import Imported

from assay.engine.alone import alone_in
from assay.errors import InputError, UsageError
from assay.importers.report import ImportOptions
from assay.importers.run import dataset_made_from, import_files
from assay.model.dataset import RunFolder
from assay.model.progress import Silent

Run = Callable[..., Imported]
POSTS = "".join(
    f"{number},u{number},2021-05-01T10:00:{number:02}Z,https://a.org/x\n" for number in range(30)
)
HEAD = "id,user,created_at,text\n"


def test_a_day_alone_among_times_is_no_moment(run_import: Run) -> None:
    text = (
        HEAD + POSTS + "40,z,2021-05-01,https://a.org/x\n41,y,2021-05-01 10:00Z,https://a.org/x\n"
    )
    result = run_import(text, timezone="UTC")
    found = {post["post_id"]: post["time_resolution_s"] for post in result.posts}
    assert (found["unknown:40"], found["unknown:41"], found["unknown:3"]) == (86400.0, 60.0, 1.0)
    sharers = {share["account_id"] for share in result.shares}
    assert len(sharers) == 30
    assert not {"unknown:z", "unknown:y"} & sharers
    assert result.summary.files[0].notes[0].startswith("2 rows tell their time more coarsely")
    assert result.summary.without_shares == 2


def test_days_alone_are_exact_to_a_day_however_few_they_are(run_import: Run) -> None:
    rows = "1,a,2021-05-01,some text of a length\n2,b,2021-05-02,some text of a length\n"
    result = run_import(HEAD + rows, timezone="UTC")
    assert result.summary.time_resolution_s == 86400.0
    assert len(result.shares) == 2


def test_a_day_alone_in_a_share_table_is_a_reject(run_import: Run) -> None:
    rows = "".join(f"o,a{n},2021-05-01T10:00:{n:02}Z\n" for n in range(30)) + "o,z,2021-05-01\n"
    result = run_import("object_id,account_id,when\n" + rows, timezone="UTC",
                        mapping=(("created_at", "when"),))  # fmt: skip
    assert [(r["row"], r["column"]) for r in result.rejects] == [(31, "when")]
    assert "only the day" in result.reasons()[0]


def test_rejects_name_the_file_s_own_columns(run_import: Run) -> None:
    text = "message_no,screen_name,posted_at,body\n1,,2021-05-01T10:00:00Z,x\n2,b,never,x\n"
    result = run_import(
        text,
        mapping=(("post_id", "message_no"), ("text", "body"), ("created_at", "posted_at")),
    )
    assert [reject["column"] for reject in result.rejects] == ["screen_name", "posted_at"]
    assert result.rejects[1]["raw"].count("posted_at=never") == 1
    again = run_import("number,user,time,text\n" + "1,a,1600000000,x\n" * 2,
                       mapping=(("post_id", "number"),))  # fmt: skip
    assert [reject["column"] for reject in again.rejects] == ["number"]


@pytest.mark.parametrize(
    ("column", "told"), [("outlet", ()), ("source", (("publisher", "source"),))]
)
def test_posts_say_their_publisher(
    run_import: Run, column: str, told: tuple[tuple[str, str], ...]
) -> None:
    text = (
        f"id,user,created_at,text,{column}\n"
        "1,a,2021-05-01T10:00:00Z,first,Old Name\n"
        "2,a,2021-05-02T10:00:00Z,second,The Daily\n"
        "3,b,2021-05-02T10:00:00Z,third,\n"
    )
    result = run_import(text, mapping=told)
    assert [one["publisher"] for one in result.accounts] == ["The Daily", None]


def test_a_client_is_no_publisher(run_import: Run) -> None:
    text = "id,user,created_at,text,source\n1,a,2021-05-01T10:00:00Z,first,Twitter Web App\n"
    result = run_import(text)
    assert (result.accounts[0]["publisher"], result.posts[0]["client"]) == (None, "Twitter Web App")


def test_posts_that_share_nothing_are_counted(run_import: Run) -> None:
    rows = "1,a,2021-05-01T10:00:00Z,thanks\n2,a,2021-05-01T10:00:01Z,#tag\n"
    assert run_import(HEAD + rows).summary.without_shares == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.parquet", bytes(range(255, 0, -1)) * 40, "does not begin as a Parquet file"),
        ("a.parquet", b"\0" * 4000, "does not begin as a Parquet file"),
        ("a.csv.gz", b"PK\x03\x04\x14\0\0\0\x08\0" + b"x" * 90, "ZIP archive"),
        ("a.csv", b"BZh91AY&SY\xff\xfe\xfd\xfc\x80\x81" * 9, "bzip2"),
        ("a.csv", b"SQLite format 3\0" + b"\0" * 90, "SQLite"),
    ],
)
def test_files_of_another_sort_are_named(
    run_import: Run, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        run_import(content, name=name)
    assert caught.value.fix
    assert caught.value.file


def test_a_header_may_begin_like_an_archive(run_import: Run) -> None:
    text = "BZh,user,created_at,text\n1,a,2021-05-01T10:00:00Z,some text\n"
    assert run_import(text).summary.kept == 1


def test_a_dataset_is_no_export(run_import: Run, tmp_path: Path) -> None:
    made = run_import(HEAD + POSTS).dataset
    options = ImportOptions(now=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(InputError, match="is a dataset already"):
        import_files([made.folder], tmp_path / "again", options, Silent())
    made.manifest.unlink()
    with pytest.raises(InputError, match=r"without its manifest\.json"):
        import_files([made.folder], tmp_path / "again", options, Silent())


def test_results_beside_the_exports_are_not_read_as_exports(tmp_path: Path) -> None:
    exports, options = tmp_path / "exports", ImportOptions()
    (exports / "raw").mkdir(parents=True)
    (exports / "raw" / "in.csv").write_text(HEAD + POSTS)
    run = RunFolder(exports / "out")
    first = import_files([exports], run.dataset.folder, options, Silent())
    evidence = run.evidence / "some" / "posts.parquet"
    evidence.parent.mkdir(parents=True)
    evidence.write_bytes(run.dataset.posts.read_bytes())
    for part in (run.edges, run.edge_tests):  # left by a run that was stopped while it explained
        part.write_bytes(run.dataset.shares.read_bytes())
    assert dataset_made_from([exports], run.dataset.folder, options)
    again = import_files([exports], tmp_path / "again", options, Silent())
    assert (again.read, again.accounts) == (first.read, first.accounts) == (30, 30)
    assert again.skipped == {"out": "results of an earlier run"}
    for name in ("**/*.*", "*"):
        found = import_files([exports / name], tmp_path / "pattern", options, Silent())
        assert (found.accounts, found.skipped) == (30, {"out": "results of an earlier run"})
    with pytest.raises(InputError, match="holds results of an earlier run"):
        import_files([run.folder], tmp_path / "folder", options, Silent())
    with pytest.raises(InputError, match="holds results of an earlier run"):
        import_files([run.folder / "*.*"], tmp_path / "folder", options, Silent())


def test_exports_inside_the_folder_of_results_are_read(tmp_path: Path) -> None:
    """As `assay scan 'exports/*.csv' -o .` leaves them, and reads them the next time."""
    run = RunFolder(tmp_path)
    for part in (run.run, run.findings):
        part.write_text("{}")
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "in.csv").write_text(HEAD + POSTS)
    for given in (exports, exports / "*.csv"):
        made = import_files([given], run.dataset.folder, ImportOptions(), Silent())
        assert (made.accounts, made.skipped) == (30, {})


def test_two_imports_into_one_folder(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(HEAD + POSTS)
    out = tmp_path / "out"
    with (
        alone_in(out, out.with_name(".out.lock")),
        pytest.raises(UsageError, match="another run is writing"),
    ):
        import_files([path], out, ImportOptions(), Silent())
    assert not out.exists()
    assert import_files([path], out, ImportOptions(), Silent()).kept == 30
    assert not list(tmp_path.glob(".out*"))


def test_a_lock_is_never_taken_on_a_file_that_is_gone(tmp_path: Path) -> None:
    """Many at once: whoever is inside is alone there, though each takes its file away."""
    inside = 0
    most = entered = 0
    guard = threading.Lock()

    def visit() -> None:
        nonlocal inside, most, entered
        for _ in range(60):
            try:
                with alone_in(tmp_path / "run"):
                    with guard:
                        inside += 1
                        entered += 1
                        most = max(most, inside)
                    with guard:
                        inside -= 1
            except UsageError:
                continue

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert most == 1
    assert entered > 0
    assert not (tmp_path / "run" / ".lock").exists()

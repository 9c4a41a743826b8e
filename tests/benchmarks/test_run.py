"""The benchmark runs on tiny inputs: what it measures, never how long it took."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from benchmarks.coaction_speed import COLUMNS, FLOOR
from benchmarks.run import ROWS, parser, read_options
from numba.core.caching import UserProvidedCacheLocator

from tests.conftest import REPOSITORY

RUN = REPOSITORY / "benchmarks" / "run.py"
HANGS_S = 1800
"""No run takes so long, not even one that compiles every kernel twice on two busy cores."""


def bench(inputs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command; tiny inputs, one kind of id."""
    command = [sys.executable, str(RUN), "--inputs", str(inputs), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=HANGS_S)


def figures(inputs: Path, *arguments: str) -> tuple[str, list[dict[str, Any]]]:
    out = inputs / "figures.json"
    done = bench(inputs, "--json", str(out), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    record = json.loads(out.read_text(encoding="utf-8"))
    return done.stdout, record["lines"]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all, with what is compiled beside its source: kernels, and loaded modules."""
    folder = tmp_path_factory.mktemp("inputs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "pycache_prefix", str(folder / "bytecode"))
        kept_of = {
            Path(module.__cached__): Path(cache_from_source(str(module.__file__)))
            for module in sys.modules.values()
            if getattr(module, "__cached__", None) and getattr(module, "__file__", None)
        }
    for compiled, kept in kept_of.items():
        if compiled.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(compiled, kept)
    for compiled in (REPOSITORY / "src").rglob("__pycache__/*.nb[ci]"):
        source = compiled.parents[1] / "any.py"  # numba has one folder for the sources of one
        kept = folder / "kernels" / UserProvidedCacheLocator.get_suitable_cache_subpath(source)
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy(compiled, kept)
    return folder


@pytest.fixture(scope="module")
def tiny(inputs: Path) -> tuple[str, list[dict[str, Any]]]:
    """Rows that between them measure a start-up, a floor, a stage and a whole command."""
    return figures(inputs, "--rows", "help,hub", "--ids", "string", "--shrink", "1000")


def all_measured(text: str, lines: list[dict[str, Any]], rows: set[str]) -> None:
    assert {line["row"] for line in lines} == rows
    for line in lines:
        assert not line["failed"], line["note"]
        assert line["what"] in text
        assert line["measured"] or line["figure"] is not None or "not run" in line["note"]


def test_rows_are_measured(tiny: tuple[str, list[dict[str, Any]]]) -> None:
    all_measured(*tiny, {"help", "hub"})
    compared = [line for line in tiny[1] if line["unit"] == "x floor"]
    assert len(compared) == 2
    assert all(line["figure"] > 0 for line in compared)


@pytest.mark.slow
def test_all_other_rows_are_measured(inputs: Path) -> None:
    rows = "20M,300k,flat,nulls,growth,import,ira,identities"
    text, lines = figures(inputs, "--rows", rows, "--ids", "int", "--shrink", "1000")
    all_measured(text, lines, set(rows.split(",")))
    cold, warm = (
        line["measured"]["cpu_s"]
        for part in ("numba's caches cold", "whole command, warm")
        for line in lines
        if part in line["what"]
    )
    assert cold > warm  # thousands of shares cost nothing beside compiling


def test_tiny_inputs_are_not_judged(tiny: tuple[str, list[dict[str, Any]]]) -> None:
    text, lines = tiny
    assert "nothing is judged" in text
    assert not [line for line in lines if line["goal"]]


def test_a_ratio_is_that_of_its_lines(tiny: tuple[str, list[dict[str, Any]]]) -> None:
    by_what = {line["what"]: line for line in tiny[1] if line["row"] == "hub"}
    name = "hub-heavy 5M, string ids: "
    floor = by_what[name + "floor of the dataset"]["measured"]["cpu_s"]
    ours = by_what[name + "detection on the dataset"]
    assert ours["figure"] == pytest.approx(ours["measured"]["cpu_s"] / floor)
    table = by_what[name + "floor of the share table"]["measured"]["cpu_s"]
    whole = by_what[name + "whole command on the share table"]
    assert whole["figure"] == pytest.approx(whole["measured"]["cpu_s"] / table)
    assert whole["note"].startswith("5,000 shares, ")


def test_header_says_what_the_figures_hang_on(tiny: tuple[str, list[dict[str, Any]]]) -> None:
    head = tiny[0].split("\nwhat ")[0]
    assert re.search(r"; (no pandas|pandas installed)", head)
    assert re.search(r"\d+ cores, load average", head)


def test_nothing_is_left_but_inputs_and_caches(
    inputs: Path, tiny: tuple[str, list[dict[str, Any]]]
) -> None:
    left = {path.name for path in inputs.iterdir() if path.is_dir()}
    assert {"kernels", "bytecode"} <= left
    assert all(re.fullmatch("[0-9a-f]{8}", name) for name in left - {"kernels", "bytecode"})
    assert not list(inputs.rglob("unfinished-*"))


def test_the_floor_reads_and_sorts(inputs: Path, tiny: tuple[str, list[dict[str, Any]]]) -> None:
    """What the floor leaves is every row, in order: DuckDB skips no part of it."""
    table = next(inputs.rglob("hub-heavy-5M-string-over-1000.parquet"))
    check = 'print(connection.sql("FROM sorted").to_arrow_table().to_pydict())'
    command = [sys.executable, "-c", FLOOR + check, str(table), *COLUMNS["table"]]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    names = list(COLUMNS["table"])
    wanted = pq.read_table(table, columns=names).sort_by(
        [("object_id", "ascending"), ("timestamp_share", "ascending")]
    )
    found = ast.literal_eval(done.stdout)
    assert found["object_id"] == wanted["object_id"].to_pylist()
    assert found["timestamp_share"] == wanted["timestamp_share"].to_pylist()
    assert sorted(found["account_id"]) == sorted(wanted["account_id"].to_pylist())


def test_a_command_over_its_time_is_a_missed_goal(
    inputs: Path, tiny: tuple[str, list[dict[str, Any]]]
) -> None:
    arguments = ("--rows", "20M", "--ids", "string", "--shrink", "1000", "--timeout", "0.05")
    done = bench(inputs, *arguments)
    assert done.returncode == 1
    assert "not finished within 0.05 s" in done.stdout


def test_when_it_is_stopped_it_shows_what_it_has(inputs: Path) -> None:
    arguments = ("--rows", "help,20M", "--ids", "string", "--shrink", "20")
    command = [sys.executable, str(RUN), "--inputs", str(inputs), *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "--memory" in line:
                break
        process.terminate()
        text = process.communicate(timeout=60)[0]
    assert process.returncode == 128 + 15
    assert "assay --help" in text
    assert "--memory" not in text
    assert not list(inputs.glob("run-*"))


@pytest.mark.peer
def test_cnt_runs_on_the_same_rows(inputs: Path) -> None:
    arguments = ("--rows", "flat", "--ids", "int", "--peers", "--shrink", "1000")
    _, lines = figures(inputs, *arguments)
    (ratio,) = (line for line in lines if line["unit"] == "x ours")
    (detection,) = (line for line in lines if line["what"].endswith("detection on the dataset"))
    (whole,) = (line for line in lines if line["what"].endswith("CNT, loading and network"))
    assert 0 < ratio["figure"] * detection["measured"]["cpu_s"] < whole["measured"]["cpu_s"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rows", "none"), "--rows takes some of"),
        (("--ids", "uuid"), "--ids takes"),
        (("--inputs", str(REPOSITORY / "benchmarks")), "outside of the repository"),
    ],
)
def test_options_that_make_no_sense(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_options(list(arguments))
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_the_page_explains_every_row() -> None:
    page = (REPOSITORY / "docs" / "reference" / "benchmarks.md").read_text(encoding="utf-8")
    assert {row for row in ROWS if f"| `{row}` |" not in page} == set()
    options = set(re.findall(r"^  (--[a-z-]+)", parser().format_help(), re.M))
    assert len(options) > 8
    assert {option for option in options if f"`{option}" not in page} == set()

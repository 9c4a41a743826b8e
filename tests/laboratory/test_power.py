"""Power is measured by the real detector, resumed where it stopped, and said in plain words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from assay.cli.import_ import import_command
from assay.cli.power import power
from assay.detectors.coaction_parameters import Coaction
from assay.errors import AssayError, InputError, UsageError
from assay.laboratory import power as power_module
from assay.laboratory.campaign import Campaign
from assay.laboratory.campaign_files import write_campaign
from assay.laboratory.power import POWER, PowerGrid, Setup
from assay.laboratory.power_picture import draw_power
from assay.laboratory.power_run import run_power
from assay.laboratory.power_words import OWN_CROWD, headline, remarks
from assay.laboratory.simulate import simulate
from assay.model.progress import Silent

SMALL = Campaign(accounts=300, organic_posts=3000, days=5, burst_accounts=60, groups=0)
QUICK = PowerGrid(sizes=(3, 6), objects=(2, 20), jitters_s=(10.0,), runs=4)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("power")
    write_campaign(simulate(SMALL), folder / "campaign")
    made = CliRunner().invoke(
        import_command, [str(folder / "campaign" / "posts.csv"), "-o", str(folder / "dataset")]
    )
    assert made.exit_code == 0, made.output
    return folder / "dataset"


def row(size: int, objects: int, seen: int, low: float, high: float) -> dict[str, float]:
    return {
        "size": size, "objects": objects, "jitter_s": 20.0, "runs": 20, "groups_seen": seen,
        "planted_accounts": 20 * size, "found_accounts": seen * size, "found_share": seen / 20,
        "low": low, "high": high,
    }  # fmt: skip


def test_command_finds_large_evidence_and_misses_small(dataset: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in dataset.iterdir() if path.is_file()}
    answer = CliRunner().invoke(
        power,
        [str(dataset), "-o", str(tmp_path / "out"), "--sizes", "3,6", "--objects", "2,20",
         "--jitter", "10s", "--runs", "4", "--json"],
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    share = {(one["size"], one["objects"]): one["found_share"] for one in told["results"]}
    assert share[3, 20] == 1.0
    assert share[3, 2] == 0.0
    assert told["kind"] == "link"
    table = pq.read_table(tmp_path / "out" / "power.parquet")
    assert table.schema == POWER
    assert [one["found_share"] for one in table.to_pylist()] == [
        one["found_share"] for one in told["results"]
    ]
    page = (tmp_path / "out" / "power.html").read_text()
    assert told["statement"] in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert (tmp_path / "out" / "power-10s.svg").read_text().startswith("<svg")
    assert len((tmp_path / "out" / "power.csv").read_text().splitlines()) == 1 + 4
    assert {path: path.read_bytes() for path in before} == before


def test_same_seed_same_figures_and_an_interrupted_measurement_goes_on(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup, room = Setup(QUICK, Coaction()), (None, 1)
    whole = run_power(dataset, tmp_path / "whole", setup, room, Silent())
    real, calls = power_module.found_members, []

    def stops(*arguments: Any) -> object:
        calls.append(1)
        if len(calls) == 9:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(power_module, "found_members", stops)
    with pytest.raises(KeyboardInterrupt):
        run_power(dataset, tmp_path / "parts", setup, room, Silent())
    logs = list((tmp_path / "parts" / ".work").glob("*/plantings-*.ndjson"))
    finished = len(logs[0].read_text().splitlines())
    assert 0 < finished < 16
    logs[0].write_text(logs[0].read_text() + '["cut off by a ki')
    calls.clear()
    calls.extend([1] * 100)
    again = run_power(dataset, tmp_path / "parts", setup, room, Silent())
    assert len(calls) - 100 == 16 - finished + 2  # two to say what it will cost
    assert again.record == whole.record
    assert not list((tmp_path / "parts" / ".work").iterdir())


def test_refusals_say_what_to_do(dataset: Path, tmp_path: Path) -> None:
    for wrong in (
        {"sizes": (1,)}, {"sizes": ()}, {"objects": (0,)}, {"jitters_s": (0.0,)}, {"runs": 0},
        {"known": 1.5}, {"seed": -1},
    ):  # fmt: skip
        with pytest.raises(UsageError) as said:
            PowerGrid(**wrong)
        assert said.value.fix
    with pytest.raises(InputError, match="no dataset"):
        run_power(tmp_path, tmp_path / "out", Setup(QUICK, Coaction()), (None, 1), Silent())
    with pytest.raises(InputError, match="image"):
        setup = Setup(QUICK, Coaction(), "image")
        run_power(dataset, tmp_path / "out", setup, (None, 1), Silent())
    with pytest.raises(UsageError, match="given windows"):
        setup = Setup(QUICK, Coaction(auto_window=True))
        run_power(dataset, tmp_path / "out", setup, (None, 1), Silent())
    answer = CliRunner().invoke(power, [str(dataset), "-o", "x", "--sizes", "three"])
    assert isinstance(answer.exception, AssayError)


def test_words_follow_the_figures() -> None:
    rows = [row(3, 4, 0, 0.0, 0.16), row(6, 8, 18, 0.7, 0.97), row(25, 8, 20, 0.84, 1.0)]
    assert headline(rows, "link") == (
        "A group of 6 that shares 8 links within 20 s was found in 18 of 20 plantings; "
        "one of 3 with 4 links in none of 20 plantings."
    )
    assert headline([rows[2]], "repost") == (
        "A group of 25 that reposts 8 posts within 20 s was found in all 20 plantings."
    )
    assert OWN_CROWD not in remarks(rows, "link")
    assert "1 of the 3 kinds" in remarks(rows, "link")[0]
    assert OWN_CROWD in remarks([row(3, 8, 20, 0.84, 1.0), row(25, 8, 0, 0.0, 0.16)], "link")
    assert remarks([rows[1]], "link") == ()


def test_picture_names_every_figure_for_those_who_do_not_see_it() -> None:
    rows = [row(3, 4, 0, 0.0, 0.16), row(6, 4, 18, 0.7, 0.97)]
    drawn = str(draw_power(rows))
    assert "0% of groups of 3 with 4 objects" in drawn
    assert "90% of groups of 6 with 4 objects" in drawn
    assert "#" not in drawn.split("</title>")[1]  # colours are the page's

"""The seed documents with their hand-made truth, where they lie beside the repository."""

import pytest

from benchmarks import documents_seeds as seeds

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not (seeds.SEEDS / "gold").exists(),
        reason="no seed documents beside the repository",
    ),
]


def test_measures_demands_and_counts_reach_their_goals(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["documents_seeds"])
    seeds.main()
    figures = {}
    for line in capsys.readouterr().out.splitlines():
        words = line.split()
        if "F1" in words:
            figures[words[0]] = float(words[2])
        elif ": " in line:
            figures[line.rsplit(": ", 1)[0]] = int(line.rsplit(": ", 1)[1])
    assert figures["measures"] >= 0.95
    assert figures["demands"] >= 0.95
    assert figures["counts"] == 1.0
    assert figures["events outside of the document's own words, unmarked"] == 0
    assert figures["unsupported values"] == 0

"""What GraphML and GEXF must share: a reader gets back the network, whatever the text."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.engine.write import write_table
from assay.errors import CheckFailed, InputError
from assay.exchange.base import Exporter
from assay.exchange.gexf import Gexf
from assay.exchange.graphml import GraphMl
from assay.model import tables
from assay.model.dataset import RunFolder
from tests.exchange.made_run import make_run

FORMATS = (GraphMl(), Gexf())
HANDLES = {"simnet-a:1": "ann & <bob>", "simnet-a:2": None, "simnet-b:3": 'Ünï "x"\n y'}
LEGAL = st.characters(exclude_categories=("Cs",), exclude_characters="\x00\ufffe\uffff").filter(
    lambda char: char in "\t\n\r" or ord(char) >= 0x20
)


def read_back(exporter: Exporter, path: Path) -> nx.Graph:
    if exporter.name == "graphml":
        return nx.read_graphml(path)
    return nx.read_gexf(path, version="1.3")


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda item: item.name)
def test_reads_back_with_every_attribute(exporter: Exporter, tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", HANDLES)
    (path,) = exporter.write(run, tmp_path / f"net{exporter.suffix}")
    graph = read_back(exporter, path)
    assert not graph.is_directed()
    assert set(graph.nodes) == set(HANDLES)
    ann = graph.nodes["simnet-a:1"]
    assert ann["label"] == ann["handle"] == "ann & <bob>"
    assert (ann["community"], ann["degree"], ann["strength"], ann["shares"]) == (0, 2, 7, 40)
    assert ann["p_value"] == 1e-7
    assert "q_value" not in ann
    assert graph.nodes["simnet-a:2"]["label"] == "simnet-a:2"
    assert "handle" not in graph.nodes["simnet-a:2"]
    assert graph.nodes["simnet-b:3"]["handle"] == HANDLES["simnet-b:3"]
    edge = graph.edges["simnet-a:1", "simnet-b:3"]
    assert edge["weight"] == 3
    assert edge["kinds"] == "hashtag|link"
    assert edge["windows_s"] == "10|60.5"
    assert edge["q_value"] == 1.25e-9
    assert edge["first_at"] == "2024-03-04T12:00:00.250000Z"
    assert edge["last_at"] == "2024-03-06T12:00:00.250000Z"
    assert graph.number_of_edges() == 3


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda item: item.name)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    ids=st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=5, unique=True),
    handle=st.text(alphabet=LEGAL, min_size=1, max_size=12),
)
def test_hostile_text_neither_breaks_nor_joins_accounts(
    exporter: Exporter, ids: list[str], handle: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = make_run(Path(folder) / "run", dict.fromkeys(ids, handle))
        (path,) = exporter.write(run, Path(folder) / "net")
        graph = read_back(exporter, path)
        ElementTree.parse(path)
    assert graph.number_of_nodes() == len(ids)
    assert graph.number_of_edges() == len(ids) * (len(ids) - 1) // 2
    # A text of XML's own characters comes back as it was.
    assert {data["handle"] for _, data in graph.nodes(data=True)} == {handle}


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda item: item.name)
def test_forbidden_characters_become_the_replacement_character(
    exporter: Exporter, tmp_path: Path
) -> None:
    run = make_run(tmp_path / "run", {"a\x01": "h\x00\x0b\ufffe", "a\\u0001": "b", "c": "c"})
    (path,) = exporter.write(run, tmp_path / "net")
    graph = read_back(exporter, path)
    assert graph.nodes["a\\u0001"]["handle"] == "h\ufffd\ufffd\ufffd"
    assert graph.nodes["a\\\\u0001"]["handle"] == "b"


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda item: item.name)
def test_same_run_gives_same_bytes_and_no_part_is_left(exporter: Exporter, tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", HANDLES)
    (first,) = exporter.write(run, tmp_path / "out" / "first")
    (second,) = exporter.write(run, tmp_path / "out" / "second")
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["first", "second"]


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda item: item.name)
def test_without_a_dataset_the_id_is_the_label(exporter: Exporter, tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", HANDLES)
    run.dataset.accounts.unlink()
    (path,) = exporter.write(run, tmp_path / "net")
    assert {data["label"] for _, data in read_back(exporter, path).nodes(data=True)} == set(HANDLES)


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda item: item.name)
def test_empty_network_is_a_valid_file(exporter: Exporter, tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", {"only": None})
    write_table(
        run.network_accounts, tables.NETWORK_ACCOUNTS.empty_table(), tables.NETWORK_ACCOUNTS
    )
    (path,) = exporter.write(run, tmp_path / "net")
    assert read_back(exporter, path).number_of_nodes() == 0


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda item: item.name)
def test_run_without_network_says_what_to_do(exporter: Exporter, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the run has no network\.parquet") as raised:
        exporter.write(RunFolder(tmp_path), tmp_path / "net")
    assert raised.value.fix is not None
    assert not (tmp_path / "net").exists()


def test_edge_of_an_unknown_account_is_refused(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", HANDLES)
    accounts = pq.read_table(run.network_accounts)
    write_table(run.network_accounts, accounts.slice(1), tables.NETWORK_ACCOUNTS)
    with pytest.raises(CheckFailed, match="simnet-a:1"):
        Gexf().write(run, tmp_path / "net")


def test_gexf_has_the_structure_of_version_1_3(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", HANDLES)
    (path,) = Gexf().write(run, tmp_path / "net.gexf")
    space = "{http://gexf.net/1.3}"
    root = ElementTree.parse(path).getroot()
    assert (root.tag, root.get("version")) == (f"{space}gexf", "1.3")
    assert [child.tag for child in root] == [f"{space}meta", f"{space}graph"]
    graph = root[1]
    assert [child.tag.removeprefix(space) for child in graph] == [
        "attributes",
        "attributes",
        "nodes",
        "edges",
    ]
    for kind, element, items in (("node", graph[0], graph[2]), ("edge", graph[1], graph[3])):
        assert element.get("class") == kind
        declared = {attribute.get("id"): attribute.get("type") for attribute in element}
        assert set(declared.values()) <= {"string", "long", "double"}
        used = {value.get("for") for value in items.iter(f"{space}attvalue")}
        assert used <= set(declared)
    assert graph[2].get("count") == "3"
    assert len({edge.get("id") for edge in graph[3]}) == 3


def test_graphml_declares_every_key_before_the_graph(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", HANDLES)
    (path,) = GraphMl().write(run, tmp_path / "net.graphml")
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ElementTree.parse(path).getroot()
    tags = [child.tag.removeprefix(space) for child in root]
    assert tags == ["key"] * (len(tags) - 1) + ["graph"]
    declared = {(key.get("id"), key.get("for")) for key in root.iter(f"{space}key")}
    for target in ("node", "edge"):
        for item in root.iter(f"{space}{target}"):
            assert {(data.get("key"), target) for data in item} <= declared


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("large")
    return make_run(folder, {f"a{number:04d}": None for number in range(317)})


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda item: item.name)
def test_fifty_thousand_edges_in_seconds(
    exporter: Exporter, large: RunFolder, tmp_path: Path
) -> None:
    assert pq.read_metadata(large.network).num_rows == 50_086
    began = time.process_time()
    exporter.write(large, tmp_path / "net")
    assert time.process_time() - began < 10
    assert (tmp_path / "net").read_text("utf-8").count("<edge ") == 50_086

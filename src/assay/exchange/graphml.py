"""GraphML: the network for Gephi, yEd, igraph, networkx (http://graphml.graphdrawing.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.exchange.network_graph import (
    EDGE_ATTRIBUTES,
    NODE_ATTRIBUTES,
    NetworkGraph,
    read_network,
)
from assay.exchange.xml_text import content, identifier, lexical, write_pieces
from assay.model.dataset import RunFolder

_NODES = (("label", "string"), *NODE_ATTRIBUTES)
_EDGES = (("weight", "long"), *EDGE_ATTRIBUTES)
_HEAD = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
    'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)


@dataclass(frozen=True)
class GraphMl:
    """The undirected network as GraphML 1.0; a node's id is its account id."""

    name: str = "graphml"
    suffix: str = ".graphml"
    summary: str = "the network for Gephi, yEd, igraph and networkx"

    def write(self, run: RunFolder, out: Path) -> list[Path]:
        """Write the network to one file.

        Raises:
            InputError: The run has no network.
        """
        write_pieces(out, _pieces(read_network(run)))
        return [out]


def _pieces(graph: NetworkGraph) -> Iterator[str]:
    yield _HEAD
    for target, attributes in (("node", _NODES), ("edge", _EDGES)):
        for name, kind in attributes:
            yield (
                f'  <key id="{target}_{name}" for="{target}" attr.name="{name}" '
                f'attr.type="{kind}"/>\n'
            )
    yield '  <graph id="network" edgedefault="undirected">\n'
    for node in graph.nodes():
        labelled = {"label": node["handle"] or node["account_id"], **node}
        yield f"    <node id={identifier(node['account_id'])}>{_data('node', _NODES, labelled)}"
        yield "</node>\n"
    for edge in graph.links():
        source, target = identifier(edge["account_a"]), identifier(edge["account_b"])
        yield f"    <edge source={source} target={target}>{_data('edge', _EDGES, edge)}</edge>\n"
    yield "  </graph>\n</graphml>\n"


def _data(target: str, attributes: tuple[tuple[str, str], ...], row: Mapping[str, Any]) -> str:
    """The data elements of one node or edge; a null has none."""
    return "".join(
        f'<data key="{target}_{name}">{content(lexical(row[name]))}</data>'
        for name, _ in attributes
        if row[name] is not None
    )

"""GEXF 1.3: the network for Gephi (https://gexf.net/schema.html)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay import __version__
from assay.exchange.network_graph import (
    EDGE_ATTRIBUTES,
    NODE_ATTRIBUTES,
    NetworkGraph,
    read_network,
)
from assay.exchange.xml_text import attribute, identifier, lexical, write_pieces
from assay.model.dataset import RunFolder

_HEAD = (
    '<gexf xmlns="http://gexf.net/1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">\n'
)


@dataclass(frozen=True)
class Gexf:
    """The undirected network as GEXF 1.3; a node's id is its account id, its label the handle."""

    name: str = "gexf"
    suffix: str = ".gexf"
    summary: str = "the network for Gephi"

    def write(self, run: RunFolder, out: Path) -> list[Path]:
        """Write the network to one file.

        Raises:
            InputError: The run has no network.
        """
        write_pieces(out, _pieces(read_network(run)))
        return [out]


def _pieces(graph: NetworkGraph) -> Iterator[str]:
    yield _HEAD
    # No date: the same run gives the same bytes.
    yield f"  <meta>\n    <creator>assay {__version__}</creator>\n"
    yield "    <description>Network of accounts that acted together</description>\n  </meta>\n"
    yield '  <graph defaultedgetype="undirected" mode="static" idtype="string">\n'
    yield from _declarations("node", NODE_ATTRIBUTES)
    yield from _declarations("edge", EDGE_ATTRIBUTES)
    yield f'    <nodes count="{len(graph.accounts)}">\n'
    for node in graph.nodes():
        label = attribute(node["handle"] or node["account_id"])
        yield f"      <node id={identifier(node['account_id'])} label={label}>"
        yield _values(NODE_ATTRIBUTES, node) + "</node>\n"
    yield f'    </nodes>\n    <edges count="{len(graph.edges)}">\n'
    for number, edge in enumerate(graph.links()):
        source, target = identifier(edge["account_a"]), identifier(edge["account_b"])
        yield f'      <edge id="{number}" source={source} target={target} '
        yield f'weight="{edge["weight"]}">{_values(EDGE_ATTRIBUTES, edge)}</edge>\n'
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _declarations(target: str, attributes: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield f'    <attributes class="{target}" mode="static">\n'
    for name, kind in attributes:
        yield f'      <attribute id="{name}" title="{name}" type="{kind}"/>\n'
    yield "    </attributes>\n"


def _values(attributes: tuple[tuple[str, str], ...], row: Mapping[str, Any]) -> str:
    """The attribute values of one node or edge; a null has none."""
    values = "".join(
        f'<attvalue for="{name}" value={attribute(lexical(row[name]))}/>'
        for name, _ in attributes
        if row[name] is not None
    )
    return f"<attvalues>{values}</attvalues>" if values else ""

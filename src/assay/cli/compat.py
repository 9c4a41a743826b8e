"""``assay compat``: the networks of two peers under their own rules, for those who move over."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assay.cli.options import TerminalProgress, print_json, quiet_option, with_options
from assay.errors import UsageError
from assay.model.units import parse_duration_s

if TYPE_CHECKING:
    import pyarrow as pa

Command = TypeVar("Command", bound=Callable[..., Any])

NETWORKS = ("co_link", "co_retweet", "co_tweet", "co_reply", "co_post")


class Window(click.ParamType[float]):
    """A duration that may be zero: only posts of the same moment."""

    name = "window"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read one window."""
        return value if isinstance(value, float) else parse_duration_s(str(value), or_zero=True)


def _shared_options(command: Command) -> Command:
    """FILE, window, output and how much is said."""
    return with_options(
        command,
        click.argument("file", type=click.Path(path_type=Path)),
        click.option(
            "--window",
            "window_s",
            type=Window(),
            default="60s",
            show_default=True,
            help="Posts at most this far apart count together.",
        ),
        click.option(
            "-o",
            "--out",
            "--output",
            "output",
            type=click.Path(path_type=Path, dir_okay=False),
            required=True,
            help="Edges, as .parquet or .csv.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON."),
        quiet_option("Show nothing but errors."),
    )


@click.group()
def compat() -> None:
    """Peers' rules, for those who move over.

    The networks of CooRTweet 2.1.3 and coordination-network-toolkit 1.5.2, edge by edge. They
    carry no test against chance: `assay detect coaction` does.
    """


@compat.command()
@_shared_options
@click.option(
    "--min-participation",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="Rows that an account needs, in the input and again in share pairs.",
)
@click.option(
    "--edge-weight",
    type=click.FloatRange(0, 1),
    help="Keep only edges whose weight exceeds this quantile of all weights.",
)
def coortweet(
    file: Path,
    output: Path,
    min_participation: int,
    edge_weight: float | None,
    **shared: Any,
) -> None:
    """CooRTweet's network of a table of shares.

    FILE holds object_id, account_id, content_id and timestamp_share, as Parquet or CSV.
    """
    from assay.compat.coortweet import FIELDS, CooRTweetRules, coortweet_network
    from assay.compat.tables import read_table

    _check_output(output)
    began = time.process_time()
    rules = CooRTweetRules(shared["window_s"], min_participation, edge_weight)
    progress = TerminalProgress(quiet=shared["quiet"] or shared["as_json"])
    network = coortweet_network(read_table(file, FIELDS), rules, progress)
    progress.finish()
    summary = {
        "tool": "CooRTweet 2.1.3",
        "rows": network.rows,
        "share_pairs": network.share_pairs,
        "edges_before_threshold": network.all_edges,
        "threshold": network.threshold,
        "accounts": _distinct(network.edges, "from", "to"),
    }
    _deliver(network.edges, output, summary | {"cpu_s": time.process_time() - began}, shared)


@compat.command()
@_shared_options
@click.option(
    "--network",
    type=click.Choice(NETWORKS),
    required=True,
    help="What two posts must have in common.",
)
@click.option(
    "--min-edge-weight",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Posts that an edge needs.",
)
def cnt(file: Path, output: Path, network: str, min_edge_weight: int, **shared: Any) -> None:
    """One of coordination-network-toolkit's networks, loops included.

    FILE is a table of shares (object_id, account_id, content_id, timestamp_share) or a file of
    posts with CNT's columns (message_id, user_id, username, repost_id, reply_id, message,
    timestamp, urls), as Parquet or CSV.
    """
    from assay.compat.cnt import CntRules, as_network, cnt_network, read_posts

    _check_output(output)
    began = time.process_time()
    rules = CntRules(as_network(network), shared["window_s"], min_edge_weight)
    progress = TerminalProgress(quiet=shared["quiet"] or shared["as_json"])
    found = cnt_network(read_posts(file, rules.network), rules, progress)
    progress.finish()
    summary = {
        "tool": "coordination-network-toolkit 1.5.2",
        "network": network,
        "rows": found.rows,
        "messages": found.messages,
        "matched_rows": found.matched_rows,
        "accounts": _distinct(found.edges, "user_1", "user_2"),
    }
    _deliver(found.edges, output, summary | {"cpu_s": time.process_time() - began}, shared)


def _check_output(output: Path) -> None:
    """Refuse what cannot be written before any work is done; missing folders are made."""
    if output.suffix.lower() not in (".parquet", ".csv"):
        raise UsageError(f"cannot write {output.name}", fix="end the name in .parquet or .csv")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"the folder {output.parent} cannot be made: {error.strerror}",
            fix="name a file in another folder with -o",
        ) from error
    if not os.access(output.parent, os.W_OK):
        raise UsageError(
            f"the folder {output.parent} cannot be written", fix="name another folder with -o"
        )


def _distinct(edges: pa.Table, *columns: str) -> int:
    import pyarrow as pa
    import pyarrow.compute as pc

    chunks = [chunk for name in columns for chunk in edges[name].chunks]
    return int(pc.count_distinct(pa.chunked_array(chunks, pa.string())).as_py())


def _deliver(
    edges: pa.Table, output: Path, summary: dict[str, Any], shared: dict[str, Any]
) -> None:
    from assay.engine.write import write_exact

    write_exact(output, edges)
    summary |= {"window_s": shared["window_s"], "edges": len(edges), "output": str(output)}
    if shared["as_json"]:
        print_json(summary)
    elif not shared["quiet"]:
        click.echo(f"{len(edges):,} edges between {summary['accounts']:,} accounts: {output}")

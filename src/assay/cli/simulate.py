"""``assay simulate``: make a campaign with known truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import comma_list, out_folder, print_json
from assay.errors import UsageError
from assay.laboratory.campaign import Campaign, meanings

if TYPE_CHECKING:
    from assay.laboratory.compared import Comparison

FORMAT_NAMES = (
    "csv",
    "ndjson",
    "parquet",
    "share-table",
    "share-table-parquet",
    "twitter-v2",
    "telegram-export",
    "ira-tweets",
)


class Moment(click.ParamType[datetime]):
    """``2024-03-04`` or ``2024-03-04T12:00Z``: a moment; without a zone it is UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read one moment."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise UsageError(f"{value!r} is no date", fix="write it as 2024-03-04") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Several(click.ParamType[tuple[Any, ...]]):
    """``a,b``: several texts or numbers."""

    name = "list"

    def __init__(self, of: Callable[[str], Any]) -> None:
        self._of = of

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read one list."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(self._of(part) for part in comma_list(str(value)))
        except ValueError as error:
            raise UsageError(f"{value!r} is no list of numbers", fix="write 0,8") from error


def _parameter_type(default: Any) -> click.ParamType[Any] | type:
    if isinstance(default, datetime):
        return Moment()
    if isinstance(default, tuple):
        return Several(type(default[0]))
    return type(default)


def campaign_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """One option per parameter of :class:`~assay.laboratory.campaign.Campaign`."""
    for item, meaning in reversed(meanings()):
        default = item.default
        shown = ",".join(map(str, default)) if isinstance(default, tuple) else default
        shown = f"{default:%Y-%m-%d}" if isinstance(default, datetime) else shown
        command = click.option(
            "--" + item.name.replace("_", "-"),
            item.name,
            type=_parameter_type(default),
            default=default,
            show_default=str(shown),
            help=meaning[0].upper() + meaning[1:] + ".",
        )(command)
    return command


@click.command()
@out_folder("Folder to write to.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMAT_NAMES),
    default="csv",
    show_default=True,
    help="How the posts are written.",
)
@click.option(
    "--like",
    type=click.Path(path_type=Path),
    help="Draw the background like this dataset: its statistics, none of its texts or names.",
)
@click.option("--json", "as_json", is_flag=True, help="Say what was made as JSON.")
@campaign_options
def simulate(out: Path, format_: str, like: Path | None, as_json: bool, **parameters: Any) -> None:
    """Make a campaign with known truth.

    Planted groups act as one inside an organic background; a publisher's feed does so openly.
    The same parameters give the same bytes. Ids, links and texts are placeholders that cannot
    be posted anywhere. OUT gets the posts, accounts.csv, truth.csv and truth.json; with --like
    also likeness.json, which says how like the data the background came out.
    """
    campaign = Campaign(**parameters)
    from assay.laboratory.campaign_files import write_campaign
    from assay.laboratory.simulate import simulate as make

    comparisons: Sequence[Comparison] = ()
    if like is None:
        sim = make(campaign)
    else:
        from assay.laboratory.like_run import simulate_like

        made = simulate_like(campaign, like, _given(click.get_current_context()))
        sim, comparisons = made.sim, made.comparisons
    files = write_campaign(sim, out, format_)
    if like is not None:
        from assay.laboratory.like_run import write_likeness

        write_likeness(out / "likeness.json", comparisons)
        files.append(out / "likeness.json")
    planted = [group for group in sim.groups if not group.declared]
    if as_json:
        print_json(
            {
                "files": [str(path) for path in files],
                "posts": sim.posts.num_rows,
                "accounts": sim.accounts.num_rows,
                "groups": {group.name: list(group.account_ids) for group in sim.groups},
                "likeness": [asdict(comparison) for comparison in comparisons],
            }
        )
        return
    sizes = ", ".join(f"{len(group.account_ids)} ({group.behaviour})" for group in planted)
    click.echo(
        f"{sim.posts.num_rows} posts by {sim.accounts.num_rows} accounts in {files[0]}\n"
        f"planted groups: {sizes or 'none'}; declared feed: "
        f"{campaign.feed_accounts} accounts; the truth is in {out / 'truth.csv'}"
    )
    if comparisons:
        click.echo(_likeness_table(comparisons))


def _given(context: click.Context) -> list[str]:
    """Parameters that stand on the command line."""
    by_hand = click.core.ParameterSource.COMMANDLINE
    return [name for name in context.params if context.get_parameter_source(name) is by_hand]


def _likeness_table(comparisons: Sequence[Comparison]) -> str:
    lines = [
        "",
        "how like the data the background is: median, 90 %, 99 %, largest; D from 0 to 1",
        f"{'':8} {'':26} {'data':>34}  {'simulated':>34}      D",
    ]
    lines += [
        f"{row.kind:8} {row.name:26} {_figures(row.source):>34}  {_figures(row.simulated):>34}  "
        f"{row.distance:.3f}"
        for row in comparisons
    ]
    return "\n".join(lines)


def _figures(values: Sequence[float]) -> str:
    return " ".join(f"{value:>8,.0f}" for value in values)

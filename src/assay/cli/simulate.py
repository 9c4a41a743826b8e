"""``assay simulate``: make a campaign with known truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from assay.cli.options import comma_list, print_json
from assay.errors import UsageError
from assay.laboratory.campaign import Campaign, meanings

FORMAT_NAMES = ("csv", "ndjson", "parquet", "share-table")


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
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder to write to.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMAT_NAMES),
    default="csv",
    show_default=True,
    help="How the posts are written.",
)
@click.option("--json", "as_json", is_flag=True, help="Say what was made as JSON.")
@campaign_options
def simulate(out: Path, format_: str, as_json: bool, **parameters: Any) -> None:
    """Make a campaign with known truth.

    Planted groups act as one inside an organic background; a publisher's feed does so openly.
    The same parameters give the same bytes. Ids, links and texts are placeholders that cannot
    be posted anywhere. OUT gets the posts, accounts.csv, truth.csv and truth.json.
    """
    campaign = Campaign(**parameters)
    from assay.laboratory.campaign_files import write_campaign
    from assay.laboratory.simulate import simulate as make

    sim = make(campaign)
    files = write_campaign(sim, out, format_)
    planted = [group for group in sim.groups if not group.declared]
    if as_json:
        print_json(
            {
                "files": [str(path) for path in files],
                "posts": sim.posts.num_rows,
                "accounts": sim.accounts.num_rows,
                "groups": {group.name: list(group.account_ids) for group in sim.groups},
            }
        )
        return
    sizes = ", ".join(f"{len(group.account_ids)} ({group.behaviour})" for group in planted)
    click.echo(
        f"{sim.posts.num_rows} posts by {sim.accounts.num_rows} accounts in {files[0]}\n"
        f"planted groups: {sizes or 'none'}; declared feed: "
        f"{campaign.feed_accounts} accounts; the truth is in {out / 'truth.csv'}"
    )

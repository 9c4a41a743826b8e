"""``assay pseudonymise``: the key behind pseudonyms, and what they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import print_json

if TYPE_CHECKING:
    from assay.bundle.pseudonym_key import PseudonymKey
    from assay.bundle.pseudonymised_dataset import Pseudonyms
    from assay.model.dataset import Dataset, RunFolder
    from assay.model.progress import Progress


def pseudonym_options(command: click.decorators.FC) -> click.decorators.FC:
    """The options of every command whose output can be pseudonymised."""
    command = click.option(
        "--keep-words",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="With --pseudonymise: words, one a line, that stay in texts though an account is "
        "called so.",
    )(command)
    return click.option(
        "--pseudonymise",
        type=click.Path(path_type=Path),
        metavar="KEYFILE",
        help="First replace everything that names a person by pseudonyms under this key. Make one "
        "with `assay pseudonymise new-key`.",
    )(command)


@click.group()
def pseudonymise() -> None:
    """Make the key behind pseudonyms, and turn pseudonyms back with it.

    `assay scan … --pseudonymise KEYFILE` replaces ids, handles, names, links and mentions by
    pseudonyms, everywhere the same. Keep KEYFILE and KEYFILE.mapping apart from the output: who
    has both can turn every pseudonym back, and without them nobody can.
    """


@pseudonymise.command("new-key")
@click.argument("keyfile", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the fingerprint as JSON.")
def new_key(keyfile: Path, as_json: bool) -> None:
    """Write a new key of 256 bits that only you can read; an old file is never replaced."""
    from assay.bundle import pseudonym_key

    key = pseudonym_key.new_key(keyfile)
    if as_json:
        print_json({"key": str(keyfile), "fingerprint": key.fingerprint})
        return
    click.echo(f"{keyfile} (fingerprint {key.fingerprint})")
    click.echo("Keep a copy: without it no pseudonym made with it can be turned back.")


@pseudonymise.command()
@click.argument("keyfile", type=click.Path(path_type=Path))
@click.argument("pseudonyms", nargs=-1, required=True, metavar="PSEUDONYM...")
@click.option("--json", "as_json", is_flag=True, help="Print pseudonyms and names as JSON.")
def reveal(keyfile: Path, pseudonyms: tuple[str, ...], as_json: bool) -> None:
    """Say what pseudonyms stand for.

    A platform before the pseudonym (twitter:account-…) does no harm. Texts are not kept: find
    the post by its id in the data as you received them.
    """
    from assay.bundle.pseudonym_mapping import open_mapping

    key = key_of(keyfile)
    with open_mapping(key, create=False) as mapping:
        found = {one: mapping.reveal(one.rpartition(":")[2]) for one in pseudonyms}
    if as_json:
        print_json(found)
        return
    for pseudonym, name in found.items():
        click.echo(f"{pseudonym}\t{name}")


@pseudonymise.command()
@click.argument("keyfile", type=click.Path(path_type=Path))
@click.argument("account")
@click.option("--json", "as_json", is_flag=True, help="Print the pseudonyms as JSON.")
def find(keyfile: Path, account: str, as_json: bool) -> None:
    """Say under which pseudonym an account stands, so that `assay contest` can be asked for it.

    ACCOUNT is its id in the data as you received them, with its platform (twitter:123) or without.
    """
    from assay.bundle.pseudonym_mapping import open_mapping
    from assay.errors import InputError

    key = key_of(keyfile)
    with open_mapping(key, create=False) as mapping:
        found = mapping.find(account)
    if not found:
        raise InputError(
            f"no account {account} is in an output made with this key",
            fix="give its id as the data have it; a handle is found only where it serves as the id",
            file=key.mapping_file,
        )
    if as_json:
        print_json({"account": account, "pseudonyms": found})
        return
    for one in found:
        click.echo(one)


def key_of(keyfile: Path) -> PseudonymKey:
    """Read a key, with a warning where others can read it too.

    Raises:
        InputError: It is no key.
    """
    from assay.bundle.pseudonym_key import permission_warning, read_key

    key = read_key(keyfile)
    warning = permission_warning(keyfile)
    if warning:
        click.echo(f"warning: {warning}", err=True)
    return key


def pseudonyms_of(values: dict[str, Any]) -> Pseudonyms | None:
    """What the options of :func:`pseudonym_options` ask for; None if nothing.

    Raises:
        InputError: The key or the list of words cannot be used.
        UsageError: Words are kept and nothing is pseudonymised.
    """
    from assay.errors import UsageError

    if values["pseudonymise"] is None:
        if values["keep_words"] is not None:
            raise UsageError(
                "--keep-words goes with --pseudonymise", fix="name the key: --pseudonymise KEYFILE"
            )
        return None
    from assay.bundle.pseudonymised_dataset import Pseudonyms

    return Pseudonyms(key_of(values["pseudonymise"]), words_of(values["keep_words"]))


@contextmanager
def nameless_run(
    run: RunFolder, dataset: Dataset | None, values: dict[str, Any], progress: Progress
) -> Iterator[RunFolder]:
    """The run to derive from: itself, or made again under pseudonyms if the options ask for it.

    Raises:
        InputError: The key, the run or its dataset cannot be used.
    """
    pseudonyms = pseudonyms_of(values)
    if pseudonyms is None:
        yield run
        return
    from assay.handover import pseudonymised_run
    from assay.settings import read_settings
    from assay.workbench import RunOptions

    settings = read_settings()
    options = RunOptions(memory_bytes=settings.memory_bytes, threads=settings.threads)
    with pseudonymised_run(run, dataset, pseudonyms, options, progress) as nameless:
        yield nameless


def words_of(path: Path | None) -> tuple[str, ...]:
    """The words of a file, one a line.

    Raises:
        InputError: It is no text.
    """
    from assay.errors import InputError

    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(
            "the list of words is not UTF-8", fix="save it as UTF-8", file=path
        ) from error
    return tuple(line.strip() for line in lines if line.strip())

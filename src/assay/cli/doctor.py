"""``assay doctor``: say what this machine has and lacks."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay import __version__
from assay.cli.options import print_json
from assay.errors import EXIT_DONE, EXIT_FAILED, StepFailed

if TYPE_CHECKING:
    from assay.cli.machine import Extra, Machine, Package, Program

COMFORTABLE_BYTES = 2_000_000_000
"""With less memory, large runs need --memory and spill to disk."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON, for machines.")
def doctor(as_json: bool) -> int:
    """Say what this machine has and lacks.

    Looks at Python packages, optional extras, programs, cores, memory and disk; changes nothing.
    Exit code 4 if a package is missing that Assay cannot do without.
    """
    try:
        from assay.cli.machine import PROGRAMS, core_packages, extras, look_at_machine, look_for
    except ModuleNotFoundError as error:
        raise StepFailed(
            f"the package {error.name} is missing, and the doctor itself needs it",
            fix="install Assay with its requirements again: `make demo` in its sources' folder",
        ) from error
    from assay.settings import read_settings

    settings = read_settings()
    machine = look_at_machine(settings.spill_dir or Path())
    packages = core_packages()
    complete = all(package.fits for package in packages)
    optional = extras()
    programs = [look_for(wanted) for wanted in PROGRAMS]
    if as_json:
        print_json(
            {
                "assay": __version__,
                "complete": complete,
                "machine": asdict(machine),
                "settings": json.loads(json.dumps(asdict(settings), default=str)),
                "packages": [asdict(package) for package in packages],
                "extras": [{**asdict(item), "complete": item.complete} for item in optional],
                "programs": [_program_json(program) for program in programs],
            }
        )
    else:
        _say_machine(machine, settings.threads)
        _say_packages(packages)
        _say_extras(optional)
        _say_programs(programs)
        click.echo(
            "\nEverything that Assay needs is here."
            if complete
            else "\nAssay cannot run: install the packages marked ✗ (make does it in a checkout)."
        )
    return EXIT_DONE if complete else EXIT_FAILED


def _program_json(program: Program) -> dict[str, Any]:
    return {
        "name": program.wanted.name,
        "path": program.path,
        "version": program.version,
        "fits": program.fits,
        "purpose": program.wanted.purpose,
        "install": program.wanted.install,
    }


def _say_machine(machine: Machine, threads: int) -> None:
    from assay.model.units import format_bytes

    def size(count: int | None) -> str:
        return "unknown" if count is None else format_bytes(count)

    click.echo(f"assay {__version__}, Python {machine.python}, {machine.system}")
    click.echo(f"cores: {machine.cores} (a run uses {threads})")
    click.echo(
        f"memory: {size(machine.memory_bytes)}, {size(machine.available_bytes)} of it free; "
        f"disk: {size(machine.free_disk_bytes)} free"
    )
    if machine.memory_bytes is not None and machine.memory_bytes < COMFORTABLE_BYTES:
        click.echo("  little memory: large runs spill to disk and take longer (see --memory)")


def _say_packages(packages: tuple[Package, ...]) -> None:
    click.echo("\nPackages that Assay needs")
    for package in packages:
        click.echo(_package_line(package))


def _package_line(package: Package) -> str:
    version = package.version or "missing"
    wanted = "" if package.fits else f"  (needs {package.wanted or 'any version'})"
    return f"  {_mark(package.fits)} {package.name} {version}{wanted}"


def _say_extras(optional: tuple[Extra, ...]) -> None:
    click.echo("\nOptional extras")
    for item in optional:
        click.echo(f"  {_mark(item.complete)} {item.name}: {item.purpose}")
        for package in item.packages:
            click.echo("  " + _package_line(package))
        if not item.complete:
            click.echo(f"    to get it: {item.install}")


def _say_programs(programs: list[Program]) -> None:
    click.echo("\nPrograms, none of them needed to scan")
    for program in programs:
        wanted = program.wanted
        if program.path is None:
            state = "not found"
        elif program.version is None:
            state = f"{program.path} does not run"
        else:
            state = f"{program.version} ({program.path})"
        click.echo(f"  {_mark(program.fits)} {wanted.name}: {state}")
        click.echo(f"    for {wanted.purpose}")
        if not program.fits:
            least = f", version {wanted.least} or later" if wanted.least else ""
            click.echo(f"    to get it: {wanted.install}{least}")


def _mark(good: bool) -> str:
    return "✓" if good else "✗"

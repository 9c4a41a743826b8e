"""What this machine has: packages, programs, cores, memory. Looks, and changes nothing."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from assay.errors import to_install

PROGRAM_TIMEOUT_S = 20
UNLIMITED_BYTES = 1 << 60
"""Control groups write "no limit" as a number beyond any machine."""

EXTRA_PURPOSES: Mapping[str, str] = {
    "documents": "read news, notices and reports into a record (assay read)",
    "evidence": "time stamps of bundles (assay stamp), defence sheets as PDF (assay contest) and "
    "evidence as a web archive (assay export)",
    "web": "cases and their web application (assay case, assay serve), SQLite or PostgreSQL",
    "identities": "find accounts and domains that resemble a protected body (assay detect)",
    "zstd": "read .zst files with windows above 128 MiB, such as dumps of Reddit (assay import)",
    "spark": "run on Apache Spark (--engine spark), for data that outgrow one machine",
}
"""What each optional extra of the package is for."""


@dataclass(frozen=True)
class Package:
    """A Python package that Assay asks for.

    Attributes:
        name: As on the package index.
        wanted: The versions that Assay works with, such as ``>=2.0,<3``.
        version: The one installed, or None.
        fits: Whether it is installed in a version that Assay works with.
    """

    name: str
    wanted: str
    version: str | None
    fits: bool


@dataclass(frozen=True)
class Extra:
    """An optional extra: its packages, what it is for, and how to get it."""

    name: str
    purpose: str
    install: str
    packages: tuple[Package, ...]

    @property
    def complete(self) -> bool:
        """Whether every package is there."""
        return all(package.fits for package in self.packages)


@dataclass(frozen=True)
class Wanted:
    """A program outside Python that Assay or its tests can use.

    Attributes:
        name: What people call it.
        commands: Names to look for, the first found counts.
        folders: Glob patterns of folders to look in beside PATH.
        purpose: What it is for.
        install: How to get it on a Debian-like machine.
        least: Least major version that works, or 0.
    """

    name: str
    commands: tuple[str, ...]
    purpose: str
    install: str
    least: int = 0
    folders: tuple[str, ...] = ()


PROGRAMS: tuple[Wanted, ...] = (
    Wanted(
        "Java",
        ("java",),
        "the Spark engine",
        "apt-get install openjdk-17-jre-headless",
        least=17,
    ),
    Wanted(
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome"),
        "the tests of the report in a browser; any browser opens the report itself",
        "apt-get install chromium",
    ),
    Wanted(
        "Node",
        ("node",),
        "building the report's pages from a checkout; make brings its own where there is none",
        "apt-get install nodejs",
        least=20,
    ),
    Wanted(
        "PostgreSQL",
        ("postgres", "psql"),
        "the tests of the case store; any PostgreSQL server holds the cases of a team",
        "apt-get install postgresql",
        folders=("/usr/lib/postgresql/*/bin",),
    ),
)


@dataclass(frozen=True)
class Program:
    """What was found of a wanted program; ``version`` is its own words, None if it said none."""

    wanted: Wanted
    path: str | None
    version: str | None

    @property
    def major(self) -> int | None:
        """The first number of the version."""
        found = re.search(r"(\d+)[.\d]*", self.version or "")
        return int(found.group(1)) if found else None

    @property
    def fits(self) -> bool:
        """Whether it is there, new enough, and runs."""
        return self.path is not None and (self.major or -1) >= self.wanted.least


@dataclass(frozen=True)
class Machine:
    """Cores and bytes; memory is what the process may use, a container's limit included."""

    system: str
    python: str
    cores: int
    memory_bytes: int | None
    available_bytes: int | None
    free_disk_bytes: int


def look_at_machine(work_folder: Path) -> Machine:
    """Cores that this process may use, memory, and free space where runs spill to."""
    meminfo = _meminfo()
    limits = [value for value in (meminfo.get("MemTotal"), memory_limit()) if value]
    return Machine(
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=min(limits, default=None),
        available_bytes=meminfo.get("MemAvailable"),
        free_disk_bytes=shutil.disk_usage(_existing(work_folder)).free,
    )


def _existing(folder: Path) -> Path:
    """The folder, or its nearest parent that exists: a run makes its spill folder itself."""
    absolute = folder.absolute()
    return next(path for path in (absolute, *absolute.parents) if path.exists())


def _meminfo(path: Path = Path("/proc/meminfo")) -> dict[str, int]:
    """Linux's memory figures in bytes; empty elsewhere."""
    if not path.exists():
        return {}
    found = re.findall(r"^(\w+):\s+(\d+) kB$", path.read_text("utf-8"), flags=re.MULTILINE)
    return {name: int(count) * 1024 for name, count in found}


def memory_limit(root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """The memory limit of the control group (version 2, then 1), or None."""
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        path = root / name
        text = path.read_text("ascii").strip() if path.is_file() else ""
        if text.isdigit() and int(text) < UNLIMITED_BYTES:
            return int(text)
    return None


def core_packages() -> tuple[Package, ...]:
    """The packages that Assay cannot do without."""
    return tuple(
        look_at_package(item)
        for item in _requirements()
        if item.marker is None or item.marker.evaluate({"extra": ""})
    )


def extras() -> tuple[Extra, ...]:
    """The optional extras and what is installed of each."""
    found = []
    for name in metadata.metadata("assay").get_all("Provides-Extra") or ():
        packages = [
            look_at_package(item)
            for item in _requirements()
            if item.marker is not None
            and item.marker.evaluate({"extra": name})
            and not item.marker.evaluate({"extra": ""})
        ]
        purpose = EXTRA_PURPOSES.get(name, "")
        found.append(Extra(name, purpose, to_install(name), tuple(packages)))
    return tuple(found)


def _requirements() -> list[Requirement]:
    return [Requirement(line) for line in metadata.requires("assay") or ()]


def look_at_package(requirement: Requirement) -> Package:
    """Whether the package is installed in a version that the requirement allows."""
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return Package(requirement.name, str(requirement.specifier), None, fits=False)
    fits = requirement.specifier.contains(version, prereleases=True)
    return Package(requirement.name, str(requirement.specifier), version, fits)


def look_for(wanted: Wanted, environ: Mapping[str, str] = os.environ) -> Program:
    """Find a program in JAVA_HOME (Java), on PATH or in its usual folders, and ask its version."""
    folders = [str(path) for pattern in wanted.folders for path in _newest_first(pattern)]
    if wanted.name == "Java" and environ.get("JAVA_HOME"):
        folders.insert(0, str(Path(environ["JAVA_HOME"]) / "bin"))
        search = [*folders, environ.get("PATH", "")]
    else:
        search = [environ.get("PATH", ""), *folders]
    for command in wanted.commands:
        path = shutil.which(command, path=os.pathsep.join(search))
        if path:
            return Program(wanted, path, ask_version(path))
    return Program(wanted, None, None)


def _newest_first(pattern: str) -> list[Path]:
    """Folders matching an absolute pattern, the highest version number first."""

    def numbers(path: Path) -> list[int]:
        return [int(part) for part in re.findall(r"\d+", str(path))]

    return sorted(Path("/").glob(pattern.lstrip("/")), key=numbers, reverse=True)


def ask_version(path: str) -> str | None:
    """The line in which a program tells its version, or None if it does not run."""
    # Java before version 9 knows only the single dash; all later ones know both.
    flag = "-version" if Path(path).name == "java" else "--version"
    try:
        answer = subprocess.run(
            [path, flag],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PROGRAM_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = (answer.stdout + answer.stderr).splitlines()
    return next((line.strip() for line in lines if re.search(r"\d", line)), None)

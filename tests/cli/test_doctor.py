"""The doctor finds what is there, says what is missing and how to get it."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from assay.cli import machine
from assay.cli.doctor import doctor
from assay.cli.machine import (
    EXTRA_PURPOSES,
    PROGRAMS,
    Wanted,
    ask_version,
    look_at_machine,
    look_at_package,
    look_for,
    memory_limit,
)
from assay.errors import EXIT_FAILED, StepFailed

JAVA = next(wanted for wanted in PROGRAMS if wanted.name == "Java")


def make_program(path: Path, says: str, code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit {code}\n")
    path.chmod(0o755)
    return path


def test_here_everything_needed_is_found() -> None:
    answer = CliRunner().invoke(doctor, ["--json"], standalone_mode=False)
    assert answer.return_value == 0, answer.output
    said = json.loads(answer.stdout)
    assert said["complete"] is True
    versions = {package["name"]: package["version"] for package in said["packages"]}
    assert versions["duckdb"] == metadata.version("duckdb")
    assert "pyspark" not in versions
    assert said["machine"]["cores"] >= 1
    assert said["machine"]["python"].startswith(f"{sys.version_info[0]}.{sys.version_info[1]}.")
    assert {program["name"] for program in said["programs"]} == {wanted.name for wanted in PROGRAMS}


def test_every_extra_says_what_it_is_for() -> None:
    provided = metadata.metadata("assay").get_all("Provides-Extra") or []
    assert set(provided) == set(EXTRA_PURPOSES)
    for item in machine.extras():
        assert item.packages, item.name


def test_missing_and_old_packages_fail_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["click>=8", "no-such-package-here>=2", "numpy<1", 'pyspark>=4; extra == "spark"']
    monkeypatch.setattr(machine.metadata, "requires", lambda name: lines)
    answer = CliRunner().invoke(doctor, [], standalone_mode=False)
    assert answer.return_value == EXIT_FAILED
    assert "✗ no-such-package-here missing  (needs >=2)" in answer.stdout
    assert f"✗ numpy {metadata.version('numpy')}  (needs <1)" in answer.stdout
    assert "✓ click" in answer.stdout
    assert "Assay cannot run" in answer.stdout


def test_incomplete_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ['no-such-package-here; extra == "spark"']
    monkeypatch.setattr(machine.metadata, "requires", lambda name: lines)
    answer = CliRunner().invoke(doctor, [], standalone_mode=False)
    assert answer.return_value == 0
    assert "✗ spark: " in answer.stdout
    assert "pip install 'assay[spark]'" in answer.stdout


def test_package_version_is_compared_with_what_is_wanted() -> None:
    assert look_at_package(Requirement("click>=8")).fits
    assert not look_at_package(Requirement("click>=999")).fits
    assert look_at_package(Requirement("no-such-package-here")).version is None


def test_java_home_comes_before_path(tmp_path: Path) -> None:
    make_program(tmp_path / "path" / "java", 'openjdk version "11.0.2"')
    home = make_program(tmp_path / "home" / "bin" / "java", 'openjdk version "21.0.1" 2023-10-17')
    on_path = look_for(JAVA, {"PATH": str(tmp_path / "path")})
    assert (on_path.major, on_path.fits) == (11, False)
    both = look_for(JAVA, {"PATH": str(tmp_path / "path"), "JAVA_HOME": str(tmp_path / "home")})
    assert both.path == str(home)
    assert (both.major, both.fits) == (21, True)


def test_program_that_is_absent_or_does_not_run(tmp_path: Path) -> None:
    absent = look_for(JAVA, {"PATH": str(tmp_path)})
    assert (absent.path, absent.fits) == (None, False)
    broken = make_program(tmp_path / "java", "Error 17: cannot start", code=1)
    assert ask_version(str(broken)) is None
    assert not look_for(JAVA, {"PATH": str(tmp_path)}).fits


def test_usual_folders_are_searched_newest_first(tmp_path: Path) -> None:
    for version in ("9.6", "15", "16"):
        make_program(tmp_path / version / "bin" / "tool", f"tool {version}")
    wanted = Wanted("Tool", ("tool",), "this test", "", folders=(f"{tmp_path}/*/bin",))
    found = look_for(wanted, {"PATH": ""})
    assert found.version == "tool 16"


def test_memory_limit_of_a_container(tmp_path: Path) -> None:
    assert memory_limit(tmp_path) is None
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    assert memory_limit(tmp_path) is None
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("3000000000\n")
    assert memory_limit(tmp_path) == 3_000_000_000
    (tmp_path / "memory.max").write_text("2000000000\n")
    assert memory_limit(tmp_path) == 2_000_000_000
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory" / "memory.limit_in_bytes").unlink()
    assert memory_limit(tmp_path) is None


def test_spill_folder_need_not_exist_yet(tmp_path: Path) -> None:
    assert look_at_machine(tmp_path / "not" / "yet").free_disk_bytes > 0


def test_doctor_without_its_own_needs_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "assay.cli.machine")
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    answer = CliRunner().invoke(doctor, [])
    assert isinstance(answer.exception, StepFailed)
    assert "packaging" in str(answer.exception)

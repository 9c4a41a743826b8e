"""``assay serve`` from outside: what it says at its start, and what it refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner

from assay.cli.serve import serve
from assay.errors import AssayError
from assay.web.house import ServeOptions, open_house


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be served, instead of serving for ever."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        uvicorn, "run", lambda app, **options: asked.append({"app": app, **options})
    )
    return asked


def test_a_new_house_says_where_to_set_it_up(tmp_path: Path, served: list[dict[str, Any]]) -> None:
    done = CliRunner().invoke(serve, [f"--data={tmp_path / 'house'}", "--port=8123"])
    token = served[0]["app"].state.house.setup_token
    assert f"http://127.0.0.1:8123/setup?token={token}" in done.output
    assert (served[0]["host"], served[0]["port"]) == ("127.0.0.1", 8123)
    assert served[0]["access_log"] is False
    assert (tmp_path / "house").stat().st_mode & 0o077 == 0
    assert (tmp_path / "house" / "web.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("proxy", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("behind", [True, False])
def test_whom_a_request_comes_from_is_the_word_of_this_machines_proxy_alone(
    tmp_path: Path, served: list[dict[str, Any]], proxy: str, behind: bool
) -> None:
    host = ["--host=::1"] if ":" in proxy else []
    flags = [*host, *(["--behind-proxy"] if behind else [])]
    done = CliRunner().invoke(serve, [f"--data={tmp_path / 'house'}", *flags])
    assert f"http://{'[::1]' if host else proxy}:8000/setup?" in done.output
    config = uvicorn.Config(**served[0])
    seen: list[str] = []

    async def answers(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    config.app = answers
    config.load()
    for address in (proxy, "192.0.2.7"):
        # What stands first was written by whoever asks; the proxy adds whom it hears.
        told = (b"x-forwarded-for", b"198.51.100.1, 203.0.113.9")
        scope = {"type": "http", "client": (address, 1), "headers": [told], "scheme": "http"}
        asyncio.run(config.loaded_app(scope, None, None))
    assert seen == ["203.0.113.9" if behind else proxy, "192.0.2.7"]


def test_the_form_key_stays_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    first, second = (open_house(ServeOptions(tmp_path)) for _ in range(2))
    assert first.secret == second.secret
    assert first.setup_token != second.setup_token
    (tmp_path / "web.key").write_bytes(b"short")
    with pytest.raises(AssayError, match="key is damaged"):
        open_house(ServeOptions(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--host=0.0.0.0"], "needs the address that they use"),
        (["--smtp=mail.example"], "no mail server"),
        (["--database=mysql://x/y"], "SQLite or PostgreSQL"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, served: list[dict[str, Any]], arguments: list[str], told: str
) -> None:
    done = CliRunner().invoke(serve, [f"--data={tmp_path}", *arguments])
    assert isinstance(done.exception, AssayError)
    assert told in str(done.exception)
    assert served == []

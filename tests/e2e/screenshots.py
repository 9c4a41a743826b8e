"""Pictures of every page of `assay serve`, to be looked at: ``python -m tests.e2e.screenshots``.

Each page at 390 and 1440 pixels, light and dark. What is wider than its window is told; everything
else is for eyes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from tests.conftest import find_browser
from tests.e2e.filled_house import fill
from tests.web.served import Visitor, new_house, serving, with_team

from assay.web.visitors import SESSION

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

WIDTHS = (390, 1440)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("--only", default="", help="Only pages with this in their name.")
@click.option("--lang", default="en", help="What the browser asks for.")
def main(output: Path, only: str, lang: str) -> None:
    """Write a picture of each page for each width and scheme into OUTPUT."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        house = with_team(new_house(Path(folder)))
        with serving(house) as address, started() as browser:
            filled = fill(house, address)
            wanted = [one for one in filled.pages if only in one[0]]
            sessions = {
                who: Visitor(address).sign_in(who).client.cookies[SESSION]
                for who in {who for _, _, who in wanted if who}
            }
            for width in WIDTHS:
                for scheme in SCHEMES:
                    size: ViewportSize = {"width": width, "height": 900}
                    look = {"viewport": size, "color_scheme": scheme, "locale": lang}
                    view = View(browser, address, sessions, **look)
                    for name, path, who in wanted:
                        page = view.page_of(who)
                        page.goto(path)
                        picture(page, output / f"{name}-{width}-{scheme}.png")
                    view.close()


class View:
    """Browsers of one width and scheme, one for each who looks."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        sessions: dict[str, str],
        **context: Any,
    ) -> None:
        self._browser, self._address, self._sessions = browser, address, sessions
        self._context = context
        self._pages: dict[str | None, Page] = {}

    def page_of(self, who: str | None) -> Page:
        """Somebody's window; signed in, if they are of the team."""
        if who not in self._pages:
            context = self._browser.new_context(base_url=self._address, **self._context)
            if who is not None:
                cookie = {"name": SESSION, "value": self._sessions[who], "url": self._address}
                context.add_cookies([cookie])  # type: ignore[list-item]  # a dict of its own type
            self._pages[who] = context.new_page()
        return self._pages[who]

    def close(self) -> None:
        """Close the windows."""
        for page in self._pages.values():
            page.context.close()


@contextmanager
def started() -> Iterator[Browser]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None:
        raise click.ClickException("no Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def picture(page: Page, target: Path) -> None:
    """The whole page, and a word where it is wider than its window."""
    page.screenshot(path=target, full_page=True)
    if page.evaluate(WIDE):
        click.echo(f"{target.name}: wider than its window")


if __name__ == "__main__":
    main()

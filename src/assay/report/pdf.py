"""A page of ours as PDF, with a font of ours and nothing loaded from anywhere."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from assay.errors import to_install
from assay.report import assets

PICTURE = "data:image/png;base64,"


def write_pdf(html: str, path: Path) -> str | None:
    """Lay the page out as PDF, loading nothing from anywhere.

    Returns:
        Why it could not be done, or None.
    """
    try:
        from weasyprint import HTML
        from weasyprint.text.fonts import FontConfiguration
    except ImportError:
        return f"WeasyPrint is not installed: {to_install('evidence')}; any browser prints "\
            f"{path.stem}.html as PDF"  # fmt: skip
    except OSError as error:
        return f"WeasyPrint lacks a library of the system ({str(error).splitlines()[0]}); Debian: "\
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0"  # fmt: skip
    # A font of our own, so that the sheet does not depend on what the machine has.
    face = f'@font-face{{font-family:"Sheet";src:url("{assets.font_file().as_uri()}")}}'
    page = html.replace("</style>", f"{face}:root{{font-family:Sheet}}</style>", 1)
    document = HTML(string=page, url_fetcher=_only_ours())
    unfinished = path.with_name(path.name + ".part")
    document.write_pdf(
        unfinished,
        font_config=FontConfiguration(),
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        pdf_tags=True,
    )
    unfinished.replace(path)
    return None


def _only_ours() -> Any:
    """Loads our font and pictures in the page: names and texts are strangers', and name nothing."""
    from weasyprint.urls import URLFetcher

    class OnlyOurs(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Refuses every address but our font's and those that hold a picture themselves."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url != assets.font_file().as_uri() and not url.startswith(PICTURE):
                raise ValueError(f"nothing is loaded from {url}")
            return super().fetch(url, headers)

    return OnlyOurs(allow_redirects=False)

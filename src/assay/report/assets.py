"""The script, style and font that the front end's build leaves in ``built/``."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from assay.errors import AssayError

BUILT = Path(__file__).parent / "built"


def script() -> str:
    """The page's script, safe inside a script element."""
    return _read("report.js").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def style() -> str:
    """The page's style sheet."""
    return _read("report.css")


def record_script() -> str:
    """The script of a record's page, safe inside a script element."""
    return _read("record.js").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def record_style() -> str:
    """The style sheet of a record's page."""
    return _read("record.css")


def font_file() -> Path:
    """The font that pictures are lettered in."""
    path = BUILT / "DejaVuSans.ttf"
    if not path.exists():
        raise _missing(path)
    return path


def policy_hash(text: str) -> str:
    """How a content security policy names one inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _read(name: str) -> str:
    path = BUILT / name
    if not path.exists():
        raise _missing(path)
    return path.read_text(encoding="utf-8").strip()


def _missing(path: Path) -> AssayError:
    return AssayError(
        "the report's front end is not built",
        fix="in a checkout, run `npm ci && npm run build` in frontend/ (or `make frontend`); an "
        "installed package holds it",
        file=path,
    )

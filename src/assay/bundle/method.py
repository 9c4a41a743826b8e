"""The pages on the method that travel with a bundle, as they stood in this version's docs."""

from __future__ import annotations

from pathlib import Path

from assay.errors import AssayError

PAGES = (
    "explanation/chance.md",
    "explanation/claims.md",
    "explanation/strength.md",
    "reference/dataset.md",
    "reference/findings.md",
    "reference/run.md",
    "reference/bundle.md",
)
"""What a reader needs to understand every column and every figure, from the documentation."""

_INSTALLED = Path(__file__).parent / "method"
_CHECKOUT = Path(__file__).parents[3] / "docs"


def method_pages() -> dict[str, Path]:
    """Each page's name in the bundle, and where it lies here.

    Raises:
        AssayError: The package was installed without them.
    """
    found = {}
    for page in PAGES:
        name = Path(page).name
        # A wheel carries them beside this module; a checkout has the documentation itself.
        places = (_INSTALLED / name, _CHECKOUT / page)
        path = next((place for place in places if place.is_file()), None)
        if path is None:
            raise AssayError(
                "the pages on the method are missing from this installation",
                fix="install Assay again from its wheel or a whole checkout",
                file=places[0],
            )
        found[f"method/{name}"] = path
    return found

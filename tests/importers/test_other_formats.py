"""What the APIs of platforms and the tools on them write, each as they write it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.importers.conftest import Imported
from tests.importers.microblog_cases import MICROBLOGS
from tests.importers.platform_cases import PLATFORMS

Run = Callable[..., Imported]
CASES = MICROBLOGS | PLATFORMS


@pytest.mark.parametrize("name", CASES)
def test_what_is_written_is_read(run_import: Run, name: str) -> None:
    case = CASES[name]
    result = run_import(case.written(), name="posts.json", **case.options)
    (file,) = result.summary.files
    assert file.format == case.format
    assert [post["account_id"] for post in result.posts] == case.accounts
    assert [post["kind"] for post in result.posts] == case.kinds
    for kind, found in case.shares.items():
        assert result.objects(kind) == found, kind
    if case.texts is not None:
        assert [post["text"] for post in result.posts] == case.texts
    if case.times is not None:
        assert [post["created_at"].isoformat() for post in result.posts] == case.times
    assert len(result.reasons()) == len(case.rejected)
    for reason, told in zip(result.reasons(), case.rejected, strict=True):
        assert told in reason

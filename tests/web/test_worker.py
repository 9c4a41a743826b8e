"""The worker: woken by whatever may have written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assay.web.app import make_app
from assay.web.house import House
from assay.web.worker import Worker
from tests.web.in_process import InProcess
from tests.web.served import Visitor


@pytest.fixture
def sending(house: House) -> Iterator[Callable[[], Visitor]]:
    """Visitors of a house with a worker."""
    transport = InProcess(make_app(house))
    yield lambda: Visitor("http://house.example", transport)
    transport.close()


def test_whatever_may_have_written_wakes_the_worker(
    sending: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[None] = []
    monkeypatch.setattr(Worker, "wake", lambda _: woken.append(None))
    admin = sending().sign_in("admin")
    woken.clear()
    admin.get("/people")
    assert not woken
    admin.fill("/people", "/people", name="Nina", email="nina@house.example", role="auditor")
    assert len(woken) == 1  # the page that it leads to writes nothing
    admin.client.post("/api/v1/notices", json={})
    assert len(woken) == 2

"""Whatever fits the API's description is answered as it says: no 5xx, no undocumented status."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case

from assay.web.app import make_app
from assay.web.client import CaseClient
from tests.web.in_process import InProcess
from tests.web.served import new_house, with_team
from tests.web.test_api import COMPLETE, account

BASE = "http://house.example/api/v1"
SENT = ("method", "url", "headers", "params", "json", "data")


@dataclass(frozen=True)
class Described:
    """The application with one notice, its description, and an administrator's program."""

    client: httpx.Client
    schema: schemathesis.BaseSchema
    notice: str


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    house = with_team(new_house(tmp_path_factory.mktemp("described")))
    transport = InProcess(make_app(house, sends=False))
    token = house.tokens.make(account(house, "admin"), "any", "work", house.now())
    notice = CaseClient("https://house.example", token, transport).hand_in(COMPLETE)
    client = httpx.Client(transport=transport, headers={"Authorization": f"Bearer {token}"})
    schema = schemathesis.openapi.from_dict(client.get(f"{BASE}/openapi.json").json())
    yield Described(client, schema, notice.id)
    transport.close()


def test_whatever_is_asked_is_answered_as_described(described: Described) -> None:
    answered: set[int] = set()
    operations = [found.ok() for found in described.schema.get_all_operations()]
    assert len(operations) == 25
    for operation in operations:

        @settings(
            max_examples=8,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),  # examples are few, and slow ones are fine
        )
        @given(case=operation.as_strategy())
        def ask(case: Case) -> None:
            documented = {int(status) for status in case.operation.definition.raw["responses"]}
            # Once as it comes, and once about a notice that is there.
            for identity in (None, described.notice) if "identity" in case.path else (None,):
                if identity is not None:
                    case.path_parameters["identity"] = identity
                wanted = case.as_transport_kwargs(base_url=BASE)
                sent = {name: wanted[name] for name in SENT if name in wanted}
                sent["headers"] = {
                    name: value
                    for name, value in dict(sent.get("headers") or {}).items()
                    if name.lower() != "authorization"
                }
                told = described.client.request(**sent)
                assert told.status_code in documented, told.text
                assert told.status_code < 500, told.text
                answered.add(told.status_code)

        ask()
    assert {200, 404, 422} <= answered

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml

from assay.errors import InputError
from assay.identities.register import Handle, read_register
from assay.identities.register_sources import import_register
from assay.text.longest_cell import longest_cell

ENTITY = {
    "entities": {
        "Q1": {
            "labels": {"en": {"value": "The Herald"}, "ru": {"value": "Вестник"}},
            "aliases": {"fr": [{"value": "Le Héraut"}]},
            "claims": {
                "P2002": [
                    {"mainsnak": {"datavalue": {"value": "HeraldNow"}}, "rank": "normal"},
                    {
                        "mainsnak": {"datavalue": {"value": "herald_old"}},
                        "rank": "normal",
                        "qualifiers": {
                            "P582": [{"datavalue": {"value": {"time": "+2020-05-00T00:00:00Z"}}}]
                        },
                    },
                    {"mainsnak": {"datavalue": {"value": "never"}}, "rank": "deprecated"},
                    {"mainsnak": {"snaktype": "novalue"}},
                ],
                "P856": [{"mainsnak": {"datavalue": {"value": "https://www.herald.com/"}}}],
            },
        },
        "Q2": {"labels": {}},
    }
}


def made(folder: Path, name: str, text: str, kind: str = "agency") -> dict[str, dict[str, object]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    bodies = import_register([path], kind)
    register = folder / "made.yaml"
    register.write_text(yaml.safe_dump({"identities": bodies}, allow_unicode=True), "utf-8")
    assert len(read_register(register)) == len(bodies)
    return {str(body["id"]): body for body in bodies}


def test_platform_and_account_pairs_of_one_body_are_joined(tmp_path: Path) -> None:
    text = (
        "Account,Platform,Department,URL,Date Deleted\n"
        "@Inf_eng,X,Infrastructure,https://twitter.com/Inf_eng,2024-11-15\n"
        "Infrastructure - English,Facebook,Infrastructure,https://www.facebook.com/InfEng,\n"
        "Some Name,LinkedIn,Infrastructure,https://www.linkedin.com/company/inf/about/,\n"
    )
    (body,) = made(tmp_path, "gc.csv", text).values()
    assert body["handles"] == [
        {"platform": "x", "handle": "inf_eng", "until": "2024-11-15"},
        "facebook:infeng",
    ]
    (read,) = read_register(tmp_path / "made.yaml")
    assert read.handles[0].until is not None


def test_embassies_are_named_by_their_countries(tmp_path: Path) -> None:
    text = "sender_iso2,host_iso2,host_country,twitter_handle\nRU,AF,Afghanistan,RusEmbassyKabul\n"
    bodies = made(tmp_path, "embassies.csv", text)
    assert bodies["ru-af"]["name"] == "Embassy of Russia in Afghanistan"
    assert bodies["ru-af"]["kind"] == "embassy"
    (read,) = read_register(tmp_path / "made.yaml")
    assert read.handles == (Handle("x", "rusembassykabul"),)


def test_outlets_with_sites_and_links_to_profiles(tmp_path: Path) -> None:
    text = (
        "Media company,Main assets,URL,Twitter Link,Telegram Link\n"
        "Valley Press,The Herald,https://www.herald.com/en/,https://twitter.com/herald,"
        "https://t.me/heraldtv\n"
        "Valley Press,Radio Valley,https://x.com/radiovalley,,\n"
    )
    bodies = made(tmp_path, "outlets.csv", text, "outlet")
    assert bodies["the-herald"]["domains"] == ["herald.com"]
    assert bodies["the-herald"]["handles"] == ["x:herald", "telegram:heraldtv"]
    assert "domains" not in bodies["radio-valley"]


def test_wikidata_s_entities_and_answers(tmp_path: Path) -> None:
    bodies = made(tmp_path, "entities.json", json.dumps(ENTITY), "outlet")
    assert list(bodies) == ["q1"]
    assert bodies["q1"]["aliases"] == ["Вестник", "Le Héraut"]
    assert bodies["q1"]["domains"] == ["herald.com"]
    assert bodies["q1"]["handles"] == [
        "x:heraldnow",
        {"platform": "x", "handle": "herald_old", "until": "2020-05-01"},
    ]
    answer = {
        "head": {"vars": ["item", "itemLabel", "twitter"]},
        "results": {
            "bindings": [
                {
                    "item": {"value": "http://www.wikidata.org/entity/Q7"},
                    "itemLabel": {"value": "Ministry of Roads"},
                    "twitter": {"value": "roads"},
                    "website": {"value": "https://roads.gov.example/"},
                }
            ]
        },
    }
    told = made(tmp_path, "answer.json", json.dumps(answer), "ministry")["q7"]
    assert (told["handles"], told["domains"]) == (["x:roads"], ["roads.gov.example"])


def test_what_wikidata_leaves_empty_is_a_list(tmp_path: Path) -> None:
    """An entity without aliases or claims has ``[]`` for them."""
    empty = {"labels": {"en": {"value": "Lone"}}, "aliases": [], "claims": []}
    entities = ENTITY["entities"] | {"Q3": empty, "Q4": {"labels": []}}
    bodies = made(tmp_path, "entities.json", json.dumps({"entities": entities}))
    assert bodies["q3"] == {"id": "q3", "name": "Lone", "kind": "agency"}
    assert set(bodies) == {"q1", "q3"}


def test_a_cell_may_hold_what_is_a_line_end_elsewhere(tmp_path: Path) -> None:
    text = 'name,handle,twitter\n"The\u2028Herald",,herald\nThe Post,,thepost\n'
    told = [body["handles"] for body in made(tmp_path, "list.csv", text).values()]
    assert told == [["x:herald"], ["x:thepost"]]


def test_what_names_nobody_is_refused_with_words(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("colour\nred\n", encoding="utf-8")
    with pytest.raises(InputError, match="names no body") as refused:
        import_register([path], "agency")
    assert refused.value.fix
    (tmp_path / "list.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="no JSON"):
        import_register([tmp_path / "list.json"], "agency")
    with pytest.raises(InputError, match="cannot be read"):
        import_register([tmp_path / "none.csv"], "agency")
    path.write_text("name,twitter,until\nA,a,\nB,b,in spring\n", encoding="utf-8")
    with pytest.raises(InputError, match="'in spring' is no last official day") as refused:
        import_register([path], "agency")
    assert (refused.value.row, refused.value.file) == (2, str(path))
    with pytest.raises(InputError, match="no kind of body"):
        import_register([path], "ship")


@pytest.mark.parametrize("process_limit", [131_072, 1_000_000])
def test_an_endless_cell_is_refused_whatever_the_process_lets_pass(
    tmp_path: Path, process_limit: int
) -> None:
    """Some libraries raise the limit of cells for the whole process."""
    path = tmp_path / "long.csv"
    path.write_text('name\n"A\nB"\n' + "x" * 200_000 + "\n", encoding="utf-8")
    with longest_cell(process_limit):
        with pytest.raises(InputError, match="no table") as refused:
            import_register([path], "agency")
        assert csv.field_size_limit() == process_limit
    assert refused.value.row == 2


@pytest.mark.data
def test_the_lists_of_real_bodies_are_read(shared_data: Path, tmp_path: Path) -> None:
    lists = {
        "impersonation/embassies_ru.csv": 120,
        "impersonation/gc_official_accounts.csv": 60,
        "impersonation/gc_deleted_accounts.csv": 30,
        "impersonation/news_outlets.csv": 380,
        "official-accounts/us_congress_social.csv": 500,
        "official-accounts/us_politicians_wikidata.csv": 1900,
        "official-accounts/congress_users.json": 500,
        "state-media/State_Media_Matrix.csv": 500,
    }
    for name, least in lists.items():
        bodies = import_register([shared_data / "data" / name], "agency")
        assert len(bodies) >= least, name
        named = sum(bool(body.get("handles") or body.get("domains")) for body in bodies)
        assert named >= 0.9 * len(bodies), name

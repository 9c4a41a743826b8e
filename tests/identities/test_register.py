from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.identities.register_rows import HEAD, ROWS

from assay.errors import InputError
from assay.identities.check import check_register
from assay.identities.register import Handle, read_register


def write(folder: Path, text: str, name: str = "bodies.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    csv = read_register(
        write(
            tmp_path, "id,name,kind,sender,host,handles\nno,Embassy,embassy,NO,FR,twitter:@NoFr\n"
        )
    )
    yaml = read_register(
        write(
            tmp_path,
            "identities:\n- {id: 'no', name: Embassy, kind: embassy, sender: NO, host: FR,"
            " handles: [{platform: X, handle: NoFr}]}\n",
            "bodies.yaml",
        )
    )
    json = read_register(
        write(
            tmp_path,
            '[{"id": "no", "name": "Embassy", "kind": "embassy", "sender": "NO", "host": "FR",'
            ' "handles": ["x:nofr"]}]',
            "bodies.json",
        )
    )
    assert csv == yaml == json
    assert csv[0].handles == (Handle("x", "nofr"),)
    assert csv[0].sender == "NO"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD, "empty"),
        ("id,name,colour\na,A,red\n", "colour"),
        ("id,name\n,A\n", "no id"),
        ("id,name,kind\na,A,ship\n", "'ship'"),
        ("id,name\na,A\na,B\n", "stands in row 1"),
        ("id,name,handles\na,A,x:@\n", "names nobody"),
    ],
)
def test_what_is_no_register_is_refused_with_words(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        read_register(write(tmp_path, text))
    assert refused.value.fix


def test_a_handle_past_its_date_and_other_holes_are_found(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """identities:
- {id: a, name: Alpha Agency, handles: [{platform: x, handle: alpha, until: 2020-01-01}, beta]}
- {id: b, name: Today, parent: nobody, handles: ["x:alpha"]}
- {id: c, name: "!!!", kind: embassy, sender: FR}
""",
        "bodies.yml",
    )
    told = [
        (hole.sort, hole.body, hole.told)
        for hole in check_register(read_register(path), date(2024, 1, 1))
    ]
    text = "\n".join(map(str, told))
    for part in (
        "'nobody', which is not in the register",
        "the handle x:alpha also stands with b",
        "the handle beta has no platform",
        "official until 2020-01-01",
        "sender or host is missing",
        "has no letters",
        "neither handle nor domain",
    ):
        assert part in text
    assert [sort for sort, _, _ in told] == sorted(sort for sort, _, _ in told)


def test_a_register_without_holes_has_none(tmp_path: Path) -> None:
    bodies = read_register(write(tmp_path, HEAD + ROWS))
    assert check_register(bodies, date(2024, 1, 1)) == ()

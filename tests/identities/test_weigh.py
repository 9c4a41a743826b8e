"""What counts and what does not, whoever is protected and against whom."""

from __future__ import annotations

from pathlib import Path

from tests.identities.protect_rows import (
    DAY,
    REGISTER,
    asked,
    findings,
    rows,
)

from assay.identities.asked import Protect
from assay.identities.run import (
    find_impersonation,
)
from assay.model.progress import Silent


def test_countries_exchanged_change_names_and_nothing_else(tmp_path: Path) -> None:
    """Scores, verdicts, points and every sentence stay the same but for the names themselves."""
    told = []
    for sender, host, name in (
        ("FR", "JP", "Embassy of France in Japan"),
        ("RU", "UA", "Embassy of Russia in Ukraine"),
        ("US", "IR", "Embassy of the United States in Iran"),
        ("CN", "IN", "Embassy of China in India"),
    ):
        register, accounts = tmp_path / f"{sender}.csv", tmp_path / f"{sender}-accounts.csv"
        register.write_text(
            "id,name,kind,sender,host,handles\n"
            f"body,{name},embassy,{sender},{host},x:thebodyitself\n",
            encoding="utf-8",
        )
        accounts.write_text(
            "account_id,platform,handle,display_name,bio,created_at\n"
            f"1,x,thebodyitself,{name},our post and its news for you since 1950,2010-01-01\n"
            f"2,x,a1,{name},our post and its news for you since 1950,2015-01-01\n"
            f"3,x,a2,{name},,2025-12-20\n"
            f"4,x,a3,Parody {name},parody,2015-01-01\n"
            f"5,x,a4,{name},the only official account,2015-01-01\n"
            f"6,x,a5,Down with the {name},they are corrupt and lie,2015-01-01\n"
            "7,x,a6,Bob,they are corrupt and lie,2015-01-01\n",
            encoding="utf-8",
        )
        out = tmp_path / sender
        find_impersonation(accounts, Protect(register, DAY), out, Silent())
        told.append(
            [
                [(key, row["verdict"], row["score"], [one[-8:] for one in row["reasons"]])
                 for key, row in sorted(rows(out / "impersonation.parquet").items())],
                [one["statement"].replace(name, "BODY") for one in findings(out)],
            ]
        )  # fmt: skip
    assert told[0] == told[1] == told[2] == told[3]
    verdicts = {key: verdict for key, verdict, *_ in told[0][0]}
    assert [verdicts.get(key) for key in "123457"] == [
        "declared", "poses_as", "resembles", None, "poses_as", None,
    ]  # fmt: skip
    # Who speaks against the body poses as nobody.
    assert verdicts.get("6") != "poses_as"
    assert told[0][1][0] == (
        "The account “BODY” (x:a4) poses as BODY: its name resembles it, with what its bio claims "
        "pointing the same way; no proof that it is the body's own was supplied."
    )


def test_roles_exchanged_change_names_and_nothing_else(tmp_path: Path) -> None:
    """An outlet, an agency and a company are protected alike."""
    outcomes = []
    for kind in ("outlet", "agency", "company"):
        path = tmp_path / f"{kind}.yaml"
        path.write_text(REGISTER.replace("kind: outlet", f"kind: {kind}").replace(
            "  logos: [logo.png]\n", ""), encoding="utf-8")  # fmt: skip
        accounts = tmp_path / f"{kind}.csv"
        accounts.write_text(
            "account_id,platform,handle,display_name,bio\n1,x,a,Morning Herald,official\n"
            "2,x,b,Morning Herald,\n3,x,c,Parody Morning Herald,parody\n",
            encoding="utf-8",
        )
        find_impersonation(accounts, Protect(path, DAY), tmp_path / kind, Silent())
        said = rows(tmp_path / kind / "impersonation.parquet")
        outcomes.append([(key, row["verdict"], row["score"]) for key, row in sorted(said.items())])
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert [verdict for _, verdict, _ in outcomes[0]] == ["poses_as", "resembles"]


def test_a_label_counts_on_an_abandoned_handle_too(tmp_path: Path) -> None:
    """Parody under a handle that was official once is parody; without a label it poses as."""
    register, accounts = tmp_path / "bodies.yaml", tmp_path / "accounts.csv"
    listed = "  - {{platform: x, handle: old{}, until: 2023-12-31}}\n"
    handles = "".join(map(listed.format, (1, 2, 3, 4)))
    text = f"identities:\n- id: herald\n  name: The Morning Herald\n  handles:\n{handles}"
    register.write_text(text, encoding="utf-8")
    accounts.write_text(
        "account_id,platform,handle,display_name,bio,created_at\n"
        "1,x,old1,Parody Morning Herald,parody,2025-03-01\n"
        "2,x,old2,Morning Herald (parody),bread,2025-03-01\n"
        "3,x,old3,Morning Herald,,2025-03-01\n"
        "4,x,old4,Morning Herald,,2015-03-01\n",
        encoding="utf-8",
    )
    found = find_impersonation(accounts, Protect(register, DAY), tmp_path / "out", Silent())
    said = rows(tmp_path / "out/impersonation.parquet")
    verdicts = {name: row["verdict"] for name, row in said.items()}
    assert verdicts == {"2": "resembles", "3": "poses_as", "4": "declared"}
    assert found["labelled"] == 1
    assert said["3"]["score"] == 0.9
    assert "does not pose as the body" in " ".join(said["2"]["reasons"])


def test_a_link_to_the_body_s_site_convicts_nobody(folder: Path, tmp_path: Path) -> None:
    """Fans link there too, whether that site was captured and names others or was not."""
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "account_id,platform,handle,display_name,url\n"
        "1,x,morningherald_,Morning Herald bio claims,https://morningherald.com/\n",
        encoding="utf-8",
    )
    for supplied in (asked(folder), Protect(folder / "bodies.yaml", DAY)):
        find_impersonation(accounts, supplied, tmp_path / "out", Silent())
        (one,) = findings(tmp_path / "out")
        assert (one["kind"], one["claim"]) == ("impersonation.resembles", "likeness")


def test_what_is_older_than_the_body_s_own_account_was_not_made_to_pose_as_it(
    tmp_path: Path,
) -> None:
    """A personal account with the office's own bio; a younger one; an old one that was renamed."""
    bio = "Working for the people of the valley in Parliament since 2019"
    (tmp_path / "bodies.yaml").write_text(
        "identities:\n- id: anna\n  name: Anna Kowalska\n  kind: office-holder\n"
        "  handles: ['x:kowalska_office']\n",
        encoding="utf-8",
    )
    (tmp_path / "accounts.csv").write_text(
        "account_id,platform,handle,display_name,bio,created_at\n"
        f"1,x,kowalska_office,Anna Kowalska,{bio},2019-07-01\n"
        f"2,x,annakowalska,Anna Kowalska,{bio},2011-02-01\n"
        f"3,x,anna_kowalska,Anna Kowalska,{bio},2022-02-01\n"
        f"4,x,annakowalska_,Anna Kowalska,{bio},2011-02-01\n"
        f"5,x,annakowalska__,Anna Kowalska,,2011-02-01\n"
        f"6,bluesky,annakowalska,Anna Kowalska,{bio},2011-02-01\n"
        "7,x,kowalska_offlce,,,2011-02-01\n",
        encoding="utf-8",
    )
    (tmp_path / "names.csv").write_text(
        "account_id,seen_at,handle\n4,2020-01-01,cats\n", encoding="utf-8"
    )
    asking = Protect(tmp_path / "bodies.yaml", DAY, names=tmp_path / "names.csv")
    find_impersonation(tmp_path / "accounts.csv", asking, tmp_path / "out", Silent())
    said = rows(tmp_path / "out/impersonation.parquet")
    assert {name: row["verdict"] for name, row in said.items()} == {
        "1": "declared", "2": "resembles", "3": "poses_as", "4": "poses_as", "6": "poses_as",
        "7": "resembles",
    }  # fmt: skip
    assert "(+0.00)" in said["7"]["reasons"][-2], "a likeness to the office's handle is no less"
    assert said["2"]["score"] == round(said["3"]["score"] - 0.15, 4)
    told = {one["subjects"][0]: one for one in findings(tmp_path / "out")}
    assert told["2"]["claim"] == "likeness"
    assert (
        "but is older than the body's own account; it is not said to pose as the body."
        in told["2"]["statement"]
    )
    before = "before the body's own account"
    assert before in said["2"]["reasons"][-1]
    weighed = {one["name"]: one for one in told["2"]["explanations"]}
    assert before in weighed["an account of the body's own that the register lacks"]["speaks_for"]
    assert before in weighed["an account that poses as the body"]["speaks_against"]
    assert "evidence of a second kind" in weighed["an account that poses as the body"]["speaks_for"]


def test_who_is_known_by_its_did_may_take_an_abandoned_handle_again(tmp_path: Path) -> None:
    """A handle changes hands, the DID that the body's own site names does not."""
    did = "did:plc:" + "a" * 24
    site = tmp_path / "captures" / "herald.example.org" / ".well-known"
    site.mkdir(parents=True)
    (site / "atproto-did").write_text(did, encoding="utf-8")
    (tmp_path / "bodies.yaml").write_text(
        "identities:\n- id: herald\n  name: The Morning Herald\n  domains: [herald.example.org]\n"
        "  handles: [{platform: bluesky, handle: herald.example.org, until: 2023-12-31}]\n",
        encoding="utf-8",
    )
    (tmp_path / "accounts.csv").write_text(
        "account_id,platform,handle,display_name,created_at\n"
        f"{did},bluesky,herald.example.org,Morning Herald,2025-03-01\n"
        f"did:plc:{'b' * 24},bluesky,herald.example.org,Morning Herald,2025-03-01\n",
        encoding="utf-8",
    )
    asking = Protect(tmp_path / "bodies.yaml", DAY, captures=tmp_path / "captures")
    find_impersonation(tmp_path / "accounts.csv", asking, tmp_path / "out", Silent())
    said = rows(tmp_path / "out/impersonation.parquet")
    assert said[did]["verdict"] == "proved"
    assert said["did:plc:" + "b" * 24]["verdict"] == "poses_as"

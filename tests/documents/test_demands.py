import pytest
from tests.documents.made_documents import read


@pytest.mark.parametrize(
    ("text", "actor", "addressee", "trigger", "content", "status"),
    [
        (
            "The Norwegian Foreign Ministry urged Facebook and Twitter to reconsider the policy.",
            ["Norwegian Ministry of Foreign Affairs"], ["Facebook", "Twitter"], "urged",
            "to reconsider the policy", "made",
        ),
        (
            "Ofcom demanded that Apple and Google stop showing links to banned sites.",
            ["Ofcom"], ["Apple", "Google"], "demanded",
            "stop showing links to banned sites", "made",
        ),
        (
            "Ofcom gave Facebook until 3 May to restore the pages.",
            ["Ofcom"], ["Facebook"], "gave", "to restore the pages", "made",
        ),
        (
            "Ofcom wants Facebook to disclose who paid for the ads.",
            ["Ofcom"], ["Facebook"], "wants", "to disclose who paid for the ads", "made",
        ),
        (
            "Facebook should publish the list of its accounts.",
            [], ["Facebook"], "should", "publish the list of its accounts", "made",
        ),
        (
            "The minister, Ida Berg, urged Facebook to restore the pages.",
            ["Ida Berg"], ["Facebook"], "urged", "to restore the pages", "made",
        ),
        (
            "Kenya will send a note to Canada over the blocking of official accounts.",
            ["Kenya"], ["Canada"], "will send a note",
            "the blocking of official accounts", "announced",
        ),
        (
            "Google was ordered by the court to delete 40 videos.",
            ["the court"], ["Google"], "ordered", "to delete 40 videos", "made",
        ),
        (
            "Ghana hopes for an impartial review of the accounts by international agencies.",
            ["Ghana"], ["international agencies"], "hopes",
            "an impartial review of the accounts by international agencies", "expressed",
        ),
    ],
)  # fmt: skip
def test_a_demand_in_one_sentence(text, actor, addressee, trigger, content, status):
    reading = read(text)
    (demand,) = reading.demands
    assert [value.value for value in demand.actor] == actor
    assert [value.value for value in demand.addressee] == addressee
    assert demand.trigger.of(text) == trigger
    assert demand.content.of(text) == content
    assert demand.status == status
    assert reading.measures == []


@pytest.mark.parametrize(
    "text",
    [
        "After being asked on Thursday if it was censorship, he said yes.",
        "She urged her supporters to vote.",
        "Twitter pushed for the broadcaster to spend more money.",
        "He ordered a coffee and asked for the bill.",
        "He insisted that Facebook removed his account last year.",
        "On 14 November we sent the company Facebook a note.",
        "We hope that it will not come to this, Facebook said.",
        "The governor wanted his vote to mean something on Facebook.",
    ],
)
def test_what_is_no_demand(text):
    assert read(text).demands == []


def test_a_warning_and_the_demand_in_it_are_one():
    reading = read(
        "Ofcom has issued a stern warning to two American companies over breaches of British "
        "election law.\n\nOn Thursday officials demanded that Apple and Google stop allowing users "
        "to access banned sites."
    )
    (demand,) = reading.demands
    assert [value.value for value in demand.actor] == ["Ofcom"]
    assert [value.value for value in demand.addressee] == ["Apple", "Google"]
    assert [value.value for value in demand.legal_basis] == ["British election law"]
    assert len(demand.mentions) == 1


def test_replies_are_claims_on_the_demand():
    reading = read(
        "Ofcom demanded that Chirpnet remove 40 channels. Chirpnet did not reply to questions."
    )
    (claim,) = [one for one in reading.claims if one.slot == "reply"]
    assert (claim.subject, claim.norm) == ("D1", "no_answer")


def test_each_reply_goes_to_its_own_platform_s_measure():
    reading = read(
        "Facebook removed 273 accounts and pages.\n\n"
        "Twitter ended its business relationship with RT in October.\n\n"
        "“We regret that Facebook removed the pages,” spokesman Ola Nord said.\n\n"
        "“This was another step of Twitter against RT and its accounts,” spokeswoman Eva Lund said."
    )
    by_speaker = {one.speaker.value: one.measure_id for one in reading.statements}
    actors = {one.measure_id: one.actor[0].value for one in reading.measures}
    assert actors[by_speaker["Ola Nord"]] == "Facebook"
    assert actors[by_speaker["Eva Lund"]] == "Twitter"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Facebook", "Twitter"),
        # Neither a small word in a name nor a name in small letters makes it a common noun.
        ("the Council of Broadcasting", "the Bank of Kenya"),
        ("eBay", "4chan"),
    ],
)
def test_demands_to_others_in_like_words_stay_different(one, other):
    text = (
        f"The Ministry of Information called on {one} to restore the Alder channel on Facebook. "
        f"The Ministry of Culture called on {other} to restore the Birch channel on Facebook."
    )
    asked = [[value.value for value in demand.addressee] for demand in read(text).demands]
    assert [[name.removeprefix("the ") for name in names] for names in asked] == [
        [one.removeprefix("the ")],
        [other.removeprefix("the ")],
    ]


def test_american_companies_are_no_name():
    """A capital alone makes none: they may be those that were named."""
    text = (
        "Ofcom called on American companies to restore the Alder channel on Facebook. "
        "Ofcom called on Facebook and Twitter to restore the Alder channel."
    )
    (demand,) = read(text).demands
    assert [value.value for value in demand.addressee] == ["Facebook", "Twitter"]


def test_nobody_asks_themselves() -> None:
    (demand,) = read(
        "The Velmar Media Office fined Facebook. It orders Facebook to open its archive of ads."
    ).demands
    assert [value.value for value in demand.addressee] == ["Facebook"]
    assert "Facebook" not in {value.value for value in demand.actor}

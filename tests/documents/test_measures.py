import sys

import pytest
from tests.documents.made_documents import made_document, read

from assay.documents.base import Reading
from assay.documents.counts import Counts
from assay.documents.measures import Measures
from assay.documents.parse import parse
from assay.documents.statements import Statements


def _told(reading):
    return [
        (
            tuple(action for action, _ in one.actions),
            one.status,
            tuple(value.value for value in one.actor),
            tuple((count.n, count.unit) for count in one.counts),
        )
        for one in reading.measures
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Facebook removed 12 accounts and 10 pages for coordinated inauthentic behavior.",
            (("remove",), "past", ("Facebook",), ((12, "accounts"), (10, "pages"))),
        ),
        (
            "Chirpnet removed 300 accounts on Tuesday.",
            (("remove",), "past", ("Chirpnet",), ((300, "accounts"),)),
        ),
        (
            "Some 40 pages were taken down by Grampic for spam.",
            (("remove",), "past", ("Grampic",), ((40, "pages"),)),
        ),
        (
            "The Herald reported erroneously that Twitter had removed 40 accounts.",
            (("remove",), "denied", ("Twitter",), ((40, "accounts"),)),
        ),
        (
            "Twitter has not removed the 40 accounts.",
            (("remove",), "denied", ("Twitter",), ((40, "accounts"),)),
        ),
        (
            "YouTube may remove the channels next week.",
            (("remove",), "hypothetical", ("YouTube",), ()),
        ),
        (
            "Telegram threatened to block 15 channels.",
            (("block",), "threatened", ("Telegram",), ((15, "channels"),)),
        ),
        (
            "Reddit plans to ban 61 accounts.",
            (("block",), "announced", ("Reddit",), ((61, "accounts"),)),
        ),
        (
            "TikTok will label 30 accounts.",
            (("label",), "announced", ("TikTok",), ((30, "accounts"),)),
        ),
        (
            "Twitter first suspended and later deleted 18 accounts.",
            (("suspend", "remove"), "past", ("Twitter",), ((18, "accounts"),)),
        ),
        (
            "Facebook’s removal of 273 accounts and pages drew criticism.",
            (("remove",), "past", ("Facebook",), ((273, "accounts+pages"),)),
        ),
        (
            "An investigation by Facebook identified a group of 470 fake accounts.",
            (("identify",), "past", ("Facebook",), ((470, "accounts"),)),
        ),
        (
            "Twitter identified and removed 35 accounts.",
            (("remove",), "past", ("Twitter",), ((35, "accounts"),)),
        ),
        (
            "Twitter ended its business relationship with the broadcaster.",
            (("end_business",), "past", ("Twitter",), ()),
        ),
        (
            "Instagram restored 9 accounts.",
            (("restore",), "past", ("Instagram",), ((9, "accounts"),)),
        ),
    ],
)
def test_a_measure_in_one_sentence(text, expected):
    assert _told(read(text)) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Researchers at Graphika identified 300 fake accounts.",
        "Ann Smith deleted her account after the vote.",
        "The regulator demanded that Facebook remove 10 accounts.",
        "The court ordered Google to delete 40 videos.",
        "They came to the briefing in order to block a fake account.",
        "The policy of blocking accounts was criticised.",
        "The senator removed his jacket and 300 people left.",
        "Users can access blocked sites.",
        "He was told to stop writing reports on interference in the 2020 election.",
    ],
)
def test_what_is_no_measure(text):
    assert read(text).measures == []


def test_two_platforms_share_one_number():
    reading = read("Facebook and Twitter blocked 18 accounts and two pages of Ruritanian origin.")
    (measure,) = reading.measures
    assert [value.value for value in measure.platform] == ["Facebook", "Twitter"]
    assert [count.platform for count in measure.counts] == [None, None]


def test_numbers_go_to_the_platform_beside_them():
    (measure,) = read("Facebook removed 35 accounts, 3 pages, and 88 Instagram accounts.").measures
    assert [(count.n, count.platform) for count in measure.counts] == [
        (35, "Facebook"), (3, "Facebook"), (88, "Instagram"),
    ]  # fmt: skip


def test_later_sentences_add_numbers_origin_and_operator():
    reading = read(
        "Facebook removed three separate networks for coordinated inauthentic behavior. "
        "Together, these networks totaled 242 accounts and 42 pages. "
        "The accounts originated in Thailand and were run by Smaat, a marketing company."
    )
    (measure,) = reading.measures
    assert [(c.n, c.unit) for c in measure.counts][1:] == [(242, "accounts"), (42, "pages")]
    assert [value.value for value in measure.origin] == ["Thailand"]
    assert [value.value for value in measure.operator] == ["Smaat"]
    assert measure.ground[0].value == "coordinated inauthentic behaviour"


def test_a_hedge_belongs_to_the_speaker_of_the_quotation():
    reading = read(
        "“Twitter deleted 18 accounts of allegedly Norwegian origin under the pretext of "
        "violation of its rules on foreign interference,” the spokeswoman Ida Berg said."
    )
    (measure,) = reading.measures
    (origin,) = measure.origin
    assert (origin.value, origin.hedge) == ("Norway", "allegedly")
    assert origin.hedged_by and "Berg" in origin.hedged_by
    assert measure.ground[0].hedge == "under the pretext of"
    assert measure.ground[0].hedged_by == origin.hedged_by
    assert any("Berg" in (value.value or "") for value in measure.asserted_by)


def test_a_label_is_a_claim_of_who_gave_it():
    reading = read("The paper was branded a foreign agent by the country’s Ministry of Justice.")
    (measure,) = reading.measures
    assert measure.actions[0][0] == "designate"
    (claim,) = [one for one in reading.claims if one.slot == "label"]
    assert claim.value == "foreign agent"
    assert claim.asserted_by == ("Ministry of Justice",)


def test_a_denial_and_the_accusation_are_one_act_denied():
    reading = read(
        "Kadrik has not blocked the channel Morning Bell, the company said.\n\n"
        "The union had accused Kadrik of blocking the channel."
    )
    assert [one.status for one in reading.measures] == ["denied"]


def test_every_value_stands_at_its_span():
    text = (
        "Facebook removed 12 accounts and 10 pages linked to the Internet Research Agency. "
        "The accounts originated in Kenya. About $5,800 was spent on ads by these accounts."
    )
    (measure,) = read(text).measures
    for slot in (measure.actor, measure.platform, measure.operator, measure.origin):
        assert slot
        for value in slot:
            assert value.span is not None and value.span.of(text) == value.value
    assert measure.spend[0].amount == 5800


@pytest.mark.parametrize(
    ("text", "action", "status"),
    [
        ("TikTok reduced the distribution of 40 videos.", "demote", "past"),
        ("Facebook has added labels to 40 videos.", "label", "past"),
        ("TikTok will pause political ads before the vote.", "ad_ban", "announced"),
        ("Google was forced to remove 40 videos.", "remove", "past"),
        ("A court in Accra ordered the blocking of 14 channels on YouTube.", "block", "announced"),
        ("If nothing changes, Ghana will be forced to block 12 websites.", "block", "threatened"),
    ],
)
def test_other_ways_to_tell_an_act(text, action, status):
    (measure,) = read(text).measures
    assert [one for one, _ in measure.actions] == [action]
    assert measure.status == status


@pytest.mark.parametrize(
    "text",
    [
        "TikTok has rules. We remove videos that break them.",
        "We would remove any post that gives a wrong date, TikTok said.",
        "If the pages are not restored, Facebook may lose users.",
        "Facebook must restore 40 pages, the minister said.",
    ],
)
def test_what_is_a_rule_a_supposition_or_a_duty_is_no_act(text):
    assert read(text).measures == []


def test_a_part_is_not_the_whole():
    reading = read(
        "Facebook and Twitter have removed accounts of the network. Facebook said it had removed "
        "44 pages. Twitter said it had suspended 18 accounts, six of which it has restored since."
    )
    told = [
        ([value.value for value in one.platform], [(count.n, count.unit) for count in one.counts])
        for one in reading.measures
    ]
    assert told == [
        (["Facebook", "Twitter"], []),
        (["Facebook"], [(44, "pages")]),
        (["Twitter"], [(18, "accounts")]),
        (["Twitter"], [(6, "accounts")]),
    ]


def test_a_rounded_headline_is_the_same_act():
    from tests.documents.made_text import document

    from assay.documents.read_all import read_one

    made = document(
        ("headline", "Facebook deletes over 200 accounts and pages"),
        ("body", "Facebook has deleted 218 accounts, pages and groups, it said on Monday."),
    )
    (measure,) = read_one(made).measures
    assert [count.n for count in measure.counts] == [218]


def _work(reading, stage):
    """What a stage does, counted in bytecodes and calls: no clock, the same on any machine."""
    done = 0

    def step(frame, event, arg):
        nonlocal done
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        done += 1
        return step

    def call(frame, event, arg):
        nonlocal done
        done += 1

    traced, profiled = sys.gettrace(), sys.getprofile()
    sys.settrace(step)
    sys.setprofile(call)
    try:
        stage.read(reading)
    finally:
        sys.settrace(traced)
        sys.setprofile(profiled)
    return done


def _read_up_to_measures(made):
    reading = Reading(made, parse(made))
    Counts().read(reading)
    Statements().read(reading)
    return reading


@pytest.mark.parametrize("apart", [" ", "\n"], ids=["in one line", "in lines of their own"])
def test_the_work_grows_with_the_number_of_acts_and_not_with_its_square(apart):
    sentence = "Facebook removed 12 accounts and 10 pages for coordinated inauthentic behavior."
    Measures().read(_read_up_to_measures(made_document(sentence)))  # patterns are built once
    work = {}
    for acts in (20, 80):
        reading = _read_up_to_measures(made_document(apart.join([sentence] * acts)))
        work[acts] = _work(reading, Measures())
        (measure,) = reading.measures
        assert len(measure.mentions) == acts - 1
    assert work[80] < 4 * 1.1 * work[20]


def test_what_is_said_of_the_accounts_belongs_to_the_platform_that_says_it():
    made = read(
        "Chirpnet removed 31 accounts. Tukan removed 21 accounts. It did not remove any groups.\n\n"
        "The accounts spent $12,000 on ads, Chirpnet said.\n"
    )
    spent = {
        (one.status, one.actor[0].value): [sum_.amount for sum_ in one.spend]
        for one in made.measures
    }
    assert spent == {
        ("past", "Chirpnet"): [12_000],
        ("past", "Tukan"): [],
        ("denied", "Tukan"): [],
    }


def test_a_platform_is_not_named_by_a_part_of_another_word():
    made = read(
        "Chirpnet removed 31 accounts. Tukan removed 21 accounts.\n\n"
        "The accounts spent $12,000 on ads for Chirpnetting.\n"
    )
    spent = {one.actor[0].value: [sum_.amount for sum_ in one.spend] for one in made.measures}
    assert spent == {"Chirpnet": [], "Tukan": [12_000]}


def test_what_posts_do_is_no_ground():
    made = read("Parolo will remove posts that give wrong dates for the vote.\n")
    assert [one.ground for one in made.measures] == [()]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Twitter has blocked 3 of our 5 backup accounts.", [3]),
        ("The pages were loud. Twitter suspended 1,100 of them that summer.", [1100]),
        ("Twitter knows 240 accounts. 38 of them have since been suspended.", [38]),
        ("TikTok added a label to 21 of their videos and made the accounts quiet.", [21]),
        ("Twitter withheld 97 accounts and 403 posts in Norway.", [97, 403]),
    ],
)
def test_numbers_of_a_whole_and_of_what_was_named_before(text: str, numbers: list[int]) -> None:
    (measure,) = read(text).measures
    assert [count.n for count in measure.counts] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Should the page not be restored by 15 May, we will write to Facebook again.",
        "Imagine that Facebook removed every page of a minister.",
    ],
)
def test_what_is_supposed_without_if_tells_no_act(text: str) -> None:
    assert read(text).measures == []


def test_a_day_acts_on_nobody() -> None:
    (measure,) = read("The 40 accounts on Facebook were suspended by 15 May.").measures
    assert "15 May" not in {value.value for value in measure.actor}


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("Facebook removed 13 accounts operated by the marketing firm Ostbridge.", "Ostbridge"),
        ("Facebook removed 13 accounts linked to employees of Clear River.", "Clear River"),
        (
            "Facebook removed 13 accounts run by a marketing firm in Velmar.",
            "marketing firm in Velmar",
        ),
    ],
)
def test_an_operator_stands_behind_its_kind(text: str, operator: str) -> None:
    (measure,) = read(text).measures
    assert [value.value for value in measure.operator] == [operator]


def test_a_rule_that_was_not_broken_is_no_ground() -> None:
    (measure,) = read(
        "Facebook has not removed the 58 accounts because they do not violate its rules."
    ).measures
    assert measure.ground == ()

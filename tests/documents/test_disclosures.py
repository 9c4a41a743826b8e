from tests.documents.made_documents import read

NETWORK = """Tactic,Technique,Procedure,Indicator
0 Acquiring assets,0.9 Acquiring accounts,0.9.1 Acquiring Facebook assets,63 accounts
0 Acquiring assets,0.9 Acquiring accounts,0.9.1 Acquiring Facebook assets,44 Pages
0 Acquiring assets,0.9 Acquiring accounts,0.9.2 Acquiring Instagram accounts,7 accounts
0 Acquiring assets,0.9 Acquiring accounts,0.9.9 Repurposing,"Posed as 12 accounts of it"
0 Acquiring assets,0.6 Acquiring domains,0.6.2 Acquiring domains,example[.]com
"""
FLAT = """indicator_type,indicator_value,comment,ds
domain_name,one[.]example,"UNC000, Norway",2022-04-07
domain_name,two[.]example,"UNC000, Norway",2022-04-07
url,three[.]example,Malware hosting,2022-04-08
"""
ARCHIVE = """userid,user_display_name,user_screen_name,account_creation_date,operation
1,A,a,2019-01-01,Norway
2,B,b,2019-01-02,Norway
3,C,c,2019-01-03,Kenya
"""


def test_a_network_s_holdings():
    reading = read(NETWORK, name="Q1_2023__Kenya-based_CIB_network.csv")
    (measure,) = reading.measures
    assert [(c.n, c.unit, c.platform) for c in measure.counts] == [
        (63, "accounts", "Facebook"),
        (44, "pages", "Facebook"),
        (7, "accounts", "Instagram"),
    ]
    assert all(c.phrase.of(NETWORK).split()[0] == str(int(c.n)) for c in measure.counts)
    assert [(v.value, v.span) for v in measure.origin] == [("Kenya", None)]
    assert measure.disclosed_on is not None and measure.disclosed_on.value == "2023-Q1"
    assert reading.parsed is not None and reading.parsed.paragraphs == ()


def test_flat_indicators_stay_defanged_and_give_no_number():
    measures = read(FLAT, name="list.csv").measures
    named, unnamed = measures
    assert [v.value for v in named.target] == ["one[.]example", "two[.]example"]
    assert [v.value for v in named.origin] == ["Norway"]
    assert [v.value for v in named.operator] == ["UNC000"]
    assert named.counts == () and unnamed.origin == ()
    assert all(value.span.of(FLAT) == value.value for value in named.target)


def test_an_archive_of_accounts_is_counted_by_operation():
    measures = read(ARCHIVE, name="users.csv").measures
    assert [(m.operator[0].value, m.counts[0].n) for m in measures] == [("Norway", 2), ("Kenya", 1)]


def test_another_table_is_no_disclosure():
    assert read("name,accounts\nAda,63 accounts\n", name="other.csv").measures == []

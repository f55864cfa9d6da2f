"""Files of judgements: what is read, and what is said of each bad line."""

from __future__ import annotations

import pytest

from search.relevance.files import JudgementError, parse, read

HEADER = "query,product_id,rating\n"


def lines(*text: str) -> list[str]:
    return [HEADER, *(f"{line}\n" for line in text)]


def test_a_good_file_is_read_whole():
    parsed = parse(lines("laptop,100,3", '"13"" laptop, thin",101,0', "  laptop  ,102, 1"))
    assert parsed.errors == []
    assert parsed.by_query() == {"laptop": {"100": 3, "102": 1}, '13" laptop, thin': {"101": 0}}
    assert [line.number for line in parsed.lines] == [2, 3, 4]


def test_a_mark_of_byte_order_a_blank_line_and_capitals_in_the_header_do_no_harm():
    assert parse(["\ufeffQuery,Product_ID,Rating\n", "\n", "laptop,1,2\n", ",,\n"]).by_query() == {"laptop": {"1": 2}}


@pytest.mark.parametrize("separator", [";", "\t"])
def test_what_other_languages_spreadsheets_put_between_values_is_read(separator):
    text = ["\ufeffquery,product_id,rating\r\n", '"laptop; thin\tlight",100,3\r\n', "fan, small,7,1\r\n"]
    text = [line.replace(",", separator).replace("; thin\tlight", ", thin") for line in text]
    parsed = parse(text)
    assert parsed.by_query() == {"laptop, thin": {"100": 3}}
    name = {";": "semicolon", "\t": "tab"}[separator]
    assert parsed.errors == [
        f"Line 3: 4 values instead of 3 (query{separator}product_id{separator}rating). A query with a {name} needs quotes."
    ]


def test_a_comma_needs_no_quotes_where_semicolons_stand_between_values():
    assert parse(["query;product_id;rating\n", "laptop, thin;100;3\n"]).by_query() == {"laptop, thin": {"100": 3}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("laptop,1,4", "Line 2: the rating is '4'; it has to be a whole number from 0 to 3."),
        ("laptop,1,-1", "Line 2: the rating is '-1'"),
        ("laptop,1,2.5", "Line 2: the rating is '2.5'"),
        ("laptop,1,²", "Line 2: the rating is '²'"),
        ("laptop,1,", "Line 2: the rating is ''"),
        ("laptop,1," + "9" * 5000, "Line 2: the rating is '99999999999999999999'"),
        (",1,2", "Line 2: the query has 0 characters"),
        ("x" * 201 + ",1,2", "Line 2: the query has 201 characters; it needs 1 to 200."),
        ("laptop,,2", "Line 2: the product_id has 0 characters"),
        ("laptop," + "1" * 65 + ",2", "Line 2: the product_id has 65 characters"),
        ("laptop,1", "Line 2: 2 values instead of 3"),
        (
            "laptop, thin,1,2",
            "Line 2: 4 values instead of 3 (query,product_id,rating). A query with a comma needs quotes.",
        ),
        ("lap\x00top,1,2", "Line 2: there are control characters in it"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_kept(line, said):
    parsed = parse(lines(line, "fan,7,1"))
    assert len(parsed.errors) == 1
    assert parsed.errors[0].startswith(said)
    assert parsed.by_query() == {"fan": {"7": 1}}


def test_two_ratings_of_one_pair_contradict_each_other_and_the_same_twice_does_not():
    parsed = parse(lines("laptop,1,3", "laptop,1,3", "laptop,1,0"))
    assert parsed.errors == ["Line 4: 1 is rated 0 for “laptop”, and 3 in line 2. Leave one of the two."]
    assert parsed.by_query() == {"laptop": {"1": 3}}


@pytest.mark.parametrize("text", [[], ["sku,score\n"], ["laptop,1,3\n"], ['"unclosed\n']])
def test_without_the_header_nothing_is_read(text):
    with pytest.raises(JudgementError, match="query,product_id,rating"):
        parse(text)


def test_an_unclosed_quote_ends_the_reading_and_is_said():
    parsed = parse(lines("fan,7,1", '"laptop,1,3'))
    assert parsed.by_query() == {"fan": {"7": 1}}
    assert parsed.errors[0].startswith("Line 3: no CSV")


def test_a_file_that_has_to_be_right_names_twenty_bad_lines_and_counts_the_rest(tmp_path):
    path = tmp_path / "judgments.csv"
    path.write_text(HEADER + "laptop,1,9\n" * 25, encoding="utf-8")
    with pytest.raises(JudgementError) as caught:
        read(path)
    assert len(caught.value.errors) == 21
    assert caught.value.errors[0].startswith("Line 2:")
    assert caught.value.errors[-1] == "… and 5 more."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"query,product_id,rating\nl\xe4ptop,1,2\n", "not in UTF-8"),
        (HEADER.encode(), "no judgement"),
    ],
)
def test_a_file_that_is_missing_otherwise_encoded_or_empty_is_told(tmp_path, content, said):
    path = tmp_path / "judgments.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(JudgementError, match=said):
        read(path)

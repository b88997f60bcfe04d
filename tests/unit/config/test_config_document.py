"""Reading YAML: what people write is what they get, or they are told."""

from __future__ import annotations

import pytest

from pipeline.config.document import Document, read_document
from pipeline.errors import ConfigError


def read(text: str) -> Document:
    return read_document(text, "a.yaml")


def only_problem(text: str) -> str:
    """The one problem of a text, whether it ends the reading or is kept for later."""
    try:
        document = read(text)
    except ConfigError as invalid:
        (problem,) = invalid.problems
        return problem
    (kept,) = document.problems
    return kept.message


TEXTS = """9:16 22:30 no off yes on y 0777 007 0o17 0x1F 1_000 +4915112345 00447700900123 2026-12-24
2026-12-24T18:00:00 1e5 .inf .nan = 1.2.3 1234567890123456789"""


@pytest.mark.parametrize("written", TEXTS.split())
def test_what_older_yaml_would_change_stays_text(written: str) -> None:
    assert read(f"a: {written}").value == {"a": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("~", None),
        ("null", None),
        ("", None),
        ("'12'", "12"),
        ('"no"', "no"),
        ("!!str 12", "12"),
    ],
)
def test_plain_numbers_truth_and_nothing_are_read_as_such(written: str, value: object) -> None:
    read_value = read(f"a: {written}").value["a"]
    assert read_value == value
    assert type(read_value) is type(value)


def test_keys_are_always_text_as_it_was_written() -> None:
    assert read("no: 1\n1: 2\n0777: 3\n~: 4\n").value == {"no": 1, "1": 2, "0777": 3, "~": 4}


def test_every_value_knows_its_line() -> None:
    document = read("a: 1\n\nb:\n  c:\n    - x\n    - y: z\n")
    assert [document.line_of(path) for path in [("a",), ("b",), ("b", "c"), ("b", "c", 0)]] == [1, 3, 4, 5]
    assert document.line_of(("b", "c", 1, "y")) == 6


def test_a_value_that_is_missing_has_the_line_of_what_should_hold_it() -> None:
    document = read("a: 1\nb:\n  c: 2\n")
    assert document.line_of(("b", "missing", "deeper")) == 3 - 1
    assert document.line_of(("missing",)) == 1


def test_a_problem_names_file_line_and_path() -> None:
    document = read("a:\n  b: [1, 2]\n")
    assert document.problem(("a", "b", 1), "is wrong") == "a.yaml:2: a.b[1]: is wrong"


def test_an_empty_text_is_an_empty_document() -> None:
    assert read("").value == {}
    assert read("# only a comment\n").value == {}


def test_a_key_that_is_written_twice_is_a_problem() -> None:
    assert only_problem("fit: blur\nlink: x\nfit: cover\n") == (
        "a.yaml:3: fit: written twice, first on line 1; keep one"
    )


def test_merge_keys_bring_in_what_is_not_written() -> None:
    text = "base: &base {a: 1, b: 2}\nmine:\n  <<: *base\n  b: 3\n"
    document = read(text)
    assert document.value["mine"] == {"a": 1, "b": 3}
    assert document.line_of(("mine", "a")) == 1
    assert document.line_of(("mine", "b")) == 4


def test_the_first_of_several_merged_mappings_counts() -> None:
    text = "x: &x {a: 1}\ny: &y {a: 2, b: 2}\nmine: {<<: [*x, *y]}\n"
    assert read(text).value["mine"] == {"a": 1, "b": 2}


def test_only_a_mapping_can_be_merged() -> None:
    assert only_problem("a: {<<: 3}") == "a.yaml:1: a: << needs a mapping such as *name"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "a.yaml:1: this is a list; lines such as `key: value` belong here"),
        ("hello", "a.yaml:1: this is a single text; lines such as `key: value` belong here"),
        ("a: 1\n---\nb: 2\n", "only one document belongs in a file: remove the line ---"),
        ("a:\n\tb: 1\n", "a.yaml:2: not valid YAML: found character '\\t'"),
        ("a:\n\tb: 1\n", "indent with spaces, not with tabs"),
        ("a: 1\nb: Sale: today\n", "a.yaml:2: not valid YAML: mapping values are not allowed here"),
        ("b: Sale: today\n", "needs quotes around the whole of it"),
        ("a: @shop", "found character '@'"),
        ("a: *bold* words", "needs quotes around the whole of it"),
        ('a: 1\nb: "open\n\nc: 2\n', "a.yaml:2: not valid YAML: found unexpected end of stream"),
        ('b: "open\n', "a closing quote or bracket is missing"),
        ("a: 1\nb: \x07", "a.yaml:2: the character U+0007 isn't allowed in YAML; remove it"),
        (
            "a: 1\nb: !!python/object:os.system x",
            "a.yaml:2: b: the tag tag:yaml.org,2002:python/object:os.system",
        ),
        ("a: !wow text", "a.yaml:1: a: the tag !wow isn't allowed; put the text in quotes"),
        ("a: !!int x", "a.yaml:1: a: 'x' doesn't fit the tag !!int; remove the tag"),
        ("a: !!bool yes", "a.yaml:1: a: 'yes' doesn't fit the tag !!bool; remove the tag"),
        ("? [a]\n: 3\n", "a.yaml:1: a key must be a single word"),
        ('a: "\\ud800"', "half a character"),
        ('a: "\\0"', "the control character U+0000 isn't allowed"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(text: str, said: str) -> None:
    problem = only_problem(text)
    assert said in problem
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("caption: Love #beach", "#beach", "Love #beach"),
        ("caption: #fff", "#fff", "#fff"),
        ("caption:\n  - #one #two", "#one #two", "#one #two"),
    ],
)
def test_a_hashtag_that_yaml_would_drop_as_a_comment_is_a_problem(text: str, cut: str, whole: str) -> None:
    problem = only_problem(text)
    assert f"'{cut}' was read as a comment" in problem
    assert f'put the whole text in quotes: "{whole}"' in problem


@pytest.mark.parametrize(
    "text",
    [
        "a: Love # a comment",
        "a: 1 #one",
        "a: true #yes",
        'a: "Love" #quoted',
        "a: x##y",
        "a: b #",
        "#a: b\nc: d",
    ],
)
def test_real_comments_are_left_alone(text: str) -> None:
    assert read(text).problems == ()


def test_an_emoji_in_json_spelling_is_one_character() -> None:
    assert read('{"a": "\\ud83d\\ude00"}').value == {"a": "\U0001f600"}


def test_an_alias_bomb_is_refused() -> None:
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    text += "".join(
        f"{b}: &{b} [{', '.join(9 * ['*' + a])}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "too many values or too deep" in only_problem(text)


@pytest.mark.parametrize(
    "text", ["a: &a [*a]", "a: &a {b: *a}", "a: &a {<<: *a}", "[" * 400, "a: " + "{b: " * 200]
)
def test_what_never_ends_or_nests_too_deeply_is_refused(text: str) -> None:
    assert only_problem(text).startswith("a.yaml")


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    assert "this can't be the right file" in only_problem("a: " + "x" * 1_000_000)


def test_a_problem_is_one_line_whatever_it_quotes() -> None:
    document = read('"a\\nb": 1\n')
    assert document.problem(("a\nb",), "is wrong") == "a.yaml:1: a b: is wrong"

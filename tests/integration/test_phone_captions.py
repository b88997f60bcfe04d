"""Whatever a person writes reaches the phone byte for byte; no shell on the way obeys any of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence

import pytest
from fakes.android.line import Line

from pipeline.handoff.intents import TEXT, am_start, send, why_not_started
from pipeline.model import Texts
from pipeline.tools.adb_phone import Phone

SEED = 20261123
AT_ONCE = 50
LONGEST = 60
PIECES = [
    *"abcXYZ019 \t\n\"'`$\\;&|<>(){}[]*?!#~%^=+-_/.,:@",
    *(
        "$(reboot)",
        "`id`",
        "${HOME}",
        "\r\n",
        "'\"'\"'",
        "; reboot #",
        "&& rm -rf /sdcard",
        "%s%n",
        "\\0",
        "--es",
    ),
    *("olá", "ção", "日本語", "한글", "Привет", "\u0301", "é", "ß", "ﬀ", "\u00a0", "\u2028", "\ufeff"),
    *("שלום", "مرحبا", "\u200f", "\u202e", "\u2066", "\u2069", "🏖️", "👩‍👩‍👧‍👦", "🇧🇷", "👍🏽", "\U0010ffff"),
]
NASTY = [
    "-n",
    "--help",
    "",
    " ",
    "\n",
    "'",
    "__rc_0=1",
    "a\n__rc_1=0\n",
    "Error: it isn't one",
    "x" * 700,
    "🥖" * 700,
]


def captions(count: int) -> list[str]:
    chance = random.Random(SEED)  # noqa: S311 - only different
    made = ["".join(chance.choices(PIECES, k=chance.randint(1, LONGEST))) for _ in range(count)]
    return [*filter(None, NASTY), *made][:count]


def arrive(line: Line, texts: Sequence[str]) -> list[str]:
    """What `am` on the phone was called with, for captions sent in batches."""
    stand_in = line.phone()
    phone = Phone(stand_in.serial, 60.0)
    for start in range(0, len(texts), AT_ONCE):
        commands = [
            am_start(send("content://media/1", "image/jpeg", Texts(text), "com.whatsapp"))
            for text in texts[start : start + AT_ONCE]
        ]
        assert [why_not_started(reply.lines) for reply in phone.ask(*commands)] == [None] * len(commands)
    assert {call[0] for call in stand_in.calls()} == {"am", "grep"}
    stand_in.commands.clear()  # a caption may well hold one of the words that are looked for
    return [call[call.index(TEXT) + 1] for call in stand_in.opened()]


def test_two_hundred_captions_arrive_byte_for_byte(line: Line) -> None:
    texts = captions(200)
    assert arrive(line, texts) == texts


@pytest.mark.slow
def test_a_thousand_captions_arrive_byte_for_byte(line: Line) -> None:
    texts = captions(1000)
    assert len(set(texts)) > 950
    assert arrive(line, texts) == texts


def test_captions_without_a_quote_around_them_would_not_arrive(line: Line) -> None:
    stand_in = line.phone()
    line.server.call(
        "-s", stand_in.serial, "shell", "am", "start", "-p", "com.whatsapp", "--es", TEXT, "a; rm 'b'"
    )
    assert [call[-1] for call in stand_in.opened()] == ["a"]
    assert ["rm", "b"] in stand_in.calls()


SENDER = """
import sys
from pipeline.tools.adb_phone import Phone
text = "Ol\\u00e1 \\U0001f956 \\u05d5"
Phone(sys.argv[1], 20.0).ask(("am", "start", "-p", "com.whatsapp", "--es", "x", text))
"""


def test_a_locale_without_unicode_changes_nothing(line: Line) -> None:
    stand_in = line.phone()
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run(
        [sys.executable, "-c", SENDER, stand_in.serial], env=os.environ | plain, check=True, timeout=30
    )
    assert [call[-1] for call in stand_in.opened()] == ["Ol\u00e1 \U0001f956 \u05d5"]

"""Whatever a person writes reaches the phone byte for byte; no shell on the way obeys any of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence

import pytest
import yaml
from fakes.android.line import Line
from fakes.shop import Shop

from pipeline.handoff.intents import TEXT, am_start, send, why_not_started
from pipeline.ledger.answers import Answer
from pipeline.model import Texts
from pipeline.run import answer
from pipeline.tools.adb_phone import Phone

SEED = 20261123
URI = "content://media/external/images/media/1"
AT_ONCE = 50
LONGEST = 60
CONTROLS = [*map(chr, (*range(1, 9), 11, 12, *range(14, 32), 127, 128, 159))]
"""No sidecar may hold them; what else hands captions to the phone might."""
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
    *CONTROLS,
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


def captions(count: int, pieces: Sequence[str] = PIECES) -> list[str]:
    chance = random.Random(SEED)  # noqa: S311 - only different
    made = ["".join(chance.choices(pieces, k=chance.randint(1, LONGEST))) for _ in range(count)]
    return [*filter(None, NASTY), *made][:count]


def arrive(line: Line, texts: Sequence[str]) -> list[str]:
    """What `am` on the phone was called with, for captions sent in batches."""
    stand_in = line.phone()
    phone = Phone(stand_in.serial, 60.0)
    for start in range(0, len(texts), AT_ONCE):
        commands = [
            am_start(send(URI, "image/jpeg", Texts(text), "com.whatsapp"))
            for text in texts[start : start + AT_ONCE]
        ]
        assert [why_not_started(reply.lines) for reply in phone.ask(*commands)] == [None] * len(commands)
    assert {call[0] for call in stand_in.calls()} == {"am"}
    return [text_in(call) for call in stand_in.opened()]


def text_in(call: Sequence[str]) -> str:
    """What `am` took as the caption."""
    return call[call.index(TEXT) + 1]


def test_a_hundred_captions_arrive_byte_for_byte(line: Line) -> None:
    texts = captions(100)
    assert arrive(line, texts) == texts


def sent_by_runs(line: Line, shop: Shop, texts: Sequence[str]) -> list[str]:
    """What `am` was called with, for stories that go from the inbox into WhatsApp one run after the other."""
    stand_in = line.phone()
    shop.destinations = "{whatsapp: {platform: whatsapp_status, channels: [intent]}}"
    chosen = f"phone={{serial: '{stand_in.serial}', appear_seconds: 0, keep_minutes: 0}}"
    for number, text in enumerate(texts, 1):
        file = shop.picture(f"{number}.jpg", number)
        with file.open("ab") as end:
            end.write(b"%d" % number)
        shop.sidecar(f"{number}.jpg.yaml", yaml.safe_dump({"caption": text}))
        summary = shop.run(chosen)
        assert (summary.offered, summary.refused) == (1, 0), [number, text, shop.events]
        answer(shop.settings(chosen), [Answer("confirm", number, shop.clock())])
        file.unlink()
    assert (len(stand_in.opened()), stand_in.files(), stand_in.rows()) == (len(texts), [], [])
    sent = [text_in(call) for call in stand_in.opened()]
    assert [row.texts.caption for row in shop.deliveries()] == sent
    return sent


def test_captions_in_sidecars_arrive_byte_for_byte(line: Line, shop: Shop) -> None:
    texts = ['It\'s $HOME; `id` $(reboot)\n"x" 🥖', "--es", "שלום\u202e\n\n'"]
    assert sent_by_runs(line, shop, texts) == texts


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_thousand_captions_arrive_byte_for_byte(line: Line, shop: Shop) -> None:
    pieces = [piece for piece in PIECES if piece not in CONTROLS]
    texts = [text for text in captions(1100, pieces) if text.strip()][:1000]
    sent = sent_by_runs(line, shop, texts)
    assert len(set(sent)) > 950
    assert sum(text == arrived for text, arrived in zip(texts, sent, strict=True)) > 500
    """The others are trimmed, or cut at the platform's limit, before anybody offers them."""


def test_captions_without_a_quote_around_them_would_not_arrive(line: Line) -> None:
    stand_in = line.phone()
    before = len(stand_in.commands), 0
    words = ("shell", "am", "start", "-p", "com.whatsapp", "--es", TEXT, "a; rm 'b'")
    line.server.call("-s", stand_in.serial, *words)
    assert [call[-1] for call in stand_in.opened()] == ["a"]
    assert ["rm", "b"] in stand_in.calls()
    stand_in.forget(*before)


SENDER = """
import sys
from pipeline.handoff.intents import am_start, send
from pipeline.ledger.answers import Answer
from pipeline.model import Texts
from pipeline.run import answer
from pipeline.tools.adb_phone import Phone
text = "Ol\\u00e1 \\U0001f956 \\u05d5"
uri = "content://media/external/images/media/1"
Phone(sys.argv[1], 20.0).ask(am_start(send(uri, "image/jpeg", Texts(text), "com.whatsapp")))
"""


def test_a_locale_without_unicode_changes_nothing(line: Line) -> None:
    stand_in = line.phone()
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run(
        [sys.executable, "-c", SENDER, stand_in.serial], env=os.environ | plain, check=True, timeout=30
    )
    assert [text_in(call) for call in stand_in.opened()] == ["Ol\u00e1 \U0001f956 \u05d5"]

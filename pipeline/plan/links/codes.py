"""What can be wrong with a link: every code, why it matters inside Instagram, and what to use instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

CHAT = "https://wa.me/<number>, the number in digits with its country code"


class Words(NamedTuple):
    """The plain words behind a code; `Finding` puts `{what}` in."""

    why: str
    instead: str


EXPLAINED = {
    "E_NUMBER_LETTERS": Words(
        "'{what}' stands where WhatsApp expects a phone number, so a tap finds nobody", CHAT
    ),
    "E_NUMBER_LENGTH": Words(
        "'{what}' has too few or too many digits for a phone number (7 to 15), so a tap finds nobody", CHAT
    ),
    "E_LEADING_ZERO_NO_CC": Words(
        "'{what}' is a number as it is dialled inside one country; WhatsApp doesn't know which",
        "the number with its country code and without the 0, such as +44 7700 900123; or name your country "
        "once in the config: `default_region: GB`",
    ),
    "E_APP_SCHEME_NOT_CONVERTIBLE": Words(
        "{what}: opens an app directly, which Instagram's browser doesn't do, and no web address does the "
        "same",
        f"{CHAT}, or the https:// address of a page",
    ),
    "E_INTENT_SCHEME": Words(
        "intent: is for other apps on Android; Instagram's browser shows an error for it", CHAT
    ),
    "E_GROUP_CODE": Words(
        "'{what}' isn't the code of a group, so the invitation leads nowhere",
        "the whole link that WhatsApp gives under Group info, Invite via link",
    ),
    "E_NOT_WHATSAPP": Words(
        "'{what}' is no link that WhatsApp opens", f"{CHAT}, or the whole https:// address of a page"
    ),
    "E_NO_NUMBER_NO_TEXT": Words(
        "it names neither a number nor a text, so WhatsApp has no chat to open",
        f"{CHAT}, or https://wa.me/?text=<text>",
    ),
    "W_SCHEME_ADDED": Words(
        "it didn't begin with https://, and Instagram takes only whole addresses", "https://"
    ),
    "W_HTTP": Words("it begins with http://, which phones warn of or refuse", "https://"),
    "W_INVISIBLE_OR_QUOTES": Words(
        "invisible characters or quotes came along when it was copied, and would break the address",
        "the bare address",
    ),
    "W_NUMBER_PUNCT": Words(
        "WhatsApp wants the number without +, spaces, brackets and dashes", "digits only"
    ),
    "W_PREFIX_00": Words("00 is how one dials abroad, not a part of the number", "the country code alone"),
    "W_TRUNK_PAREN0": Words(
        "(0) is dialled only inside the country; with it WhatsApp finds nobody", "no (0)"
    ),
    "W_BARE_NUMBER": Words("a number alone can't be tapped", "https://wa.me/<number>"),
    "W_LEGACY_API_HOST": Words(
        "api.whatsapp.com fails in the browser inside some apps when it isn't handed over to WhatsApp",
        "https://wa.me/<number>",
    ),
    "W_WEB_HOST_DESKTOP_ONLY": Words(
        "web.whatsapp.com needs a computer that is logged in", "https://wa.me/<number>"
    ),
    "W_APP_SCHEME": Words(
        "whatsapp: opens the app directly, which Instagram's browser doesn't do", "https://wa.me/<number>"
    ),
    "W_TEXT_NOT_ENCODED": Words(
        "spaces, #, & and the like cut it off unless they are encoded", "the same, percent-encoded"
    ),
    "W_DOUBLE_ENCODED": Words(
        "its text was encoded twice and would show %20 and the like", "the text encoded once"
    ),
    "W_TEXT_NOT_UTF8": Words(
        "its text isn't UTF-8 and would show broken characters", "the text encoded as UTF-8"
    ),
    "W_AMP_INSTEAD_OF_Q": Words(
        "& stands where ? belongs, so the text would be lost", "?text= after the number"
    ),
    "W_DOUBLE_QUESTION": Words(
        "there is more than one ? before the text, so it would be lost", "one ? and then &"
    ),
    "W_NO_RECIPIENT": Words(
        "it names no number: whoever taps it chooses a chat of their own to send the text to",
        "https://wa.me/<number>?text=<text> to get the message yourself",
    ),
    "W_THIRD_PARTY_SHORTENER": Words(
        "a shortener hides where it leads, may stop working, and is what Instagram's filters are said to "
        "flag",
        "the address that it leads to",
    ),
    "W_GROUP_INVITE": Words("anybody who sees the story can join the group until its link is reset", CHAT),
    "W_UNWRAPPED_LINKSHIM": Words(
        "it was copied out of an app that had wrapped it in an address of its own", "the address inside"
    ),
    "W_PARAM_CASE": Words("WhatsApp reads phone= and text= only in small letters", "small letters"),
    "W_CANNOT_VERIFY": Words(
        "whether this link of WhatsApp still leads somewhere can't be told without the network",
        "tap it once yourself",
    ),
    "W_REGION_ASSUMED": Words(
        "the number has no country code and was taken as one of {what}, your default_region",
        "the number with its country code",
    ),
    "W_NUMBER_UNLIKELY": Words(
        "{what} isn't how numbers of its country look", "the number as WhatsApp shows it in its settings"
    ),
}
"""The codes that begin with E_ leave no link; those with W_ tell what was put right, or may surprise."""

PHONENUMBERS_MISSING = Words(
    "'{what}' is a number as it is dialled inside one country, and turning it into a full one needs the "
    "package phonenumbers",
    'pip install "storyrelay[phonenumbers]", or the number with its country code, such as +44 7700 900123',
)
NOT_OF_REGION = Words(
    "'{what}' has no country code, and isn't a number of your default_region either",
    "the number with its country code and without the 0, such as +44 7700 900123",
)
SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a link: why it wouldn't work inside Instagram, or not as meant, and what does."""

    code: str
    why: str
    instead: str

    @property
    def fatal(self) -> bool:
        """Whether nothing can be made of the link."""
        return self.code.startswith("E_")


def finding(code: str, what: str = "", words: Words | None = None) -> Finding:
    """The finding with that code; `what` is quoted in its words."""
    chosen = words or EXPLAINED[code]
    flat = " ".join(what.split())
    shown = flat if len(flat) <= SHOWN_CHARACTERS else flat[:SHOWN_CHARACTERS] + "…"
    return Finding(code, chosen.why.format(what=shown), chosen.instead)

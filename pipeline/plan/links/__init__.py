"""The link doctor: whether a link works inside Instagram and WhatsApp, and the one that does. No network.

`cleaning` takes a link apart, `forms` knows WhatsApp's, `numbers` and `messages` what is in them, `codes` the
words for it.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from urllib.parse import quote

from pipeline.plan.links.cleaning import Address, address_of, cleaned, unwrapped_shim
from pipeline.plan.links.codes import EXPLAINED, Finding, finding
from pipeline.plan.links.forms import Form, app_form, chat_link, form_of
from pipeline.plan.links.numbers import is_bare_number, number_in

__all__ = ["EXPLAINED", "Diagnosis", "Finding", "chat_link", "examine"]

SHORTENERS = frozenset(
    {
        "bit.ly",
        "buff.ly",
        "cutt.ly",
        "encurtador.com.br",
        "goo.gl",
        "is.gd",
        "l1nk.dev",
        "ow.ly",
        "rb.gy",
        "rebrand.ly",
        "s.id",
        "shorturl.at",
        "t.co",
        "t.ly",
        "tiny.cc",
        "tinyurl.com",
        "v.gd",
        "wa.link",
        "walink.co",
    }
)
DOUBTS = frozenset({"W_REGION_ASSUMED", "W_NUMBER_UNLIKELY"})
_PUBLIC_HOST = re.compile(r"(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_](?:[\w-]*[\w])|(?:\d{1,3}\.){3}\d{1,3}")
_KEPT = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What became of a link: the one to use (None when nothing can be made of it), and what there is to say.

    `number` and `text` are what a link to a WhatsApp chat holds; `whatsapp` is false for another web page.
    """

    given: str
    link: str | None
    findings: tuple[Finding, ...] = ()
    number: str | None = None
    text: str | None = None
    whatsapp: bool = True

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Why there is no link."""
        return tuple(one for one in self.findings if one.fatal)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What was put right, or may surprise."""
        return tuple(one for one in self.findings if not one.fatal)

    @property
    def lasting(self) -> tuple[Finding, ...]:
        """What is still to be said of the link that came out."""
        return examine(self.link).warnings if self.link else ()

    @property
    def put_right(self) -> tuple[Finding, ...]:
        """What was wrong, and no longer is."""
        stays = {one.code for one in self.lasting}
        return tuple(one for one in self.warnings if self.link and one.code not in stays | DOUBTS)

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What may be wrong with the number, and nobody but its owner can tell."""
        return tuple(one for one in self.warnings if one.code in DOUBTS)


def examine(given: str, region: str | None = None, *, must_be_whatsapp: bool = False) -> Diagnosis:
    """Read a link in whatever form people have it; `region` ("BR") is meant by national numbers.

    Other web pages pass, unless `must_be_whatsapp`. A link that came out of here comes out unchanged.
    """
    text, before = _unwrapped(given)
    form = _form(text, region)
    found = form or _page(address_of(text))
    if form is None and must_be_whatsapp:
        found = Form(None, (finding("E_NOT_WHATSAPP", text),))
    findings = {one.code: one for one in (*before, *found.findings)}
    return Diagnosis(
        given,
        None if any(one.fatal for one in findings.values()) else found.link,
        tuple(findings.values()),
        found.number,
        found.text,
        form is not None,
    )


def _unwrapped(given: str) -> tuple[str, list[Finding]]:
    """The link itself, out of quotes and out of the redirects that apps wrap around links."""
    found = []
    text, untidy = cleaned(given)
    if untidy:
        found.append(finding("W_INVISIBLE_OR_QUOTES"))
    while (inside := unwrapped_shim(address_of(text))) is not None:
        text, _ = cleaned(inside)
        found.append(finding("W_UNWRAPPED_LINKSHIM"))
    return text, found


def _form(text: str, region: str | None) -> Form | None:
    """What a link to WhatsApp comes to; None for other pages."""
    if is_bare_number(text):
        number = number_in(text, region, bare=True)
        link = chat_link(number.digits, None) if number.digits else None
        return Form(link, (finding("W_BARE_NUMBER"), *number.findings), number.digits)
    address = address_of(text)
    if address.scheme not in ("", "http", "https"):
        return app_form(address, region)
    form = form_of(address, region)
    return form and dataclasses.replace(form, findings=(*_scheme_findings(address), *form.findings))


def _page(address: Address) -> Form:
    """Any other web page: a sticker takes it as it is."""
    shown = address.authority + address.rest
    if not _PUBLIC_HOST.fullmatch(address.host) or address.rest.startswith("\\"):
        return Form(None, (finding("E_NOT_WHATSAPP", shown or "nothing"),))
    rest = quote(address.rest, safe=_KEPT, errors="replace")
    findings = [*_scheme_findings(address)]
    if rest != address.rest:
        findings.append(finding("W_TEXT_NOT_ENCODED"))
    if address.host.removeprefix("www.") in SHORTENERS:
        findings.append(finding("W_THIRD_PARTY_SHORTENER"))
    return Form(f"{address.scheme or 'https'}://{address.authority}{rest}", tuple(findings))


def _scheme_findings(address: Address) -> list[Finding]:
    codes = {"": "W_SCHEME_ADDED", "http": "W_HTTP"}
    return [finding(codes[address.scheme])] if address.scheme in codes else []

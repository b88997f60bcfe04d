"""The words that go with a story, made ready to paste for each destination."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Profile, Sidecar, Texts
from pipeline.plan.cutting import shorten, units
from pipeline.plan.spoken import spoken
from pipeline.plan.stickers import Placed
from pipeline.plan.terms import CaptionSettings

LABEL = "Link: "
FOR_FRIENDS = "For close friends only"


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts, and what people should know about how they were shortened."""

    texts: Texts
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lines:
    """What a caption is put together from, one block of lines each; empty ones are left out."""

    caption: str
    ending: str
    link: str = ""
    audience: str = ""
    place: str = ""
    mentions: str = ""
    hashtags: str = ""

    def joined(self) -> str:
        words = (self.caption, self.ending, self.link)
        blocks = (*words, self.audience, self.place, self.mentions, self.hashtags)
        return "\n".join(block for block in blocks if block)


def texts_for(
    sidecar: Sidecar,
    destination: str,
    profile: Profile,
    captions: CaptionSettings,
    placed: Placed | None = None,
) -> Wording:
    """The caption within the platform's limit, and the rest one by one: for a person with everything in it.

    A program that publishes gets link, people, topics and place as stickers instead, those in `placed`.
    """
    said = "\n".join(filter(None, (sidecar.decor.title, spoken(sidecar, destination, captions))))
    lines = _Lines(said, captions.ending.strip())
    texts = Texts("", sidecar.link, sidecar.mentions, sidecar.hashtags)
    if placed:
        return _with_stickers(lines, texts, sidecar, profile, placed)
    lines = dataclasses.replace(
        lines,
        link=_link_line(sidecar.link, profile),
        audience=_audience_line(sidecar, profile),
        place=_place_line(sidecar, profile),
        mentions=" ".join(f"@{name}" for name in sidecar.mentions),
        hashtags=" ".join(f"#{tag}" for tag in sidecar.hashtags),
    )
    caption, notes = _within(lines, sidecar.link, profile.caption_max_chars)
    return Wording(dataclasses.replace(texts, caption=caption), (*notes, *_audience_notes(sidecar, profile)))


def _with_stickers(
    lines: _Lines, texts: Texts, sidecar: Sidecar, profile: Profile, placed: Placed
) -> Wording:
    caption, notes = _within(lines, None, profile.caption_max_chars)
    has_place = any(sticker.kind == "location" for sticker in placed.stickers)
    complete = dataclasses.replace(
        texts,
        caption=caption,
        place=sidecar.location if has_place else None,
        stickers=placed.stickers,
        close_friends=sidecar.close_friends,
    )
    return Wording(complete, (*notes, *placed.notes))


def _link_line(link: str | None, profile: Profile) -> str:
    """WhatsApp makes any address in a caption tappable; elsewhere a person must make a sticker of it."""
    if not link:
        return ""
    return link if _is_whatsapp(profile) else LABEL + link


def _place_line(sidecar: Sidecar, profile: Profile) -> str:
    if sidecar.location is None:
        return ""
    return f"{'📍' if _is_whatsapp(profile) else 'Place:'} {sidecar.location.name}"


def _audience_line(sidecar: Sidecar, profile: Profile) -> str:
    """For the person who posts it by hand; on WhatsApp everybody would read it."""
    return FOR_FRIENDS if sidecar.close_friends and profile.name.startswith("instagram") else ""


def _audience_notes(sidecar: Sidecar, profile: Profile) -> tuple[str, ...]:
    if not sidecar.close_friends or profile.name.startswith("instagram"):
        return ()
    return ("close_friends is Instagram's: here your own privacy settings decide who sees it",)


def _is_whatsapp(profile: Profile) -> bool:
    return profile.name.startswith("whatsapp")


def _within(lines: _Lines, link: str | None, limit: int | None) -> tuple[str, tuple[str, ...]]:
    if link and link in lines.caption.split():
        said_already = dataclasses.replace(lines, link="").joined()
        if limit is None or units(said_already) <= limit:
            return said_already, ()
    everything = lines.joined()
    if limit is None or units(everything) <= limit:
        return everything, ()
    return _shortened(lines, link or "", limit)


def _shortened(lines: _Lines, link: str, limit: int) -> tuple[str, tuple[str, ...]]:
    """The caption gives way first, down to half the limit, then what matters least; never half a link."""
    wanted = min(units(lines.caption), limit // 2)
    tail, left_out = next(
        (tail, left_out) for tail, left_out in _tails(lines, link) if _has_room(tail, wanted, limit, link)
    )
    caption = shorten(lines.caption, limit - units(tail) - (1 if tail else 0))
    text = "\n".join(block for block in (caption, tail) if block)
    notes = (_cut_note(lines.caption, caption, limit), _left_out_note(left_out, limit))
    return text, tuple(note for note in notes if note)


def _has_room(tail: str, wanted: int, limit: int, link: str) -> bool:
    """Whether `tail` leaves the caption what it needs; of a mere link only that it fits itself."""
    bare = tail.removeprefix(LABEL) in {link, ""}
    return units(tail) + (0 if bare else 1 + wanted) <= limit


def _tails(lines: _Lines, link: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What follows the caption, ever shorter, each with the names of what is left out."""
    left_out: tuple[str, ...] = ()
    yield dataclasses.replace(lines, caption="").joined(), left_out
    for name in ("hashtags", "mentions", "place", "audience", "ending"):
        left_out += (name,) if getattr(lines, name) else ()
        lines = dataclasses.replace(lines, **{name: ""})
        yield dataclasses.replace(lines, caption="").joined(), left_out
    yield link, left_out
    yield "", (*left_out, "link") if link else left_out


def _cut_note(caption: str, shortened: str, limit: int) -> str:
    return f"caption cut: everything together may have {limit} characters" if caption != shortened else ""


def _left_out_note(left_out: tuple[str, ...], limit: int) -> str:
    return f"left out of the caption of {limit} characters: {', '.join(left_out)}" if left_out else ""

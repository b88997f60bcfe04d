"""A plan for people: what each destination would get of every story, what is left out, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo

from pipeline.model import Asset, Hold, Plan, Refusal, Story, Texts, Treatment
from pipeline.plan.describe import recipe_in_words, sticker_in_words
from pipeline.report.next_step import Program
from pipeline.report.words import about, count, name_of, printable, seconds, size


def plan_lines(plan: Plan, program: Program, zone: tzinfo = UTC) -> Iterator[str]:
    """The whole plan, line by line; the last ones sum it up. With a calendar, only what that doesn't tell.

    Times are `zone`'s.
    """
    for story in plan.stories if plan.calendar is None else ():
        yield f"{asset_in_words(story.asset)}"
        yield from _story(story, zone)
        yield ""
    for refusal in plan.refusals:
        yield f"{_word(refusal)}: {about(refusal.path, refusal.reason)}"
        yield ""
    for hold in plan.holds:
        yield f"{hold.destination} waits: {printable(hold.reason)}{_until(hold, zone)}"
    if plan.sources:
        pull = program.call("pull")
        yield f"Not asked what is new at {', '.join(plan.sources)}: a run does so first, or {pull}"
    yield _sum(plan)
    yield f"Nothing was written. Next: {program.call('run')}" if _goes(plan) else "Nothing was written."


def asset_in_words(asset: Asset) -> str:
    """One line: name, kind, upright size, length, bytes."""
    facts = asset.facts
    told = [facts.kind, f"{facts.width}×{facts.height}"]
    if facts.duration_s:
        told.append(seconds(facts.duration_s))
    return f"{name_of(asset.path)}  {', '.join([*told, size(facts.bytes)])}"


def _word(refusal: Refusal) -> str:
    if refusal.asks:
        return "asks you"
    return "later" if refusal.later else "refused"


def _story(story: Story, zone: tzinfo) -> Iterator[str]:
    if story.skip:
        yield f"  not sent: {printable(story.skip)}"
    for treatment in story.treatments:
        yield from (f"  {line}" for line in treatment_lines(treatment, zone))
    if not story.skip:
        yield from (f"  not to {one.destination}: {printable(one.reason)}" for one in story.kept_from)


def treatment_lines(treatment: Treatment, zone: tzinfo = UTC) -> Iterator[str]:
    """What one destination gets: the recipe, its notes, the words that go with it."""
    first, *notes = recipe_in_words(treatment, zone)
    yield printable(first)
    yield from (f"  {printable(note)}" for note in notes)
    texts = treatment.texts
    for line in texts.caption.splitlines():
        yield f"  | {printable(line)}"
    yield from (f"  {printable(line)}" for line in _beside_the_caption(texts))


def _beside_the_caption(texts: Texts) -> Iterator[str]:
    """What doesn't stand in the caption, and what can be tapped."""
    stuck = {sticker.value for sticker in texts.stickers}
    if texts.link and texts.link not in texts.caption and texts.link not in stuck:
        yield f"link {texts.link}"
    mentions = [f"@{name}" for name in texts.mentions if f"@{name}" not in texts.caption]
    mentions = [mention for mention in mentions if mention[1:] not in stuck]
    if mentions:
        yield "mentions " + " ".join(mentions)
    yield from map(sticker_in_words, texts.stickers)
    if texts.close_friends:
        yield "for close friends only"


def _until(hold: Hold, zone: tzinfo) -> str:
    if hold.until is None:
        return ". Next: storyrelay status"
    return f"; next at {hold.until.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _goes(plan: Plan) -> list[Story]:
    return [story for story in plan.stories if story.treatments]


def _sum(plan: Plan) -> str:
    goes = _goes(plan)
    parts = sum(len(treatment.recipe.parts) for story in goes for treatment in story.treatments)
    told = [f"{count(len(goes), 'story', 'stories')} in {count(parts, 'part')}"] if goes else ["nothing new"]
    left = len(plan.stories) - len(goes)
    asked = sum(refusal.asks for refusal in plan.refusals)
    refused = sum(refusal.for_good for refusal in plan.refusals)
    later = len(plan.refusals) - refused - asked
    if left:
        told.append(f"{left} not sent")
    if refused:
        told.append(f"{count(refused, 'file')} refused")
    if asked:
        told.append(f"{count(asked, 'question')} for you")
    if later:
        told.append(f"{count(later, 'file')} left for a later run")
    return ", ".join(told)

"""Showing the settings in force: as YAML, as a schema and as facts."""

from __future__ import annotations

import json
from collections.abc import Callable

import yaml

from pipeline.config import Settings, facts, schema, settings_as_yaml

Load = Callable[..., Settings]


def test_what_is_shown_can_be_read_again_and_means_the_same(load: Load) -> None:
    settings = load(
        'inbox: in\nfit: cover\ncaptions: {default: "no", ending: "9:16\\n#sea"}\n'
        "schedule: {quiet_hours: 22:00-07:00, timezone: Europe/Berlin}\n"
        "platforms: {whatsapp_status: {video: {max_seconds: 90}}}\n"
    )
    again = load(settings_as_yaml(settings))
    assert again.model_dump(exclude={"platforms"}) == settings.model_dump(exclude={"platforms"})
    assert again.profiles == settings.profiles


def test_every_figure_of_the_platforms_in_use_is_shown(load: Load) -> None:
    shown = yaml.safe_load(
        settings_as_yaml(load("inbox: in\n", "platforms.whatsapp_status.video.max_seconds=90"))
    )
    assert shown["platforms"]["whatsapp_status"]["video"]["max_seconds"] == 90
    assert shown["platforms"]["instagram_story"]["photo"] == {"max_bytes": 8_000_000, "quality": 88}
    assert shown["schedule"] == {
        "timezone": None,
        "slots": [],
        "per_day": None,
        "order": "sidecar",
        "late": "send",
        "late_hours": 6,
        "quiet_hours": None,
    }


def test_own_figures_of_platforms_that_are_not_in_use_are_not_lost(load: Load) -> None:
    shown = yaml.safe_load(
        settings_as_yaml(load("inbox: in\nplatforms: {facebook_story: {photo: {quality: 70}}}\n"))
    )
    assert shown["platforms"]["facebook_story"] == {"photo": {"quality": 70}}


def test_facts_have_a_source_and_a_date(load: Load) -> None:
    listed = facts(load("inbox: in\n"))
    assert len(listed) == 2 * 16
    assert all(fact.source and fact.as_of for fact in listed)
    by_key = {(fact.platform, fact.key): fact for fact in listed}
    assert by_key["instagram_story", "video.max_seconds"].value == 60
    assert by_key["instagram_story", "video.max_seconds"].source.startswith(
        "https://developers.facebook.com/"
    )


def test_an_own_figure_is_listed_with_the_config_as_its_source(load: Load) -> None:
    settings = load("inbox: in\nplatforms: {whatsapp_status: {caption_max_chars: null}}\n")
    (fact,) = [f for f in facts(settings) if (f.platform, f.key) == ("whatsapp_status", "caption_max_chars")]
    assert (fact.value, fact.source, fact.as_of) == (None, str(settings.file), None)


def test_the_schema_describes_every_key_of_the_first_level() -> None:
    described = schema()
    assert json.loads(json.dumps(described)) == described
    assert described["additionalProperties"] is False
    assert described["required"] == ["inbox"]
    assert list(described["properties"]) == list(Settings.model_fields)
    assert all(entry.get("description") for entry in described["properties"].values())
    assert described["$defs"]["Limits"]["properties"]["max_megapixels"]["maximum"] == 1000

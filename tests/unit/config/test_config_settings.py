"""What a config file may say, and what people are told when it says something else."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from pipeline.config import Place, QuietHours, Settings, load_settings
from pipeline.config.fields import Section
from pipeline.errors import ConfigError

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]


def test_an_inbox_is_all_that_is_needed(load: Load, tmp_path: Path) -> None:
    settings = load("inbox: in\n")
    assert settings.inbox == tmp_path / "in"
    assert settings.outbox == tmp_path / "outbox"
    assert settings.state == tmp_path / ".storyrelay"
    assert (settings.fit, settings.background, settings.matte) == ("blur", "#101010", "#ffffff")
    assert {name: d.platform for name, d in settings.destinations.items()} == {
        "whatsapp": "whatsapp_status",
        "instagram": "instagram_story",
    }
    assert all(d.enabled and d.channels == ("page", "folder") for d in settings.destinations.values())
    assert settings.limits.jobs is None
    assert settings.schedule.quiet_hours is None


def test_every_key_is_taken(load: Load, tmp_path: Path) -> None:
    settings = load(
        'inbox: /a/in\noutbox: ~/out\nstate: ../state\nfit: cover\nbackground: "#ABC"\nmatte: "#123456"\n'
        'captions: {default: Hi, ending: "open 9:00 to 18:00"}\n'
        "destinations:\n  shop_2:\n"
        "    {platform: facebook_story, channels: [folder], enabled: false, fit: contain}\n"
        "limits:\n"
        "  {jobs: 2, settle_seconds: 0.5, max_megapixels: 50, encode_minutes: 5, child_memory_mb: 999}\n"
        "schedule: {timezone: America/New_York, quiet_hours: 22:00-07:00}\n"
    )
    assert (settings.inbox, settings.outbox) == (Path("/a/in"), tmp_path / "home" / "out")
    assert settings.state == tmp_path.parent / "state"
    assert (settings.fit, settings.background, settings.matte) == ("cover", "#aabbcc", "#123456")
    assert (settings.captions.default, settings.captions.ending) == ("Hi", "open 9:00 to 18:00")
    shop = settings.destinations["shop_2"]
    assert (shop.platform, shop.enabled, shop.fit) == ("facebook_story", False, "contain")
    assert (settings.limits.jobs, settings.limits.settle_seconds) == (2, 0.5)
    assert settings.schedule.quiet_hours == QuietHours(time(22), time(7))
    assert settings.timezone() == ZoneInfo("America/New_York")


def test_keys_with_nothing_after_them_count_as_not_written(load: Load) -> None:
    settings = load("inbox: in\nfit:\nlimits:\ncaptions: {default: }\nschedule: {timezone: }\n")
    assert (settings.fit, settings.limits.max_megapixels, settings.captions.default) == ("blur", 100, "")


@pytest.mark.parametrize("key", ["surge", "free_mb", "store_mb"])
def test_a_limit_of_null_is_no_limit(load: Load, key: str) -> None:
    assert getattr(load(f"inbox: in\nlimits: {{{key}: null}}\n").limits, key) is None


def sections(kind: type[Section] = Section) -> Iterator[type[Section]]:
    for section in kind.__subclasses__():
        yield section
        yield from sections(section)


def test_null_is_heard_wherever_it_means_something_of_its_own(load: Load) -> None:
    assert load("inbox: in\nlimits: {surge: null}\n").limits.surge is None
    for section in sections():
        for name, field in section.model_fields.items():
            own = type(None) in get_args(field.annotation) and field.get_default() is not None
            assert not own or name in section.empty_counts, f"{section.__name__}.{name}"


def test_relative_folders_start_at_the_config_file(place: Place, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "storyrelay.yaml").write_text("inbox: ../samples/inbox\n")
    assert load_settings(place=place).inbox == tmp_path / "samples" / "inbox"


def test_all_problems_are_told_at_once_in_the_order_of_the_file(problems: Problems) -> None:
    text = (
        "fitt: cover\n"
        "fit: squeeze\n"
        "destinations:\n"
        "  whatsapp:\n"
        "    platform: whatsap\n"
        "    enabled: no\n"
        "limits: {jobs: 0}\n"
    )
    assert problems(text) == [
        "storyrelay.yaml:1: fitt: unknown key; did you mean fit?",
        "storyrelay.yaml:1: inbox: is missing",
        "storyrelay.yaml:2: fit: 'squeeze' is not one of blur, contain, cover",
        "storyrelay.yaml:5: destinations.whatsapp.platform: 'whatsap' is not a platform; "
        "known are facebook_story, instagram_story, whatsapp_status",
        "storyrelay.yaml:6: destinations.whatsapp.enabled: 'no' is not true or false: write false",
        "storyrelay.yaml:7: limits.jobs: '0' is too small: at least 1",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "destinations: {w: {platform: instagram_story, enabled: yes}}",
            "'yes' is not true or false: write true",
        ),
        ("destinations: {w: {platform: instagram_story, enabled: maybe}}", "write true or false"),
        ("destinations: {w: {platform: instagram_story, enabled: 1}}", "'1' is not true or false"),
        ("destinations: {w: {enabled: true}}", "destinations.w.platform: is missing"),
        ("destinations: {w: }", "destinations.w: nothing stands where keys belong, one a line and indented"),
        ("destinations: {}", "destinations: is empty: at least one is needed"),
        ("destinations:", "destinations: is empty: at least one is needed"),
        ("destinations: [w]", "destinations: a list stands where keys belong"),
        (
            "destinations: {My Shop: {platform: instagram_story}}",
            "destinations.My Shop: 'My Shop' is not a name",
        ),
        (
            "destinations: {w: {platform: instagram_story, fit: big}}",
            "'big' is not one of blur, contain, cover",
        ),
        ("destinations: {w: {platform: instagram_story, channels: folder}}", "is not a list such as"),
        (
            "destinations: {w: {platform: instagram_story, channels: [fax]}}",
            "channels[0]: 'fax' is not one of page, intent, status, folder",
        ),
        ("destinations: {w: {platform: instagram_story, channels: []}}", "channels: is empty"),
        (
            "destinations: {w: {platform: instagram_story, channels: [folder, folder]}}",
            "names a channel twice",
        ),
        ("destinations: {w: {platform: instagram_story, Channels: [folder]}}", "did you mean channels?"),
        (
            "destinations: {w: {platform: instagram_story, channels: [folder, intent]}}",
            "destinations.w.channels[1]: 'intent' leads into WhatsApp, so it takes `platform: whatsapp",
        ),
        (
            "destinations: {w: {platform: whatsapp_status, channels: [status]}}\n"
            "phone: {package: com.whatsapp.w4b}",
            "destinations.w.channels[0]: 'status' is unknown to WhatsApp Business",
        ),
        ("phone: {package: org.telegram}", "'org.telegram' is not one of com.whatsapp, com.whatsapp.w4b"),
        ("phone: {serial: 1234567}", "phone.serial: '1234567' is not a text: put it in quotes"),
        ("phone: {folder: ../../DCIM}", "phone.folder: "),
        ("phone: {answer_seconds: 0}", "'0' is too small: more than 0"),
        ("captions: {default: 4915112345}", "'4915112345' is not a text: put it in quotes: \"4915112345\""),
        ("captions: {default: true}", 'put it in quotes: "true"'),
        ("captions: {default: [a]}", "captions.default: a list stands where a text belongs"),
        ("captions: hello", "captions: 'hello' stands where keys belong"),
        ("background: #fff", "'#fff' was read as a comment; put the whole text in quotes: \"#fff\""),
        ("matte: white", "'white' is not a colour such as \"#1a2b3c\""),
        ('matte: "#12345"', "is not a colour"),
        ("limits: {jobs: many}", "limits.jobs: 'many' is not a whole number"),
        ("limits: {jobs: 2.5}", "'2.5' is not a whole number"),
        ("limits: {jobs: 0777}", "'0777' is not a whole number: write 777"),
        ("limits: {jobs: 1000}", "'1000' is too large: at most 256"),
        ("limits: {settle_seconds: -1}", "'-1' is too small: at least 0"),
        ("limits: {encode_minutes: 0}", "'0' is too small: more than 0"),
        ("limits: {encode_minutes: .inf}", "'.inf' is not a number"),
        ("limits: {max-megapixels: 5}", "limits.max-megapixels: unknown key; did you mean max_megapixels?"),
        ("limits: {xyz: 5}", "unknown key; known are jobs, settle_seconds, max_megapixels"),
        (
            "schedule: {timezone: Europe/Berln}",
            "'Europe/Berln' is not a time zone; did you mean Europe/Berlin?",
        ),
        ("schedule: {timezone: berlin}", "did you mean Europe/Berlin?"),
        ("schedule: {timezone: ../../etc/passwd}", "is not a time zone"),
        ("schedule: {quiet_hours: 22-7}", "'22-7' is not a stretch of the day such as \"22:00-07:00\""),
        ("schedule: {quiet_hours: 22:00-22:00}", "ends where it starts"),
        ("schedule: {quiet_hours: 22}", "schedule.quiet_hours: '22' is not a text"),
        ("outbox: in", "is or holds the inbox, and old files are deleted there"),
        ("outbox: .", "is or holds the inbox"),
        ("state: in", "state: "),
        ("state: out/state\noutbox: out", "may not lie in one another"),
        ("state: outbox", "may not lie in one another"),
        ("outbox: ~joe/out", "'~joe/out' names somebody else's home: write the whole path"),
        ('outbox: ""', "outbox: is empty: name a folder"),
        ("outbox: 2024", 'put it in quotes: "2024"'),
        ("fit: blur\nfit: cover", "fit: written twice, first on line 2; keep one"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_way_out(problems: Problems, line: str, said: str) -> None:
    (problem,) = problems(f"inbox: in\n{line}\n")
    assert said in problem
    assert problem.startswith(("storyrelay.yaml:2: ", "storyrelay.yaml:3: "))


def test_an_empty_file_says_how_to_get_a_full_one(problems: Problems) -> None:
    for text in ("", "# nothing\n", "{}"):
        (problem,) = problems(text)
        assert problem.startswith("storyrelay.yaml:1: no settings in it")
        assert "storyrelay init" in problem


def test_a_file_that_is_not_utf8_says_on_which_line(place: Place) -> None:
    (place.cwd / "a.yaml").write_bytes(b"inbox: in\nfit: b\xe4\n")
    with pytest.raises(ConfigError, match=r"a\.yaml:2: not UTF-8"):
        load_settings(Path("a.yaml"), (), place)


def test_a_byte_order_mark_does_no_harm(place: Place) -> None:
    (place.cwd / "a.yaml").write_bytes(b"\xef\xbb\xbfinbox: in\r\nfit: cover\r\n")
    assert load_settings(Path("a.yaml"), (), place).fit == "cover"


def test_home_is_asked_for_when_it_is_unknown(place: Place) -> None:
    (place.cwd / "a.yaml").write_text("inbox: ~/in\n")
    without_home = Place({}, place.cwd, None, place.system)
    with pytest.raises(ConfigError, match="HOME isn't set: write the whole path"):
        load_settings(Path("a.yaml"), (), without_home)


def test_an_inbox_that_lies_in_the_outbox_by_a_link_is_noticed(problems: Problems, tmp_path: Path) -> None:
    (tmp_path / "out" / "in").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "out" / "in")
    (problem,) = problems("inbox: link\noutbox: out\n")
    assert "is or holds the inbox" in problem


def test_without_a_zone_in_the_config_the_computers_is_meant(load: Load) -> None:
    assert load("inbox: in\n").timezone() == ZoneInfo("Europe/Berlin")


def test_a_zone_of_the_computer_that_has_no_name_must_be_written_down(place: Place) -> None:
    rules = Place({"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}, place.cwd, place.home, place.system)
    with pytest.raises(ConfigError, match=r"schedule\.timezone: the variable TZ is 'CET-1CEST"):
        load_settings(None, ["inbox=in"], rules)
    assert load_settings(None, ["inbox=in", "schedule.timezone=Europe/Paris"], rules)


def test_settings_are_frozen_and_can_go_to_another_process(load: Load) -> None:
    settings = load("inbox: in\nschedule: {timezone: Europe/Berlin}\n")
    again = pickle.loads(pickle.dumps(settings))  # noqa: S301 - our own bytes
    assert again == settings
    assert (again.file, again.profiles, again.timezone()) == (
        settings.file,
        settings.profiles,
        settings.timezone(),
    )
    with pytest.raises(ValueError, match="frozen"):
        settings.fit = "cover"


@pytest.mark.parametrize(
    ("written", "focal"),
    [
        ("auto", "auto"),
        ("Auto", "auto"),
        ("center", (0.5, 0.5)),
        ("[0.5, 0.3]", (0.5, 0.3)),
        ("", "auto"),
    ],
)
def test_what_a_crop_keeps_can_be_chosen_for_all(load: Load, written: str, focal: object) -> None:
    assert load(f"inbox: in\nfocal: {written}\n").focal == focal


def test_backgrounds_and_motion_photos_can_be_chosen_for_all(load: Load) -> None:
    settings = load("inbox: in\nbackground: AUTO\nmotion_photo: clip\n")
    assert (settings.background, settings.motion_photo) == ("auto", "clip")
    assert load("inbox: in\n").motion_photo == "still"
    assert load("inbox: in\n", "focal=[0.1, 0.9]").focal == (0.1, 0.9)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("focal: middle", "or one of auto, center, top, bottom, left, right"),
        ("matte: auto", "'auto' is not a colour"),
        ("motion_photo: film", "motion_photo"),
    ],
)
def test_a_wrong_choice_for_pictures_is_told(problems: Problems, line: str, told: str) -> None:
    (problem,) = problems(f"inbox: in\n{line}\n")
    assert told in problem


def test_a_number_to_reach_you_and_your_country_are_taken(load: Load) -> None:
    settings = load(
        "inbox: in\ncontact: {whatsapp: +44 (0)7700 900123, message: Hello}\ndefault_region: GB\n"
    )
    assert (settings.contact.whatsapp, settings.contact.message) == ("+44 (0)7700 900123", "Hello")
    assert settings.default_region == "GB"


@pytest.mark.parametrize(
    "number", ["07700 900123", "447700900123", "+44 7700 9OO123", "+1 (0)23456", "+0155512"]
)
def test_the_number_of_the_config_must_be_whole(problems: Problems, number: str) -> None:
    (problem,) = problems(f"inbox: in\ncontact: {{whatsapp: {number}}}\n")
    assert "is not a whole number with its country code, such as +55 11 98765-4321" in problem


@pytest.mark.parametrize(("region", "said"), [("brazil", "two letters, such as BR"), ("UK", "write GB")])
def test_a_country_is_its_two_letters(problems: Problems, region: str, said: str) -> None:
    (problem,) = problems(f"inbox: in\ndefault_region: {region}\n")
    assert said in problem

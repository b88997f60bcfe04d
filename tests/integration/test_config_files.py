"""The files that come with the program: the config that people edit, and the platform facts."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipeline.config import Place, Settings, known_platforms, load_settings, shipped
from pipeline.config.accounts import Account, Pace, Patience
from pipeline.config.document import read_document
from pipeline.config.limits import Limits
from pipeline.config.platforms import fact_sheet
from pipeline.config.schedule import Schedule
from pipeline.config.settings import Captions
from pipeline.config.values import dotted
from pipeline.errors import EnvironmentFault

PLACE = Place(environment={"TZ": "UTC"}, cwd=Path("/"), home=None)


def test_the_shipped_config_is_valid_and_runs_the_samples() -> None:
    settings = load_settings(shipped("storyrelay.yaml"), (), PLACE)
    project = shipped("storyrelay.yaml").resolve().parent.parent
    assert settings.inbox == project / "samples" / "inbox"
    assert (settings.outbox, settings.state) == (project / "outbox", project / ".state")


def test_the_shipped_config_holds_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("inbox: in\n")
    default = load_settings(tmp_path / "a.yaml", (), PLACE)
    shown = load_settings(shipped("storyrelay.yaml"), (), PLACE)
    folders = {"inbox", "outbox", "state"}
    assert shown.model_dump(exclude=folders) == default.model_dump(exclude=folders)


def test_the_shipped_config_mentions_every_key() -> None:
    text = shipped("storyrelay.yaml").read_text(encoding="utf-8")
    for key in (*Settings.model_fields, *Captions.model_fields, *Limits.model_fields, *Schedule.model_fields):
        assert re.search(rf"^[# ]*{key}:", text, re.MULTILINE), key


def test_what_the_config_offers_in_a_comment_works(tmp_path: Path) -> None:
    text = shipped("storyrelay.yaml").read_text(encoding="utf-8")
    offered = (
        text.replace("# platforms:", "platforms:")
        .replace("#   what", "  what")
        .replace("#     vid", "    vid")
    )
    (tmp_path / "a.yaml").write_text(offered)
    assert load_settings(tmp_path / "a.yaml", (), PLACE).profiles["whatsapp_status"].video.max_seconds == 90


def accounts_offered(folder: Path) -> Iterator[tuple[Settings, str]]:
    """The settings of each example of accounts in the config's comments, with its text."""
    text = shipped("storyrelay.yaml").read_text(encoding="utf-8")
    for block in re.finditer(r"^#(   instagram: .*via.*)\n((?:#.*\n)+)", text, re.MULTILINE):
        further, accounts = block[2].split("# accounts:\n")
        accounts = re.sub(r"^# ", "", accounts, flags=re.MULTILINE)
        chosen = f"{block[1]}\n{further.replace('#', '')}"
        (folder / "a.yaml").write_text(f"inbox: in\ndestinations:\n{chosen}\naccounts:\n{accounts}")
        yield load_settings(folder / "a.yaml", (), Place({"TZ": "UTC"}, folder, folder)), accounts


def test_the_account_that_the_config_offers_in_a_comment_holds_the_defaults(tmp_path: Path) -> None:
    (settings, text), (official, more) = accounts_offered(tmp_path)
    secrets = {"password", "totp"}
    told = settings.accounts["shop"].model_dump(exclude=secrets)
    assert told == Account(username="the_shop").model_dump(exclude=secrets)
    for key in (*Account.model_fields, *Pace.model_fields, *Patience.model_fields):
        assert re.search(rf"^ *{key}:", text + more, re.MULTILINE), key
    assert official.shows_photos("instagram")
    assert official.destinations["facebook"].via == "graph"


@pytest.mark.parametrize("platform", known_platforms())
def test_every_fact_has_a_source_a_date_and_a_confidence(platform: str) -> None:
    sheet = fact_sheet(platform)
    assert len(sheet.facts) == 16
    for path, fact in sheet.facts.items():
        assert re.search(r"\w\.\w|storyrelay's own choice|WhatsApp client", fact.source), dotted(path)
        assert date(2015, 1, 1) < fact.as_of <= sheet.as_of
        assert (fact.confidence == "choice") == (fact.source == "storyrelay's own choice")


@pytest.mark.parametrize("platform", known_platforms())
def test_fact_files_read_alike_in_any_yaml(platform: str) -> None:
    text = shipped(f"platforms/{platform}.yaml").read_text(encoding="utf-8")
    elsewhere = yaml.safe_load(text)
    ours = read_document(text, platform).value
    assert elsewhere["video"]["max_seconds"]["value"] == ours["video"]["max_seconds"]["value"]
    assert elsewhere["as_of"].isoformat() == ours["as_of"]


def test_a_shipped_file_that_is_missing_is_a_fault_of_the_installation() -> None:
    with pytest.raises(EnvironmentFault, match="install storyrelay again"):
        shipped("platforms/nothing.yaml")


def test_the_door_to_the_settings_opens_without_loading_pydantic() -> None:
    asked = "import sys, pipeline.config; print('pydantic' in sys.modules, 'yaml' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "False"]

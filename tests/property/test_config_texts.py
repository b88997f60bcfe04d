"""Whatever people write: it comes back as written, or they get a message, never a traceback."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Place, load_settings, settings_as_yaml
from pipeline.config.document import read_document
from pipeline.config.sidecar import parse_sidecar
from pipeline.errors import ConfigError, SidecarError

PLACE = Place(environment={"TZ": "UTC"}, cwd=Path("/nowhere"), home=None)
YAMLISH = st.text(alphabet=st.sampled_from(list("ab01:-#&*!|>'\"[]{},?@%~. \t\n<\\=")), max_size=60)
WRITABLE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=30
)


def problems_of(read: Callable[[], object]) -> list[str]:
    """What somebody is told; nothing if all is well."""
    try:
        read()
    except ConfigError as invalid:
        return list(invalid.problems)
    except SidecarError as invalid:
        return [str(invalid)]
    return []


@given(YAMLISH | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_its_file_named(text: str) -> None:
    for problem in problems_of(lambda: read_document(text, "a.yaml")):
        assert problem.startswith("a.yaml")
        assert len(problem.splitlines()) == 1


@given(YAMLISH | st.text(max_size=40))
def test_any_sidecar_is_read_or_refused(text: str) -> None:
    for problem in problems_of(lambda: parse_sidecar(text, "a.yaml", Path("a.yaml"))):
        assert all(line.startswith("a.yaml") for line in problem.splitlines())


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["fit", "captions", "destinations", "limits", "schedule", "platforms", "outbox", "matte"]
)


@given(st.dictionaries(KEYS, PLAIN, max_size=4))
def test_any_values_are_taken_or_refused_line_by_line(written: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.yaml"
        file.write_text(yaml.safe_dump({"inbox": "in", **written}), encoding="utf-8")
        for problem in problems_of(lambda: load_settings(file, (), PLACE)):
            assert problem.startswith(str(file))
            assert len(problem.splitlines()) == 1


@settings(max_examples=30)
@given(WRITABLE, WRITABLE)
def test_shown_settings_bring_every_text_back(default: str, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.yaml"
        captions = {"default": default, "ending": ending}
        file.write_text(
            yaml.safe_dump({"inbox": "in", "captions": captions}, allow_unicode=False, default_style='"')
        )
        loaded = load_settings(file, (), PLACE)
        assert loaded.captions.default == default
        file.write_text(settings_as_yaml(loaded), encoding="utf-8")
        assert load_settings(file, (), PLACE).captions == loaded.captions

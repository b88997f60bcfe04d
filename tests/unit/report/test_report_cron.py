"""What starts runs by itself: lines of a crontab, and units of systemd."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from pipeline.config import shipped
from pipeline.errors import ConfigError
from pipeline.report.cron import (
    Installation,
    crontab_of,
    entry_of,
    is_of,
    units_of,
    with_entry,
    without_entry,
)

HERE = Installation(Path("/opt/sr/bin/storyrelay"), Path("/home/ana/stories.yaml"), (Path("/srv/out"),))
OTHERS = "MAILTO=ana\n\n# backup\n0 3 * * * restic backup /home\x0c && true\n"
HARD = '/home/An na\'s 50% "$HOME" `é`/s.yaml'


def test_the_line_is_the_samples_with_the_paths_of_this_installation() -> None:
    mark, line = entry_of(HERE)
    assert mark == "# storyrelay run, every quarter of an hour: /home/ana/stories.yaml"
    command = "/opt/sr/bin/storyrelay run -q -c /home/ana/stories.yaml"
    assert line == f"*/15 * * * * PATH=/usr/local/bin:/usr/bin:/bin {command}"
    assert (
        line.replace("/opt/sr/bin", '"$HOME/.local/bin')
        .replace("storyrelay run", 'storyrelay" run')
        .replace("/home/ana/stories.yaml", '"$HOME/.config/storyrelay/storyrelay.yaml"')
        in shipped("cron/storyrelay.crontab").read_text()
    )
    assert "$HOME" not in crontab_of(HERE)


def test_a_path_with_any_sign_reaches_the_program_as_it_is() -> None:
    line = entry_of(Installation(Path("/a b/storyrelay"), Path(HARD), places=("/an drc/bin",)))[1]
    command = line.removeprefix("*/15 * * * * ")
    assert "%" not in command.replace(r"\%", "")
    assert shlex.split(command.replace(r"\%", "%")) == [
        "PATH=/usr/local/bin:/usr/bin:/bin:/an drc/bin",
        *("/a b/storyrelay", "run", "-q", "-c", HARD),
    ]


def test_a_line_break_in_a_path_is_refused() -> None:
    with pytest.raises(ConfigError, match="line break"):
        crontab_of(Installation(Path("/a/storyrelay"), Path("/a\n* * * * * rm -r x/s.yaml")))


@pytest.mark.parametrize("before", ["", OTHERS, OTHERS.removesuffix("\n")])
def test_putting_in_keeps_all_other_lines_and_twice_is_once(before: str) -> None:
    once = with_entry(before, HERE)
    assert once.startswith(before)
    assert with_entry(once, HERE) == once
    assert once.count("storyrelay run -q") == 1
    assert without_entry(once, HERE) == (before if before.endswith("\n") or not before else before + "\n")


def test_an_old_line_of_ours_is_replaced_where_it_stands() -> None:
    moved = Installation(Path("/new/storyrelay"), HERE.config)
    before = with_entry("", HERE) + OTHERS
    assert with_entry(before, moved) == with_entry("", moved) + OTHERS


def test_two_configs_have_a_line_each() -> None:
    other = Installation(HERE.program, Path("/home/ana/club.yaml"))
    both = with_entry(with_entry(OTHERS, HERE), other)
    assert both.count("storyrelay run -q") == 2
    assert without_entry(both, HERE) == with_entry(OTHERS, other)


def test_a_line_that_only_stands_below_our_mark_is_left_alone() -> None:
    torn = f"{entry_of(HERE)[0]}\n0 3 * * * restic backup /home\n"
    assert without_entry(torn, HERE) == "0 3 * * * restic backup /home\n"
    assert with_entry(torn, HERE).endswith("\n0 3 * * * restic backup /home\n")


def test_a_unit_writes_where_the_config_says_and_nowhere_else() -> None:
    service = units_of(Installation(HERE.program, HERE.config, (Path("/srv/my out"), Path("/50%"))))
    text = service["storyrelay.service"]
    assert 'ReadWritePaths="-/srv/my out" "-/50%%"\n' in text
    assert 'ExecStart="/opt/sr/bin/storyrelay" run -q -c "/home/ana/stories.yaml"\n' in text
    assert "\nUser=" not in text
    assert "%h" not in text
    assert service["storyrelay.timer"] == shipped("cron/storyrelay.timer").read_text()


def test_a_unit_of_the_system_runs_as_the_owner_without_capabilities() -> None:
    text = units_of(HERE, "ana")["storyrelay.service"]
    assert {"User=ana", "CapabilityBoundingSet=", "ProtectHome=read-only"} <= set(text.splitlines())


def test_a_unit_knows_its_config() -> None:
    text = units_of(Installation(HERE.program, Path("/a $b/s.yaml")))["storyrelay.service"]
    assert '-c "/a $$b/s.yaml"\n' in text
    assert is_of(text, Installation(HERE.program, Path("/a $b/s.yaml")))
    assert not is_of(text, HERE)


@pytest.mark.parametrize(
    "program", ["/it's/storyrelay", "/a\\b/storyrelay", "/a\tb/storyrelay", "/a\udce9/storyrelay"]
)
def test_what_systemd_does_not_start_is_refused_with_the_way_out(program: str) -> None:
    with pytest.raises(ConfigError, match="take the crontab"):
        units_of(Installation(Path(program), HERE.config))

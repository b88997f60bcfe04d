"""The layers of the design, checked by import-linter; a module outside them fails too."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_imports_point_downwards(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize(
    ("module", "line", "told"),
    [
        ("plan/upwards.py", "import pipeline.run", "pipeline.plan.upwards -> pipeline.run"),
        ("load/sideways.py", "import pipeline.handoff", "pipeline.load.sideways -> pipeline.handoff"),
        ("stray.py", "", "pipeline.stray"),
    ],
)
def test_the_check_would_tell(tmp_path: Path, module: str, line: str, told: str) -> None:
    shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    (tmp_path / "pipeline" / module).write_text(line)
    found = subprocess.run(
        [sys.executable, "-c", LINT], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    assert told in " ".join(found.stdout.split())

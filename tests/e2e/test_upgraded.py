"""From `init` to a second version of the program: proposed, consented to, and judging alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.model.findings import EXIT_FAULT, EXIT_HOLD
from pipeline.source.program import running
from pipeline.source.wheel import unpacked
from tests.builders.cast import private_key_file
from tests.builders.named import shows
from tests.builders.upgrading import NEXT, wheel_file
from tests.builders.wheels import wheel_of
from tests.e2e.test_journey import Bureau

BRANCH = f"upgrade-{NEXT}"


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return Bureau(tmp_path_factory.mktemp("bureau"))


def newer(bureau: Bureau, folder: Path, *arguments: str) -> str:
    """What the second version answers, run from its own files."""
    for path, raw in unpacked(wheel_of(NEXT)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)
    command = [sys.executable, "-m", "pipeline", "-C", str(bureau.folder), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=bureau.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_an_archive_lives_through_an_upgrade(bureau: Bureau, tmp_path: Path) -> None:
    said = bureau.sanshen("upgrade", wheel_file(tmp_path))
    assert shows(said, "programs-alike", "zh")
    assert "目前尚未生效" in said
    bureau.git("switch", "--quiet", BRANCH)
    bureau.sanshen("verify", "--base", "main", code=EXIT_HOLD)
    for role in ("section-head", "leader-in-charge"):
        key = str(bureau.home / role)
        shown = bureau.sanshen("authorise", "--reason", "升级", "--key", key, "--yes", "--commit")
        assert f"审核程序由 {running().version} 版升级为 {NEXT} 版。" in shown
    bureau.sanshen("verify", "--base", "main")
    bureau.git("switch", "--quiet", "main")
    bureau.git("merge", "--quiet", "--no-ff", "--message", "升级", BRANCH)

    assert f"（{NEXT}）" in bureau.sanshen("verify", code=EXIT_FAULT)
    with_newer = tmp_path / "newer"
    newer(bureau, with_newer, "verify")
    assert NEXT in newer(bureau, with_newer, "audit", "--format", "json")
    site, key = tmp_path / "site", private_key_file("log", tmp_path)
    newer(bureau, with_newer, "build", "--output", str(site), "--log-key", str(key))
    newer(bureau, with_newer, "reproduce", str(site), "--key", f"{key}.pub")
    newer(bureau, with_newer, "verify-site", str(site), "--key", f"{key}.pub")

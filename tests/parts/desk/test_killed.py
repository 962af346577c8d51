"""A desk that is killed while it sends what was just signed, as a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest

from tests.builders.archive import POST
from tests.builders.cast import AS_OF
from tests.builders.desks import DeskRun, answer_of, bureau
from tests.builders.git import ENVIRONMENT, Git
from tests.builders.live_desks import free_port

SECONDS = 600
RECORD = f"content/reviews/2026/{POST}/r1/1-first.json"
_DESK = f"""
from datetime import datetime
from pipeline.program import main
from pipeline.cli.options import Session
Session.now = lambda self: datetime.fromisoformat("{AS_OF.isoformat()}")
main(["desk", "--port", "PORT"])
"""
_HOOK = """#!/bin/sh
[ -e "$GIT_DIR/slow" ] || exit 0
touch "$GIT_DIR/pushed"
while [ -e "$GIT_DIR/slow" ]; do sleep 0.02; done
"""


@contextmanager
def desk_process(run: DeskRun, origin: str) -> Iterator[subprocess.Popen[str]]:
    """`sanshen desk` in the clone, by the clock of the tests; with all its processes of git."""
    script = _DESK.replace("PORT", origin.rpartition(":")[2])
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=run.root, env=ENVIRONMENT, text=True,
        stdout=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout and process.stdout.readline().startswith(origin)
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def sign(origin: str) -> None:
    """Sign in by passkey and return the post with a signature; the desk dies before it answers."""
    headers = {"origin": origin, "accept": "application/json"}
    with httpx2.Client(base_url=origin, headers=headers, timeout=SECONDS) as client:
        given = client.post("/sign-in/challenge").json()
        proof = answer_of(given["challenge"], "xxy-a", origin)
        client.post("/sign-in", json={**proof, **given}).raise_for_status()
        page = f"/posts/{POST}/"
        shown = re.findall(r'name="shown" value="([^"]+)"', client.get(page).text)
        form = {"shown": shown[0], "decision": "return", "opinion": "请补充数据来源。"}
        asked = client.post(f"{page}decide", data=form).json()
        proof = answer_of(asked["challenge"], "xxy-a", origin)
        with pytest.raises(httpx2.TransportError):
            client.post(f"/sign/{asked['id']}", json=proof)


def until(true: object, process: subprocess.Popen[str] | None = None) -> None:
    """Wait until a condition holds."""
    ends = monotonic() + SECONDS
    while not true():  # type: ignore[operator]
        assert monotonic() < ends and (process is None or process.poll() is None)
        sleep(0.02)


@pytest.mark.parametrize("push_ends", [False, True])
def test_killed_between_signature_and_push_the_record_is_there_once(
    tmp_path: Path, push_ends: bool
) -> None:
    held, origin = free_port(listens=False)
    archive = bureau(tmp_path / "archive", origin)
    archive.draft()
    archive.commit("起草", "zz-a")
    run = DeskRun.over(archive, tmp_path)
    hook, slow = run.remote / "hooks/pre-receive", run.remote / "slow"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(_HOOK)
    hook.chmod(0o755)
    slow.touch()

    def is_sent() -> bool:
        """In the clone, too, where git notes it last."""
        noted = Git(run.root)("rev-parse", "origin/proposal")
        return len(run.log("proposal")) == 2 and noted == run.branch("proposal")

    with held:
        with ThreadPoolExecutor(1) as pool, desk_process(run, origin) as process:
            signing = pool.submit(sign, origin)
            until(lambda: (run.remote / "pushed").exists() or signing.done(), process)
            process.kill()
            signing.result()
            queue = run.root / ".git/sanshen-desk/queue"
            assert run.log("proposal") == ["起草"] and len([*queue.iterdir()]) == 1
            if push_ends:  # git is no part of the desk: it goes on
                slow.unlink()
                until(is_sent)
        slow.unlink(missing_ok=True)
        with desk_process(run, origin) as again:
            until(lambda: not [*queue.iterdir()], again)
    assert len(run.log("proposal")) == 2
    assert "请补充数据来源" in run.read("proposal", RECORD)

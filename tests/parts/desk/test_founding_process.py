"""`sanshen init --desk` as it is started, killed and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from tests.builders.live_desks import free_port

WHO = {f"GIT_{who}_{what}": "setup@example.org" for who in ("AUTHOR", "COMMITTER")
       for what in ("NAME", "EMAIL")}  # fmt: skip


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "--lang", "en", "init", str(folder), "--id", "ceshi",
            "--unit", "测试局", "--index", *more]  # fmt: skip


def environment(**given: str) -> dict[str, str]:
    return {**os.environ, **WHO, **given}


@contextmanager
def opened(folder: Path, origin: str) -> Iterator[tuple[OpenerDirector, int]]:
    """A browser that opened the printed address, and the process; it is killed at the end."""
    process = subprocess.Popen(command(folder, "--desk", origin), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=environment())  # fmt: skip
    try:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address.startswith(f"{origin}/enter?token="), process.stderr.read()  # type: ignore
        client = build_opener(HTTPCookieProcessor(CookieJar()))
        client.open(address)
        yield client, process.pid
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def test_killed_and_started_again_it_goes_on(tmp_path: Path) -> None:
    held, origin = free_port(listens=False)
    folder = tmp_path / "archive"
    given = urlencode({"act": "add", "name": "某科长", "role": "section-head"}).encode()
    with held, opened(folder, origin) as (client, _):
        client.open(Request(f"{origin}/people", given, {"Origin": origin}))
        taken = subprocess.run(command(tmp_path / "other", "--desk", origin), env=environment(),
                               capture_output=True, text=True, check=False)  # fmt: skip
        assert taken.returncode == 1 and "port" in taken.stderr
    assert not folder.exists()
    with opened(folder, origin) as (client, _):
        assert "某科长" in client.open(f"{origin}/").read().decode()
    book = folder.with_name("archive.founding") / "entered.json"
    assert book.stat().st_mode & 0o077 == 0, "names are for who runs it"


@pytest.mark.parametrize(
    "address", ["http://desk.example", "http://localhost", "http://localhost:70000", "ftp://x",
                "https://desk.example/path", "http://127.0.0.1:8737"],
)  # fmt: skip
def test_an_address_at_which_no_passkey_is_good_is_refused(tmp_path: Path, address: str) -> None:
    done = subprocess.run(command(tmp_path / "archive", "--desk", address), env=environment(),
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_holds_something_is_not_founded_in(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    done = subprocess.run(command(tmp_path, "--desk", "http://localhost:8737"), env=environment(),
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1 and "not empty" in done.stderr

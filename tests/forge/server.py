"""The API of a running server, the server itself where only its program is given, a record."""

import json
import os
import pwd
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

RECORDED = Path(__file__).parents[1] / "assets/forge/recorded"
PROGRAM_USERS = ("git", "gitforge", "nobody")
"""Accounts of this machine that a server may run as: it does not start as root."""


BUSY = ("already in queue", "Please try again later")
"""What a Gitea answers while it still works at the last change of a repository (500), at what was
pushed to a proposal (405); met."""


class Refused(AssertionError):
    """The server did not do what was asked for."""

    def __init__(self, call: str, status: int, text: str) -> None:
        super().__init__(f"{call}: {status} {text[:300]}")
        self.status, self.text = status, text


class Server:
    """The API, as an administrator or as one of the accounts made here."""

    def __init__(self, address: str, token: str, ca: str) -> None:
        self.address, self.token, self.ca = address.rstrip("/"), token, ca
        self.host = urlsplit(address).netloc
        self.context = ssl.create_default_context(cafile=ca or None)

    def call(self, method: str, path: str, body: Any = None, *, login: str = "") -> Any:
        """An answer. Raises Refused where it is none."""
        return self.answer(method, path, body, login=login)[0]

    def answer(
        self, method: str, path: str, body: Any = None, *, login: str = "", again: int = 20
    ) -> tuple[Any, Mapping[str, str]]:
        """An answer, and what was said above it."""
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", method=method)  # noqa: S310
        request.add_header("Authorization", login or f"token {self.token}")
        request.add_header("Content-Type", "application/json")
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, context=self.context) as answer:  # noqa: S310
                text, headers = answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            shown = error.read().decode("utf-8", "replace")
            if again and any(words in shown for words in BUSY):
                time.sleep(1)
                return self.answer(method, path, body, login=login, again=again - 1)
            raise Refused(f"{method} {path}", error.code, shown) from error
        return (json.loads(text) if text else None), headers

    def pushed(self, method: str, path: str, body: Any = None) -> Any:
        """As of `call`, of what was pushed just now: a server takes it in a moment later (met)."""
        for _ in range(40):
            try:
                return self.call(method, path, body)
            except Refused as refused:
                if refused.status != 404:
                    raise
                time.sleep(0.5)
        return self.call(method, path, body)

    def acting(self, token: str) -> "Server":
        other = Server(self.address, token, self.ca)
        other.context = self.context
        return other

    def version(self) -> str:
        return str(self.call("GET", "version")["version"])


SETTINGS = """APP_NAME = forge
RUN_USER = {user}
RUN_MODE = prod
[server]
PROTOCOL = https
HTTP_ADDR = 127.0.0.1
HTTP_PORT = {port}
DOMAIN = 127.0.0.1
ROOT_URL = https://127.0.0.1:{port}/
CERT_FILE = {home}/cert.pem
KEY_FILE = {home}/key.pem
STATIC_ROOT_PATH = {static}
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
[security]
INSTALL_LOCK = true
[service]
DISABLE_REGISTRATION = true
[log]
MODE = file
LEVEL = warn
"""


class Own:
    """A server of a program that is given, on loopback with SQLite, for as long as it is played."""

    def __init__(self, program: str, static: str, home: Path) -> None:
        self.program, self.home = program, home
        self.ini, self.process = home / "app.ini", None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.user = _user()
        text = SETTINGS.format(user=self.user, port=self.port, home=home, static=static)
        self.ini.write_text(text)
        if os.geteuid() == 0:
            for path in (home, self.ini):  # it writes secrets of its own into its settings
                shutil.chown(path, self.user)
        self._run("cert", "--host", "127.0.0.1", "--ca")
        self.process: subprocess.Popen[bytes] | None
        self.start()
        made = self._run(
            "admin", "user", "create", "--config", str(self.ini), "--username", "chief",
            "--password", secrets.token_hex(16), "--email", "chief@bureau.example", "--admin",
            "--must-change-password=false", "--access-token", "--access-token-scopes", "all",
        )  # fmt: skip
        token = re.findall(r"\b[0-9a-f]{40}\b", made)[-1]
        self.server = Server(f"https://127.0.0.1:{self.port}", token, str(home / "cert.pem"))

    def _command(self, *arguments: str) -> dict[str, Any]:
        inside = {"PATH": os.environ["PATH"], "HOME": str(self.home), "USER": self.user}
        inside |= {"GITEA_WORK_DIR": str(self.home), "FORGENTE_WORK_DIR": str(self.home)}
        given = {"args": [self.program, *arguments], "cwd": self.home, "env": inside}
        return given | ({"user": self.user} if os.geteuid() == 0 else {})

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            **self._command(*arguments), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        command = self._command("web", "--config", str(self.ini))
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(**command, stdout=quiet, stderr=quiet)
        for _ in range(300):
            try:
                Server(f"https://127.0.0.1:{self.port}", "", str(self.home / "cert.pem")).version()
                return
            except (OSError, Refused):
                time.sleep(0.2)
        raise AssertionError("the server does not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(60)


def _user() -> str:
    """Whom the server runs as."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in PROGRAM_USERS if name in names)


@contextmanager
def given(environment: Mapping[str, str], home: Path) -> Iterator[tuple[Server, Own | None]]:
    """The server that the environment gives, or one of the program that it names.

    Raises SystemExit where it gives neither: that is no pass.
    """
    address, token = environment.get("FORGE", ""), environment.get("FORGE_TOKEN", "")
    if address.startswith("https://") and token:
        yield Server(address, token, environment.get("FORGE_CA", "")), None
        return
    program = shutil.which(address) if address.startswith("/") else None
    if not program:
        print(
            "没有给出服务器：make forge FORGE=https://主机 FORGE_TOKEN=令牌 [FORGE_CA=证书]，"
            "或者 make forge FORGE=/程序的路径 [FORGE_STATIC=它的模板所在]",
            file=sys.stderr,
        )
        raise SystemExit(2)
    own = Own(program, environment.get("FORGE_STATIC", ""), home)
    try:
        yield own.server, own
    finally:
        own.stop()


def record(name: str, server: Server, exchanges: list[tuple[str, str]], names: str) -> None:
    """Ask once more, as whoever polls, and keep the answers beside the others that were recorded.

    `names`: what stands behind each name that was made for one play.
    """
    rows = []
    for path, headers in exchanges:
        answer, above = server.answer("GET", path)
        told = {h: above[h] for h in headers.split() if h in above}
        row = {"as": "sanshen", "request": f"GET /api/v1/{path}", "status": 200,
               "headers": told, "answer": answer}  # fmt: skip
        rows.append(row)
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    text = text.replace(f"sanshen{names}", "yunlan").replace(names, "")
    (RECORDED / f"{name}.json").write_text(text.replace(server.host, "forge.example") + "\n")

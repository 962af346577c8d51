"""Clicks by chance, the poller by its unit file, and a second selector that knows no state.

FORGE_MINUTES says how long, FORGE_PAUSE how many seconds lie between two clicks. The poller runs as
a user of its own where this machine lets it: by root, with a Python that others can read.
"""

import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pipeline.model.findings import EXIT_OK
from pipeline.parts.witness.payload import read_payload
from tests.builders.cast import ROOT
from tests.forge.bureau import PEOPLE, Played, Proposed
from tests.forge.server import PROGRAM_USERS, Refused
from tests.parts.witness.naive_selector import Naive, Said

BIN = Path(sys.executable).parent
UNIT = ROOT / ".ci/sanshen-poll.service"
NAMES = {"information-officer": "xxy-a", "section-head": "kz-a", "leader-in-charge": "ld-a"}
"""Role → how the naive selector's table names who holds it."""
POLLER = "sanshen"
"""The account of the unit file; one that a server may run as stands in for it."""
PRESSED = (*["APPROVED"] * 6, "REQUEST_CHANGES", "COMMENT", "delete")


LIMITS = """set -e
for own in "$1" "$2" "$3"; do mount --bind "$own" "$own"; done
mount -o remount,bind,ro /
for hidden in /home /root /run/user; do
  test ! -d $hidden || mount -t tmpfs -o ro tmpfs $hidden
done
cd "$1"
user=$4
shift 4
exec setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups --no-new-privs "$@"
"""
"""ProtectSystem, ReadWritePaths, StateDirectory, a place for PrivateTmp, ProtectHome, User,
NoNewPrivileges."""


class Unit:
    """`ExecStart` of the unit file, with its environment and nothing else."""

    def __init__(self, bureau: Played) -> None:
        self.bureau = bureau
        lines = dict(
            line.split("=", 1) for line in UNIT.read_text("utf-8").splitlines() if "=" in line
        )
        inside = {
            "HOST": bureau.server.host, "REPOSITORY": bureau.repository,
            "GITEA_TOKEN": bureau.people["witness"].token,
            "GITEA_SETTINGS_TOKEN": bureau.server.token,
            "CREDENTIALS_DIRECTORY": str(bureau.home),
        }  # fmt: skip
        given = lines["ExecStart"]
        for name, value in inside.items():
            given = given.replace(f"${{{name}}}", value)
        program, *arguments = shlex.split(given)
        assert program.endswith(".venv/bin/sanshen"), program
        self.command = [sys.executable, "-m", "pipeline", *arguments]
        kept = ("PATH", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE", "LANG")
        self.inside = inside | {k: v for k, v in bureau.environment.items() if k in kept}
        self.inside |= {"HOME": str(bureau.home / "poller"), "PYTHONPATH": ":".join(sys.path)}
        Path(self.inside["HOME"]).mkdir()
        self.user = self._user()
        self.inside["TMPDIR"] = str(bureau.home / "tmp")
        Path(self.inside["TMPDIR"]).mkdir()
        self.limited = bool(self.user and shutil.which("unshare") and shutil.which("setpriv"))

    def _user(self) -> str:
        """Another user who can read this Python; empty: there is none, and it runs as we do."""
        for name in (POLLER, *PROGRAM_USERS) if os.geteuid() == 0 else ():
            try:
                subprocess.run([sys.executable, "-c", "import pipeline"], user=name, check=True,
                               env=self.inside, cwd="/", capture_output=True)  # fmt: skip
            except (OSError, LookupError, subprocess.CalledProcessError):
                continue
            return name
        return ""

    def _own(self) -> None:
        """The clone and the key are the poller's, as on the bureau's machine; we write there, too,
        between two rounds."""
        for place, _, files in os.walk(self.bureau.home) if self.user else ():
            for path in (Path(place), *(Path(place, file) for file in files)):
                shutil.chown(path, self.user)

    def run(self) -> str:
        self._own()
        command, more = self.command, {"user": self.user} if self.user else {}
        if self.limited:
            places = (str(self.bureau.folder), self.inside["TMPDIR"], self.inside["HOME"])
            shell = ("unshare", "--mount", "sh", "-c", LIMITS, "sh", *places, self.user)
            command, more = [*shell, *command], {}
        done = subprocess.run(
            command, cwd=self.bureau.folder, env=self.inside, capture_output=True, text=True,
            check=False, **more,
        )  # fmt: skip
        assert done.returncode == EXIT_OK, done.stdout + done.stderr
        return done.stdout + done.stderr


def verified(folder: Path) -> str:
    """What systemd says of the unit files where it can be asked; it runs nothing here."""
    program, files = shutil.which("systemd-analyze"), [UNIT, UNIT.with_suffix(".timer")]
    if not program:
        return "没有 systemd-analyze：单元文件未检查"
    copies = [folder / file.name for file in files]
    for file, copy in zip(files, copies, strict=True):
        copy.write_text(file.read_text("utf-8").replace("/srv/archive/.venv/bin", f"{BIN}"))
    command = [program, "verify", "--man=no", *copies]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return "systemd-analyze verify：没有话说"


def expected(one: Proposed) -> list[str]:
    """What the naive selector makes of what the server answers, asked anew."""
    call, ids = one.bureau.server.call, {one.bureau.ids[r]: r for r in PEOPLE}
    timeline = f"{one.bureau.api}/issues/{one.number}/timeline"
    given = {"pull": one.pull(), "reviews": call("GET", f"{one.reviews}?limit=50"),
             "timeline": call("GET", f"{timeline}?limit=50"), "complete": True}  # fmt: skip
    clicks = read_payload(json.dumps(given).encode()).clicks
    last = {click.account: click for click in clicks}
    known = [c for c in clicks if c.account in ids]
    gone = [c for c in known if c.dismissed and last[c.account].dismissed]  # its later one went
    held = [c for c in known if c not in gone]
    said = tuple(Said(c, NAMES.get(ids[c.account], ids[c.account]), True) for c in held)
    return [step for _, step, _ in Naive(said, "writer", set(), {"first", "second"}).answer()[0]]


def pressed(one: Proposed, dice: random.Random) -> str:
    """One press of somebody, as the page lets them; what the server does not do is none."""
    role, event = dice.choice([*NAMES, "reader"]), dice.choice(PRESSED)
    body = "请改第二条。" if event == "REQUEST_CHANGES" else dice.choice(["", "属实。"])
    person = one.bureau.people[role]
    try:
        if event == "delete":
            login = one.bureau.login(role)
            rows: list[dict[str, Any]] = person.call("GET", f"{one.reviews}?limit=50")
            own = [row["id"] for row in rows if (row["user"] or {}).get("login") == login]
            if own:
                person.call("DELETE", f"{one.reviews}/{dice.choice(own)}")
        else:
            one.click(role, event, body or ("看过。" if event == "COMMENT" else ""))
    except Refused as refused:
        return f"{role} {event}: {refused.status}"
    return f"{role} {event}"


def play(bureau: Played, _: bool) -> None:
    bureau.protect()
    unit = Unit(bureau)
    print(f"  {verified(bureau.home)}", flush=True)
    seed = int(os.environ.get("FORGE_SEED") or random.SystemRandom().randrange(10**6))
    minutes, dice = float(os.environ.get("FORGE_MINUTES") or 3), random.Random(seed)  # noqa: S311
    pause = float(os.environ.get("FORGE_PAUSE") or 1)
    end, looks, presses, done = time.monotonic() + 60 * minutes, 0, 0, 0
    open_: list[Proposed] = []
    while time.monotonic() < end:
        while len(open_) < 2:
            open_.append(bureau.propose(f"chance-{done + len(open_)}"))
        for one in open_:
            for _n in range(dice.randrange(1, 5)):
                pressed(one, dice)
                presses += 1
                time.sleep(pause)
        wanted = [expected(one) for one in open_]
        text, looks = unit.run(), looks + 1
        for one, steps in zip([*open_], wanted, strict=True):
            told = f"seed {seed} #{one.number} {steps} {one.comment()} {text}"
            assert one.records() == steps, told
            if steps:
                one.close()
                open_.remove(one)
                done += 1
    who = (unit.user or "运行本测试的用户") + "（照单元文件的限制）" * unit.limited
    print(f"  种子 {seed}：{minutes} 分钟，以 {who} 运行 {looks} 轮，{presses} 次点击，"
          f"{done} 个请求有了记录")  # fmt: skip

"""The way of a post by clicks on a running Gitea or Forgejo: `make forge FORGE=https://…`.

The server runs already: its address is given, an administrator's token in FORGE_TOKEN and, where
it has one of its own, the file of its certificate in FORGE_CA. An organisation and accounts of a
new name are made there, and removed at the end. Each step says its name and how long it took.
"""

import json
import os
import secrets
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.model.findings import EXIT_FAULT, EXIT_OK, EXIT_REFUSE
from tests.e2e.test_journey import BODY, ROLES, Bureau

PEOPLE = (*ROLES, "writer", "witness")
HELD, READY = "pending", "success"


class Server:
    """The API, as an administrator or as one of the accounts made here."""

    def __init__(self, address: str, token: str, ca: str) -> None:
        self.address, self.token = address.rstrip("/"), token
        self.host = urlsplit(address).netloc
        self.context = ssl.create_default_context(cafile=ca or None)

    def call(self, method: str, path: str, body: Any = None, *, login: str = "") -> Any:
        """An answer; the status and the text where it is none."""
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", method=method)  # noqa: S310
        request.add_header("Authorization", login or f"token {self.token}")
        request.add_header("Content-Type", "application/json")
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, context=self.context) as answer:  # noqa: S310
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()[:300]!r}") from error
        return json.loads(text) if text else None

    def acting(self, token: str) -> "Server":
        other = Server(self.address, token, "")
        other.context = self.context
        return other


class Played(Bureau):
    """A bureau whose archive lies on the server; its people press buttons there."""

    def __init__(self, home: Path, server: Server, ca: str) -> None:
        self.server, self.ca, self.mark = server, ca, secrets.token_hex(3)
        self.organisation = f"sanshen-{self.mark}"
        self.repository = f"{self.organisation}/archive"
        self.api = f"repos/{self.repository}"
        self.people: dict[str, Server] = {}
        self.ids: dict[str, int] = {}
        super().__init__(home)

    def login(self, role: str) -> str:
        return f"{role}-{self.mark}"

    def mail(self, role: str) -> str:
        return f"{self.login(role)}@bureau.example"

    def acts(self, role: str) -> None:
        """What comes next is by this person: git's commits, and the token of the commands."""
        for who in ("AUTHOR", "COMMITTER"):
            self.environment[f"GIT_{who}_NAME"] = role
            self.environment[f"GIT_{who}_EMAIL"] = self.mail(role)
        who = f"[user]\nname = {role}\nemail = {self.mail(role)}\n"
        (self.home / ".gitconfig").write_text(who)
        self.environment["GITEA_TOKEN"] = self.people[role].token

    def found(self, folder: Path, *more: str) -> str:
        """Accounts, organisation and repository on the server; the archive, pushed to its main."""
        make = self.home / "bin/make"  # what it installs is asked elsewhere
        make.parent.mkdir()
        make.write_text("#!/bin/sh\nexit 0\n")
        make.chmod(0o755)
        self.environment |= {"PATH": f"{make.parent}:{os.environ['PATH']}"}
        if self.ca:
            self.environment |= {"GIT_SSL_CAINFO": self.ca, "CURL_CA_BUNDLE": self.ca}
        for role in (*PEOPLE, "stranger", "reader"):
            self._enrol(role)
        self.acts("writer")
        boss = self.server
        boss.call("POST", "orgs", {"username": self.organisation})
        made = boss.call(
            "POST", f"orgs/{self.organisation}/repos", {"name": "archive", "default_branch": "main"}
        )
        for role in (*PEOPLE, "stranger"):
            self._admit(role, "write")
        self._admit("reader", "read")
        key = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.home / "witness"))
        self.run(*key, folder=self.home)
        host = self.server.host
        members = [
            f"--member={r}={self.home / r}.pub,{self.mail(r)},{host}:{self.ids[r]}"
            for r in (*ROLES, "witness")
        ]
        text = self.sanshen(
            "init", str(folder), "--id", "test-yjj", "--unit", "测试市应急管理局", *more, *members,
            f"--member=writer=,{self.mail('writer')},{host}:{self.ids['writer']}",
            "--forge", "gitea", "--forge-id", f"{host}/{made['id']}", folder=self.home,
        )  # fmt: skip
        self.git("remote", "add", "origin", self.url("witness"))
        self.git("push", "-q", "-u", "origin", "main")
        return text

    def url(self, role: str) -> str:
        token = self.people[role].token
        address = urlsplit(self.server.address)
        return (
            f"{address.scheme}://{self.login(role)}:{token}@{address.netloc}/{self.repository}.git"
        )

    def _enrol(self, role: str) -> None:
        login, password = self.login(role), secrets.token_hex(16)
        user = self.server.call("POST", "admin/users", {
            "username": login, "email": self.mail(role), "password": password,
            "must_change_password": False,
        })  # fmt: skip
        basic = "Basic " + b64encode(f"{login}:{password}".encode()).decode()
        scopes = ["write:repository", "write:issue", "read:user", "read:organization"]
        token = self.server.call(
            "POST", f"users/{login}/tokens", {"name": "t", "scopes": scopes}, login=basic
        )
        self.ids[role], self.people[role] = user["id"], self.server.acting(token["sha1"])

    def _admit(self, role: str, permission: str) -> None:
        path = f"{self.api}/collaborators/{self.login(role)}"
        self.server.call("PUT", path, {"permission": permission})

    def forge(self, *arguments: str, code: int) -> str:
        where = ("--host", self.server.host, "--repository", self.repository)
        return self.sanshen("forge", *arguments, *where, code=code)

    def poll(self, code: int = EXIT_OK) -> str:
        return self.forge("poll", "--key", str(self.home / "witness"), code=code)

    def remove(self) -> None:
        """What was made on the server, as far as it was."""
        calls = [f"repos/{self.repository}", f"orgs/{self.organisation}"]
        calls += [f"admin/users/{self.login(role)}?purge=true" for role in self.people]
        for path in calls:
            try:
                self.server.call("DELETE", path)
            except AssertionError as error:
                print(f"不能删除：{error}", file=sys.stderr)


class Way:
    """The steps, in order."""

    def __init__(self, bureau: Played) -> None:
        self.bureau, self.number, self.post = bureau, 0, ""

    def settings_are_set_by_the_printed_commands(self) -> None:
        bureau = self.bureau
        bureau.environment["GITEA_TOKEN"] = bureau.server.token
        bureau.forge("doctor", "--forge", "gitea", code=EXIT_REFUSE)
        commands = bureau.forge("setup", "--print", "--forge", "gitea", code=EXIT_OK)
        bureau.run("bash", "-ec", commands)
        text = bureau.forge("doctor", "--forge", "gitea", code=EXIT_REFUSE)
        accused = [
            line.split("：")[1].split()[0] for line in text.splitlines() if "有写权限" in line
        ]
        assert bureau.login("stranger") in accused, text
        assert bureau.login("reader") not in accused, text
        path = f"{bureau.api}/collaborators/{bureau.login('stranger')}"
        bureau.server.call("DELETE", path)
        owners = {user["login"] for user in self._owners()}
        left = [line for line in bureau.forge("doctor", "--forge", "gitea", code=EXIT_REFUSE)
                .splitlines() if "有写权限" in line]  # fmt: skip
        assert {line.split("：")[1].split()[0] for line in left} == owners, left

    def _owners(self) -> list[dict[str, Any]]:
        teams = self.bureau.server.call("GET", f"orgs/{self.bureau.organisation}/teams")
        owners = next(team for team in teams if team["permission"] == "owner")
        users: list[dict[str, Any]] = self.bureau.server.call(
            "GET", f"teams/{owners['id']}/members"
        )
        return users

    def a_writer_submits(self) -> None:
        bureau = self.bureau
        bureau.acts("writer")
        (bureau.home / "body.md").write_text(BODY)
        written = bureau.sanshen(
            "new", "forest-fire", "--kind", "tip", "--category", "3", "--topic", "disaster",
            "--account", "wechat", "--title", "进山不带火，三件事要记牢",
            "--summary", "森林防火期进山的三条提醒。",
            "--secrecy-reviewer", ROLES[0], "--body", str(bureau.home / "body.md"),
        )  # fmt: skip
        self.post = Path(written.splitlines()[0]).parent.name
        bureau.git("config", "sanshen.forge", "gitea")
        first, again = ({*bureau.sanshen("submit", self.post).split()} for _ in range(2))
        (address,) = (word for word in first if word.startswith("https://"))
        assert address in again, "opened once"
        self.number = int(address.rpartition("/")[2])
        bureau.git("switch", "-q", "main")
        bureau.acts("witness")

    def click(self, role: str, event: str = "APPROVED", body: str = "") -> None:
        path = f"{self.bureau.api}/pulls/{self.number}/reviews"
        self.bureau.people[role].call("POST", path, {"event": event, "body": body})

    @property
    def head(self) -> str:
        pull = self.bureau.server.call("GET", f"{self.bureau.api}/pulls/{self.number}")
        return str(pull["head"]["sha"])

    def status(self) -> dict[str, Any]:
        path = f"{self.bureau.api}/commits/{self.head}/status"
        (status,) = self.bureau.server.call("GET", path)["statuses"]
        return dict(status)

    def comment(self) -> str:
        path = f"{self.bureau.api}/issues/{self.number}/comments"
        (comment,) = self.bureau.server.call("GET", path)
        return str(comment["body"])

    def the_head_presses_too_early_and_is_told(self) -> None:
        self.click("section-head")
        self.bureau.poll()
        assert self.status()["status"] == HELD
        assert "尚未轮到" in self.comment(), self.comment()

    def one_begins_with_a_remark_and_sends_it_later(self) -> None:
        """Its row is older than the first review, and its click is not."""
        bureau, path = self.bureau, f"{self.bureau.api}/pulls/{self.number}/reviews"
        begun = bureau.people["section-head"].call(
            "POST", path, {"event": "PENDING", "body": "先记一条。"}
        )
        time.sleep(2)
        self.click("information-officer")
        time.sleep(2)
        given = {"event": "APPROVED", "body": "属实。"}
        bureau.people["section-head"].call("POST", f"{path}/{begun['id']}", given)
        self.click("information-officer", body="再看过。")  # who presses twice undoes nobody's turn
        before = self.head
        bureau.poll()
        assert self.head != before, self.comment()
        assert f"{self.post}：终审" in self.comment(), self.comment()

    def a_status_of_another_account_is_set_anew(self) -> None:
        given = {"context": "sanshen/verify", "state": READY, "description": "x"}
        path = f"{self.bureau.api}/statuses/{self.head}"
        self.bureau.people["writer"].call("POST", path, given)
        assert self.bureau.login("writer") in self.bureau.poll()
        assert self.status()["status"] == HELD

    def the_leader_signs_and_the_head_confirms(self) -> None:
        bureau = self.bureau
        bureau.git("fetch", "-q", "origin")
        bureau.git("switch", "-q", "-C", self.post, f"origin/{self.post}")
        for role, verb in (("leader-in-charge", "approve"), ("section-head", "confirm")):
            bureau.acts(role)
            key = str(bureau.home / role)
            bureau.sanshen(verb, self.post, "--key", key, "--yes", "--commit")
        bureau.git("push", "-q", "origin", f"HEAD:{self.post}")
        bureau.git("switch", "-q", "main")
        bureau.acts("witness")
        bureau.poll()
        assert self.status()["status"] == READY, self.comment()

    def the_button_merges_and_main_stands(self) -> None:
        bureau = self.bureau
        path = f"{bureau.api}/pulls/{self.number}/merge"
        bureau.people["section-head"].call("POST", path, {"Do": "squash"})
        bureau.git("fetch", "-q", "origin")
        bureau.poll(EXIT_FAULT)  # its token may not read the settings, so nothing is installed
        assert bureau.git("rev-parse", "main") != bureau.git("rev-parse", "origin/main")
        bureau.environment["GITEA_SETTINGS_TOKEN"] = self.bureau.server.token
        bureau.poll()
        assert bureau.git("rev-parse", "main") == bureau.git("rev-parse", "origin/main")
        bureau.sanshen("verify")
        bureau.sanshen("audit")

    def a_main_past_its_rule_is_not_installed(self) -> None:
        """A collaborator writes the Makefile, by a file pattern and past a glob rule."""
        bureau, rules = self.bureau, f"{self.bureau.api}/branch_protections"
        boss = bureau.server
        boss.call("PATCH", f"{rules}/main", {"unprotected_file_patterns": "Makefile"})
        self._push_makefile()
        assert "unprotected_file_patterns" in bureau.poll(EXIT_FAULT)
        boss.call("PATCH", f"{rules}/main", {"unprotected_file_patterns": "", "priority": 2})
        boss.call("POST", rules, {"rule_name": "m*", "enable_push": True, "priority": 1})
        boss.call("PATCH", f"{rules}/m*", {"priority": 1})
        boss.call("PATCH", f"{rules}/main", {"priority": 2})
        self._push_makefile()
        assert "m*" in bureau.poll(EXIT_FAULT)
        boss.call("DELETE", f"{rules}/m*")
        text = bureau.poll(EXIT_FAULT)  # protected again, and what was written stands there
        assert "没有通过" in text, text
        assert "owned" not in (bureau.folder / "Makefile").read_text()

    def _push_makefile(self) -> None:
        bureau = self.bureau
        bureau.git("fetch", "-q", "origin")
        bureau.git("switch", "-q", "--detach", "origin/main")
        with (bureau.folder / "Makefile").open("a") as file:
            file.write("# owned\n")
        bureau.git("commit", "-q", "-a", "-m", "Makefile")
        bureau.git("push", "-q", bureau.url("writer"), "HEAD:main")
        bureau.git("switch", "-q", "main")


STEPS: tuple[Callable[[Way], None], ...] = (
    Way.settings_are_set_by_the_printed_commands,
    Way.a_writer_submits,
    Way.the_head_presses_too_early_and_is_told,
    Way.one_begins_with_a_remark_and_sends_it_later,
    Way.a_status_of_another_account_is_set_anew,
    Way.the_leader_signs_and_the_head_confirms,
    Way.the_button_merges_and_main_stands,
    Way.a_main_past_its_rule_is_not_installed,
)


def main(environment: dict[str, str]) -> int:
    """Play every step; 0 when all held, 2 where no server is given."""
    address, token = environment.get("FORGE", ""), environment.get("FORGE_TOKEN", "")
    ca = environment.get("FORGE_CA", "")
    if not address.startswith("https://") or not token:
        print(
            "没有给出服务器：make forge FORGE=https://主机 FORGE_TOKEN=令牌 [FORGE_CA=证书]",
            file=sys.stderr,
        )
        return 2
    server = Server(address, token, ca)
    print(f"{server.host} {server.call('GET', 'version')['version']}")
    with tempfile.TemporaryDirectory() as folder:
        bureau = Played.__new__(Played)
        try:
            Played.__init__(bureau, Path(folder), server, ca)
            way = Way(bureau)
            for step in STEPS:
                begun = time.monotonic()
                step(way)
                print(f"{step.__name__}：{time.monotonic() - begun:.1f} 秒", flush=True)
        finally:
            bureau.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main(dict(os.environ)))

"""A bureau whose archive lies on a running server; its people press buttons there."""

import os
import secrets
import sys
import time
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.model.findings import EXIT_OK
from tests.e2e.test_journey import BODY, ROLES, Bureau
from tests.forge.server import Own, Refused, Server, record

PEOPLE = (*ROLES, "writer", "witness")
TAGS = {"name_pattern": "main", "whitelist_teams": ["Owners"]}
HELD, READY = "pending", "success"


class Played(Bureau):
    """A bureau whose archive lies on the server; its people press buttons there."""

    def __init__(self, home: Path, server: Server, own: Own | None = None) -> None:
        self.server, self.own, self.mark = server, own, secrets.token_hex(3)
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
        who += "[safe]\ndirectory = *\n"  # the clone may be the poller's by now
        (self.home / ".gitconfig").write_text(who)
        self.environment["GITEA_TOKEN"] = self.people[role].token

    def found(self, folder: Path, *more: str) -> str:
        """Accounts, organisation and repository on the server; the archive, pushed to its main."""
        make = self.home / "bin/make"  # what it installs is asked elsewhere
        make.parent.mkdir()
        make.write_text("#!/bin/sh\nexit 0\n")
        make.chmod(0o755)
        self.environment |= {"PATH": f"{make.parent}:{os.environ['PATH']}"}
        if ca := self.server.ca:
            self.environment |= {"GIT_SSL_CAINFO": ca, "CURL_CA_BUNDLE": ca}
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
        end = time.monotonic() + 30  # it takes a push in a moment later: /branches/main answers 500
        while self.server.call("GET", self.api)["empty"]:
            assert time.monotonic() < end, "the server takes no push in"
            time.sleep(0.2)
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
        scopes = ["write:repository", "write:issue", "read:user", "write:organization"]
        token = self.server.call(
            "POST", f"users/{login}/tokens", {"name": "t", "scopes": scopes}, login=basic
        )
        self.ids[role], self.people[role] = user["id"], self.server.acting(token["sha1"])

    def enrol_again(self, role: str) -> None:
        """A new account of a login that is free again; it may write, too."""
        self._enrol(role)
        self._admit(role, "write")

    def _admit(self, role: str, permission: str) -> None:
        path = f"{self.api}/collaborators/{self.login(role)}"
        self.server.call("PUT", path, {"permission": permission})

    def forge(self, *arguments: str, code: int) -> str:
        where = ("--host", self.server.host, "--repository", self.repository)
        return self.sanshen("forge", *arguments, *where, code=code)

    def protect(self) -> None:
        """Run the commands that `setup` prints, as the administrator; none of them fails."""
        self.environment["GITEA_TOKEN"] = self.server.token
        self.run("bash", "-ec", self.forge("setup", "--print", "--forge", "gitea", code=EXIT_OK))
        self.rest()

    def poll(self, code: int = EXIT_OK) -> str:
        return self.forge("poll", "--key", str(self.home / "witness"), code=code)

    def remove(self) -> None:
        """What was made on the server, as far as it was."""
        calls = [f"repos/{self.repository}", f"orgs/{self.organisation}"]
        calls += [f"admin/users/{self.login(role)}?purge=true" for role in self.people]
        for path in calls:
            try:
                self.server.call("DELETE", path)
            except Refused as error:
                print(f"不能删除：{error}", file=sys.stderr)

    # A proposal of its own for each scene.

    def rest(self) -> None:
        """The clone stands on main again, and the next command is the poller's."""
        self.git("switch", "-q", "main")
        self.acts("witness")
        self.environment["GITEA_SETTINGS_TOKEN"] = self.server.token

    def draft(self, slug: str) -> str:
        """A post on a branch of its own name, committed by the writer; its id."""
        self.acts("writer")
        self.git("switch", "-q", "main")
        (self.home / "body.md").write_text(BODY)
        written = self.sanshen(
            "new", slug, "--kind", "tip", "--category", "3", "--topic", "disaster",
            "--account", "wechat", "--title", f"进山不带火，三件事要记牢（{slug}）",
            "--summary", "森林防火期进山的三条提醒。", "--ai", "none",
            "--secrecy-reviewer", ROLES[0], "--body", str(self.home / "body.md"),
        )  # fmt: skip
        post = Path(written.splitlines()[0]).parent.name
        self.git("switch", "-q", "-c", post)
        self.git("add", "content")
        self.git("commit", "-q", "-m", "起草")
        return post

    def propose(self, slug: str) -> "Proposed":
        """A draft, pushed and opened by the writer."""
        post = self.draft(slug)
        self.git("push", "-q", self.url("writer"), f"HEAD:refs/heads/{post}")
        opened = self.open(post)
        self.rest()
        return Proposed(self, post, opened["number"])

    def open(self, head: str, base: str = "main", by: str = "writer") -> dict[str, Any]:
        given = {"title": head, "head": head, "base": base}
        made: dict[str, Any] = self.people[by].pushed("POST", f"{self.api}/pulls", given)
        return made


class Proposed:
    """An open proposal, and what is pressed and shown there."""

    def __init__(self, bureau: Played, post: str, number: int) -> None:
        self.bureau, self.post, self.number = bureau, post, number
        self.path = f"{bureau.api}/pulls/{number}"
        self.reviews = f"{self.path}/reviews"

    def click(self, role: str, event: str = "APPROVED", body: str = "") -> int:
        given = {"event": event, "body": body}
        return int(self.bureau.people[role].call("POST", self.reviews, given)["id"])

    def pull(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.bureau.server.call("GET", self.path)
        return shown

    @property
    def head(self) -> str:
        return str(self.pull()["head"]["sha"])

    def state(self) -> str:
        path = f"{self.bureau.api}/commits/{self.head}/status"
        return str((self.bureau.server.call("GET", path)["statuses"] or [{}])[0].get("status"))

    def comment(self) -> str:
        """Our comment; of what there is only one."""
        path = f"{self.bureau.api}/issues/{self.number}/comments"
        (one,) = [
            c["body"]
            for c in self.bureau.server.call("GET", path)
            if c["body"].startswith("<!-- sanshen-verdict")
        ]
        return str(one)

    def labels(self) -> list[str]:
        path = f"{self.bureau.api}/issues/{self.number}/labels"
        return [row["name"] for row in self.bureau.server.call("GET", path)]

    def records(self) -> list[str]:
        """Steps that are recorded on its branch."""
        self.bureau.git("fetch", "-q", "origin", f"+refs/pull/{self.number}/head:refs/seen")
        names = self.bureau.git("ls-tree", "-r", "--name-only", "refs/seen", "content/reviews")
        ours = [name for name in names.splitlines() if f"/{self.post}/" in name]
        return sorted(n.rpartition("/")[2][2:-5] for n in ours if n.endswith(".json"))

    def signed(self, *steps: tuple[str, str]) -> None:
        """Steps that people sign with their own keys, each pushing with a token of their own."""
        bureau = self.bureau
        bureau.git("fetch", "-q", "origin")
        bureau.git("switch", "-q", "-C", self.post, f"origin/{self.post}")
        for role, verb in steps:
            bureau.acts(role)
            key = str(bureau.home / role)
            bureau.sanshen(verb, self.post, "--key", key, "--yes", "--commit")
            bureau.git("push", "-q", bureau.url(role), f"HEAD:{self.post}")
        bureau.rest()

    def merge(self, how: str, role: str = "section-head", **more: Any) -> None:
        self.bureau.people[role].call("POST", f"{self.path}/merge", {"Do": how, **more})

    def close(self) -> None:
        self.bureau.server.call("PATCH", self.path, {"state": "closed"})

    def recorded(self, name: str) -> None:
        """What the poller reads of it, kept."""
        bureau, pages = self.bureau, "limit=50&page=1"
        timeline = f"{bureau.api}/issues/{self.number}/timeline?{pages}"
        given = [(self.path, ""), (f"{self.reviews}?{pages}", "X-Total-Count"),
                 (timeline, "X-Total-Count")]  # fmt: skip
        record(name, bureau.people["witness"], given, f"-{bureau.mark}")

"""The way of one post by clicks, from settings to main."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.model.findings import EXIT_FAULT, EXIT_OK, EXIT_REFUSE
from tests.e2e.test_journey import BODY, ROLES
from tests.forge.bureau import HELD, READY, Played


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
            "--summary", "森林防火期进山的三条提醒。", "--ai", "none",
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
        mended = boss.call("PATCH", f"{rules}/main", {"unprotected_file_patterns": ""})
        if "priority" in mended:  # on others the rule main governs before any glob (met)
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


def play(bureau: Played, _: bool) -> None:
    way = Way(bureau)
    for step in STEPS:
        begun = time.monotonic()
        step(way)
        print(f"  {step.__name__}：{time.monotonic() - begun:.1f} 秒", flush=True)


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

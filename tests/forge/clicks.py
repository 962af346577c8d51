"""Every kind of click, each on a proposal of its own: pressed, looked at once, and what it came to.

What is pressed here is what people press on the pages: those call the same functions of the server.
"""

from base64 import b64encode

from tests.builders.named import shows
from tests.forge.bureau import HELD, Played, Proposed

FIRST, SECOND = "information-officer", "section-head"

RECORDED = {"edited": "edited-before", "lines": "line-comments", "begun": "pending-of-others"}


class Clicks:
    """One proposal a case."""

    def __init__(self, bureau: Played) -> None:
        self.bureau = bureau
        self.made: dict[str, Proposed] = {}

    def on(self, name: str) -> Proposed:
        self.made[name] = self.bureau.propose(name)
        return self.made[name]

    def press(self) -> None:
        """Everything that is pressed before the look."""
        self._dismissed()
        self._withdrawn()
        self._edited()
        self._by_one_who_goes()
        self._closed_and_reopened()
        self._after_update()
        self._many_line_comments()
        self._begun_by_others()
        self._mixed()

    def _dismissed(self) -> None:
        one = self.on("dismissed")
        number = one.click(FIRST)
        path = f"{one.reviews}/{number}/dismissals"
        self.bureau.server.call("POST", path, {"message": "再看看", "priors": False})

    def _withdrawn(self) -> None:
        one = self.on("withdrawn")
        self.bureau.people[FIRST].call("DELETE", f"{one.reviews}/{one.click(FIRST)}")

    def _edited(self) -> None:
        """The text that the page shows is a comment's, which its writer may edit."""
        one = self.on("edited")
        one.click(FIRST, body="改前。")
        path = f"{self.bureau.api}/issues/{one.number}/timeline"
        entries = self.bureau.server.call("GET", path)
        (comment,) = [e["id"] for e in entries if e["type"] == "review"]
        where = f"{self.bureau.api}/issues/comments/{comment}"
        self.bureau.people[FIRST].call("PATCH", where, {"body": "改后。"})
        one.click(SECOND)

    def _by_one_who_goes(self) -> None:
        one, bureau = self.on("deleted"), self.bureau
        one.click("stranger")
        one.click(FIRST)
        one.click(SECOND)
        bureau.server.call("DELETE", f"admin/users/{bureau.login('stranger')}?purge=false")
        del bureau.people["stranger"]

    def _closed_and_reopened(self) -> None:
        one = self.on("reopened")
        one.click(FIRST)
        one.close()
        self.bureau.server.call("PATCH", one.path, {"state": "open"})
        one.click(SECOND)

    def _after_update(self) -> None:
        """Main moves, and the branch is brought up to it by the page's button, a click between."""
        one, bureau = self.on("updated"), self.bureau
        one.click(FIRST)
        bureau.environment["GITEA_SETTINGS_TOKEN"] = bureau.server.token
        bureau.server.call("PATCH", f"{bureau.api}/branch_protections/main",
                           {"unprotected_file_patterns": "content/records/**"})  # fmt: skip
        content = b64encode("记录。\n".encode()).decode()
        path = f"{bureau.api}/contents/content/records/README.md"
        given = {"content": content, "message": "记一件事", "branch": "main"}
        bureau.people["writer"].call("POST", path, given)
        bureau.server.call("PATCH", f"{bureau.api}/branch_protections/main",
                           {"unprotected_file_patterns": ""})  # fmt: skip
        bureau.people["writer"].call("POST", f"{one.path}/update?style=merge")
        one.click(SECOND)

    def _many_line_comments(self) -> None:
        """More line comments than a page holds entries stand before the clicks: the server cuts
        the page first and leaves them out then, so that a page of the timeline is empty."""
        one = self.on("lines")
        path = next(
            line for line in self.bureau.git("diff", "--name-only", f"main...{one.post}").split()
            if line.endswith(".md")
        )  # fmt: skip
        remarks = [{"path": path, "body": f"{n}", "new_position": 1} for n in range(130)]
        given = {"event": "COMMENT", "body": "", "comments": remarks}
        self.bureau.people["reader"].call("POST", one.reviews, given)
        one.click(FIRST)
        one.click(SECOND, body="属实。")

    def _begun_by_others(self) -> None:
        """Reviews that somebody began and did not send fill the first page of the list."""
        one = self.on("begun")
        for number in range(51):
            self.bureau.people["reader"].call(
                "POST", one.reviews, {"event": "PENDING", "body": f"{number}"}
            )
        one.click(FIRST)
        one.click(SECOND)

    def _mixed(self) -> None:
        """The first signs with a key, the second presses: then nothing is to be recorded before."""
        one = self.on("mixed")
        one.signed((FIRST, "approve"))
        one.click(SECOND)

    def look(self) -> None:
        """What came of them."""
        bureau = self.bureau
        print(bureau.poll())
        for name, one in self.made.items():
            print(f"  {name}：{one.records()} {one.labels()}", flush=True)
        self._outcomes()

    def _outcomes(self) -> None:
        made = self.made
        assert made["dismissed"].records() == [] and "已被撤销" in made["dismissed"].comment()
        opinion = self.bureau.git("show", f"refs/seen:{self._first(made['edited'])}")
        assert "改前。" in opinion and "改后。" not in opinion, "what was sent, not what was edited"
        assert made["withdrawn"].records() == []
        assert "没有算数" not in made["withdrawn"].comment()
        for name in ("edited", "deleted", "reopened", "updated", "lines", "begun"):
            assert made[name].records() == ["first", "second"], f"{name} {made[name].comment()}"
            assert made[name].state() == HELD
            assert made[name].labels() == ["三审/等待"]
        assert "Ghost" in made["deleted"].comment()
        assert made["mixed"].records() == ["first", "second"]

    def _first(self, one: Proposed) -> str:
        one.records()
        return f"content/reviews/{one.post[:4]}/{one.post}/r1/1-first.json"

    def without_a_branch(self) -> None:
        """A proposal by AGit, and one of a fork: nothing can be recorded, and each says so."""
        bureau = self.bureau
        post = bureau.draft("agit")
        bureau.git("push", "-q", bureau.url("writer"), "HEAD:refs/for/main", "-o", f"topic={post}")
        pulls = bureau.server.call("GET", f"{bureau.api}/pulls?state=open&limit=50")
        agit = Proposed(bureau, post, max(pull["number"] for pull in pulls))
        forked = bureau.people["writer"].call("POST", f"{bureau.api}/forks", {"name": "forked"})
        post = bureau.draft("forked")
        url = bureau.url("writer").replace(bureau.repository, forked["full_name"])
        bureau.git("push", "-q", url, f"HEAD:refs/heads/{post}")
        opened = bureau.open(f"{bureau.login('writer')}:{post}")
        bureau.rest()
        fork = Proposed(bureau, post, opened["number"])
        for one in (agit, fork):
            one.click(FIRST)
        bureau.poll()
        for one in (agit, fork):
            assert shows(one.comment(), "branch-missing", "zh"), one.comment()
            assert one.records() == []
            one.close()
        bureau.server.call("DELETE", f"repos/{forked['full_name']}")


def play(bureau: Played, keep: bool) -> None:
    bureau.protect()
    clicks = Clicks(bureau)
    clicks.press()
    for name, one in clicks.made.items() if keep else ():
        if name in RECORDED:
            one.recorded(RECORDED[name])
    clicks.look()
    for one in clicks.made.values():
        one.close()
    clicks.without_a_branch()

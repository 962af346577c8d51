"""A collaborator who means harm, with a token of their own on the real server."""

import time
from collections.abc import Callable
from typing import Any

from pipeline.model.findings import EXIT_FAULT, EXIT_REFUSE
from pipeline.parts.gitea.settings import HIDDEN
from tests.builders.named import shows
from tests.forge.bureau import READY, TAGS, Played, Proposed
from tests.forge.server import Refused

FIRST = "information-officer"


def tried(name: str, call: Callable[[], Any], *, lets: bool = False) -> None:
    """What the server says to an attempt; `lets`: whether it is known to let it happen."""
    try:
        call()
        said = "照办"
        assert lets, f"{name}: the server did it"
    except Refused as refused:
        said = f"{refused.status} {refused.text[:100].strip()}"
        assert not lets, f"{name}: {said}"
    except AssertionError as failed:
        if "remote" not in str(failed):
            raise
        said = "推送被拒"
        assert not lets, name
    print(f"  {name} → {said}", flush=True)


def _writes_main(bureau: Played) -> None:
    """Past proposals: by a push, forced, deleted, by the web's editor, by a tag of that name."""
    writer, url = bureau.people["writer"], bureau.url("writer")
    bureau.git("switch", "-q", "-c", "evil", "main")
    bureau.git("commit", "-q", "--allow-empty", "-m", "x")
    for name, what in (("直接推送", "HEAD:main"), ("强推", "+HEAD~1:main"), ("删除", ":main")):
        if name == "强推":
            bureau.git("commit", "-q", "--amend", "--allow-empty", "-m", "y")
            what = "+HEAD:main"
        tried(f"main {name}", lambda what=what: bureau.git("push", url, what))  # type: ignore[misc]
    given = {"content": "eA==", "message": "x", "branch": "main"}
    path = f"{bureau.api}/contents/Makefile.x"
    tried("main 网页编辑", lambda: writer.call("POST", path, given))
    rule = f"{bureau.api}/branch_protections/main"
    tried("改保护规则", lambda: writer.call("PATCH", rule, {"enable_push": True}))
    tried("读保护规则", lambda: writer.call("GET", rule))
    secret = f"{bureau.api}/actions/secrets/X"
    tried("写机密", lambda: writer.call("PUT", secret, {"data": "x"}))
    tag = lambda: bureau.git("push", url, "HEAD:refs/tags/main")  # noqa: E731
    tried("名叫 main 的标签", tag)
    rule = bureau.server.call("GET", f"{bureau.api}/tag_protections")[0]
    bureau.server.call("DELETE", f"{bureau.api}/tag_protections/{rule['id']}")
    tried("名叫 main 的标签，没有标签保护", tag, lets=True)
    bureau.rest()
    assert "标签" in bureau.forge("doctor", "--forge", "gitea", code=EXIT_REFUSE)
    bureau.server.pushed("DELETE", f"{bureau.api}/tags/main")
    bureau.server.call("POST", f"{bureau.api}/tag_protections", TAGS)
    bureau.poll()
    assert bureau.git("rev-parse", "HEAD") == bureau.git("rev-parse", "origin/main")


def _another_s_name(bureau: Played) -> None:
    """A login that was a reviewer's: by renaming, and of an account that was deleted."""
    call, login = bureau.server.call, bureau.login
    one = bureau.propose("renamed")
    call("POST", f"admin/users/{login(FIRST)}/rename", {"new_username": f"{login(FIRST)}-old"})
    call("POST", f"admin/users/{login('writer')}/rename", {"new_username": login(FIRST)})
    one.click("writer", event="COMMENT", body="x")
    tried("作者批自己的请求", lambda: one.click("writer"))
    bureau.people["reader"].call("POST", one.reviews, {"event": "APPROVED", "body": ""})
    call("POST", f"admin/users/{login(FIRST)}/rename", {"new_username": login("writer")})
    call("POST", f"admin/users/{login('reader')}/rename", {"new_username": login(FIRST)})
    bureau.poll()
    assert one.records() == [] and shows(one.comment(), "account-unknown", "zh"), one.comment()
    print("  改名为审核人的登录名 → 编号不在名册，不算", flush=True)
    call("DELETE", f"admin/users/{login(FIRST)}?purge=true")
    call("DELETE", f"admin/users/{login(FIRST)}-old?purge=true")
    bureau.enrol_again(FIRST)
    one.click(FIRST)
    one.click("section-head")
    bureau.poll()
    assert one.records() == [], one.comment()
    assert shows(one.comment(), "account-unknown", "zh"), one.comment()
    print("  沿用已删除账号的登录名 → 编号不在名册，不算", flush=True)
    one.close()


def _merged_by_hand(bureau: Played) -> None:
    """An administrator turned manual merge on: a proposal is shown as merged, and main is as it
    was. The doctor tells, and nothing newer is installed."""
    one = bureau.propose("by-hand")
    head = bureau.git("rev-parse", "origin/main").strip()
    given: dict[str, Any] = {"allow_manual_merge": True}
    bureau.server.call("PATCH", bureau.api, given)
    writer = bureau.people["writer"]
    body = {"Do": "manually-merged", "MergeCommitID": head}
    tried("写权限手动合并", lambda: writer.call("POST", f"{one.path}/merge", body), lets=True)
    if bureau.server.call("GET", bureau.api).keys() >= HIDDEN:
        assert "合并按钮" in bureau.forge("doctor", "--forge", "gitea", code=EXIT_REFUSE)
    bureau.git("fetch", "-q", "origin")
    assert bureau.git("rev-parse", "origin/main").strip() == head
    bureau.server.call("PATCH", bureau.api, {"allow_manual_merge": False})


def _forged_green(bureau: Played) -> None:
    """The status set by a writer, and merged between two rounds: a Makefile is not installed, and
    a post without reviews is named by `audit`."""
    writer = bureau.people["writer"]
    bureau.acts("writer")
    bureau.git("switch", "-q", "-c", "makefile", "origin/main")
    with (bureau.folder / "Makefile").open("a") as file:
        file.write("# owned\n")
    bureau.git("commit", "-q", "-a", "-m", "Makefile")
    bureau.git("push", "-q", bureau.url("writer"), "HEAD:refs/heads/makefile")
    number = bureau.open("makefile")["number"]
    head = bureau.git("rev-parse", "HEAD").strip()
    given = {"context": "sanshen/verify", "state": READY, "description": "x"}
    merge = f"{bureau.api}/pulls/{number}/merge"
    bureau.rest()
    tried("没有绿色就合并", lambda: writer.call("POST", merge, {"Do": "merge"}))
    set_it = lambda: writer.call("POST", f"{bureau.api}/statuses/{head}", given)  # noqa: E731
    tried("自己设成绿色", set_it, lets=True)
    tried("于是合并", lambda: writer.call("POST", merge, {"Do": "merge"}), lets=True)
    text = bureau.poll(EXIT_FAULT)
    assert "没有通过" in text, text
    assert "owned" not in (bureau.folder / "Makefile").read_text()
    print("  定时器 → " + next(row for row in text.splitlines() if "没有通过" in row), flush=True)
    bureau.git("switch", "-q", "--detach", "origin/main")
    assert "R13" in bureau.sanshen("audit", code=EXIT_REFUSE)
    bureau.git("switch", "-q", "main")


def _behind(bureau: Played) -> None:
    """Main has gone on, and the proposal was judged before it. The server refuses it; once a tag
    called main stands where main was, it takes it, for it counts anew when the branch moves."""
    url = bureau.url("writer")
    one = bureau.propose("behind")  # from the clone's main: what was forged after is not in it
    merge = lambda: one.merge("merge", "writer")  # noqa: E731
    _green(one)
    tried("合并落后的请求", merge)
    _moved(one)
    tried("推一个空提交，再合并", merge)
    rule = bureau.server.call("GET", f"{bureau.api}/tag_protections")[0]
    bureau.server.call("DELETE", f"{bureau.api}/tag_protections/{rule['id']}")
    bureau.git("push", "-q", url, "refs/heads/main:refs/tags/main")
    tried("推名叫 main 的标签，再合并", merge)
    _moved(one)
    there = bureau.git("ls-remote", url, "refs/heads/main").split()[0]
    tried("有这个标签，又推一个空提交，再合并", merge, lets=True)
    bureau.git("fetch", "-q", "--no-tags", "origin")
    assert bureau.git("rev-parse", "refs/remotes/origin/main^1").strip() == there
    assert "没有通过" in bureau.poll(EXIT_FAULT)  # the tag does not mislead it


def _green(one: Proposed) -> None:
    """The status, set by a writer, once the server has counted; it does so on its own."""
    time.sleep(4)
    given = {"context": "sanshen/verify", "state": READY, "description": "x"}
    path = f"{one.bureau.api}/statuses/{one.head}"
    one.bureau.people["writer"].call("POST", path, given)


def _moved(one: Proposed) -> None:
    bureau = one.bureau
    bureau.git("switch", "-q", one.post)
    bureau.git("commit", "-q", "--allow-empty", "-m", "x")
    bureau.git("push", "-q", bureau.url("writer"), f"HEAD:refs/heads/{one.post}")
    bureau.git("switch", "-q", "main")
    _green(one)


def _actions(bureau: Played) -> None:
    """A workflow on a branch asks for the key's name: no place that Actions read has it."""
    places = (bureau.api, f"orgs/{bureau.organisation}")
    names = [
        row["name"]
        for place in places
        for row in bureau.server.call("GET", f"{place}/actions/secrets") or ()
    ]
    assert names == [], names
    print(f"  分支里的流程能读到的机密 → {names}（没有运行器，流程没有跑）", flush=True)


def play(bureau: Played, _: bool) -> None:
    bureau.protect()
    _writes_main(bureau)
    _actions(bureau)
    _merged_by_hand(bureau)
    _another_s_name(bureau)
    _forged_green(bureau)
    _behind(bureau)

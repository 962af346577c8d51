"""The doctor on a running server: good settings have no flaw, and each broken one is found.

`CASES` is the table that is printed: what is set through the API, and the words that tell of it.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pipeline.model.findings import EXIT_HOLD, EXIT_OK, EXIT_REFUSE
from pipeline.parts.gitea.settings import HIDDEN
from tests.builders.command import ours
from tests.forge.bureau import TAGS, Played
from tests.forge.server import record

Call = tuple[str, str, Any]


class Case(NamedTuple):
    """One wrong setting: calls that set it and calls that mend it, `{…}` as `places` names it."""

    name: str
    wrong: tuple[Call, ...]
    mend: tuple[Call, ...]
    words: str


MAIN = "{api}/branch_protections/main"


def _repository(field: str, wrong: Any, right: Any, words: str = "合并按钮") -> Case:
    return Case(f"{field}={wrong}", (("PATCH", "{api}", {field: wrong}),),
                (("PATCH", "{api}", {field: right}),), words)  # fmt: skip


def _main(right: dict[str, Any], words: str, **wrong: Any) -> Case:
    name = " ".join(f"{k}={v}" for k, v in wrong.items())
    return Case(name, (("PATCH", MAIN, wrong),), (("PATCH", MAIN, right),), words)


def _glob(pattern: str) -> Case:
    """A rule of a lower number governs before the rule main."""
    at = "{api}/branch_protections/" + pattern.replace("?", "%3F").replace("*", "%2A")
    rule = {"rule_name": pattern, "enable_push": True, "priority": 1}
    wrong = (("POST", "{api}/branch_protections", rule), ("PATCH", at, {"priority": 1}),
             ("PATCH", MAIN, {"priority": 2}))  # fmt: skip
    return Case(f"规则 {pattern} 在先", wrong, (("DELETE", at, None),), pattern)


def _secret(place: str, name: str, words: str) -> Case:
    at = f"{place}/actions/secrets/{name}"
    return Case(f"{place} 的机密 {name}", (("PUT", at, {"data": "x"}),),
                (("DELETE", at, None),), words)  # fmt: skip


def _admitted(who: str, permission: str) -> Case:
    at = "{api}/collaborators/{" + who + "}"
    return Case(f"协作者 {permission}", (("PUT", at, {"permission": permission}),),
                (("DELETE", at, None),), "{" + who + "}")  # fmt: skip


def _team(name: str, **given: Any) -> Case:
    """A team with one member whom the roster does not hold."""
    made = {"name": name, "units": ["repo.code"], **given}
    here = () if given.get("includes_all_repositories") else (
        ("PUT", "teams/{team}/repos/{repository}", None),)  # fmt: skip
    wrong = (("POST", "orgs/{organisation}/teams", made),
             ("PUT", "teams/{team}/members/{stranger}", None), *here)  # fmt: skip
    return Case(f"团队 {name}", wrong, (("DELETE", "teams/{team}", None),), "{stranger}")


PUSH: dict[str, Any] = {"enable_push": False, "enable_push_whitelist": False}
FORCE: dict[str, Any] = {"enable_force_push": False, "enable_force_push_allowlist": False}
CONTEXT = {"enable_status_check": True, "status_check_contexts": ["sanshen/verify"]}
BYPASS: dict[str, Any] = {"enable_bypass_allowlist": False}
FILES = {"unprotected_file_patterns": ""}
CASES = (
    Case("default_branch=other", (("POST", "{api}/branches", {"new_branch_name": "other"}),
                                  ("PATCH", "{api}", {"default_branch": "other"})),
         (("PATCH", "{api}", {"default_branch": "main"}),
          ("DELETE", "{api}/branches/other", None)), "默认分支"),
    _repository("has_pull_requests", False, True, "不接受合并请求"),
    _repository("allow_merge_commits", False, True),
    _repository("allow_squash_merge", False, True),
    _repository("allow_rebase", True, False),
    _repository("allow_rebase_explicit", True, False),
    _repository("allow_fast_forward_only_merge", True, False),
    _repository("allow_manual_merge", True, False),
    _repository("autodetect_manual_merge", True, False),
    Case("没有保护", (("DELETE", MAIN, None),),
         (("POST", "{api}/branch_protections", "PROTECTION"),), "没有"),
    _main(PUSH, "enable_push", enable_push=True),
    _main(PUSH, "enable_push", enable_push=True, enable_push_whitelist=True,
          push_whitelist_usernames=["{writer}"]),
    _main(PUSH, "enable_push", enable_push=True, enable_push_whitelist=True,
          push_whitelist_deploy_keys=True),
    _main(FORCE | PUSH, "enable_force_push", enable_push=True, enable_force_push=True),
    _main(FORCE | PUSH, "enable_force_push", enable_push=True, enable_force_push=True,
          enable_force_push_allowlist=True, force_push_allowlist_usernames=["{writer}"]),
    _main(CONTEXT, "enable_status_check", enable_status_check=False),
    _main(CONTEXT, "status_check_contexts", status_check_contexts=[]),
    _main(CONTEXT, "status_check_contexts", status_check_contexts=["ci"]),
    _main(CONTEXT, "status_check_contexts", status_check_contexts=["sanshen/*"]),
    _main(CONTEXT, "status_check_contexts", status_check_contexts=["sanshen/Verify"]),
    _main({"block_on_outdated_branch": True}, "block_on_outdated", block_on_outdated_branch=False),
    _main({"block_admin_merge_override": True}, "block_admin", block_admin_merge_override=False),
    _main({"dismiss_stale_approvals": False}, "dismiss_stale", dismiss_stale_approvals=True),
    _main({"require_signed_commits": False}, "require_signed", require_signed_commits=True),
    _main({"required_approvals": 0}, "required_approvals", required_approvals=1),
    _main({"block_on_official_review_requests": False}, "block_on_official",
          block_on_official_review_requests=True),
    _main({"protected_file_patterns": ""}, "protected_file", protected_file_patterns="content/**"),
    _main(FILES, "unprotected_file", unprotected_file_patterns="Makefile"),
    _main(FILES, "unprotected_file", unprotected_file_patterns="**"),
    _main(FILES, "unprotected_file", unprotected_file_patterns="content/records/**;program.lock"),
    _main(BYPASS, "enable_bypass", enable_bypass_allowlist=True,
          bypass_allowlist_usernames=["{writer}"]),
    _main(BYPASS, "enable_bypass", enable_bypass_allowlist=True,
          bypass_allowlist_teams=["Owners"]),
    _glob("m*"),
    _glob("*"),
    _glob("mai?"),
    _secret("{api}", "SANSHEN_WITNESS_KEY", "SANSHEN_WITNESS_KEY"),
    _secret("{api}", "SANSHEN_LOG_KEY", "SANSHEN_LOG_KEY"),
    _secret("{api}", "sanshen_witness_key", "SANSHEN_WITNESS_KEY"),
    _secret("orgs/{organisation}", "SANSHEN_WITNESS_KEY", "SANSHEN_WITNESS_KEY"),
    _secret("orgs/{organisation}", "SANSHEN_LOG_KEY", "SANSHEN_LOG_KEY"),
    Case("名叫 main 的标签", (("DELETE", "{api}/tag_protections/{tags}", None),
                           ("POST", "{api}/tags", {"tag_name": "main", "target": "main"})),
         (("DELETE", "{api}/tags/main", None),
          ("POST", "{api}/tag_protections", TAGS)), "标签"),
    Case("名叫 main 的标签谁都能建", (("DELETE", "{api}/tag_protections/{tags}", None),),
         (("POST", "{api}/tag_protections", TAGS),), "标签"),
    _admitted("stranger", "write"),
    _admitted("stranger", "admin"),
    _admitted("reader", "write"),
    _team("bianji", permission="write"),
    _team("guanli", permission="admin"),
    _team("quanbu", permission="write", includes_all_repositories=True),
    _team("fenxiang", permission="read", units_map={"repo.code": "write"}),
    Case("所有者", (("PUT", "teams/{owners}/members/{stranger}", None),),
         (("DELETE", "teams/{owners}/members/{stranger}", None),), "{stranger}"),
    Case("可写的部署密钥", (("POST", "{api}/keys", "KEY"),),
         (("DELETE", "{api}/keys/{key}", None),), "镜像机"),
)  # fmt: skip


class Doctor:
    """Settings that are good, and broken one at a time."""

    def __init__(self, bureau: Played) -> None:
        self.bureau = bureau
        bureau.environment["GITEA_TOKEN"] = bureau.server.token
        self.places = {
            "api": bureau.api, "organisation": bureau.organisation,
            "repository": bureau.repository,
            **{r: bureau.login(r) for r in ("writer", "stranger", "reader")},
        }  # fmt: skip

    def said(self) -> tuple[int, list[str]]:
        """Exit code, and the lines of all that is not as it must be."""
        bureau = self.bureau
        where = ("--host", bureau.server.host, "--repository", bureau.repository)
        given = ("forge", "doctor", "--forge", "gitea", *where)
        done = ours(given, str(bureau.folder), bureau.environment)
        fine = ("符合要求", "    curl", "人工查看")
        lines = [line for line in done.stdout.splitlines() if not any(w in line for w in fine)]
        return done.returncode, lines

    def good(self) -> None:
        """The organisation belongs to one of the roster, and nobody else can write."""
        bureau, call = self.bureau, self.bureau.server.call
        teams = call("GET", f"orgs/{bureau.organisation}/teams")
        self.places["owners"] = str(next(t["id"] for t in teams if t["permission"] == "owner"))
        members = f"teams/{self.places['owners']}/members"
        owners = call("GET", members)
        call("PUT", f"{members}/{bureau.login('operator')}")
        for one in owners:
            call("DELETE", f"{members}/{one['login']}")
        for role in ("stranger", "reader"):
            call("DELETE", f"{bureau.api}/collaborators/{bureau.login(role)}")
        self.places["tags"] = str(call("GET", f"{bureau.api}/tag_protections")[0]["id"])
        self.repository = call("GET", bureau.api)
        self.fine()

    def fine(self) -> None:
        """No flaw; of what a server does not show, that alone is not checked."""
        code, lines = self.said()
        hides = not self.repository.keys() >= HIDDEN
        unread = [line.partition("：")[0] for line in lines if "未检查" in line]
        assert unread == ["手动合并"] * hides, lines
        assert code == (EXIT_HOLD if hides else EXIT_OK), lines

    def shows(self, case: Case) -> bool:
        """Whether the server's answers hold all that is set wrong; older ones know less."""
        shown = {MAIN: self.protection, "{api}": self.repository}
        patched = [(path, body) for method, path, body in case.wrong if method == "PATCH"]
        return all(shown[path].keys() >= body.keys() for path, body in patched if path in shown)

    def calls(self, calls: tuple[Call, ...]) -> None:
        for method, path, body in calls:
            where = path.format(**self.places)
            # Only an owner gives a team a repository; the server's administrator may not.
            by = self.bureau.people["operator"] if "/repos/" in where else self.bureau.server
            made = by.call(method, where, self._filled(body))
            if method == "POST" and where.endswith("/teams"):
                self.places["team"] = str(made["id"])
            if method == "POST" and where.endswith("/tag_protections"):
                self.places["tags"] = str(made["id"])
            if method == "POST" and where.endswith("/keys"):
                self.places["key"] = str(made["id"])

    def _filled(self, body: Any) -> Any:
        if body == "PROTECTION":
            return self.protection
        if body == "KEY":
            key = (self.bureau.home / "writer-key.pub").read_text()
            return {"title": "镜像机", "key": key, "read_only": False}
        if isinstance(body, dict):
            return {k: [v.format(**self.places) for v in value]
                    if isinstance(value, list) else value for k, value in body.items()}  # fmt: skip
        return body

    def each(self) -> Iterator[tuple[Case, int, list[str]]]:
        self.protection = self.bureau.server.call("GET", MAIN.format(**self.places))
        for case in CASES:
            if not self.shows(case):
                print(f"  – {case.name}：这个服务器不显示，没有演", flush=True)
                continue
            self.calls(case.wrong)
            code, lines = self.said()
            self.calls(case.mend)
            yield case, code, lines


def play(bureau: Played, keep: bool) -> None:
    key = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(bureau.home / "writer-key"))
    bureau.run(*key, folder=bureau.home)
    bureau.protect()
    doctor = Doctor(bureau)
    doctor.good()
    if keep:
        asked = [(f"{bureau.api}/tag_protections", "")]
        record("tags", bureau.server, asked, f"-{bureau.mark}")
    missed = []
    for number, (case, code, lines) in enumerate(doctor.each(), 1):
        words = case.words.format(**doctor.places)
        hit = code == EXIT_REFUSE and any(words in line for line in lines)
        missed += [] if hit else [case.name]
        found = next((line for line in lines if words in line), f"{code} {lines}")
        print(f"  {number} {case.name.format(**doctor.places)} → {found}", flush=True)
    assert not missed, missed
    doctor.fine()

"""Sign reviews, publications and authorisations in process, right or wrong as a test needs."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from pipeline.evidence.review.statements import digest, write_statement
from pipeline.model.evidence import ROLE_OF_STEP, Step
from pipeline.new.yaml_writer import dump
from pipeline.sign.review_step import ASSERTIONS
from pipeline.source.content.paths import area_of
from pipeline.source.content.posts import content_of
from tests.builders.cast import at, registers, sign_as
from tests.builders.files import Files

CAST = {"first": "xxy-a", "second": "kz-a", "final": "ld-a", "confirm": "kz-a"}
_FIRST_SIGNED = at("2026-11-04 10:00")
_FREE = ("posts", "reviews", "records", "other")


class Evidence(Files):
    """Signed records of the posts that lie in the work tree."""

    def predicate(self, post: str, step: str, person: str, /, **changes: Any) -> dict[str, Any]:
        """What a right review of this step states, changed as told."""
        revision = int(changes.pop("revision", self.meta(post, "revision")))
        number = list(CAST).index(step)
        signed: datetime = changes.pop(
            "signed_at", _FIRST_SIGNED + timedelta(hours=number, minutes=10 * revision)
        )
        return {
            "archive": "yunlan-yjj",
            "post": post,
            "revision": revision,
            "step": step,
            "decision": "approve",
            "opinion": "同意",
            "reviewer": person,
            "role": ROLE_OF_STEP[Step(step)],
            "acting_for": "",
            "accounts": sorted(self.meta(post, "accounts")),
            "content": self.content(post),
            **self._told(post, revision),
            "roster": self.roster(),
            "regulation": self.sha("content/regulation.md"),
            "previous": self._previous(post, revision, number),
            "assertions": dict.fromkeys(ASSERTIONS[Step(step)], True),
            "signed_at": signed,
            "not_after": signed + timedelta(days=30),
        } | changes

    def review(
        self,
        post: str,
        step: str,
        person: str = "",
        /,
        *,
        key: str = "",
        manifest: Mapping[str, str] | None = None,
        to: str = "",
        without: Collection[str] = (),
        **predicate: Any,
    ) -> str:
        """Sign one step, right unless told otherwise; the path of the statement."""
        signer = person or CAST[step]
        stated = self.predicate(post, step, signer, **predicate)
        stated = {k: v for k, v in stated.items() if k not in without}
        subject = self.manifest(post) if manifest is None else manifest
        path = to or self.place(post, step, int(self.meta(post, "revision")))
        self.sign(path, write_statement("review", subject, stated), key or signer)
        return path

    def content(self, post: str) -> str:
        path = f"content/posts/{post[:4]}/{post}/post.md"
        return content_of(path, self.read(path), self.manifest(post))

    def _told(self, post: str, revision: int) -> dict[str, str]:
        path = f"content/records/corrections/{post[:4]}/{post}.r{revision}.yml"
        if revision == 1:
            return {}
        return {"correction": self.sha(path) if (self.root / path).is_file() else ""}

    def sign(self, path: str, statement: bytes, key: str) -> None:
        self.write(path, statement)
        self.write(f"{path}.sig", sign_as(key, statement))

    def place(self, post: str, step: str, revision: int = 1) -> str:
        return f"content/reviews/{post[:4]}/{post}/r{revision}/{Step(step).stem}.json"

    def roster(self) -> dict[str, Any]:
        path = "content/registers/roster.yml"
        serial = int(self.read(path).decode().split("\n")[0].removeprefix("serial: "))
        return {"serial": serial, "digest": self.sha(path)}

    def next_roster(self, *more: Mapping[str, Any], **changes: Any) -> None:
        """Write the roster that follows the one in the work tree, with more keys."""
        before = self.roster()
        value = registers()["roster"]
        follows = {"serial": before["serial"] + 1, "previous": before["digest"]}
        self.register("roster", value | follows | {"keys": [*value["keys"], *more]} | changes)

    def publication(self, post: str, account: str = "wx", **changes: Any) -> str:
        """The operator's signed record that an account carried a post."""
        moment = changes.get("published_at", at(f"{post[:10]} 09:30"))
        stated = {
            "archive": "yunlan-yjj",
            "post": post,
            "revision": int(self.meta(post, "revision")),
            "account": account,
            "title": self.meta(post, "title"),
            "url": f"https://{'wechat' if account == 'wx' else 'weibo'}.example/{account}/1",
            "published_at": moment,
            "operator": "gly-a",
            "batch": "",
            "recorded_at": moment + timedelta(minutes=5),
        } | changes
        path = f"content/records/publications/{moment.year}/{moment:%Y-%m-%d}.{account}.{post}.json"
        self.sign(path, write_statement("publication", self.manifest(post), stated), "gly-a")
        return path

    def superseding(self, wrong: str, post: str, **changes: Any) -> str:
        """The record that takes the place of a wrong one, or with `void` takes it back."""
        named = digest(self.read(wrong), self.read(f"{wrong}.sig"))
        files = {p: p.read_bytes() for p in (self.root / wrong).parent.iterdir()}
        made = self.publication(post, **{"supersedes": named, "reason": "登记错了", **changes})
        number = sum(p.suffix == ".json" for p in files) + 1
        name, account = made.split(".", 1)
        path = f"{name}-{number}.{account}"
        for end in ("", ".sig"):
            self.write(f"{path}{end}", self.read(f"{made}{end}"))
        for where, raw in files.items():
            where.write_bytes(raw)
        return path

    def correction(self, post: str, revision: int, kind: str = "update") -> str:
        """The record that a published post was changed."""
        value = {
            "post": post,
            "revision": revision,
            "kind": kind,
            "reason": "补充一句说明。",
            "changed_on": "2026-11-05",
            "person": "zz-a",
            "changes": [{"old": "旧句。", "new": "新句。"}],
        }
        path = f"content/records/corrections/{post[:4]}/{post}.r{revision}.yml"
        self.write(path, dump(value))
        return path

    def authorise(
        self, person: str, role: str, base: str = "main", /, *, key: str = "",
        name: str = "change", **changes: Any,
    ) -> str:  # fmt: skip
        """Sign the governed files that differ between a base and HEAD."""
        rows = self.git("diff", "--no-renames", "--name-status", f"{base}..HEAD").split("\n")
        named = [r.split("\t") for r in rows if area_of(r.split("\t")[1]) not in _FREE]
        subject = {p: self.sha(p) for s, p in named if s != "D"}
        stated = {
            "archive": "yunlan-yjj",
            "person": person,
            "role": role,
            "reason": "人事调整",
            "removed": sorted(p for s, p in named if s == "D"),
            "signed_at": at("2026-11-05 10:00"),
            "roster": changes.pop("roster", None) or self._roster_at(base),
        } | changes
        path = f"content/records/authorisations/2026/{name}/{person}.json"
        self.sign(path, write_statement("authorisation", subject, stated), key or person)
        return path

    def _previous(self, post: str, revision: int, number: int) -> str | None:
        here = [self.place(post, s, revision) for s in list(CAST)[:number]]
        before = [self.place(post, s, revision - 1) for s in CAST]
        for path in reversed(here[-1:] or before):
            if (self.root / path).exists():
                return digest(self.read(path), self.read(f"{path}.sig"))
        return None

    def _roster_at(self, base: str) -> dict[str, Any]:
        raw = self.git("show", f"{base}:content/registers/roster.yml") + "\n"
        serial = int(raw.split("\n")[0].removeprefix("serial: "))
        return {"serial": serial, "digest": hashlib.sha256(raw.encode()).hexdigest()}

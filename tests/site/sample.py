"""A small bureau made by hand: posts of every shape, really signed by throw-away keys."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pipeline.program  # noqa: F401 - puts the program together
from pipeline.evidence.review.statements import NAMESPACE, digest, write_statement
from pipeline.evidence.ssh.sshsig import fingerprint_of
from pipeline.judge.change_facts import THEME
from pipeline.model.archive import Archive, OnMain
from pipeline.model.calendar import SHANGHAI, Clock
from pipeline.model.cards import Counts, Shown, Volume, card_of, mark_of
from pipeline.model.duties import end_of
from pipeline.model.evidence import ROLE_OF_STEP, Approvals, Approved, Review, Step
from pipeline.model.findings import Effect, Finding, Location, Outcome, say
from pipeline.model.law import Article, ClauseText, ItemClause, PeriodClause, Rule, Rulebook
from pipeline.model.law import Unchecked as UncheckedClause
from pipeline.model.posts import Post
from pipeline.model.records import Correction, Publication
from pipeline.model.registers import (
    Registers,
)
from pipeline.model.reports import Verdict, counts, never_checked
from pipeline.render.archive import render_archive
from pipeline.site.evidence.archive_evidence import ROSTER
from pipeline.site.frame.mkdocs_shell import Shell
from pipeline.site.inputs import SiteInput
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from pipeline.source.program import shipped
from tests.report.samples import PROGRAM
from tests.site.sample_drafts import ALERT, AS_OF, LONG, PLAIN, WITHDRAWN, drafts
from tests.site.sample_log import records, site_log
from tests.site.sample_registers import NOTHING, registers, roster_file, sign

__all__ = [
    "ALERT", "AS_OF", "LONG", "PLAIN", "WITHDRAWN", "changed", "make", "theme", "views", "without",
]  # fmt: skip

ROOT = Path(__file__).parents[2]
REVIEWERS = {"first": "xxy-a", "second": "kz-a", "final": "ld-a", "confirm": "kz-a"}


def _post(post_id: str, meta: Mapping[str, Any], body: str, files: Mapping[str, bytes]) -> Post:
    folder = f"content/posts/{post_id[:4]}/{post_id}"
    day = date.fromisoformat(post_id[:10])
    moment = datetime(day.year, day.month, day.day, 9, 30, tzinfo=SHANGHAI)
    full = {"created_on": day - timedelta(days=1), "publish_at": moment, **meta}
    manifest = {f"{folder}/{n}": hashlib.sha256(d).hexdigest() for n, d in files.items()}
    return Post(post_id, folder, NOTHING, full, frozenset(), body, 20, manifest)


def _reviews(post: Post, registers: Registers, store: dict[str, bytes]) -> Approvals:
    states, previous = {}, None
    for step in Step:
        person = REVIEWERS[step.value]
        signed_at = post.meta["publish_at"] - timedelta(hours=6 - step.number)
        not_after = signed_at + timedelta(days=3)
        predicate = {
            "archive": "yunlan-yjj",
            "post": post.id,
            "revision": post.revision,
            "step": step.value,
            "decision": "approve",
            "opinion": "同意",
            "reviewer": person,
            "role": ROLE_OF_STEP[step],
            "acting_for": "",
            "accounts": list(post.accounts),
            "content": post.content_digest,
            "roster": {"serial": 1, "digest": registers.roster.digest},
            "regulation": registers.regulation_digest,
            "previous": previous,
            "signed_at": signed_at,
            "not_after": not_after,
            "assertions": {},
        }
        statement = write_statement("review", post.manifest, predicate)
        signature = sign(statement, person)
        path = f"content/reviews/{post.year}/{post.id}/r{post.revision}/{step.stem}.json"
        store |= {path: statement, f"{path}.sig": signature}
        previous_one, previous = previous, digest(statement, signature)
        fingerprint = next(k.fingerprint for k in registers.roster.keys if k.person == person)
        review = Review(
            "yunlan-yjj", post.id, post.revision, step, "approve", "同意", person,
            ROLE_OF_STEP[step], "", post.accounts, 1, registers.roster.digest, "7" * 64,
            previous_one, signed_at, not_after, {}, post.manifest, path, previous, fingerprint,
        )  # fmt: skip
        states[step] = Approved(step, review)
    return Approvals(states)


def _publications(posts: Mapping[str, Post], store: dict[str, bytes]) -> tuple[Publication, ...]:
    found = []
    for post, account in ((p, a) for p in posts.values() for a in p.accounts):
        path = f"content/records/publications/2026/{post.id}.{account}.json"
        said = {
            "archive": "yunlan-yjj",
            "post": post.id,
            "revision": 1,
            "account": account,
            "title": post.title,
            "url": f"https://social.example/{account}/{post.id}",
            "published_at": post.meta["publish_at"] + timedelta(minutes=8),
            "operator": "gly-a",
            "batch": "",
            "recorded_at": post.meta["publish_at"] + timedelta(minutes=20),
        }
        statement = write_statement("publication", post.manifest, said)
        signature = sign(statement, "gly-a")
        store |= {path: statement, f"{path}.sig": signature}
        about = {k: v for k, v in said.items() if k != "archive"}
        named = fingerprint_of(signature, NAMESPACE), digest(statement, signature)
        found.append(Publication(path, *about.values(), post.manifest, *named))
    return tuple(found)


def _corrections() -> tuple[Correction, ...]:
    changes = (
        ("报警器**装在**离地 1.2 米处。", "报警器**装在**离地 1.5 米处。"),
        ("| 烟道 | 无破损 | 每月一次 |", "| 烟道 | 无破损 | 每周一次 |"),
    )
    return (
        Correction(
            "c1", "c1", PLAIN, 1, "correction", "高度写错", date(2026, 11, 4), "kz-a", changes,
            NOTHING,
        ),
        Correction(
            "c2", "c2", WITHDRAWN, 2, "withdrawal", "内容不准确", date(2026, 10, 21), "ld-a", (),
            NOTHING,
        ),
    )  # fmt: skip


def _never(*_args: Any) -> tuple[()]:
    return ()


def _rulebook(regulation: bytes) -> Rulebook:
    text = regulation.decode()
    found = list(re.finditer(r"^### (第[一二三四五六七八九十]+条|附件)$", text, re.MULTILINE))
    articles = []
    for number, (here, after) in enumerate(zip(found, [*found[1:], None], strict=True), 1):
        end = after.start() if after else len(text)
        body = re.split(r"^#{1,2} ", text[here.end() : end], flags=re.MULTILINE)[0].strip()
        key = "F" if here[1] == "附件" else f"{number:02d}"
        rule, texts, parameters = None, {}, {}
        if key == "05":
            rule = Rule((PeriodClause(1, _never), UncheckedClause(4), ItemClause(6, _never)))
            texts = {
                1: ClauseText("每周两次。", "无。", "两批。", "一批。", "周日。", "改 `a<b`。"),
                4: ClauseText("未检：尚无上级通知的记录。", "哪些是重要信息。"),
                6: ClauseText("发布时间不早于确认时间。", ""),
            }
            parameters = {"cadence.text.count": {}, "cadence.av.max_gap_days": {}}
        articles.append(Article(key, here[1], body, rule, "", texts, {}, parameters))
    return Rulebook(tuple(articles), hashlib.sha256(regulation).hexdigest())


def theme() -> dict[str, bytes]:
    return dict(shipped(*THEME))


def _front(meta: Mapping[str, Any]) -> str:
    """What a browser compares of the front matter: title, summary, alert."""

    def written(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, default=datetime.isoformat)

    alert = "".join(f"  {key}: {written(v)}\n" for key, v in meta.get("alert", {}).items())
    lines = f"title: {meta['title']}\nsummary: {meta['summary']}\n"
    return f"{lines}alert:\n{alert}" if alert else lines


def make() -> SiteInput:
    """The sample; every call makes the same values."""
    held = registers()
    store: dict[str, bytes] = {}
    posts, approvals, renditions = {}, {}, {}
    for post_id, (meta, body, files) in drafts().items():
        source = f"---\n{_front(meta)}---\n{body}".encode()
        own = {"post.md": source, **files}
        post = _post(post_id, meta, body, own)
        store |= {f"{post.folder}/{name}": data for name, data in own.items()}
        posts[post_id] = post
        approvals[post_id] = _reviews(post, held, store)
        rendition = render_archive(post, held)
        renditions[(post_id, rendition.channel)] = rendition
    regulation = (ROOT / "content/regulation.md").read_bytes()
    store["content/regulation.md"] = regulation
    store[ROSTER] = roster_file(held.roster.keys)
    archive = Archive(
        OnMain(), Clock(AS_OF), held, posts, frozenset(posts), approvals,
        _publications(posts, store), _corrections(), renditions,
    )  # fmt: skip
    quiet = Finding(
        "R05-1",
        "so-it-is",
        Effect.REFUSE,
        say("{account} 在 10 月 12 日起的一周没有更新。", account="云岚应急"),
        Location("content/registers/accounts.yml", 3),
        owes="yunlan-wechat",
    )
    week = replace(
        quiet,
        effect=Effect.NOTE,
        message=say("{account} 在 11 月 22 日前还须更新。", account="云岚应急"),
        due=end_of(AS_OF.date()),
    )
    rulebook = _rulebook(regulation)
    verdict, never = Verdict("", {"R05-6": Outcome.SATISFIED}), never_checked(rulebook)
    return SiteInput(
        archive,
        rulebook,
        volumes(archive, counts(verdict, rulebook, never)),
        Verdict("archive", {"R05-1": Outcome.VIOLATED}, (quiet, week)),
        store.__getitem__,
        str,
        "0123456789abcdef0123456789abcdef01234567",
        theme(),
        site_log(records(archive)),
        program=PROGRAM,
        root=held.roster.digest,
    )


def volumes(archive: Archive, counts: Counts) -> tuple[Volume, ...]:
    """The posts of an archive by years, each with these counts, and no place in a log."""
    years: dict[str, dict[str, Shown]] = {}
    for i, post in sorted(archive.posts.items()):
        shown = Shown(card_of(post, archive.approvals.get(i)), counts)
        years.setdefault(i[:4], {})[i] = shown
    carried = sorted(archive.publications, key=lambda p: p.path)
    return tuple(
        Volume(year, _mark(posts, [p for p in carried if p.post[:4] == year]), posts)
        for year, posts in years.items()
    )


def _mark(posts: Mapping[str, Shown], carried: list[Publication]) -> str:
    return mark_of(((s.card.seal, s.counts, s.position) for s in posts.values()), carried)


def changed(site: SiteInput, **fields: Any) -> SiteInput:
    """The sample with other values in its archive, bound anew."""
    archive = replace(site.archive, **fields)
    counts = next(shown.counts for v in site.volumes for shown in v.posts.values())
    return replace(site, archive=archive, volumes=volumes(archive, counts))


def views(site: SiteInput) -> tuple[PostView, ...]:
    """All posts of a site as its pages list them, newest first."""
    years = RenderContext(site, Shell({}, {}, ())).years
    return tuple(view for year in reversed(years) for view in year.views)


def without(site: SiteInput, post_id: str) -> SiteInput:
    """The sample as it was before a post came."""
    posts = {i: p for i, p in site.archive.posts.items() if i != post_id}
    return changed(site, posts=posts)

"""Terse values for the tests of rules, and a runner that needs no engine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from pipeline import rules
from pipeline.law.rulebook import clause_texts
from pipeline.model.archive import (
    Archive,
    Change,
    Entered,
    Entry,
    Mode,
    OnBranch,
    OnDisk,
    OnMain,
    Situation,
)
from pipeline.model.calendar import Clock
from pipeline.model.documents import Document, Route
from pipeline.model.evidence import (
    ROLE_OF_STEP,
    Approvals,
    Approved,
    Missing,
    Review,
    Step,
    StepState,
)
from pipeline.model.findings import Complaint, Effect
from pipeline.model.law import (
    ChangeClause,
    ClauseText,
    ItemClause,
    NothingEntered,
    PeriodClause,
    Rule,
    worded,
)
from pipeline.model.posts import Image, Link, Post, Rendition
from pipeline.model.records import Authorisation, Correction, Publication
from tests.rules.governance import AS_OF, at, day, registers

POST = "2026-11-03-winter-fire"
CAST = {
    Step.FIRST: "xxy-a",
    Step.SECOND: "kz-a",
    Step.FINAL: "ld-a",
    Step.CONFIRM: "kz-a",
}
ASSERTED = {
    Step.FIRST: ("collected", "sorted", "filled", "proofread", "formatted", "form_filled"),
    Step.SECOND: ("meaning_kept", "proofread"),
    Step.FINAL: ("lawful", "direction"),
    Step.CONFIRM: (
        "no_wording_error", "no_sensitive_words", "no_private_data", "law", "system",
        "national_interest", "citizens_rights", "public_order", "morality", "truth",
    ),
}  # fmt: skip


def marks_of(value: object, route: Route = ()) -> Iterator[Route]:
    """Every route into a value, in order."""
    if route:
        yield route
    pairs: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, Mapping):
        pairs = value.items()
    elif isinstance(value, list | tuple):
        pairs = enumerate(value)
    for key, below in pairs:
        yield from marks_of(below, (*route, key))


def post(id: str = POST, body: str = "正文。\n", files: Sequence[str] = (), **meta: Any) -> Post:
    """A post that no rule complains of; a meta value of None leaves its key out."""
    base: dict[str, Any] = {
        "title": "冬季防火提示",
        "accounts": ["wx"],
        "author": "zz-a",
        "origin_dept": "jzk",
        "created_on": day("2026-11-02"),
        "topic": "disaster",
        "category": 3,
        "origin": "original",
        "summary": "冬季用火用电注意事项。",
        "ai": "none",
        "secrecy_review": {
            "person": "xxy-a",
            "date": day("2026-11-02"),
            "result": "releasable",
        },
        "kind": "tip",
        "revision": 1,
        "publish_at": at("2026-11-03 09:30"),
    }
    kept = {k: v for k, v in (base | meta).items() if v is not None}
    folder = f"content/posts/{id[:4]}/{id}"
    marks = {route: (line, 1) for line, route in enumerate(marks_of(kept), 2)}
    manifest = {f"{folder}/{name}": "d" * 64 for name in ("post.md", *files)}
    document = Document(f"{folder}/post.md", kept, marks)
    return Post(id, folder, document, kept, frozenset(), body, 40, manifest)


def line(subject: Post, *route: str | int) -> tuple[str, int]:
    """Path and line of a front-matter key, to compare with a complaint's location."""
    place = subject.at(*route)
    assert route in subject.document.marks, f"the post has no key {route}"
    return place.path, place.line


def review(step: Step, subject: Post, **changes: Any) -> Review:
    """An approval that counts, signed a day before publication, an hour after the step before."""
    signed = at("2026-11-02 09:00") + timedelta(hours=step.number)
    folder = f"content/reviews/{subject.year}/{subject.id}/r{subject.revision}"
    made = Review(
        "yunlan-yjj",
        subject.id,
        subject.revision,
        step,
        "approve",
        "同意。",
        CAST[step],
        ROLE_OF_STEP[step],
        "",
        subject.accounts,
        7,
        "r" * 64,
        "l" * 64,
        None,
        signed,
        signed + timedelta(days=14),
        dict.fromkeys(ASSERTED[step], True),
        subject.manifest,
        f"{folder}/{step.stem}.json",
        "s" * 64,
        "SHA256:key",
    )
    return replace(replace(made, content=subject.content_digest), **changes)


def approvals(subject: Post, *changed: StepState, earlier: Sequence[Review] = ()) -> Approvals:
    """All four steps approved, but for the states given."""
    states: dict[Step, StepState] = {s: Approved(s, review(s, subject)) for s in Step}
    return Approvals(states | {state.step: state for state in changed}, tuple(earlier))


def unreviewed() -> Approvals:
    return Approvals({step: Missing(step) for step in Step})


def publication(
    when: str, of: str = POST, on: str = "wx", batch: str = "", **more: Any
) -> Publication:
    made = Publication(
        f"content/records/publications/{when[:4]}/{when[:10]}.{on}.{of}.{when[11:]}.json",
        of,
        1,
        on,
        "冬季防火提示",
        f"https://mp.weixin.qq.com/s/{of}",
        at(when),
        "gly-a",
        batch,
        at(when) + timedelta(minutes=5),
        {f"content/posts/{of[:4]}/{of}/post.md": "d" * 64},
        "SHA256:key",
    )
    return replace(made, **more)


def correction(subject: Post, kind: str = "correction", **changes: Any) -> Correction:
    path = f"content/records/corrections/{subject.year}/{subject.id}.r{subject.revision}.yml"
    document = Document(path, None, {("kind",): (3, 1)})
    made = Correction(
        path, "c1", subject.id, subject.revision, kind, "更正数字。", day("2026-11-10"), "zz-a",
        (), document,
    )  # fmt: skip
    return replace(made, **changes)


def rendition(
    channel: str = "archive",
    text: str = "正文。",
    links: Sequence[str] = (),
    images: Sequence[tuple[str, str]] = (),
) -> Rendition:
    """Links stand on lines from 41, images on lines from 51."""
    return Rendition(
        channel,
        "",
        "",
        text,
        tuple(Link(url, "链接", n) for n, url in enumerate(links, 41)),
        tuple(Image(file, alt, n) for n, (file, alt) in enumerate(images, 51)),
    )


def archive(
    *posts: Post, renditions: Sequence[Rendition] = (), as_of: datetime = AS_OF, **changes: Any
) -> Archive:
    """A proposal to an archive in good order; renditions belong to the first post."""
    given = {name: changes.pop(name) for name in ("mode", "change", "entered") if name in changes}
    shown = {(p.id, "archive"): rendition() for p in posts}
    shown |= {(posts[0].id, r.channel): r for r in renditions}
    made = Archive(
        situation(**given),
        Clock(as_of),
        registers(),
        {p.id: p for p in posts},
        frozenset(p.id for p in posts),
        {p.id: approvals(p) for p in posts},
        (),
        (),
        shown,
    )
    return replace(made, **changes)


def situation(
    mode: Mode = Mode.CHANGE, change: Change | None = None, entered: datetime | None = None
) -> Situation:
    """The one that these describe; `entered`: when a change came, AS_OF if it stands already."""
    if entered or (change and mode is Mode.STANDING):
        return Entered(change or Change("base", "head", ()), entered or AS_OF)
    return {Mode.DRAFT: OnDisk(), Mode.STANDING: OnMain(), Mode.CHANGE: OnBranch(change)}[mode]


def situated(look: Archive, **given: Any) -> Archive:
    """The archive in another situation; what is not given of `situation` stays."""
    was = {"mode": look.mode, "change": look.change, "entered": look.entered}
    return replace(look, situation=situation(**was | given))


def entry(path: str, area: str, status: str = "M", **changes: Any) -> Entry:
    return replace(Entry(path, status, area, "" if status == "D" else "e" * 64), **changes)


def change(*entries: Entry, **more: Any) -> Change:
    return replace(Change("base", "head", entries), **more)


def authorisation(who: str, role: str, entries: Iterable[Entry], **more: Any) -> Authorisation:
    made = Authorisation(
        f"content/records/authorisations/2026/policy/{who}.json",
        who,
        role,
        "调整参数。",
        at("2026-11-20 10:00"),
        {e.path: e.digest for e in entries},
        7,
        "r" * 64,
        "SHA256:key",
    )
    return replace(made, **more)


def complaints(rule: Rule, number: int, subject: Post, look: Archive) -> list[Complaint]:
    """What the gate clauses of a number say of a post; none when they do not apply."""
    return [
        with_remedy(complaint, rule, number)
        for clause in rule.clauses
        if isinstance(clause, ItemClause) and clause.number == number
        if subject.invalid.isdisjoint(clause.needs) and clause.applies(subject, look)
        for complaint in clause.check(subject, look)
    ]


def with_remedy(complaint: Complaint, rule: Rule, number: int) -> Complaint:
    """As the engine stamps it."""
    return worded(complaint, _texts()[id(rule)][number].findings)


@cache
def _texts() -> Mapping[int, Mapping[int, ClauseText]]:
    """Of each shipped rule, by its identity, the texts of its clauses."""
    names = (f"{rules.__name__}.{m.name}" for m in iter_modules(rules.__path__))
    modules = [import_module(name) for name in names]
    return {id(m.RULE): dict(clause_texts(m.__doc__ or "")) for m in modules}


def duties(rule: Rule, number: int, look: Archive) -> list[Complaint]:
    """What the period clauses of a number say."""
    clauses = [c for c in rule.clauses if isinstance(c, PeriodClause) and c.number == number]
    found = (complaint for clause in clauses for complaint in until_nothing(clause, look))
    return [with_remedy(complaint, rule, number) for complaint in found]


def until_nothing(clause: PeriodClause, look: Archive) -> Iterator[Complaint]:
    """What a clause says, also where it then does not apply."""
    with suppress(NothingEntered):
        yield from clause.check(look)


def objections(rule: Rule, number: int, proposal: Change, look: Archive) -> list[Complaint]:
    """What the change clauses of a number say."""
    clauses = [c for c in rule.clauses if isinstance(c, ChangeClause) and c.number == number]
    found = (complaint for clause in clauses for complaint in _said(clause, proposal, look))
    return [with_remedy(complaint, rule, number) for complaint in found]


def _said(clause: ChangeClause, proposal: Change, look: Archive) -> Iterator[Complaint]:
    """As `until_nothing`, of a change."""
    with suppress(NothingEntered):
        yield from clause.check(proposal, look)


def only(found: Sequence[Complaint], effect: Effect, name: str, /, **shown: str | int) -> Complaint:
    """The single complaint there is, held to its effect, its name and a remedy; `name`: with what
    tells it apart, if that matters (``"picture-missing a.png"``); `shown`: values of its message,
    as they are read."""
    assert [(c.effect, *_named(c, name)) for c in found] == [(effect, *name.split(" ", 1))]
    assert has_remedy(found[0])
    assert shown.items() <= values(found[0]).items()
    return found[0]


def has_remedy(complaint: Complaint) -> bool:
    """Whether a complaint says what to do, or the text of a clause that may give it."""
    every = (text for texts in _texts().values() for text in texts.values())
    return bool(str(complaint.remedy or "")) or any(
        t.findings.get(complaint.name, ("", ""))[1] for t in every
    )


def _named(complaint: Complaint, like: str) -> tuple[str, ...]:
    return (complaint.name, complaint.about) if " " in like else (complaint.name,)


def values(complaint: Complaint) -> dict[str, str | int]:
    """The values that its message shows, as they are read."""
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in complaint.message.values
    }


def where(complaint: Complaint) -> tuple[str, int]:
    return complaint.location.path, complaint.location.line

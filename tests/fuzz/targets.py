"""What is fuzzed: seeds and forms, the reader that meets the input, what it must never say.

Each reader is met as directly as its contract allows: a value or a finding, never an exception;
what comes as sound can be written and read back; what comes as signed was signed.
"""

import json
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Any

import pipeline.program  # noqa: F401  # puts the program together
from pipeline import __version__
from pipeline.detect.alerts import alerts, wrong_pairs, wrong_turns
from pipeline.detect.facts import wrong_classes, wrong_dates
from pipeline.detect.folding import flat
from pipeline.detect.machine_made import carried_on, label_of
from pipeline.detect.private import private_data
from pipeline.detect.secrets import secrecy_marks
from pipeline.detect.titles import missing_claims
from pipeline.detect.typography import wrong_document_numbers
from pipeline.errors import Fault
from pipeline.evidence.review.chain import approvals
from pipeline.evidence.review.statements import (
    NAMESPACE,
    Statement,
    digest,
    read_statement,
    write_statement,
)
from pipeline.evidence.roster import roster_problems
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.calendar import SHANGHAI, Clock
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document
from pipeline.model.evidence import ROLE_OF_STEP, SignedFile, Step
from pipeline.model.invisible import HIDDEN
from pipeline.model.posts import Post
from pipeline.model.registers import allowed_signers
from pipeline.new.new_archive import running_lock
from pipeline.new.yaml_writer import dump
from pipeline.parts.inquiries.incoming import (
    comments_in,
    inquiry_of,
)
from pipeline.parts.witness.payload import read_payload
from pipeline.rules.a11_reviews.roster import roster_follows
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.posts import read_post
from pipeline.source.content.program_lock import read_lock, write_lock
from pipeline.source.content.registers import _roster as read_roster
from pipeline.source.content.text import read_yaml
from tests.builders.archive import BODY, POST
from tests.builders.cast import AS_OF, governance, registers
from tests.builders.evidence import CAST
from tests.builders.locks import AWAY, REQUIREMENTS, only_pinned
from tests.builders.payloads import payload, review
from tests.detect.test_machine_made import AI_LABELS
from tests.fuzz.grammar import as_json, disturbed, json_form, spoiled, tree, yaml_form
from tests.fuzz.mutate import Target
from tests.fuzz.samples import META, SAID, full_roster
from tests.fuzz.seals import SEALS, signed_by
from tests.fuzz.sites import SITES
from tests.oracles.counter import differs
from tests.rules.changes import brought

FOLDER = f"content/posts/2026/{POST}"
ROSTER = "content/registers/roster.yml"


@cache
def _trusted() -> Trusted:
    return trust(MemoryTree(governance()))


def _texts(value: Any) -> Iterator[str]:
    """Every text of a value, keys included."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)
    elif isinstance(value, str):
        yield value


def _sound(document: Document) -> None:
    """Eye and machine see the same of what was read without a problem, and it can be written."""
    for text in _texts(document.value):
        assert not HIDDEN.search(text), "an invisible character was read"
        assert unicodedata.is_normalized("NFC", text), "a decomposed character was read"
    again = read_yaml(document.path, dump(document.value))
    assert again.value == document.value, "it reads otherwise when written"


def _front_matter(raw: bytes) -> None:
    post = _post(raw)
    assert post.id == POST
    assert post.revision >= 1
    _ = post.content_digest, post.publish_day, post.title
    if not post.problems:
        _sound(post.document)


def _post(raw: bytes) -> Post:
    contents = {f"{FOLDER}/post.md": raw}
    return read_post(MemoryTree(contents), FOLDER, list(contents), _trusted().front_matter)


def _roster(raw: bytes) -> None:
    """One key has one owner, or the roster has a problem; each key is one line for ssh-keygen."""
    document = read_yaml(ROSTER, raw)
    if document.problems or list(_roster_schema().findings(document)):
        return
    _sound(document)
    made = read_roster(_roster_schema().convert(document.value), document.digest)
    known = _trusted().registers
    found = replace(known, roster=made, documents={**known.documents, "roster": document})
    brought(roster_follows, known, found)
    if roster_problems(found):
        return
    assert len({k.fingerprint for k in made.keys}) == len(made.keys)
    lines = allowed_signers(made, NAMESPACE).splitlines()
    told = [k for k in made.keys if k.revocation != "compromised" or k.prior_records]
    assert [line.split()[0] for line in lines if line] == [k.person for k in told]


@cache
def _roster_schema() -> Conformance:
    return Conformance(json.loads(_trusted().schemas["schemas/registers/roster.json"]), "R11-1")


def _statement(raw: bytes) -> None:
    """Signed by a known key: only the words are hostile."""
    signed = SignedFile("x/1-first.json", raw, signed_by("xxy-a", raw))
    found = read_statement(signed, _trusted().statements["review"])
    if isinstance(found, Statement):
        value = json.loads(raw.decode("utf-8"))
        assert found.predicate["post"] == value["predicate"]["post"]
        assert len(found.subject) == len(value["subject"])
        json.dumps(value, ensure_ascii=False).encode()


def _reviews(raw: bytes) -> None:
    """Four signed steps, one of them hostile: both counters agree, and what counts says this.

    The first byte tells which step the rest stands for; those after it name it as `previous`.
    """
    number = (raw[0] if raw else 0) % 4
    files: list[SignedFile] = []
    for n, step in enumerate(Step):
        said = raw[1:] if n == number else _review(step, _previous(files))
        path = f"content/reviews/2026/{POST}/r1/{step.stem}.json"
        files.append(SignedFile(path, said, signed_by(CAST[step.value], said)))
    known, post = _trusted().registers, _approved()
    found = approvals(post, files, known, Clock(AS_OF), _trusted().statements["review"])
    assert not differs(found, post, files, known, Clock(AS_OF)), "the counters disagree"
    if found.complete:
        value, wanted = json.loads(raw[1:]), json.loads(_chain()[number])
        assert sorted(set(value["predicate"].pop("accounts"))) == sorted(post.accounts)
        assert value["predicate"].get("correction", post.correction) == post.correction
        for key in ("archive", "post", "revision", "step", "decision", "reviewer", "content"):
            assert value["predicate"][key] == wanted["predicate"][key], key
        assert value["subject"] == wanted["subject"]


def _previous(files: list[SignedFile]) -> str | None:
    return digest(files[-1].statement or b"", files[-1].signature or b"") if files else None


@cache
def _approved() -> Post:
    return replace(_post(FRONT_MATTER), correction=SAID["correction"])


@cache
def _chain() -> tuple[bytes, ...]:
    """The four right statements."""
    made: list[bytes] = []
    files: list[SignedFile] = []
    for step in Step:
        made.append(_review(step, _previous(files)))
        files.append(SignedFile("", made[-1], signed_by(CAST[step.value], made[-1])))
    return tuple(made)


def _review(step: Step, previous: str | None) -> bytes:
    post, known = _approved(), _trusted().registers
    said = SAID | {
        "step": step.value, "reviewer": CAST[step.value], "role": ROLE_OF_STEP[step],
        "content": post.content_digest, "previous": previous, "regulation": known.regulation_digest,
        "roster": {"serial": known.roster.serial, "digest": known.roster.digest},
        "signed_at": f"2026-11-04T1{step.number}:00:00+08:00",
    }  # fmt: skip
    return write_statement("review", post.manifest, said)


def _review_form(random: Random) -> bytes:
    number = random.randrange(4)
    text = as_json(disturbed(tree(json.loads(_chain()[number])), random), random)
    return b"%d" % number + spoiled(text, random)


DECIDING = ("APPROVED", "CHANGES_REQUESTED", "REQUEST_CHANGES", "DISMISSED")
SHAPES = ("approve", "return", "comment")
CLICKED = [
    payload("c" * 40, [review(n, "xxy-a", state, forge=f) for n, state in enumerate(SHAPES)])
    for f in ("github", "gitea")
]


def _payload(raw: bytes) -> None:
    """A fault, or every review that decides something, in order: none is passed over."""
    try:
        pull = read_payload(raw)
    except Fault:
        return
    reviews = {r["id"]: r["state"] for r in json.loads(raw)["reviews"]}
    decided = {id for id, state in reviews.items() if state in DECIDING}
    assert {c.id for c in pull.clicks} == decided
    assert [*pull.clicks] == sorted(pull.clicks, key=lambda c: (c.moment, c.id))
    json.dumps([c.opinion for c in pull.clicks])


def _ai_label(raw: bytes) -> None:
    """No label, or one that the next publisher can carry on and a reader gets back."""
    label = label_of(raw)
    if label is not None:
        assert label["Label"] in ("1", "2", "3")
        carried = label_of(carried_on(label, "某局", "1"))
        assert carried is not None and carried["ContentPropagator"] == "某局"
        assert carried.get("ContentProducer", "") == label.get("ContentProducer", "")


HEARD_AT = datetime(2026, 11, 5, 18, tzinfo=SHANGHAI)


TABLES = tuple(
    (
        "编号,时间,昵称,内容,回复,回复时间\r\n"
        "1,2026/11/4 9:05,某,在哪里领？,到服务站,2026-11-04 10:20\n"
    ).encode(e)
    for e in ("utf-8", "gb18030", "utf-16")
)


def _comments(raw: bytes) -> None:
    """A table is rows or a Fault; what is recorded of a row holds no private number."""
    with suppress(Fault):
        for comment in comments_in(raw):
            value = inquiry_of(comment, "wx", "xxy-a", "gly-a", HEARD_AT)
            if isinstance(value, dict):
                assert not private_data(value["summary"]) and comment.name
                assert read_yaml("x.yml", dump(value)).value == value


LOCKS = tuple(
    write_lock(running_lock()._replace(wheel=wheel, requirements=lines))
    for wheel in ("", f"program/sanshen-{__version__}-py3-none-any.whl")
    for lines in (REQUIREMENTS, AWAY)
)


def _lock(raw: bytes) -> None:
    """A Fault, or a lock of which pip installs what is named by hash, and obeys no other line."""
    with suppress(Fault):
        assert write_lock(read_lock(raw)).endswith(read_lock(raw).requirements.encode())
        assert only_pinned(raw)


FACTS = (
    "| 预警级别 | Ⅱ级 |\n|---|---|\n| 预警颜色 | **红色** |",
    "| 序号 | 身份证号 | 日期 | 星期 |\n|:-|-|-|-:|\n| 1 | 110000190001010000 | 11月22日 | 一 |",
    "暴雨预警由黄色（Ⅲ级）升级为橙色（三级），**11月22日**，星期一9时。",
    "转移１.２万人、一万二千户，3亿5000万元，百分之三点五，第7期，3~5人，12350。",
    "根据云应急发\\[2026\\]第07号、皖政办2026年12号，6名失联人员均无生命体征，一般事故。",
    "护照 E·0000 0131\t皖 Y-00421\t142 0000 00060\n本材料仅供内部参阅，阅后销毁\n★机密★1年",
)
PIECES = tuple("|｜\t\n*_~`\\-：，。（）〔〕〇十百千万亿色级号年月日时人第0９ioxⅣ\u200b ") + FACTS


def _facts_form(random: Random) -> bytes:
    return "".join(random.choices(PIECES, k=random.randint(1, 60))).encode()


def _facts(raw: bytes) -> None:
    """Every detector of structure answers with stretches of the text itself."""
    text = raw.decode("utf-8", "replace")
    read = flat(text)
    spans = [read.span(n, n + 1) for n in range(len(read.text))]
    spans += [(m.start, m.end) for m in (*private_data(text), *secrecy_marks(text))]
    spans += [(m.start, m.end) for m in alerts(text)] + [
        (m.start, m.end) for m in wrong_pairs(text)
    ]
    spans += [(m.start, m.end) for m in wrong_document_numbers(text)]
    spans += [(m.start, m.end) for m in wrong_classes(text)]
    spans += [(m.start, m.end) for m in wrong_dates(text, date(2026, 11, 22))]
    spans += [*wrong_turns(text), *missing_claims(text, text[::-1])]
    assert all(0 <= start < end <= len(text) for start, end in spans)


FRONT_MATTER = b"---\n" + dump(META) + b"---\n\n" + BODY.encode()
SAID_WELL = write_statement("review", {f"{FOLDER}/post.md": "0" * 64}, SAID)


def _page(text: str) -> str:
    return f"---\n{text}---\n\n{BODY}"


def _post_with_body(random: Random) -> bytes:
    """Fences and marks in the wrong place."""
    parts = [
        "---\n", "--- \n", "---", "\n", dump(META).decode(), BODY, "----\n", "...\n",
        "```\n---\n```\n",
    ]  # fmt: skip
    return spoiled("---\n" + "".join(random.choices(parts, k=random.randint(1, 6))), random)


TARGETS: dict[str, Target] = {
    "front-matter": Target(
        (FRONT_MATTER,),
        _front_matter,
        (yaml_form(META, dump(META).decode(), _page),) * 4 + (_post_with_body,),
    ),
    "roster": Target(
        (dump(registers()["roster"]), dump(full_roster())),
        _roster,
        (yaml_form(full_roster(), dump(full_roster()).decode()),),
    ),
    "statement": Target((SAID_WELL,), _statement, (json_form(json.loads(SAID_WELL)),)),
    "reviews": Target((b"0" + SAID_WELL,), _reviews, (_review_form,)),
    "payload": Target(
        tuple(json.dumps(value).encode() for value in CLICKED), _payload, (json_form(CLICKED[0]),)
    ),
    "ai-label": Target(AI_LABELS, _ai_label),
    "lock": Target(LOCKS, _lock),
    "comments": Target(TABLES, _comments),
    "facts": Target(tuple(text.encode() for text in FACTS), _facts, (_facts_form,)),
    **SEALS,
    **SITES,
}

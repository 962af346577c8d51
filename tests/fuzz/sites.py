"""Fuzz targets of the publication log, of evidence files and of a whole site."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any

from pipeline.errors import Fault
from pipeline.evidence.log import checkpoint, merkle, tiles
from pipeline.evidence.log.leaves import builds_text, checkpoint_of, make_log, prove
from pipeline.evidence.log.merkle import BUILD, Leaf, Log
from pipeline.evidence.log.tiles import (
    BUILDS,
    CHECKPOINT,
    FOLDER,
    MANIFEST,
    log_of_entries,
)
from pipeline.evidence.review.bundle_checks import (
    bundle_problems,
    check_times,
    counted_records,
    proof_problems,
)
from pipeline.evidence.review.site_bundle import evidence_tar, read_site_bundle
from pipeline.evidence.review.statements import NAMESPACE, digest, write_statement
from pipeline.evidence.ssh.allowed_signers import Signer, read_signers
from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.model.evidence import Step, record_stem
from pipeline.parts.verify_site.log import Site
from pipeline.parts.verify_site.page import EVIDENCE, Folder, body_html, page_problems, post_of
from pipeline.parts.verify_site.site import verify_site
from pipeline.site.fragments import Unsigned, fragments
from tests.builders.archive import POST
from tests.builders.cast import AS_OF, public_line
from tests.builders.evidence import CAST
from tests.builders.leaves import leaf_data
from tests.fuzz.grammar import as_json, disturbed, json_form, spoiled, tree
from tests.fuzz.mutate import Target
from tests.fuzz.seals import NOTE_KEY, ORIGIN, SECRET, bytes_near, notes, signed_by


def _tile(raw: bytes) -> None:
    leaves = tiles.unpack_entries(raw)
    if leaves is not None:
        assert b"".join(tiles.pack_entry(x) for x in leaves) == raw
        levels = merkle.grow(map(merkle.leaf_hash, leaves))
        assert log_of_entries(ORIGIN, leaves, levels).size == len(leaves)


def _entries(random: Random) -> bytes:
    """Entries whose leaves are near to right ones."""
    value = tree(json.loads(leaf_data("publication", "0" * 64, "p", POST)))
    leaves = (spoiled(as_json(disturbed(value, random), random), random)
              for _ in range(random.choice((1, 2, 5))))  # fmt: skip
    return b"".join(tiles.pack_entry(leaf[:65535]) for leaf in leaves)


def _bundle(raw: bytes) -> None:
    """What is found right was signed by whom it says, each of them in turn, and is in the log."""
    found = read_site_bundle(raw)
    if found is None:
        return
    list(bundle_problems(found, None))
    problems = [*bundle_problems(found, TRUSTED)]
    problems += proof_problems(found, log())
    counted_records(found, None)
    standing, wrong = counted_records(found, TRUSTED)
    wrong += check_times(found, standing, None)[0]
    if not wrong:
        for statement, signature in found.records:
            said = json.loads(statement)["predicate"]
            assert (said["post"], signature) == (found.post, signed_by("gly-a", statement))
    if not problems:
        people = [json.loads(s.statement)["predicate"]["reviewer"] for s in found.steps]
        assert len(set(people[:3])) == 3
        for person, step in zip(people, found.steps, strict=True):
            assert step.signature == signed_by(person, step.statement)


def _steps(change: Callable[[int, bytes], bytes]) -> list[dict[str, str]]:
    """Four signed steps, each statement changed before it is signed."""
    made: list[dict[str, str]] = []
    previous = None
    for number, (step, person) in enumerate(CAST.items()):
        said = {
            "archive": "yunlan-yjj", "post": POST, "revision": 1, "step": step,
            "decision": "approve", "reviewer": person, "previous": previous,
            "role": "section-head", "acting_for": "", "opinion": "",
            "signed_at": f"2026-11-04T1{number}:00:00+08:00",
            "not_after": "2026-11-20T00:00:00+08:00",
        }  # fmt: skip
        raw = change(number, write_statement("review", {MAIN: POST_DIGEST}, said))
        signature = signed_by(person, raw)
        previous = digest(raw, signature)
        made.append({"step": step} | _told(raw, signature))
    return made


def _carried(change: Callable[[int, bytes], bytes]) -> dict[str, str]:
    """The signed record of where the post was carried, changed before it is signed."""
    said = {
        "archive": "yunlan-yjj", "post": POST, "revision": 1, "account": "wx", "title": "冬季防火",
        "url": "https://wechat.example/1", "published_at": "2026-11-05T09:30:00+08:00",
        "operator": "gly-a", "batch": "", "recorded_at": "2026-11-05T09:40:00+08:00",
    }  # fmt: skip
    raw = change(4, write_statement("publication", {MAIN: POST_DIGEST}, said))
    return _told(raw, signed_by("gly-a", raw))


def _told(statement: bytes, signature: bytes) -> dict[str, str]:
    both = {"statement": statement, "signature": signature}
    return {name: b64encode(raw).decode() for name, raw in both.items()}


def _bundle_of(steps: list[dict[str, str]], carried: dict[str, str]) -> dict[str, Any]:
    proof = prove(log(), _record(_right_steps()[-1]))
    assert proof is not None
    return {
        "version": 1, "namespace": NAMESPACE,
        "archive": "yunlan-yjj", "post": POST, "revision": 1, "steps": steps,
        "keys": [
            {"person": p, "line": public_line(p), "fingerprint": _fingerprint(p), "void": False,
             "from": "2026-01-01T00:00:00+08:00", "until": None}
            for p in PEOPLE
        ],
        "publications": [carried], "corrections": [],
        "page": Unsigned("a.example", accounts={"wx": ("云岚", "wechat")}).written(),
        "files": [{"name": MAIN, "sha256": POST_DIGEST, "url": "post.md"}],
        "log": {
            "origin": ORIGIN, "leaf": proof.leaf.data.decode(), "index": proof.index,
            "size": proof.size, "root": b64encode(proof.root).decode(),
            "hashes": [b64encode(h).decode() for h in proof.hashes],
        },
    }  # fmt: skip


def _bundles(random: Random) -> bytes:
    """A bundle one of whose statements is hostile and rightly signed."""
    wrong = random.randrange(5)

    def change(number: int, raw: bytes) -> bytes:
        if number != wrong:
            return raw
        return spoiled(as_json(disturbed(tree(json.loads(raw)), random), random), random)

    return json.dumps(_bundle_of(_steps(change), _carried(change))).encode()


@cache
def _right_steps() -> list[dict[str, str]]:
    return _steps(lambda _, raw: raw)


@cache
def _right_record() -> dict[str, str]:
    return _carried(lambda _, raw: raw)


def _record(step: dict[str, str]) -> str:
    return digest(b64decode(step["statement"]), b64decode(step["signature"]))


def _fingerprint(person: str) -> str:
    key = parse_public_key(public_line(person))
    assert isinstance(key, PublicKey)
    return key.fingerprint


@cache
def log() -> Log:
    """Four other leaves, then the confirmation, and a publication after it."""
    last = _record(_right_steps()[-1])
    kinds = [("correction", f"{n:064x}") for n in range(4)]
    kinds += [("confirmation", last), ("publication", _record(_right_record()))]
    return make_log(ORIGIN, [
        Leaf(kind, "p", record, POST, n + 1)
        for n, (kind, record) in enumerate(kinds)
    ])  # fmt: skip


@cache
def _site() -> dict[str, bytes]:
    """A published site with one post, as files."""
    signed = ((s["step"], b64decode(s["statement"]), b64decode(s["signature"]))
              for s in _right_steps())  # fmt: skip
    stems = {step.value: step.stem for step in Step}
    record = b64decode(_right_record()["statement"]), b64decode(_right_record()["signature"])
    held = evidence_tar([*((stems[n], s, g) for n, s, g in signed), (record_stem(1), *record)])
    own = {
        "index.html": INDEX, "post.md": PAGE, "evidence.tar": held,
        "evidence.json": json.dumps(BUNDLE).encode(),
    }  # fmt: skip
    files = {f"{PLACE}{name}": data for name, data in own.items()} | {"index.html": b"<html>\n"}
    manifest = "".join(f"{sha256(raw).hexdigest()}  {p}\n" for p, raw in sorted(files.items()))
    name = sha256(manifest.encode()).hexdigest()
    row = Leaf(BUILD, "c" * 40, name, AS_OF.isoformat(), log().size + 1)
    whole = make_log(ORIGIN, (*log().leaves, row))
    files |= {f"{FOLDER}{path}": data for path, data in tiles.tiles(whole)}
    note = checkpoint.sign_note(checkpoint_of(whole).text, ORIGIN, SECRET)
    return files | {
        MANIFEST: manifest.encode(), BUILDS: builds_text([row]), CHECKPOINT: note
    }  # fmt: skip


def _whole_site(raw: bytes) -> None:
    """``path`` newline ``bytes``: the site with that file is whole only when nothing changed."""
    path, _, data = raw.partition(b"\n")
    name = path.decode("utf-8", "replace")
    files = _site() | {name: data}
    found = verify_site(Site(files.get, files.keys), NOTE_KEY.text, TRUSTED).problems
    note = checkpoint.read_note(files[CHECKPOINT])
    same = note is not None and note.text == checkpoint.read_note(_site()[CHECKPOINT]).text  # type: ignore[union-attr]
    changed = name != ".sanshen-site" and _site().get(name) != data
    assert bool(found) == changed or (name == CHECKPOINT and same), found


def _site_files(random: Random) -> bytes:
    name = random.choice(sorted(_site()))
    raw = _site()[name]
    made = {
        CHECKPOINT: lambda: notes(random),
        f"{PLACE}{EVIDENCE}": lambda: random.choice((_bundles, _BUNDLE_FORM))(random),
    }.get(name, lambda: bytes_near(raw, random))
    return f"{name}\n".encode() + (made() if random.random() < 0.9 else raw)


def _signers(raw: bytes) -> None:
    """A line is refused, or says who signs with which key when it is written plainly."""
    try:
        found = read_signers(raw.decode("utf-8", "replace"), NAMESPACE)
    except Fault:
        return
    for signer in found:
        plain = read_signers(f"{signer.person} {signer.line}\n", NAMESPACE)
        assert plain == (Signer(signer.person, signer.line),)


def _page(raw: bytes) -> None:
    """A page and the words of its post.md, parted by a zero byte, both as a thief would have them:
    it may only be taken for honest when its own words are post.md's."""
    index, _, main = raw.partition(b"\0")
    bundle = read_site_bundle(json.dumps(BUNDLE).encode())
    assert bundle is not None
    own = {"index.html": index, "post.md": main or PAGE, "evidence.tar": b"", EVIDENCE: b""}
    folder = Folder(POST, {**dict.fromkeys(own, ""), "post.md": POST_DIGEST}, own)
    items = [m for m in page_problems(folder, bundle, CARRIED) if "evidence.tar" not in str(m)]
    if not items and not main:
        assert "冬季防火".encode() in _bare(index)
        assert "出门关火。".encode() in _bare(index)
        assert "发布日期2026年11月5日".encode() in _bare(index)


def _bare(html: bytes) -> bytes:
    """The page without tags and blanks: where a tag parts words, a reader sees no difference."""
    return b"".join(re.sub(b"<[^>]*>", b"", html).split())


PAGE = """\
---
title: 冬季防火
author: zz-a
kind: tip
category: 3
publish_at: "2026-11-05T09:30:00+08:00"
---
出门关火。
""".encode()
POST_DIGEST = sha256(PAGE).hexdigest()
PLACE = f"posts/{POST[:4]}/{POST}/"
MAIN = f"content/{PLACE}post.md"
PEOPLE = ("xxy-a", "kz-a", "ld-a", "gly-a")
TRUSTED = tuple(Signer(p, public_line(p)) for p in PEOPLE)
OPTIONS = (
    "",
    f'namespaces="{NAMESPACE}" ',
    f'namespaces="git,{NAMESPACE}",valid-after="20260101",valid-before="20270101120000Z" ',
)
BUNDLE = _bundle_of(_right_steps(), _right_record())
RIGHT = read_site_bundle(json.dumps(BUNDLE).encode())
assert RIGHT is not None
CARRIED = counted_records(RIGHT, None)[0]
_POST, _UNSIGNED = post_of(Folder(POST, {}, {"post.md": PAGE}), RIGHT), Unsigned.read(RIGHT.page)
PARTS = fragments(RIGHT, _UNSIGNED, _POST, body_html(_POST, _UNSIGNED), CARRIED, ())
INDEX = "".join(f'<div data-signed="{name}">{html}</div>' for name, html in PARTS.items()).encode()
_BUNDLE_FORM = json_form(BUNDLE)

SITES: dict[str, Target] = {
    "tile": Target(tuple(d for _, d in tiles.tiles(log())), _tile, (_entries,)),
    "bundle": Target((json.dumps(BUNDLE).encode(),), _bundle, (_BUNDLE_FORM, _bundles)),
    "signers": Target(
        tuple(f"xxy-a {options}{public_line('xxy-a')}\n".encode() for options in OPTIONS), _signers
    ),
    "page": Target((INDEX, INDEX + b"\0" + PAGE), _page),
    "site": Target(
        tuple(f"{name}\n".encode() + raw for name, raw in _site().items()),
        _whole_site,
        (_site_files,),
    ),
}

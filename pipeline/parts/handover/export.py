"""Hand a year over to the archive room: one bag that can be verified alone (DA/T 80-2019).

A BagIt bag is written whole or not at all (RFC 8493), the same bytes for the same files.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from pipeline.detect.formats import image_sizes
from pipeline.errors import Fault
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.judge.judgements import standing
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_post
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, utc_stamp
from pipeline.model.channels import render_channels
from pipeline.model.evidence import Review, Step
from pipeline.model.findings import Effect, say
from pipeline.model.forms import Form, filings_of
from pipeline.model.frozen import dataclass
from pipeline.model.ids import CommitId, sha256_of
from pipeline.model.law import Rulebook
from pipeline.model.posts import Post
from pipeline.model.registers import allowed_signers
from pipeline.model.renditions import Rendition
from pipeline.parts.form.rendering import forms_of_day
from pipeline.source.content.records import paths_under
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.program import running

ALGORITHM = "sha256"
NAME = "External-Identifier"
"""The field of bag-info.txt by which a bag of ours is known again."""


def write_bag(out: Path, files: Iterable[tuple[str, bytes]], info: Mapping[str, str]) -> int:
    """Write `files` (path below ``data/`` → bytes) and return how many there are.

    `info` is bag-info.txt; it must hold a Bagging-Date, else the day of the run would get in.
    What stood in `out` before stays until the new bag is whole. Raises Fault when
    `out` holds other files.
    """
    _ours(out, info[NAME])
    draft = out.with_name(f".{out.name}.{os.getpid()}.new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        count = _fill(draft, files, info)
        _put(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return count


def _fill(draft: Path, files: Iterable[tuple[str, bytes]], info: Mapping[str, str]) -> int:
    """Payload, its digests, what the bag says of itself, and the digests of that; in this order."""
    payload, size = dict[str, str](), 0
    for path, data in files:
        payload[f"data/{path}"] = _written(draft / "data" / path, data)
        size += len(data)
    fields = {**info, "Payload-Oxum": f"{size}.{len(payload)}"}
    tags = {
        "bag-info.txt": "".join(f"{name}: {fields[name]}\n" for name in sorted(fields)),
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        f"manifest-{ALGORITHM}.txt": _listed(payload),
    }
    tagged = {name: _written(draft / name, text.encode()) for name, text in tags.items()}
    _written(draft / f"tagmanifest-{ALGORITHM}.txt", _listed(tagged).encode())
    return len(payload)


def _written(target: Path, data: bytes) -> str:
    """The digest (hex) of what is put into a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return hashlib.new(ALGORITHM, data).hexdigest()


def _listed(digests: Mapping[str, str]) -> str:
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))


def _ours(out: Path, name: str) -> None:
    """The folder is not there, is empty, or holds an earlier bag of the same archive and year."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    info = out / "bag-info.txt"
    lines = (
        info.read_text(encoding="utf-8", errors="replace").splitlines() if info.is_file() else []
    )
    if f"{NAME}: {name}" not in lines:
        raise Fault(
            say("{path} holds other files.", path=str(out)),
            say("Name an empty folder, or one that is not there yet."),
        )


def _put(draft: Path, out: Path) -> None:
    """Two renames: for a moment the name is free, but never half a bag under it."""
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    if out.exists():
        out.rename(old)
    try:
        draft.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


# What a bag says of itself: who signed what, and how to verify it with stock tools.

README = Path(__file__).with_name("README.txt").read_text("utf-8")


def reviews_of(archive: Archive, post: Post) -> list[Review]:
    """Every decision that counts, of all revisions, in order."""
    approvals = archive.approvals[post.id]
    now = (approvals.approved(step) for step in Step)
    return [*approvals.earlier, *(r for r in now if r)]


def signatures(archive: Archive, posts: Iterable[Post]) -> bytes:
    """Lines ``person<TAB>time<TAB>path`` of every record that counts, for ssh-keygen."""
    rows = []
    for post in posts:
        rows += [(r.signer, r.signed_at, r.path) for r in reviews_of(archive, post)]
        carried = archive.publications_of(post.id)
        rows += [(p.operator, p.recorded_at, p.path) for p in carried]
    lines = (f"{person}\t{utc_stamp(moment)}\t{path}\n" for person, moment, path in sorted(rows))
    return "".join(lines).encode()


def as_json(value: object) -> bytes:
    """JSON to keep: keys sorted, one newline at the end."""
    return f"{json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


Print = Callable[[Form], bytes]
"""Sets a form as PDF."""
_WHOLE = (
    "content/policy.yml",
    "content/regulation.md",
    "content/registers/",
    "content/records/authorisations/",
    "program.lock",
    "rules/",
)
"""What judges the year's posts, and stands in every bag; schemas go over as they are laid."""
_BY_YEAR = (
    "content/posts/",
    "content/reviews/",
    "content/records/publications/",
    "content/records/corrections/",
    "content/records/filings/",
)


@dataclass(frozen=True)
class Exported:
    """What came of it."""

    posts: int
    files: int
    left_out: tuple[str, ...]
    """Posts of the year that were never approved: they stay in the repository."""


@dataclass(frozen=True)
class _Bag:
    """What the files of a bag are made of."""

    archive: Archive
    tree: Tree
    year: int
    posts: tuple[Post, ...]
    left_out: frozenset[str]


def export(
    repository: Repository, head: CommitId, when: When, year: int, out: Path, print_form: Print
) -> Exported:
    """Write the bag of a year into `out`. Faults: no post, a refused post, other files there."""
    archive, trusted = standing(repository, head, when)
    chosen = _year(archive, trusted.rulebook, repository.tree(head), year)
    identity = f"{archive.registers.policy.archive['id']}-{year}"
    info = {
        "Source-Organization": str(archive.registers.policy.unit.get("full_name", "")),
        "External-Description": f"{archive.registers.policy.archive['name']} {year}",
        NAME: identity,
        "Bagging-Date": local_date(archive.as_of).isoformat(),
        "Bag-Software-Agent": f"sanshen {running().stated}",
        "Internal-Sender-Identifier": head,
    }
    files = {**trusted.schemas, **dict(_files(chosen, print_form))}
    count = write_bag(out, sorted(files.items()), info)
    return Exported(len(chosen.posts), count, tuple(sorted(chosen.left_out)))


def _year(archive: Archive, rulebook: Rulebook, tree: Tree, year: int) -> _Bag:
    posts = [p for i, p in sorted(archive.posts.items()) if i.startswith(f"{year}-")]
    if not posts:
        raise Fault(
            say("There is no post of {year}.", year=year), say("Check the year after --year.")
        )
    approved = tuple(p for p in posts if archive.approvals[p.id].complete)
    for post in approved:
        verdict = judge_post(post, archive, rulebook)
        if verdict.decision is Effect.REFUSE:
            raise Fault(
                say("{post} is refused as it stands; nothing is handed over.", post=post.id),
                say("Run `sanshen verify`, and mend what it names."),
            )
    left_out = frozenset(p.id for p in posts) - {p.id for p in approved}
    return _Bag(archive, tree, year, approved, left_out)


def _files(chosen: _Bag, print_form: Print) -> Iterator[tuple[str, bytes]]:
    """Path below ``data/`` → bytes."""
    for path in _stored(chosen):
        yield path, chosen.tree.read(path)
    forms = dict(_forms(chosen, print_form))
    rows = []
    for post in chosen.posts:
        made = dict(_of_post(chosen, post))
        yield from made.items()
        rows.append(_row(chosen, post, forms))
    for form, data in {f.name: d for f, d in forms.values()}.items():
        yield f"forms/{form}.pdf", data
    archive = chosen.archive
    yield "allowed_signers", allowed_signers(archive.registers.roster, NAMESPACE).encode()
    yield "signatures.tsv", signatures(archive, chosen.posts)
    yield "index.json", as_json({"version": 1, "year": chosen.year, "posts": rows})
    yield "README.txt", README.format(year=chosen.year, namespace=NAMESPACE).encode()


def _stored(chosen: _Bag) -> Iterator[str]:
    """Paths of the repository that go over as they are; a post left out takes its reviews along."""
    names = tuple(
        f"{folder}{chosen.year}/{name}/" for folder in _BY_YEAR[:2] for name in chosen.left_out
    )
    for prefix in (*_WHOLE, *(f"{folder}{chosen.year}/" for folder in _BY_YEAR)):
        for path in paths_under(chosen.tree, prefix):
            if not path.startswith(names):
                yield path


def _forms(chosen: _Bag, print_form: Print) -> Iterator[tuple[str, tuple[Form, bytes]]]:
    """Post id → the form that lists it, set once for all of its items."""
    ids = {p.id for p in chosen.posts}
    for day in sorted({chosen.archive.first_day(p) for p in chosen.posts}):
        for form in forms_of_day(chosen.archive, day):
            listed = [row.post for row in form.rows if row.post in ids]
            if listed:
                data = print_form(form)
                yield from ((post, (form, data)) for post in listed)


def _of_post(chosen: _Bag, post: Post) -> Iterator[tuple[str, bytes]]:
    folder = f"posts/{post.id}"
    sizes = image_sizes(post, chosen.tree.read)
    for (_, channel), made in render_channels(post, chosen.archive.registers, sizes).items():
        yield from _rendition(f"{folder}/renditions/{channel}", post, made)
    lines = "".join(f"{sha}  {path}\n" for path, sha in sorted(post.manifest.items()))
    yield f"{folder}/files.sha256", lines.encode()


def _rendition(stem: str, post: Post, made: Rendition) -> Iterator[tuple[str, bytes]]:
    """The HTML as a page that finds the pictures of the post, and the words alone."""
    base = f"../../../{post.folder}/"
    page = (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><base href="{base}">\n'
        f"<title>{escape(made.title)}</title></head>\n"
        f"<body><h1>{escape(made.title)}</h1>\n{made.html}</body></html>\n"
    )
    yield f"{stem}.html", page.encode()
    short = f"\n\n== 140 ==\n{made.short}" if made.short else ""
    yield f"{stem}.txt", f"{made.title}\n\n{made.text}{short}\n".encode()


def _row(chosen: _Bag, post: Post, forms: Mapping[str, tuple[Form, bytes]]) -> dict[str, Any]:
    form, data = forms[post.id]
    return {
        "post": post.id,
        "title": post.title,
        "revision": post.revision,
        "validity": str(post.meta.get("validity", "valid")),
        "source": f"{post.folder}/post.md",
        "form": f"forms/{form.name}.pdf",
        "form_number": form.number,
        "form_digest": form.digest,
        "form_pdf_sha256": sha256_of(data),
        "retention": form.retention,
        "filed": [f.document.path for f in filings_of(chosen.archive, post.id)],
    }

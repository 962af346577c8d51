"""Hand a year over to the archive room: one bag that can be verified alone (DA/T 80-2019)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.errors import Fault
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.handover.bag_contents import README, as_json, evidence, signatures
from pipeline.handover.bagit_writer import NAME, write_bag
from pipeline.handover.image_sizes import image_sizes
from pipeline.judge.judgements import standing
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_post
from pipeline.model.allowed_signers import allowed_signers
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.filings import filings_of
from pipeline.model.findings import Effect, say
from pipeline.model.forms import Form
from pipeline.model.law import Rulebook
from pipeline.model.posts import Post
from pipeline.model.renditions import Rendition
from pipeline.render.channels import render_channels
from pipeline.render.form import forms_of_day
from pipeline.source.content.records import paths_under
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

Print = Callable[[Form], bytes]
"""Sets a form as PDF."""
_WHOLE = (
    "content/policy.yml",
    "content/regulation.md",
    "content/registers/",
    "content/records/authorisations/",
    "schemas/",
)
"""What judges the year's posts, and stands in every bag."""
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
class _Year:
    """What the files of a bag are made of."""

    archive: Archive
    tree: Tree
    year: int
    posts: tuple[Post, ...]
    left_out: frozenset[str]


def export(
    repository: Repository, head: str, when: When, year: int, out: Path, print_form: Print
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
        "Bag-Software-Agent": f"sanshen {__version__}",
        "Internal-Sender-Identifier": head,
    }
    files = dict(_files(chosen, print_form))
    count = write_bag(out, sorted(files.items()), info)
    return Exported(len(chosen.posts), count, tuple(sorted(chosen.left_out)))


def _year(archive: Archive, rulebook: Rulebook, tree: Tree, year: int) -> _Year:
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
    return _Year(archive, tree, year, approved, left_out)


def _files(chosen: _Year, print_form: Print) -> Iterator[tuple[str, bytes]]:
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


def _stored(chosen: _Year) -> Iterator[str]:
    """Paths of the repository that go over as they are; a post left out takes its reviews along."""
    names = tuple(
        f"{folder}{chosen.year}/{name}/" for folder in _BY_YEAR[:2] for name in chosen.left_out
    )
    for prefix in (*_WHOLE, *(f"{folder}{chosen.year}/" for folder in _BY_YEAR)):
        for path in paths_under(chosen.tree, prefix):
            if not path.startswith(names):
                yield path


def _forms(chosen: _Year, print_form: Print) -> Iterator[tuple[str, tuple[Form, bytes]]]:
    """Post id → the form that lists it, set once for all of its items."""
    ids = {p.id for p in chosen.posts}
    for day in sorted({chosen.archive.first_day(p) for p in chosen.posts}):
        for form in forms_of_day(chosen.archive, day):
            listed = [row.post for row in form.rows if row.post in ids]
            if listed:
                data = print_form(form)
                yield from ((post, (form, data)) for post in listed)


def _of_post(chosen: _Year, post: Post) -> Iterator[tuple[str, bytes]]:
    folder = f"posts/{post.id}"
    sizes = image_sizes(post, chosen.tree)
    for (_, channel), made in render_channels(post, chosen.archive.registers, sizes).items():
        yield from _rendition(f"{folder}/renditions/{channel}", post, made)
    lines = "".join(f"{sha}  {path}\n" for path, sha in sorted(post.manifest.items()))
    yield f"{folder}/files.sha256", lines.encode()
    yield f"{folder}/evidence.json", as_json(evidence(chosen.archive, post))


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


def _row(chosen: _Year, post: Post, forms: Mapping[str, tuple[Form, bytes]]) -> dict[str, Any]:
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
        "form_pdf_sha256": hashlib.sha256(data).hexdigest(),
        "retention": form.retention,
        "filed": [f.document.path for f in filings_of(chosen.archive, post.id)],
    }

"""A small published site on disk, and what thieves can do to it."""

import json
import shutil
from base64 import b64decode
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.evidence.log.checkpoint import Checkpoint, sign_note
from pipeline.evidence.log.leaves import builds_text
from pipeline.evidence.log.merkle import BUILD, grow, leaf_hash, root
from pipeline.evidence.log.tiles import WELL_KNOWN, log_of_entries, tiles, unpack_entries
from pipeline.evidence.review.site_bundle import evidence_tar
from pipeline.model.evidence import Step
from pipeline.model.ids import PostId
from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, ROOT, at, private_key_file, public_line
from tests.builders.evidence import CAST
from tests.builders.judging import run
from tests.builders.leaves import leaf_data

PAGE = f"posts/2026/{POST}"


def publish(folder: Path) -> Path:
    """Build the site of an archive with one published post; its log is signed."""
    return built_site(begun(folder), folder)


def begun(
    folder: Path,
    governed: Mapping[str, Any] | None = None,
    approve: Callable[[ArchiveRepo], object] = ArchiveRepo.approve_all,
    **draft: Any,
) -> ArchiveRepo:
    """An archive with one published post; `draft`: see `ArchiveRepo.draft`."""
    archive = ArchiveRepo.begin(folder / "archive", **(governed or {}))
    archive.branch("proposal")
    archive.draft(files={"more.txt": "附件。\n".encode()}, **draft)
    archive.commit("起草")
    approve(archive)
    archive.commit("审核")
    archive.publication(POST)
    archive.commit("发布", "gly-a")
    archive.merge("proposal")
    return archive


def correct(
    archive: ArchiveRepo, post: PostId, old: str, new: str, draft: Callable[[], object]
) -> None:
    """Bring a second revision of a post to main, reviewed, with the record of what changed;
    `draft`: writes it."""
    archive.branch("correction")
    draft()
    archive.write(
        f"content/records/corrections/2026/{post}.r2.yml",
        f"post: {post}\nrevision: 2\nkind: correction\nreason: 漏了关窗\n"
        f"changed_on: '2026-11-05'\nperson: kz-a\nchanges: [{{old: {old}, new: {new}}}]\n".encode(),
    )
    archive.git.commits += 24 * 60
    archive.commit("更正")
    for hour, step in enumerate(CAST, 10):
        archive.review(post, step, signed_at=at(f"2026-11-05 {hour}:00"))
    archive.commit("审核")
    archive.merge("correction")


def built_site(archive: ArchiveRepo, folder: Path) -> Path:
    """Build the site of an archive; its log is signed."""
    key = private_key_file("log", folder)
    order = Order(folder / "site", folder / "work", log_key=key.read_bytes())
    made = build_site(archive.open(), archive.head(), lambda _: AS_OF, order, translator("zh"))
    assert made.site is not None, made.report.findings
    return folder / "site"


def relist(site: Path) -> None:
    """What a thief without the log's key can still do: make the list fit the changed files."""
    shutil.rmtree(site / "manifest", ignore_errors=True)
    free = ("site-manifest.sha256", "log/checkpoint", "log/builds", ".sanshen-site")
    lines = []
    for path in sorted(site.rglob("*"), key=lambda p: p.relative_to(site).as_posix().encode()):
        name = path.relative_to(site).as_posix()
        if path.is_file() and name not in free and not name.startswith("log/tile/"):
            lines.append(f"{sha256(path.read_bytes()).hexdigest()}  {name}\n")
    (site / "site-manifest.sha256").write_text("".join(lines), encoding="utf-8")


def logged(site: Path) -> tuple[bytes, ...]:
    """The leaves of a small log."""
    return unpack_entries(entries(site).read_bytes()) or ()


def write_log(site: Path, *leaves: bytes) -> None:
    """Give the site a log of these leaves; no checkpoint."""
    shutil.rmtree(site / "log/tile")
    log = log_of_entries("", leaves, grow(map(leaf_hash, leaves)))
    for name, data in tiles(log):
        (site / "log" / name).parent.mkdir(parents=True, exist_ok=True)
        (site / "log" / name).write_bytes(data)
    rows = (leaf._replace(since=n) for n, leaf in enumerate(log.leaves, 1))
    (site / "log/builds").write_bytes(builds_text(row for row in rows if row.kind == BUILD))


def replace_log(site: Path, *leaves: bytes) -> None:
    """Give the site a log of these leaves and of its build."""
    listed, program = sha256((site / "site-manifest.sha256").read_bytes()).hexdigest(), ""
    if (site / WELL_KNOWN).is_file():
        program = " ".join(json.loads((site / WELL_KNOWN).read_bytes())["program"].values())
    write_log(site, *leaves, leaf_data(BUILD, listed, "c" * 40, AS_OF.isoformat(), program))


def resign(site: Path, folder: Path) -> None:
    """What a thief with the log's key can do: a build and a checkpoint over anything."""
    replace_log(site, *(leaf for leaf in logged(site) if BUILD.encode() not in leaf))
    sign(site, folder)


def sign(site: Path, folder: Path, *extensions: str) -> None:
    """A checkpoint over the log that the site has."""
    note, levels = site / "log/checkpoint", grow(map(leaf_hash, logged(site)))
    origin = note.read_text(encoding="utf-8").split("\n")[0]
    made = Checkpoint(origin, len(levels[0]), root(levels), extensions)
    note.write_bytes(sign_note(made.text, origin, private_key_file("log", folder).read_bytes()))


def stolen(site: Path, folder: Path, *more: str) -> tuple[int, str]:
    """Exit code and findings of verify-site after a thief made lists and checkpoint fit."""
    relist(site)
    resign(site, folder)
    given = ("--key", public_line("log"), *more)
    done = run(ROOT, "verify-site", str(site), *given, lang="names")
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def signers(folder: Path, *people: str, option: str = "") -> str:
    """The path of a file of allowed signers that somebody brings along."""
    path = folder / "signers"
    path.write_text("".join(f"{p} {option}{public_line(p)}\n" for p in people), encoding="utf-8")
    return str(path)


def rebundle(site: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the evidence of the post."""
    path = site / PAGE / "evidence.json"
    value = json.loads(path.read_bytes())
    change(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def entries(site: Path) -> Path:
    """The entries of a small log."""
    return next(p for p in (site / "log/tile/entries").rglob("*") if p.is_file())


def grow_log(site: Path, *more: bytes) -> None:
    """Put leaves behind those of the log."""
    write_log(site, *logged(site), *more)


def retar(site: Path) -> None:
    """Make evidence.tar hold what the evidence of the post holds."""
    value = json.loads((site / PAGE / "evidence.json").read_bytes())
    stems = {step.value: step.stem for step in Step}
    signed = [(stems[s["step"]], s) for s in value["steps"]]
    signed += [(f"publication-{n}", r) for n, r in enumerate(value.get("publications", ()), 1)]
    held = ((n, b64decode(s["statement"]), b64decode(s["signature"])) for n, s in signed)
    (site / PAGE / "evidence.tar").write_bytes(evidence_tar(held))

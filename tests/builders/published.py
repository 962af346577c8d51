"""A small published site on disk, and what thieves can do to it."""

import json
import shutil
from base64 import b64decode
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.evidence.log.checkpoint import Checkpoint, sign_note
from pipeline.evidence.log.merkle import grow, leaf_hash, root
from pipeline.evidence.log.tiles import pack_entry, unpack_entries
from pipeline.evidence.tar import evidence_tar
from pipeline.model.evidence import Step
from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, ROOT, private_key_file, public_line
from tests.builders.judging import run

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
    for path in (*sorted((ROOT / "site").rglob("*")), ROOT / "mkdocs.yml"):
        if path.is_file() and "__pycache__" not in path.parts:
            archive.write(path.relative_to(ROOT).as_posix(), path.read_bytes())
    archive.git("add", "--all")
    archive.git("commit", "--quiet", "--amend", "--no-edit", env=archive.git.people("a@b", "a@b"))
    archive.branch("proposal")
    archive.draft(files={"more.txt": "附件。\n".encode()}, **draft)
    archive.commit("起草")
    approve(archive)
    archive.commit("审核")
    archive.publication(POST)
    archive.commit("发布", "gly-a")
    archive.merge("proposal")
    return archive


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
    lines = []
    for path in sorted(site.rglob("*"), key=lambda p: p.relative_to(site).as_posix().encode()):
        name = path.relative_to(site).as_posix()
        if path.is_file() and name not in (
            "site-manifest.sha256",
            "log/checkpoint",
            ".sanshen-site",
        ):
            lines.append(f"{sha256(path.read_bytes()).hexdigest()}  {name}\n")
    (site / "site-manifest.sha256").write_text("".join(lines), encoding="utf-8")


def resign(site: Path, folder: Path, **changes: Any) -> None:
    """What a thief with the log's key can do: a checkpoint over anything."""
    log = site / "log"
    raw = b"".join(p.read_bytes() for p in sorted(log.glob("tile/entries/*.p/*")))
    leaves = []
    while raw:
        size = int.from_bytes(raw[:2], "big")
        leaves.append(raw[2 : 2 + size])
        raw = raw[2 + size :]
    listed = sha256((site / "site-manifest.sha256").read_bytes()).hexdigest()
    origin = (log / "checkpoint").read_text(encoding="utf-8").split("\n")[0]
    made = Checkpoint(
        changes.get("origin", origin), changes.get("size", len(leaves)),
        changes.get("root", root(grow(leaf_hash(x) for x in leaves))),
        (f"sanshen/site-manifest {listed}",),
    )  # fmt: skip
    key = private_key_file("log", folder).read_bytes()
    (log / "checkpoint").write_bytes(sign_note(made.text, made.origin, key))


def stolen(site: Path, folder: Path, *more: str) -> tuple[int, str]:
    """Exit code and findings of verify-site after a thief made lists and checkpoint fit."""
    relist(site)
    resign(site, folder)
    done = run(ROOT, "verify-site", str(site), "--key", public_line("log"), *more)
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
    """The entries of the log, which are two."""
    return next((site / "log" / "tile" / "entries").rglob("2"))


def grow_log(site: Path, *more: bytes) -> None:
    """Put leaves behind the two of the log."""
    old = entries(site)
    leaves = [*(unpack_entries(old.read_bytes()) or ()), *more]
    for path, data in (
        (old, b"".join(pack_entry(x) for x in leaves)),
        (next((site / "log/tile/0").rglob("2")), b"".join(map(leaf_hash, leaves))),
    ):
        path.unlink()
        path.with_name(str(len(leaves))).write_bytes(data)


def retar(site: Path) -> None:
    """Make evidence.tar hold what the evidence of the post holds."""
    value = json.loads((site / PAGE / "evidence.json").read_bytes())
    stems = {step.value: step.stem for step in Step}
    signed = [(stems[s["step"]], s) for s in value["steps"]]
    signed += [(f"publication-{n}", r) for n, r in enumerate(value.get("publications", ()), 1)]
    held = ((n, b64decode(s["statement"]), b64decode(s["signature"])) for n, s in signed)
    (site / PAGE / "evidence.tar").write_bytes(evidence_tar(held))

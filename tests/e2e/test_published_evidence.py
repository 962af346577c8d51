"""What a site publishes, checked as a reader would: by `verify-site` and by the page's commands."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, ROOT, at, key, registers
from tests.builders.named import shows
from tests.builders.published import PAGE, begun
from tests.builders.verdicts import run
from tests.site.conftest import pages


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """An archive with its site's theme and one post that stands on main."""
    return begun(tmp_path_factory.mktemp("standing"))


@pytest.fixture
def archive(standing: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    return standing.copy(tmp_path / "archive")


def build(archive: ArchiveRepo, place: Path) -> Path:
    made = build_site(
        archive.open(),
        archive.head(),
        lambda _: AS_OF,
        Order(place / "site", place / "work"),
        translator("zh"),
    )
    assert made.site is not None, made.report.findings
    return place / "site"


def test_records_that_were_superseded_and_taken_back_are_proven_too(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    (wrong,) = (archive.root / "content/records/publications/2026").glob("*.json")
    first = wrong.relative_to(archive.root).as_posix()
    second = archive.superseding(first, POST, url="https://wechat.example/wx/2")
    archive.commit("更换", "gly-a")
    told = verified(build(archive, tmp_path))
    assert (told["page"], told["records"]) == (["https://wechat.example/wx/2"], 2)
    archive.superseding(second, POST, void=True)
    archive.commit("撤销", "gly-a")
    told = verified(build(archive, tmp_path))
    assert (told["page"], told["records"]) == ([], 3)
    cold = build(archive, tmp_path / "cold")
    assert pages(tmp_path / "site") == pages(cold)


def verified(site: Path) -> dict[str, Any]:
    """Where the page of a site that `verify-site` takes for whole links to, and its records."""
    done = run(ROOT, "verify-site", str(site))
    assert done.returncode == 0, done.stdout
    page = (site / PAGE / "index.html").read_text(encoding="utf-8")
    held = json.loads((site / PAGE / "evidence.json").read_text(encoding="utf-8"))
    links = re.findall(r'href="(https://wechat[^"]*)" rel="external', page)
    return {"page": links, "records": len(held["publications"])}


def lose(archive: ArchiveRepo, person: str, **point: Any) -> None:
    """The roster that says a key was stolen, lawfully on main."""
    archive.branch("theft")
    gone = key(person, revoked_at="2026-11-05T08:00:00+08:00", revocation="compromised", **point)
    keys = [gone if k["person"] == person else k for k in registers()["roster"]["keys"]]
    archive.next_roster(keys=keys)
    archive.commit("失窃", "gly-a")
    for signer, role in (("kz-a", "section-head"), ("ld-b", "principal")):
        archive.authorise(signer, role, signed_at=at("2026-11-04 08:10"))
    archive.commit("授权", "gly-a")
    archive.merge("theft")


def test_what_stood_before_a_theft_holds_on_the_site_as_in_the_audit(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    theft = archive.commit("那天被盗", "gly-a")
    lose(archive, "ld-a", revoked_from=theft)
    site = build(archive, tmp_path)
    done = run(ROOT, "verify-site", str(site))
    assert done.returncode == 0, done.stdout
    held = json.loads((site / PAGE / "evidence.json").read_text(encoding="utf-8"))
    assert {k["person"]: k["void"] for k in held["keys"]} == dict.fromkeys(
        ("xxy-a", "kz-a", "ld-a", "gly-a"), False
    )
    told = run(archive.root, "roster", "allowed-signers").stdout
    assert (site / "evidence" / "allowed_signers").read_text(encoding="utf-8") == told
    assert "ld-a " in told
    for name in ("evidence.tar", "post.md", "more.txt"):
        shutil.copy(site / PAGE / name, tmp_path)
    shutil.copy(site / "evidence" / "allowed_signers", tmp_path)
    page = (site / PAGE / "index.html").read_text(encoding="utf-8")
    printed, _ = re.findall(r"<pre class=\"sn-pre\"><code>(.*?)</code>", page, re.DOTALL)
    pasted = subprocess.run(
        ["bash", "-c", html.unescape(printed)], cwd=tmp_path, capture_output=True, check=False
    )
    assert pasted.stdout.decode().endswith(f"核验通过：{POST} 第 1 版\n")


def test_the_site_goes_on_without_a_post_that_lost_a_signature(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    """Who found a leader's phone keeps no site from being built (threats A55); that a post is gone
    from it is no secret."""
    assert (build(archive, tmp_path / "before") / PAGE / "index.html").is_file()
    lose(archive, "ld-a", revoked_from="2026-01-01T00:00:00+08:00")
    site = build(archive, tmp_path)
    assert not (site / PAGE / "index.html").exists()
    done = run(ROOT, "verify-site", str(site))
    assert done.returncode == 11
    assert shows(done.stdout, "post-withheld", post=POST)

"""The commands of docs/inspector.md against archives that were spoiled, some of them with skill.

They are pasted one after another into a shell that goes on after a failure: only the lines that say
so mean that something passed.
"""

import hashlib
import html
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders.archive import POST as SAMPLE
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import key, registers
from tests.e2e.pasted import block, environment, paste
from tests.site import conftest
from tests.site.conftest import Built
from tests.site.test_page_recipe import commands

DOCUMENT = "docs/inspector.md"
BLOCKS = ("root", "signers", "roster", "post", "makers")
PASSED = ["信任根通过", "名册通过", "本篇通过"]
POST = "2026-08-17-mountain-flood-alert"
REVIEWS = f"content/reviews/2026/{POST}/r1"
ROSTER = "content/registers/roster.yml"
built = conftest.built


@pytest.fixture
def told(demo: Path) -> str:
    """The root of trust of the demo, as somebody else told it."""
    return hashlib.sha256((demo / ROSTER).read_bytes()).hexdigest()


def inspect(folder: Path, home: Path, root: str, post: str = POST) -> tuple[list[str], str]:
    """(the steps that say they passed, all that was printed); `root` as told from outside."""
    text = "".join(f"{block(DOCUMENT, name)}\necho rc $?\n" for name in BLOCKS)
    script = text.replace("在此填入信任根", root).replace(POST, post)
    env = environment(home)
    env["PATH"] = os.getenv("PATH", os.defpath)  # nothing of ours
    done = subprocess.run(
        ["bash", "--norc", "-s"],
        input=script.replace("/tmp/allowed_signers", str(home / "allowed_signers")),
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    said = done.stdout
    codes = [int(code) for code in re.findall(r"^rc (\d+)$", said, re.MULTILINE)]
    assert len(codes) == len(BLOCKS)
    passed = re.findall(r"^(\w+通过)", said, re.MULTILINE)
    failed = [codes[n] != 0 for n in (0, 2, 3)]
    assert [p for p, bad in zip(PASSED, failed, strict=True) if not bad] == passed, said
    return passed, said + done.stderr


def test_stock_tools_are_enough(demo: Path, tmp_path: Path, told: str) -> None:
    passed, said = inspect(demo, tmp_path / "home", told)
    assert passed == PASSED, said
    people = re.findall(r'^Good "sanshen-review@v1" signature for (\S+) ', said, re.MULTILINE)
    assert people == ["xxy-a", "kz-a", "ld-a", "kz-a"]
    for name in BLOCKS:
        assert "sanshen" not in re.sub(r"sanshen-review@v1|urn:sanshen", "", block(DOCUMENT, name))
        assert "!" not in block(DOCUMENT, name), "an interactive bash would take it for its history"


def test_another_root_than_the_one_told(demo: Path, tmp_path: Path) -> None:
    assert inspect(demo, tmp_path / "home", "0" * 64)[0] == []


def test_a_history_that_is_cut(demo: Path, tmp_path: Path, told: str) -> None:
    cut = tmp_path / "cut"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{demo}", str(cut)], check=True)
    assert inspect(cut, tmp_path / "home", told)[0] == ["信任根通过"]


def test_every_key_is_written_for_ssh_keygen(demo: Path, tmp_path: Path, told: str) -> None:
    inspect(demo, tmp_path / "home", told)
    shown = (tmp_path / "home" / "allowed_signers").read_text()
    roster = (demo / ROSTER).read_text(encoding="utf-8")
    keys = re.findall(r"ssh-ed25519 [A-Za-z0-9+/]+", roster)
    assert re.findall(r"ssh-ed25519 [A-Za-z0-9+/]+", shown) == keys
    assert shown.count('valid-after="20260801000000"') == len(keys)


def test_the_pages_print_what_the_manual_prints(built: Built) -> None:
    def common(script: str) -> list[str]:
        return [line for n, line in enumerate(script.splitlines()) if n not in (2, 3)]

    assert common(commands(built)) == common(block(DOCUMENT, "page"))
    (printed,) = re.findall(
        r"<pre class=\"sn-pre\"><code>(.*?)</code>", built.text("inspector/index.html"), re.DOTALL
    )
    assert html.unescape(printed).startswith(block(DOCUMENT, "signers"))


def test_a_year_is_handed_over_by_stock_tools(copy: Path, built: Built, tmp_path: Path) -> None:
    script = block("docs/channels.md", "handover").replace("build/site", str(built.out))
    done = paste(script, copy, environment(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    bag, again = copy / "移交-2026", tmp_path / "again"
    clone = ["git", "clone", "-q", "-b", "main", str(bag / "archive.bundle"), str(again)]
    subprocess.run(clone, check=True)
    asked = ["git", "rev-parse", "main"]
    assert subprocess.check_output(asked, cwd=again) == subprocess.check_output(asked, cwd=copy)
    assert conftest.tree(bag / "site") == conftest.tree(built.out)
    check = ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"]
    # A command that ran in this process may have set LANGUAGE, and these tools are translated, too.
    plain = {**os.environ, "LC_ALL": "C"}
    assert subprocess.run(check, cwd=bag, check=False).returncode == 0
    _append(bag / "site/texts/2026.jsonl", b"\n")
    spoiled = subprocess.run(check, cwd=bag, env=plain, check=False, capture_output=True, text=True)
    assert spoiled.returncode and "./site/texts/2026.jsonl: FAILED" in spoiled.stdout


# A post that was spoiled.


def _append(path: Path, raw: bytes) -> None:
    path.write_bytes(path.read_bytes() + raw)


def _swap(one: Path, other: Path) -> None:
    for end in ("", ".sig"):
        first, second = Path(f"{one}{end}"), Path(f"{other}{end}")
        held = first.read_bytes()
        first.write_bytes(second.read_bytes())
        second.write_bytes(held)


def _of_another(archive: Path) -> None:
    others = sorted((archive / "content" / "reviews" / "2026").iterdir())
    other = next(o for o in others if o.name != POST)
    shutil.rmtree(archive / REVIEWS)
    shutil.copytree(other / "r1", archive / REVIEWS)


SPOILS: dict[str, Callable[[Path], object]] = {
    "text changed": lambda a: _append(a / f"content/posts/2026/{POST}/post.md", b"x"),
    "image changed": lambda a: _append(a / f"content/posts/2026/{POST}/risk-map.png", b"x"),
    "statement changed": lambda a: _append(a / REVIEWS / "3-final.json", b" "),
    "review removed": lambda a: (a / REVIEWS / "2-second.json").unlink(),
    "steps swapped": lambda a: _swap(a / REVIEWS / "2-second.json", a / REVIEWS / "3-final.json"),
    "reviews of another post": _of_another,
    "a file more": lambda a: (a / f"content/posts/2026/{POST}/more.txt").write_text("x"),
    "a hidden file more": lambda a: (a / f"content/posts/2026/{POST}/.more").write_text("x"),
    "a folder more": lambda a: (a / f"content/posts/2026/{POST}/more").mkdir(),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_what_was_spoiled(spoil: str, copy: Path, tmp_path: Path, told: str) -> None:
    SPOILS[spoil](copy)
    assert inspect(copy, tmp_path / "home", told)[0] == PASSED[:2]


def test_a_file_more_that_git_knows(copy: Path, tmp_path: Path, told: str) -> None:
    SPOILS["a file more"](copy)
    subprocess.run(["git", "add", "--all"], cwd=copy, check=True)
    passed, said = inspect(copy, tmp_path / "home", told)
    assert passed == PASSED[:2]
    assert "Good" in said


@pytest.mark.parametrize(
    "said",
    [
        {"decision": "return"},
        {"post": f"{SAMPLE}-2"},
        {"revision": 12},
        {"step": "final"},
        {"previous": "0" * 64},
        {"reviewer": "xxy-a"},
    ],
    ids=str,
)
def test_a_statement_well_signed_that_says_something_else(
    approved: ArchiveRepo, tmp_path: Path, said: dict[str, Any]
) -> None:
    root = approved.sha(ROSTER)
    home = tmp_path / "home"
    assert inspect(approved.root, home, root, SAMPLE)[0] == PASSED
    approved.review(SAMPLE, "second", said.get("reviewer", ""), **said)
    for step in ("final", "confirm"):
        approved.review(SAMPLE, step)
    assert inspect(approved.root, home, root, SAMPLE)[0] == PASSED[:2]


# A roster that was changed.


def test_a_roster_of_the_folder_that_no_commit_has(copy: Path, tmp_path: Path, told: str) -> None:
    (copy / ROSTER).write_text("keys: []\n")
    assert inspect(copy, tmp_path / "home", told)[0] == PASSED[:1]


def _changed(archive: ArchiveRepo, **consents: str) -> None:
    """The next roster on main, its change signed by people of the roster before."""
    archive.branch("change")
    archive.next_roster(key("gly-b"))
    archive.commit("新密钥", "gly-a")
    for person, role in consents.items():
        archive.authorise(person.replace("_", "-"), role)
    archive.commit("授权", "gly-a")
    archive.merge("change")


def test_a_roster_changed_by_two_people(approved: ArchiveRepo, tmp_path: Path) -> None:
    root = approved.sha(ROSTER)
    approved.merge("proposal")
    _changed(approved, kz_a="section-head", ld_a="leader-in-charge")
    passed, said = inspect(approved.root, tmp_path / "home", root, SAMPLE)
    assert passed == PASSED
    assert "kz-a section-head\nld-a leader-in-charge\n" in said
    assert f"名册通过：{approved.sha(ROSTER)}" in said
    assert "gly-b " in (tmp_path / "home" / "allowed_signers").read_text()


@pytest.mark.parametrize(
    "consents",
    [
        {},
        {"kz_a": "section-head"},
        {"kz_a": "section-head", "xxy_a": "section-head"},
        {"ld_a": "leader-in-charge", "ld_b": "principal"},
        {"kz_a": "section-head", "gly_b": "principal"},
    ],
    ids=str,
)
def test_a_roster_changed_without_leave(
    approved: ArchiveRepo, tmp_path: Path, consents: dict[str, str]
) -> None:
    root = approved.sha(ROSTER)
    approved.merge("proposal")
    _changed(approved, **consents)
    assert inspect(approved.root, tmp_path / "home", root, SAMPLE)[0] == PASSED[:1]
    assert not (tmp_path / "home" / "allowed_signers").exists()


def test_one_person_in_two_roles(approved: ArchiveRepo, tmp_path: Path) -> None:
    root = approved.sha(ROSTER)
    approved.merge("proposal")
    approved.branch("change")
    approved.next_roster(key("gly-b"))
    approved.commit("新密钥", "gly-a")
    raw = approved.read(approved.authorise("kz-a", "principal"))
    approved.sign("content/records/authorisations/2026/again/kz-a.json", raw, "kz-a")
    approved.authorise("kz-a", "section-head")
    approved.commit("授权", "gly-a")
    approved.merge("change")
    assert inspect(approved.root, tmp_path / "home", root, SAMPLE)[0] == PASSED[:1]


def test_a_declaration_is_no_leave(approved: ArchiveRepo, tmp_path: Path) -> None:
    root = approved.sha(ROSTER)
    approved.branch("change")
    approved.next_roster(key("gly-b"))
    approved.commit("新密钥", "gly-a")
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        path = approved.authorise(person, role)
        raw = approved.read(path).replace(b"authorisation/v1", b"declaration/v1")
        approved.sign(path, raw, person)
    approved.commit("声明", "gly-a")
    approved.merge("change")
    assert inspect(approved.root, tmp_path / "home", root, SAMPLE)[0] == PASSED[:1]


def test_leave_for_another_roster(approved: ArchiveRepo, tmp_path: Path) -> None:
    root = approved.sha(ROSTER)
    approved.merge("proposal")
    approved.branch("change")
    approved.next_roster(key("gly-b"))
    approved.commit("新密钥", "gly-a")
    approved.authorise("kz-a", "section-head")
    approved.authorise("ld-a", "leader-in-charge")
    approved.next_roster(key("gly-b", "thief"), serial=2, previous=root)
    approved.commit("换了", "gly-a")
    approved.merge("change")
    assert inspect(approved.root, tmp_path / "home", root, SAMPLE)[0] == PASSED[:1]


def test_a_roster_that_does_not_follow(approved: ArchiveRepo, tmp_path: Path) -> None:
    """Signed for by two people, and yet the old one come back: what it ended would count again."""
    root = approved.sha(ROSTER)
    old = approved.read(ROSTER)
    approved.merge("proposal")
    _changed(approved, kz_a="section-head", ld_a="leader-in-charge")
    approved.branch("replay")
    approved.write(ROSTER, old)
    approved.commit("旧名册", "gly-a")
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        raw = approved.read(approved.authorise(person, role))
        place = f"content/records/authorisations/2026/again/{person}.json"
        approved.sign(place, raw, person)
    approved.commit("授权", "gly-a")
    approved.merge("replay")
    assert inspect(approved.root, tmp_path / "home", root, SAMPLE)[0] == PASSED[:1]


def test_reviewers_keys_swapped_and_the_post_signed_anew(
    approved: ArchiveRepo, tmp_path: Path
) -> None:
    """Every signature is good under the roster of HEAD, and the first roster is the one told."""
    root = approved.sha(ROSTER)
    approved.merge("proposal")
    taken = ("xxy-a", "kz-a", "ld-a")
    rows = registers()["roster"]["keys"]
    keys = [key(r["person"], "thief-" + r["person"]) if r["person"] in taken else r for r in rows]
    approved.next_roster(keys=keys)
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        approved.commit("换密钥", "gly-a")
        approved.authorise(person, role, "HEAD~1", key=f"thief-{person}")
    post = approved.root / f"content/posts/2026/{SAMPLE}/post.md"
    _append(post, "伪造。\n".encode())
    for step, person in (("first", taken[0]), ("second", "kz-a"), ("final", "ld-a")):
        approved.review(SAMPLE, step, person, key=f"thief-{person}")
    approved.review(SAMPLE, "confirm", "kz-a", key="thief-kz-a")
    approved.commit("换密钥", "gly-a")
    home = tmp_path / "home"
    assert inspect(approved.root, home, root, SAMPLE)[0] == PASSED[:1]

"""The commands printed on a page, pasted by a reader who has what the page offers and nothing else.

An attacker may have put any bytes on the server and may hold a reviewer's key; the commands and
`allowed_signers` are those of the honest page.
"""

import html
import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.site_bundle import evidence_tar
from pipeline.evidence.review.statements import NAMESPACE, digest
from tests.e2e.pasted import block
from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_registers import sign

PAGE = f"posts/2026/{sample.PLAIN}/"
STEMS = ("1-first", "2-second", "3-final", "4-confirm")
Step = dict[str, Any]


def commands(built: Built, page: str = PAGE, which: int = 0) -> str:
    text = built.text(f"{page}index.html")
    found = re.findall(r"<pre class=\"sn-pre\"><code>(.*?)</code>", text, re.DOTALL)
    assert len(found) == 2
    return html.unescape(found[which])


def offered(built: Built, page: str, folder: Path) -> Path:
    """What a reader saves: every file that the page's list links to."""
    listed = re.search(r'<ul class="sn-files">(.*?)</ul>', built.text(f"{page}index.html"))
    assert listed
    for address in re.findall(r'href="([^"]+)"', listed[1]):
        shutil.copy(built.out / page / address, folder)
    return folder


@pytest.fixture
def taken(built: Built, tmp_path: Path) -> Path:
    return offered(built, PAGE, tmp_path)


def paste(script: str, folder: Path, *shell: str) -> subprocess.CompletedProcess[str]:
    """As into a shell that goes on after a line that failed."""
    return subprocess.run(
        shell or ("bash", "--norc", "-s"),
        input=f"{script}\nexit $?\n",
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_two_lines_verify_one_signature(built: Built, taken: Path) -> None:
    script = commands(built, which=1)
    assert script.count("\n") == 2
    done = paste(script, taken)
    assert done.returncode == 0
    assert done.stdout.startswith(f'Good "{NAMESPACE}" signature for ')
    (taken / "evidence.tar").write_bytes(
        (taken / "evidence.tar").read_bytes().replace(b'"approve"', b'"approvE"')
    )
    assert paste(script, taken).returncode != 0


def refuses(script: str, folder: Path) -> str:
    """What the commands print of a forgery: everything but that it passed."""
    done = paste(script, folder)
    assert done.returncode != 0, done.stdout
    assert "核验通过" not in done.stdout
    assert "核验不通过" in done.stdout.splitlines()[-1]
    return done.stdout


def statements(folder: Path) -> list[Step]:
    with tarfile.open(folder / "evidence.tar") as held:
        files = [held.extractfile(f"{stem}.json") for stem in STEMS]
        return [json.load(file) for file in files if file]


def put(folder: Path, steps: list[Step], *, chained: bool = True, keys: str = "") -> None:
    """An evidence.tar of these statements, each signed by whom it names (`keys`: by this key)."""
    made: list[tuple[str, bytes, bytes]] = []
    for stem, step in zip(STEMS, steps, strict=True):
        said = step["predicate"]
        if made and chained:
            said["previous"] = digest(*made[-1][1:])
        raw = (json.dumps(step, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
        signature = sign(raw, keys or said["reviewer"])
        made.append((stem, raw, signature))
    (folder / "evidence.tar").write_bytes(evidence_tar(made))


@pytest.mark.parametrize(
    "shell",
    [("bash", "--norc", "-s"), ("bash", "--norc", "-i"), ("dash",), ("bash", "-eu")],
    ids=str,
)
def test_what_the_page_offers_passes(built: Built, taken: Path, shell: tuple[str, ...]) -> None:
    done = paste(commands(built), taken, *shell)
    assert done.returncode == 0, done.stdout + done.stderr
    *good, told, last = done.stdout.splitlines()
    people = [re.match(rf'Good "{NAMESPACE}" signature for (\S+) with (\S+) key', g) for g in good]
    assert [p and p.groups() for p in people] == [
        ("xxy-a", "ED25519"), ("kz-a", "ED25519"), ("ld-a", "ECDSA-SK"), ("kz-a", "ED25519"),
    ]  # fmt: skip
    stated = re.search(r"清单摘要.*?<code[^>]*>([0-9a-f]{64})", built.text(f"{PAGE}index.html"))
    assert stated
    assert told == f"清单 2 个文件中核对了 2 个，清单摘要 {stated[1]}"
    assert last == f"核验通过：{sample.PLAIN} 第 1 版"


def test_the_reader_recognises_what_is_run(built: Built) -> None:
    script = commands(built)
    assert "ssh-keygen -Y verify -f allowed_signers -I " in script
    assert len(script.splitlines()) <= 32
    assert "!" not in script, "an interactive bash would take it for its history"
    words = set(re.findall(r"^ *([a-z-]+) ", script, re.MULTILINE))
    assert not words & {"curl", "wget", "eval", "rm", "sanshen"}


@pytest.mark.parametrize("post", [sample.ALERT, sample.LONG, sample.WITHDRAWN])
def test_posts_of_every_shape_pass(built: Built, tmp_path: Path, post: str) -> None:
    page = f"posts/2026/{post}/"
    done = paste(commands(built, page), offered(built, page, tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    own = re.search(r"清单 (\d+) 个文件中核对了 (\d+) 个", done.stdout)
    assert own
    withdrawn = post == sample.WITHDRAWN
    assert (int(own[2]) == 0) is withdrawn


FORGERIES: dict[str, Callable[[list[Step]], None]] = {
    "returned": lambda s: s[1]["predicate"].update(decision="return"),
    "another post": lambda s: s[2]["predicate"].update(post="2026-11-01-other"),
    "a longer post id": lambda s: s[2]["predicate"].update(post=f"{sample.PLAIN}-2"),
    "another revision": lambda s: s[2]["predicate"].update(revision=12),
    "another archive": lambda s: s[0]["predicate"].update(archive="elsewhere"),
    "another step": lambda s: s[1]["predicate"].update(step="first"),
    "one person twice": lambda s: s[0]["predicate"].update(reviewer="kz-a"),
    "somebody before": lambda s: s[0]["predicate"].update(previous="0" * 64),
    "other files": lambda s: s[3]["subject"][0]["digest"].update(sha256="0" * 64),
    "a file more at the end": lambda s: s[3]["subject"].append(
        {"name": s[3]["subject"][0]["name"] + "x", "digest": {"sha256": "0" * 64}}
    ),
    "files of another post": lambda s: (
        [x["subject"][0].update(name="content/posts/2026/other/post.md") for x in s] and None
    ),
    "said in the opinion": lambda s: s[1]["predicate"].update(
        decision="return", opinion='好\n  "decision": "approve",\n'
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_well_signed_statements_that_say_something_else(
    built: Built, taken: Path, forgery: str
) -> None:
    steps = statements(taken)
    FORGERIES[forgery](steps)
    put(taken, steps)
    refuses(commands(built), taken)


def test_statements_made_again_by_their_own_people_are_no_forgery(
    built: Built, taken: Path
) -> None:
    put(taken, statements(taken))
    assert paste(commands(built), taken).returncode == 0


def test_a_chain_that_is_broken(built: Built, taken: Path) -> None:
    steps = statements(taken)
    steps[1]["predicate"]["opinion"] = "改"
    put(taken, steps, chained=False)
    refuses(commands(built), taken)


@pytest.mark.parametrize("name", ["post.md", "2-second.json", "2-second.json.sig"])
def test_a_changed_byte(built: Built, taken: Path, name: str) -> None:
    with tarfile.open(taken / "evidence.tar") as held:
        held.extractall(taken, filter="data")
    (taken / name).write_bytes((taken / name).read_bytes() + b" ")
    parts = [
        (s, (taken / f"{s}.json").read_bytes(), (taken / f"{s}.json.sig").read_bytes())
        for s in STEMS
    ]
    (taken / "evidence.tar").write_bytes(evidence_tar(parts))
    refuses(commands(built), taken)


def test_a_forged_text_with_a_list_that_fits_it(built: Built, taken: Path) -> None:
    """Nobody signed the list: it was taken for what the statements say."""
    (taken / "post.md").write_text("---\ntitle: 伪造\n---\n", encoding="utf-8")
    with tarfile.open(taken / "evidence.tar", "a") as held:
        (taken / "manifest.sha256").write_bytes(
            subprocess.check_output(["sha256sum", "post.md"], cwd=taken)
        )
        held.add(taken / "manifest.sha256", "manifest.sha256")
    assert refuses(commands(built), taken).count("Good") <= 1


def test_an_archive_file_that_brings_its_own_keys(built: Built, taken: Path) -> None:
    steps = statements(taken)
    put(taken, steps, keys="thief")
    honest = (taken / "allowed_signers").read_bytes()
    forged = re.sub(rb"ssh-ed25519 \S+", b"ssh-ed25519 AAAA", honest)
    extra = taken / "extra"
    extra.mkdir()
    (extra / "allowed_signers").write_bytes(forged)
    with tarfile.open(taken / "evidence.tar", "a") as held:
        held.add(extra / "allowed_signers", "allowed_signers")
        held.add(extra / "allowed_signers", "post.md")
    assert "Good" not in refuses(commands(built), taken)
    assert (taken / "allowed_signers").read_bytes() == honest
    assert (taken / "post.md").read_bytes() != forged


def test_an_archive_file_that_leads_elsewhere(built: Built, taken: Path) -> None:
    honest = (taken / "allowed_signers").read_bytes()
    link = tarfile.TarInfo("1-first.json")
    link.type, link.linkname = tarfile.SYMTYPE, "allowed_signers"
    forged = tarfile.TarInfo("1-first.json")
    forged.size = 6
    with tarfile.open(taken / "evidence.tar", "a") as held:
        held.addfile(link)
        held.addfile(forged, io.BytesIO(b"forged"))
    refuses(commands(built), taken)
    assert (taken / "allowed_signers").read_bytes() == honest


def test_a_file_of_the_list_that_was_not_saved(built: Built, taken: Path) -> None:
    (taken / "post.md").unlink()
    refuses(commands(built), taken)


@pytest.mark.parametrize("stem", STEMS)
def test_a_step_that_is_missing(built: Built, taken: Path, stem: str) -> None:
    with tarfile.open(taken / "evidence.tar") as held:
        read = {m.name: held.extractfile(m) for m in held.getmembers()}
        data = {name: file.read() for name, file in read.items() if file}
    rest = [(s, data[f"{s}.json"], data[f"{s}.json.sig"]) for s in STEMS if s != stem]
    (taken / "evidence.tar").write_bytes(evidence_tar(rest))
    refuses(commands(built), taken)


def test_a_key_that_had_ended(built: Built, taken: Path) -> None:
    signers = taken / "allowed_signers"
    ended = re.sub(
        "^(ld-a .*)(?= sk-)", r'\1,valid-before="20261001000000Z"', signers.read_text(), flags=re.M
    )
    signers.write_text(ended)
    assert refuses(commands(built), taken).count("Good") == 2


def test_the_manuals_commands_verify_where_the_post_was_carried(built: Built, taken: Path) -> None:
    script = block("docs/inspector.md", "carried").replace(
        "post=2026-08-17-mountain-flood-alert", f"post={sample.PLAIN}"
    )
    carried = built.site.archive.publications_of(sample.PLAIN)
    assert carried
    done = paste(script, taken)
    assert done.returncode == 0, done.stderr
    for p in carried:
        assert (
            f"登记有效：{p.account} {p.published_at.isoformat()} {p.url}\n{p.digest}\n"
            in done.stdout
        )
    raw = (taken / "evidence.tar").read_bytes()
    for old, new in ((b"social.example", b"sociaL.example"), (b"gly-a", b"xxy-a")):
        assert old in raw
        (taken / "evidence.tar").write_bytes(raw.replace(old, new))
        assert paste(script, taken).stdout.endswith("核验不通过：publication-1.json\n")
    (taken / "evidence.tar").write_bytes(raw)
    other = paste(script.replace(sample.PLAIN, sample.ALERT), taken)
    assert other.returncode != 0
    assert "登记有效" not in other.stdout

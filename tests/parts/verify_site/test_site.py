"""A whole site without its repository: it holds, and no tampering of any kind does."""

import http.server
import json
import shutil
import signal
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.evidence.log.checkpoint import Checkpoint
from pipeline.evidence.log.merkle import grow, leaf_hash, root
from pipeline.evidence.log.tiles import pack_entry
from pipeline.evidence.review.site_bundle import SignedStep, SiteBundle
from pipeline.parts.verify_site import verb as cli
from pipeline.parts.verify_site.site import Rosters
from tests.builders.archive import POST
from tests.builders.cast import ROOT, public_line
from tests.builders.leaves import leaf_data
from tests.builders.published import (
    PAGE,
    begun,
    built_site,
    entries,
    grow_log,
    logged,
    rebundle,
    relist,
    replace_log,
    resign,
    sign,
    stolen,
    write_log,
)
from tests.builders.verdicts import run

KEY = public_line("log")
PEOPLE = ("xxy-a", "kz-a", "ld-a", "gly-a")


def _check(site: Path | str, *more: str, key: str = KEY) -> Any:
    given = ("--key", key) if key else ()
    return run(ROOT, "verify-site", str(site), *given, *more, lang="names")


def _refused(site: Path, *said: str) -> None:
    done = _check(site)
    assert done.returncode == 11, (done.stdout, done.stderr)
    for words in said:
        assert words in done.stdout, done.stdout
    assert "site is whole" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_it_holds(site: Path, tmp_path: Path) -> None:
    done = _check(site)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "site-consistent" in done.stdout
    assert "1 posts, 3 entries" in done.stderr
    signers = tmp_path / "signers"
    signers.write_text("".join(f"{p} {public_line(p)}\n" for p in PEOPLE))
    known = _check(site, "--signers", str(signers))
    assert known.returncode == 0
    assert "site-sound" in known.stdout
    ended = f"# ended:\rkz-a {public_line('kz-a')}"  # one line, and a remark, to ssh-keygen
    signers.write_text(f"xxy-a {public_line('xxy-a')}\nkz-a {public_line('gly-a')}\n{ended}\n")
    other = _check(site, "--signers", str(signers))
    assert other.returncode == 11
    assert "key-untrusted kz-a" in other.stdout


def test_a_year_s_texts_that_a_host_alters_are_named(site: Path) -> None:
    path = site / "texts/2026.jsonl"
    line = json.loads(path.read_text("utf-8"))
    path.write_text(f"{json.dumps({**line, 'text': '另一段文字'}, ensure_ascii=False)}\n", "utf-8")
    _refused(site, "texts/2026.jsonl", "file-changed")


def _under(serial: int, digest: str) -> SiteBundle:
    said = json.dumps({"predicate": {"roster": {"serial": serial, "digest": digest}}})
    return SiteBundle("", POST, 1, (), {}, (SignedStep("first", said.encode(), b""),), None)


def test_another_roster_than_the_reviews_name(site: Path, tmp_path: Path) -> None:
    """Of the same serial; the lists and the checkpoint were made to fit by the thief."""
    roster = site / "evidence" / "roster.yml"
    roster.write_bytes(roster.read_bytes().replace(b"serial: 1", b"serial: 1  # \n"))
    code, said = stolen(site, tmp_path)
    assert code == 11
    assert "roster-differs first review" in said
    rosters = Rosters(b"serial: 9\nprevious: x\n")
    assert not list(rosters.problems(_under(7, "a")))
    for serial, digest in ((7, "b"), (8, "b"), (10, "")):  # two of one serial, another, a later one
        assert len(list(rosters.problems(_under(serial, digest)))) == 1
    roster.unlink()  # kept back: the reviews are held to one another
    assert stolen(site, tmp_path)[0] == 0


def test_without_a_key_it_says_what_was_not_checked(site: Path) -> None:
    done = _check(site, key="")
    assert done.returncode == 0
    assert "checkpoint-unchecked" in done.stderr
    assert "keys-unchecked" in done.stderr


def test_the_log_extends_what_was_kept(site: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes((site / "log" / "checkpoint").read_bytes())
    for only in ((), ("--log-only",)):
        done = _check(site, "--after", str(kept), *only)
        assert done.returncode == 0, (done.stdout, done.stderr)
        assert "No earlier checkpoint" not in done.stderr
        assert "keep-checkpoint log/checkpoint" in done.stderr
    assert "growth-unchecked" in _check(site).stderr


def test_who_holds_the_logs_key_makes_it_anew(site: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes((site / "log" / "checkpoint").read_bytes())
    relist(site)
    replace_log(site, *(leaf_data("publication", str(n) * 64, "x", POST) for n in range(2)))
    resign(site, tmp_path)
    assert _check(site, "--log-only").returncode == 0  # it is whole in itself
    done = _check(site, "--log-only", "--after", str(kept))
    said = "log-history-changed 3"
    assert (done.returncode, done.stdout) == (11, f"log/checkpoint: {said}\n")
    assert said in _check(site, "--after", str(kept)).stdout


def test_the_log_was_cut_since(site: Path, tmp_path: Path) -> None:
    kept, origin = tmp_path / "kept", (site / "log" / "checkpoint").read_text().split("\n")[0]
    kept.write_text(Checkpoint(origin, 4, root(grow([leaf_hash(b"")] * 4))).text)
    done = _check(site, "--log-only", "--after", str(kept))
    assert done.returncode == 11
    assert "log-cut-short 3 4" in done.stdout


def test_a_kept_checkpoint_that_is_none_or_of_another_log(site: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"\xff")
    assert "kept-checkpoint-unreadable" in _check(site, "--log-only", "--after", str(kept)).stdout
    kept.write_text(Checkpoint("elsewhere", 0, root(grow([]))).text, encoding="utf-8")
    done = _check(site, "--log-only", "--after", str(kept))
    assert done.returncode == 11
    assert "checkpoint-of-another-log elsewhere" in done.stdout


def test_the_log_alone_looks_at_no_page(site: Path, tmp_path: Path) -> None:
    (site / "index.html").unlink()
    assert _check(site, "--log-only").returncode == 0
    next((site / "log" / "tile" / "0").rglob("3")).write_bytes(b"\0" * 96)
    done = _check(site, "--log-only")
    assert done.returncode == 11
    assert "tile-differs" in done.stdout
    signers = tmp_path / "signers"
    signers.write_text("", encoding="utf-8")
    assert _check(site, "--log-only", "--signers", str(signers)).returncode == 2


def test_it_speaks_chinese(site: Path) -> None:
    done = run(ROOT, "verify-site", str(site), lang="zh")
    assert done.returncode == 0
    assert done.stdout.startswith("网站前后一致；")
    assert "1 篇内容、3 条日志。" in done.stderr


def test_a_file_is_taken_out_of_the_list_of_its_year(site: Path) -> None:
    path = site / "manifest/2026.sha256"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.endswith(f"{PAGE}/index.html\n")), "utf-8")
    _refused(
        site,
        f"{PAGE}/index.html: file-unlisted",
        "manifest/2026.sha256: file-changed",
    )


def test_the_list_of_a_year_is_gone(site: Path) -> None:
    (site / "manifest/2026.sha256").unlink()
    _refused(
        site,
        "manifest/2026.sha256: list-missing",
        f"{PAGE}/index.html: file-unlisted",
    )


def test_a_page_is_changed(site: Path) -> None:
    page = site / PAGE / "index.html"
    page.write_bytes(page.read_bytes().replace("冬季防火".encode(), "夏季防火".encode()))
    _refused(site, f"{PAGE}/index.html: file-changed")
    relist(site)
    _refused(site, "list-differs")


def test_a_page_is_missing(site: Path) -> None:
    (site / PAGE / "index.html").unlink()
    _refused(site, f"{PAGE}/index.html: file-missing")


def test_a_page_is_slipped_in(site: Path) -> None:
    (site / "posts" / "extra.html").write_text("假的", encoding="utf-8")
    _refused(site, "posts/extra.html: file-unlisted")


@pytest.mark.parametrize("name", ["site-manifest.sha256", "log/checkpoint"])
def test_the_list_or_the_checkpoint_is_missing(site: Path, name: str) -> None:
    (site / name).unlink()
    kind = "list" if name.startswith("site") else "checkpoint"
    _refused(site, f"{name}: {kind}-missing")


@pytest.mark.parametrize("line", ["x", "0" * 64 + "  ../out", "0" * 64 + "  /etc/passwd"])
def test_a_line_of_the_list_points_outside(site: Path, line: str) -> None:
    path = site / "site-manifest.sha256"
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    _refused(site, "list-line-unusable")


def test_a_link_points_outside(site: Path) -> None:
    (site / PAGE / "index.html").unlink()
    (site / PAGE / "index.html").symlink_to("/etc/hostname")
    _refused(site, f"{PAGE}/index.html: file-missing")


def test_the_checkpoint_is_another_ones(site: Path, tmp_path: Path) -> None:
    done = _check(site, key=public_line("gly-a"))
    assert done.returncode == 11
    assert "checkpoint-other-key" in done.stdout
    assert _check(site, key="nonsense").returncode == 11
    text = (site / "log" / "checkpoint").read_text(encoding="utf-8").split("\n\n")[0]
    (site / "log" / "checkpoint").write_text(text + "\n", encoding="utf-8")
    _refused(site, "checkpoint-unsigned")
    (site / "log" / "checkpoint").write_text("x", encoding="utf-8")
    _refused(site, "checkpoint-unreadable")


def test_the_log_is_cut_or_changed(site: Path) -> None:
    path = entries(site)
    raw = path.read_bytes()
    path.write_bytes(raw[:-3])
    _refused(site, "entries-missing")
    path.write_bytes(raw.replace(b'"version":1', b'"version":2'))
    _refused(site, "entries-differ")


def test_a_tile_lies(site: Path) -> None:
    path = next((site / "log" / "tile" / "0").rglob("3"))
    path.write_bytes(b"\0" * 96)
    _refused(site, "tile-differs")


def test_a_post_that_was_published_is_hidden(site: Path, tmp_path: Path) -> None:
    shutil.rmtree(site / PAGE)
    relist(site)
    resign(site, tmp_path)
    _refused(site, f"post-withheld {POST}")


def test_the_log_is_made_anew_without_the_confirmation(site: Path, tmp_path: Path) -> None:
    relist(site)
    write_log(site, *[leaf_data("publication", "0" * 64, "x", POST)] * 2)
    resign(site, tmp_path)
    _refused(site, "confirmation-not-logged")


def _of_older_program(site: Path, folder: Path) -> None:
    """The checkpoint names the list, which names the tiles; no build is a leaf."""
    write_log(site, *logged(site)[:2])
    (site / "log/builds").unlink()
    tiles = [p for p in (site / "log/tile").rglob("*") if p.is_file()]
    lines = [f"{sha256(p.read_bytes()).hexdigest()}  {p.relative_to(site)}\n" for p in tiles]
    path = site / "site-manifest.sha256"
    path.write_text(path.read_text("utf-8") + "".join(lines), "utf-8")
    sign(site, folder, f"sanshen/site-manifest {sha256(path.read_bytes()).hexdigest()}")


def test_a_site_of_before_builds_were_leaves_holds(site: Path, tmp_path: Path) -> None:
    _of_older_program(site, tmp_path)
    done = _check(site)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "list-unwitnessed" in done.stderr
    path = site / "site-manifest.sha256"
    path.write_bytes(path.read_bytes().replace(b"  log/tile", b"  log/file", 1))
    _refused(site, "list-differs")


def test_lists_and_search_are_exchanged_under_an_honest_checkpoint(site: Path) -> None:
    """Two readers are shown two search indexes for one tree: the log names one of them."""
    index = next(p for p in (site / "search").rglob("*") if p.is_file())
    for path in (index, site / "posts/index.html"):
        path.write_bytes(path.read_bytes() + b" ")
    changed = f"{index.relative_to(site)}: file-changed"
    _refused(site, "posts/index.html: file-changed", changed)
    relist(site)
    said = "site-manifest.sha256: list-differs"
    assert said in _check(site).stdout.splitlines()


def test_a_line_of_the_checkpoint_is_no_way_past_the_last_build(site: Path, tmp_path: Path) -> None:
    """A witness vouches for the tree alone: another list in a further line does not count."""
    (site / "feed.xml").write_bytes(b"<feed/>")
    relist(site)
    listed = sha256((site / "site-manifest.sha256").read_bytes()).hexdigest()
    sign(site, tmp_path, f"sanshen/site-manifest {listed}")
    _refused(site, "list-differs")
    grow_log(site, leaf_data("correction", listed, "x", POST))
    sign(site, tmp_path, f"sanshen/site-manifest {listed}")
    _refused(site, "list-differs")


def test_the_build_is_told_and_its_list_of_builds_is_the_logs(site: Path) -> None:
    done = _check(site)
    assert ": entry 3 of the log." in done.stderr
    builds = site / "log/builds"
    builds.write_bytes(builds.read_bytes().replace(b"2 2026", b"2 2025", 1))
    _refused(site, "log/builds: file-changed")
    builds.unlink()
    _refused(site, "log/builds: file-missing")


def _swap(value: dict[str, Any]) -> None:
    value["steps"][0], value["steps"][1] = value["steps"][1], value["steps"][0]


def _forge(value: dict[str, Any]) -> None:
    said = b64decode(value["steps"][2]["statement"]).replace("同意".encode(), "不同".encode())
    value["steps"][2]["statement"] = b64encode(said).decode()


def _other_files(value: dict[str, Any]) -> None:
    value["files"][0]["sha256"] = "0" * 64


def _other_post(value: dict[str, Any]) -> None:
    value["post"] = "2026-11-05-other"


def _no_step(value: dict[str, Any]) -> None:
    del value["steps"][3]


def _short_window(value: dict[str, Any]) -> None:
    for key in value["keys"]:
        key["until"] = "2026-01-02T00:00:00+08:00"


def _void(value: dict[str, Any]) -> None:
    for key in value["keys"]:
        key["void"] = True


def _no_proof(value: dict[str, Any]) -> None:
    value["log"] = None


def _wrong_path(value: dict[str, Any]) -> None:
    value["log"]["hashes"] = [b64encode(b"x" * 32).decode()]


def _wrong_root(value: dict[str, Any]) -> None:
    value["log"]["root"] = b64encode(b"x" * 32).decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_swap, "steps-out-of-order"),
        (_no_step, "steps-out-of-order"),
        (_forge, "step-signature-broken final review"),
        (_other_files, "step-other-files"),
        (_other_post, "step-of-another"),
        (_short_window, "step-key-invalid"),
        (_void, "step-key-invalid"),
        (_no_proof, "proof-missing"),
        (_wrong_path, "proof-broken"),
        (_wrong_root, "confirmation-not-logged"),
    ],
)
def test_evidence_is_changed_by_who_holds_the_logs_key(
    site: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    rebundle(site, change)
    relist(site)
    resign(site, tmp_path)
    _refused(site, said)


def test_evidence_of_another_shape(site: Path, tmp_path: Path) -> None:
    (site / PAGE / "evidence.json").write_text("[]", encoding="utf-8")
    relist(site)
    resign(site, tmp_path)
    _refused(site, "evidence-unreadable")


def test_a_file_beside_the_page_is_not_the_reviewed_one(site: Path, tmp_path: Path) -> None:
    (site / PAGE / "more.txt").write_text("别的附件。\n", encoding="utf-8")
    relist(site)
    resign(site, tmp_path)
    _refused(site, "file-unreviewed more.txt")


@pytest.fixture
def server(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:  # noqa: N802
            if self.path.endswith("404.html"):
                self.send_response(302)
                self.send_header("Location", "http://localhost:1/")
                self.end_headers()
                return
            super().do_GET()

    handler = partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}/"
        made.shutdown()


def test_a_running_site_and_a_host_that_sends_elsewhere(server: str) -> None:
    done = _check(server)
    assert done.returncode == 11
    assert done.stdout == "404.html: file-missing\n"


def test_a_place_that_is_none(tmp_path: Path) -> None:
    assert _check(tmp_path / "none").returncode == 1
    assert "folder-missing" in _check(tmp_path / "none").stderr
    assert _check("http://127.0.0.1:9/").returncode == 1


def test_a_log_names_a_post_by_half_a_character(site: Path, tmp_path: Path) -> None:
    leaves = [b'{"kind":"publication","post":"\\ud800\\u001b[31m"}'] * 2
    write_log(site, *leaves)
    relist(site)
    resign(site, tmp_path)
    _refused(site, "post-withheld")


def test_a_list_of_millions_of_lines_that_cannot_be_used(site: Path) -> None:
    (site / "site-manifest.sha256").write_bytes(b"\n" * 20_000_000)
    done = _check(site)
    assert done.returncode == 11
    assert done.stdout.count("list-line-unusable") == 1
    assert "Traceback" not in done.stderr


def test_a_leaf_larger_than_any_of_ours(site: Path) -> None:
    entries(site).write_bytes(pack_entry(b"x" * 5000) * 3)
    _refused(site, "entries-missing")


def test_a_loop_of_links_and_a_name_no_disk_takes(site: Path) -> None:
    (site / PAGE / "post.md").unlink()
    (site / PAGE / "post.md").symlink_to("post.md")
    path = site / "site-manifest.sha256"
    path.write_bytes(path.read_bytes() + b"0" * 64 + b"  " + b"n" * 5000 + b"\n")
    _refused(site, f"{PAGE}/post.md: file-missing", "nnn: file-missing")


@pytest.mark.parametrize("address", ["http://[::1", "http://a..b/", f"http://{'x' * 70}.example/"])
def test_an_address_that_is_none(address: str) -> None:
    done = _check(address)
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--key", "--signers"])
def test_a_file_of_keys_that_is_no_text(site: Path, tmp_path: Path, option: str) -> None:
    (tmp_path / "keys").write_bytes(b"\xff\xfe")
    done = _check(site, option, str(tmp_path / "keys"), key="")
    assert done.returncode == 1
    assert "file-unreadable" in done.stderr


def test_a_server_that_lets_bytes_drip(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = list[int]()

    class Drips(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:  # noqa: N802
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            with suppress(OSError):
                for _ in range(1000):
                    self.wfile.write(b"x")
                    sent.append(1)
                    time.sleep(0.05)

    monkeypatch.setattr(cli, "DEADLINE", 0.3)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Drips) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        with pytest.raises(Fault, match="does not answer: TimeoutError"):
            cli.Server(f"http://127.0.0.1:{made.server_address[1]}").site.read("index.html")
        assert len(sent) < 1000
        made.shutdown()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_post_that_explains_html_is_whole(tmp_path: Path) -> None:
    body = '写 `<img src="x.png">`，又写 src="y.png" 和 "引号" & 符号。\n'
    made = begun(tmp_path, title='src="题" & 引号', summary='用 src="x" 写图。', body=body)
    assert made.standing().exit_code == 0
    done = _check(built_site(made, tmp_path))
    assert done.returncode == 0, done.stdout
    assert "ot compared:" not in done.stdout


def test_a_server_is_said_to_list_nothing(server: str) -> None:
    assert "unnamed-unsought" in _check(server).stderr

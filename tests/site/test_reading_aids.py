"""Comparison of old and new, erased ones, work spread over processes."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.records import Expunged
from pipeline.render.compared import compared
from pipeline.site.inputs import SiteInput
from pipeline.workers import FEW, spread
from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_log import build


def test_what_changed_is_marked_and_a_number_as_a_whole() -> None:
    old, new = compared("可容纳 12050 人。", "可容纳 10250 人。")
    assert old == "可容纳 <del>12050</del> 人。"
    assert new == "可容纳 <ins>10250</ins> 人。"


def test_sentences_with_nothing_in_common_are_marked_whole() -> None:
    assert compared("预警调整", "积水退去")[0] == "<del>预警调整</del>"
    assert compared("", "新增一句。") == ("", "<ins>新增一句。</ins>")


@given(st.text(max_size=60), st.text(max_size=60))
def test_marks_taken_away_the_sentences_are_what_they_were(old: str, new: str) -> None:
    before, after = compared(old, new)
    assert before.replace("<del>", "").replace("</del>", "").unescape() in (old, _plain(old))
    assert after.replace("<ins>", "").replace("</ins>", "").unescape() in (new, _plain(new))


def _plain(text: str) -> str:
    """As `Markup.unescape` leaves a text that itself looks like an entity."""
    from html import escape, unescape

    return unescape(escape(text))


def test_markup_in_a_sentence_stays_text() -> None:
    assert "<script>" not in "".join(compared("<script>一", "<script>二"))


def test_a_post_is_said_to_be_what_its_newest_record_says(built: Built, tmp_path: Path) -> None:
    """An alert that was lifted was updated, which is nothing to warn of in red."""
    first = built.site.archive.corrections[0]
    later = replace(first, id="c9", kind="update", revision=2, reason="预警解除")
    both = sample.changed(built.site, corrections=(*built.site.archive.corrections, later))
    build(both, tmp_path / "out", built.work)
    listed = (tmp_path / "out/posts/2026/11/index.html").read_text("utf-8")
    assert '<span class="sn-chip">已更新</span>' in listed
    assert "已更正" not in listed
    page = (tmp_path / f"out/posts/2026/{sample.PLAIN}/index.html").read_text("utf-8")
    assert "本文已于2026年11月4日更新" in page
    assert "<strong>更正</strong>" in page


def test_what_a_reader_saw_no_change_of_is_shown_as_it_was_typed(
    built: Built, tmp_path: Path
) -> None:
    first = built.site.archive.corrections[0]
    links = (("见[通知](https://a.example/1)。", "见[通知](https://a.example/2)。"),)
    other = sample.changed(built.site, corrections=(replace(first, changes=links),))
    build(other, tmp_path / "out", built.work)
    page = (tmp_path / "out/corrections/index.html").read_text("utf-8")
    assert "见[通知](https://a.example/<del>1</del>)。" in page


def _gone(name: str) -> Expunged:
    """A post that two people erased, of one file."""
    path = f"content/posts/2026/2026-10-08-leak/{name}"
    return Expunged(
        "2026-10-08-leak", 1, "误发的名单", "含个人信息", sample.AS_OF,
        frozenset({(path, "a" * 64)}), ("kz-a", "ld-a"), ("one.json", "two.json"),
    )  # fmt: skip


def _without(built: Built, *gone: Expunged) -> SiteInput:
    return replace(
        built.site,
        archive=replace(built.site.archive, expunged={g.post: g for g in gone}),
        media=lambda path: path.encode() if path[:3] in ("one", "two") else built.site.media(path),
    )


def test_an_erased_post_keeps_its_address_and_nothing_else(built: Built, tmp_path: Path) -> None:
    gone = _gone("post.md")
    waiting = replace(gone, post="2026-10-09-other", awaits=("leader",))
    build(_without(built, gone, waiting), tmp_path / "out", built.work)
    folder = tmp_path / "out/posts/2026/2026-10-08-leak"
    signed = ("erased-1.json", "erased-1.json.sig", "erased-2.json", "erased-2.json.sig")
    assert sorted(p.name for p in folder.iterdir()) == [*signed, "index.html"]
    assert (folder / "erased-2.json.sig").read_bytes() == b"two.json.sig"
    html = (folder / "index.html").read_text("utf-8")
    assert "已依规清除" in html
    assert "a" * 64 in html
    assert "误发的名单" in (tmp_path / "out/corrections/index.html").read_text("utf-8")
    assert not (tmp_path / "out/posts/2026/2026-10-09-other").exists()


def test_an_erased_post_is_found_by_what_its_page_says_of_it(built: Built, tmp_path: Path) -> None:
    """Also one of a year that has no other post; by title and number, and by no more."""
    gone = _gone("私密.md")
    old = replace(gone, post="2019-01-02-alone", title="旧名单")
    waiting = replace(gone, post="2026-10-09-other", awaits=("leader",))
    build(_without(built, gone, old, waiting), tmp_path / "out", built.work)
    folder = tmp_path / "out/search"
    parts = json.loads((folder / "index.json").read_text("utf-8"))["parts"]
    assert {"2026-erased", "2019-erased"} < {part["id"] for part in parts}
    rows = [
        json.loads((folder / part / "d/0.json").read_text("utf-8"))
        for part in ("2026-erased", "2019-erased")
    ]
    why = "已依规清除"
    assert rows == [
        ["误发的名单", "posts/2026/2026-10-08-leak/", "2026-10-08", "", [], "", "",
         "MB0000000/2026-1008-leak", why],
        ["旧名单", "posts/2019/2019-01-02-alone/", "2019-01-02", "", [], "", "",
         "MB0000000/2019-0102-alone", why],
    ]  # fmt: skip
    assert not (folder / "2026-erased/d/1.json").exists()
    kept = b"".join(p.read_bytes() for p in folder.glob("*-erased/**/*") if p.is_file()).decode()
    assert "私密" not in kept
    assert "个人" not in kept
    html = (tmp_path / "out" / rows[0][1] / "index.html").read_text("utf-8")
    assert "MB0000000/2026-1008-leak" in html
    assert '<a href="../../../corrections/" class="md-path__link">' in html


WORK = """
import os, sys
from pipeline.errors import Fault
from pipeline.workers import spread
mode, count = sys.argv[1], int(sys.argv[2])
def work(task):
    if mode == "raise" and task == 37: raise ValueError("task 37")
    if mode == "die" and task == 37: os.kill(os.getpid(), 9)
    return (task * task, os.getpid())
try:
    answers = spread(range(count), work, 3, first=None if mode == "none" else 2)
except (ValueError, Fault) as error:
    print(type(error).__name__); sys.exit(3)
assert [a for a, _ in answers] == [n * n for n in range(count)]
print(len({p for _, p in answers}), [a for a, p in answers if p == os.getpid()][:5])
"""


LONG_WORK = """
import os, time
from pipeline.workers import spread
def work(n):
    if n:
        os.write(1, b"%d\\n" % os.getpid())
        time.sleep(900)
spread(range(100), work, 2)
"""


CYCLES = """
import gc, weakref
from pipeline.workers import spread
class Node: pass
alive = weakref.WeakSet()
def work(n):
    node = Node()
    node.own = node
    alive.add(node)
    return len(alive)
gc.disable()
print(max(spread(range(200), work, 2, first=None)))
"""


def run(mode: str, count: int) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", WORK, mode, str(count)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def test_work_is_spread_and_answers_come_in_order() -> None:
    assert run("fine", FEW - 1) == (0, "1 [0, 1, 4, 9, 16]")  # not worth a fork
    code, words = run(
        "fine", 40_000
    )  # more tasks than a pipe holds numbers, and one set of workers
    assert code == 0
    assert words.endswith(" [4]")  # the one before the fork
    assert int(words.split()[0]) > 4
    code, words = run("none", 100)
    assert (code, words[-3:]) == (0, " []")  # no task is done by who shares them out


def test_an_error_of_a_worker_is_raised_and_a_killed_one_is_a_fault() -> None:
    assert run("raise", 200) == (3, "ValueError")
    assert run("die", 200) == (3, "Fault")


def test_a_worker_frees_the_cycles_of_each_task() -> None:
    """Parsers leave 65 KB of them a post."""
    done = subprocess.run([sys.executable, "-c", CYCLES], capture_output=True, check=True)
    assert done.stdout == b"1\n"


def test_no_worker_outlives_a_killed_build(tmp_path: Path) -> None:
    code = LONG_WORK
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        children = {int(parent.stdout.readline()) for _ in range(2)}
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert parent.stdout.read() == b""  # the last writer is gone
    for _ in range(6000):  # the kernel takes its time on a busy machine
        if not any(map(_lives, children)):
            break
        time.sleep(0.05)
    assert not any(map(_lives, children))


def _lives(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_one_process_is_the_same() -> None:
    here = os.getpid()
    assert spread(range(100), lambda n: (n, os.getpid()), 1) == [(n, here) for n in range(100)]

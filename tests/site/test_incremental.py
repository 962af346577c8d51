"""What an incremental build gives is what a cold one gives, to the byte, whatever came before."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.evidence.log.leaves import read_builds
from pipeline.evidence.log.tiles import BUILDS
from pipeline.model.calendar import Clock
from pipeline.site import state
from pipeline.site.build import Plan
from pipeline.site.build import build as build_site
from pipeline.site.inputs import Shelf, SiteInput
from pipeline.site.output_folder import state_name
from pipeline.site.units import File, UnitFiles
from tests.builders.named import refuses
from tests.builders.seeds import seeds
from tests.site import sample
from tests.site.conftest import Built, pages, tree
from tests.site.sample_log import build, records, site_log

Change = Callable[[SiteInput], SiteInput]


def later(site: SiteInput) -> SiteInput:
    return sample.changed(site, clock=Clock(site.archive.as_of + timedelta(hours=60)))


def corrected(site: SiteInput) -> SiteInput:
    """Another reason in a correction: the post's page, the list and the feeds follow."""
    first, *rest = site.archive.corrections
    changed = replace(first, reason="数字写错")
    return sample.changed(site, corrections=(changed, *rest))


def renamed(site: SiteInput) -> SiteInput:
    registers = site.archive.registers
    accounts = dict(registers.accounts)
    accounts["yunlan-weibo"] = replace(accounts["yunlan-weibo"], name="@云岚应急发布")
    return sample.changed(site, registers=replace(registers, accounts=accounts))


def restyled(site: SiteInput) -> SiteInput:
    name = "site/templates/list.html.j2"
    return replace(site, theme={**site.theme, name: site.theme[name] + b"<!-- more -->"})


CHANGES: dict[str, Change] = {
    "nothing": lambda s: s,
    "a post less": lambda s: sample.without(s, "2026-09-24-tip"),
    "the newest less": lambda s: sample.without(s, sample.ALERT),
    "the withdrawn less": lambda s: sample.without(s, sample.WITHDRAWN),
    "time passes": later,
    "a correction": corrected,
    "an account's name": renamed,
    "a template": restyled,
    "another commit": lambda s: replace(s, revision="f" * 40),
    "no publications": lambda s: sample.changed(s, publications=()),
}


@seeds(1)
def test_any_sequence_of_changes_gives_the_bytes_of_a_cold_build(
    built: Built, tmp_path: Path, seed: int
) -> None:
    draw, kept = random.Random(seed), dict[str, bytes]()
    shelf = Shelf(kept.get, kept.__setitem__)
    built.copy(tmp_path / "out")
    for name in draw.sample(sorted(CHANGES), 5):
        site = CHANGES[name](built.site)
        warm = replace(site, shelf=shelf)
        build(warm, tmp_path / "out", built.work, Plan(draw.choice((1, 3))))
        build(site, tmp_path / name, built.work)
        assert pages(tmp_path / "out") == pages(tmp_path / name), name


def test_one_post_more_costs_its_own_pages(built: Built, tmp_path: Path) -> None:
    fewer = sample.without(built.site, sample.ALERT)
    build(fewer, tmp_path / "out", built.work)
    before = tree(tmp_path / "out")
    build(built.site, tmp_path / "out", built.work)
    after = tree(tmp_path / "out")
    untouched = {p for p in before if before[p] == after.get(p)}
    old_posts = {p for p in before if p.startswith("posts/2026/2026-") and p.count("/") == 3}
    changed = {p for p in old_posts - untouched if p.endswith("index.html")}
    assert changed == {"posts/2026/2026-11-16-video/index.html"}  # it names its next post now


def test_any_number_of_workers_gives_the_same_bytes(built: Built, tmp_path: Path) -> None:
    """In bundles so small that pages, too, are made by workers."""
    code = (
        "import sys; from pathlib import Path; from pipeline.site import build\n"
        "from tests.builders.frames import make_once; from tests.site import sample; make_once()\n"
        "build._AT_ONCE, shares = 2, []\n"
        "def spread(tasks, *how, **more):\n"
        "    shares.append(list(map(len, tasks)))\n"
        "    return real(tasks, *how, **{**more, 'few': 2})\n"
        "real, build.spread, (out, work) = build.spread, spread, map(Path, sys.argv[1:])\n"
        "for processes in 2, 4:\n"
        "    plan = build.Plan(processes)\n"
        "    print(build.build(sample.make(), out / str(processes), work, plan).digest)\n"
        "assert len(shares) > 3 and all(len(some) > 2 for some in shares), shares"
    )
    command = [sys.executable, "-c", code, str(tmp_path), str(built.work)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [built.report.digest] * 2
    assert pages(tmp_path / "2") == pages(tmp_path / "4") == pages(built.out)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _group_gone(path: Path) -> None:
    head, year, whole = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([json.dumps(json.loads(head)[1:]).encode(), whole]))


HARMS = [Path.unlink, _cut, _flip, _group_gone]


@pytest.mark.parametrize("harm", HARMS, ids=lambda f: f.__name__)
def test_a_lost_or_damaged_state_means_everything_anew_and_says_so(
    built: Built, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    built.copy(tmp_path / "out")
    harm(state.beside(tmp_path / "out"))
    report = build(built.site, tmp_path / "out", built.work)
    assert report.reason is not None
    assert "missing or damaged" in str(report.reason)
    assert report.made == built.report.made
    assert pages(tmp_path / "out") == pages(built.out)


def test_a_state_of_another_site_counts_for_nothing(built: Built, tmp_path: Path) -> None:
    other = sample.without(built.site, "2026-09-21-tip")
    build(other, tmp_path / "a" / "out", built.work)
    (tmp_path / "b").mkdir()
    built.copy(tmp_path / "b/out")
    mine = state.beside(tmp_path / "b/out")
    mine.write_bytes(state.beside(tmp_path / "a/out").read_bytes())
    assert state.load(mine, state_name(tmp_path / "b/out")) is None
    assert build(built.site, tmp_path / "b/out", built.work).reason is not None
    assert pages(tmp_path / "b/out") == pages(built.out)


def test_a_page_that_is_gone_is_made_again(built: Built, tmp_path: Path) -> None:
    built.copy(tmp_path / "out")
    (tmp_path / f"out/posts/2026/{sample.PLAIN}/index.html").unlink()
    build(sample.without(built.site, "2026-09-21-tip"), tmp_path / "out", built.work)
    build(built.site, tmp_path / "out", built.work)
    assert pages(tmp_path / "out") == pages(built.out)


def test_a_whole_build_on_demand_makes_everything_and_mends_what_was_edited(
    built: Built, tmp_path: Path
) -> None:
    out = built.copy(tmp_path / "out")
    (out / "index.html").write_text("edited by hand")
    report = build(built.site, out, built.work, Plan(whole=True))
    assert report.made == built.report.made
    assert pages(out) == pages(built.out)


def test_a_full_disk_says_so_and_leaves_the_old_site(built: Built, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(sample.without(built.site, sample.PLAIN), out, built.work)
    before, children = pages(out), os.fork()
    if children == 0:  # a limit on the size of files stands in for the end of the disk
        sys.dont_write_bytecode = True  # it would be cut short, and lie there for every later run
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
        try:
            build(built.site, out, built.work)
        except Fault as fault:
            os._exit(42 if "disk is full" in str(fault.message) else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(children, 0)
    assert os.waitstatus_to_exitcode(status) == 42
    assert pages(out) == before
    assert not (tmp_path / ".out.next").exists()
    build(built.site, out, built.work)
    assert pages(out) == pages(built.out)


def test_a_log_that_was_cut_short_replaces_no_site(built: Built, tmp_path: Path) -> None:
    out, digests = built.copy(tmp_path / "out"), records(built.site.archive)
    before = tree(out)
    for other in (digests[:-1], ["0" * 64, *digests[1:]]):
        with pytest.raises(Fault, match="cut short|history was changed"):
            build(replace(built.site, log=site_log(other)), out, built.work)
    with pytest.raises(Fault, match="this none"):
        build(replace(built.site, log=None), out, built.work)
    assert tree(out) == before
    build(replace(built.site, log=site_log([*digests, "1" * 64])), out, built.work)


def test_a_full_block_of_the_log_is_made_once(built: Built, tmp_path: Path) -> None:
    out, many, asked = tmp_path / "out", [f"{n:064x}" for n in range(600)], list[int]()
    for size, wanted in ((255, []), (256, [0]), (509, []), (600, [1]), (600, [])):
        before = (out / BUILDS).read_bytes() if out.exists() else b""
        log = site_log(many[:size], before=read_builds(before) or ())
        site = replace(built.site, log=replace(log, block=partial(_asked, asked, log.block)))
        build_site(site, out, built.work)
        assert asked == wanted
        asked.clear()
    assert (out / BUILDS).read_bytes() == before  # nothing changed: the last build stands
    build_site(replace(built.site, log=log), tmp_path / "cold", built.work)
    assert tree(tmp_path / "cold") == tree(out)


def _asked(asked: list[int], make: Callable[[int], Iterable[File]], block: int) -> Iterable[File]:
    asked.append(block)
    return make(block)


@pytest.mark.parametrize("harm", [Path.unlink, _flip], ids=["deleted", "changed"])
def test_a_checkpoint_that_was_touched_stops_the_build(
    built: Built, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    built.copy(tmp_path / "out")
    harm(tmp_path / "out/log/checkpoint")
    with refuses("checkpoint-changed"):
        build(built.site, tmp_path / "out", built.work)


def test_a_list_of_files_is_in_the_order_of_the_bytes_of_paths() -> None:
    lines = [
        f"{n * 64}  {path}\n"
        for n, path in zip("123", ("zz/文件", "a/b", "m/\u2028x"), strict=True)
    ]
    units = {"b": UnitFiles("", 3, lines[0]), "a": UnitFiles("", 3, lines[1] + lines[2])}
    found = state.listing(units)
    assert found == "".join((lines[1], lines[2], lines[0])).encode()
    assert found == b"".join(sorted(found.splitlines(keepends=True), key=lambda line: line[66:]))

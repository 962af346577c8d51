"""Whole sites made by somebody else, or without a signed log: what the button says of them."""

import shutil
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Page, Route, expect

from pipeline.evidence.log.checkpoint import Checkpoint, sign_note
from pipeline.evidence.log.merkle import grow, leaf_hash, root
from pipeline.evidence.log.tiles import read_entries
from tests.browser.serving import ANSWER, served, verdict
from tests.builders.leaves import leaf_data
from tests.builders.published import logged, replace_log
from tests.site import sample, sample_registers
from tests.site.conftest import Built
from tests.site.sample_log import KEY, ORIGIN, build, records, site_log

pytestmark = pytest.mark.browser
BODY = '<div data-signed="body">'
POST = f"posts/2026/{sample.PLAIN}/"
THIEF = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x08").private_bytes(
    Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()
)


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same posts, signed by fresh keys under the reviewers' names, with a log of its own."""
    folder = tmp_path_factory.mktemp("forged")
    with pytest.MonkeyPatch.context() as patch:
        fresh = lambda person: sha256(f"thief of {person}".encode()).digest()  # noqa: E731
        patch.setattr(sample_registers, "seed", fresh)
        site = sample.make()
    build(
        replace(site, log=site_log(records(site.archive), THIEF)), folder / "out", folder / "work"
    )
    return folder / "out"


def _host(page: Page, address: str, folder: Path) -> None:
    """Let the host of an address serve another folder."""

    def answer(route: Route) -> None:
        path = folder / route.request.url.removeprefix(address).partition("?")[0]
        path = path / "index.html" if path.is_dir() else path
        route.fulfill(path=path) if path.exists() else route.fulfill(status=404)

    page.route(f"{address}**", answer)


def test_a_complete_forgery_claims_no_more_than_it_knows(
    tab: Page, address: str, forged: Path
) -> None:
    _host(tab, address, forged)
    result, said = verdict(tab, address + POST)
    assert result == "good", said
    assert "取自本站，本浏览器第一次见到" in said
    assert "应与主办单位在本站以外（公文、公告栏、电话）公布的核对" in said
    assert "没有被改动" not in said


def test_a_complete_forgery_is_met_with_a_warning_by_a_browser_that_saw_the_site(
    tab: Page, address: str, forged: Path
) -> None:
    assert verdict(tab, address + POST)[0] == "good"
    result, said = verdict(tab, address + POST)
    assert result == "good"
    assert "记下的相同" in said
    _host(tab, address, forged)
    for _ in range(2):
        result, said = verdict(tab, address + POST)
        assert result == "warn", said
        assert "公钥名册和日志公钥与本浏览器 20" in said
    tab.get_by_role("button", name="已在本站以外核对无误，记住现在的").click()
    expect(tab.locator(ANSWER)).to_have_attribute("data-sanshen-proof", "good")
    tab.unroute_all()
    assert verdict(tab, address + POST)[0] == "warn"


def test_without_storage_the_sentence_says_that_nothing_can_be_remembered(
    page: Page, address: str
) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw 1 }})")
    result, said = verdict(page, address + POST)
    assert result == "good"
    assert "本浏览器不能记住以备下次比较" in said


def _altered(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def _made_anew(out: Path, folder: Path, key: bytes | None) -> Path:
    """A page altered by a host without the log's key, with lists and a checkpoint that fit.

    `key`: what signs the checkpoint; empty: nothing; None: the old signature stays.
    """
    site = shutil.copytree(out, folder / "copy")
    page, note = site / POST / "index.html", site / "log/checkpoint"
    chain = (page, site / "manifest/2026.sha256", site / "site-manifest.sha256")
    before = [sha256(path.read_bytes()).hexdigest() for path in chain]
    old = logged(site)
    _altered(page, BODY, f"<p>请转账。</p>{BODY}")
    for number, listing in enumerate(chain[1:]):
        _altered(listing, before[number], sha256(chain[number].read_bytes()).hexdigest())
    replace_log(site, *old[:-1])
    was, now = (b64encode(root(grow(map(leaf_hash, leaves)))) for leaves in (old, logged(site)))
    _altered(note, was.decode(), now.decode())
    if key is not None:
        text = note.read_text("utf-8").rpartition("\n\n")[0] + "\n"
        note.write_bytes(sign_note(text, ORIGIN, key) if key else text.encode())
    return site


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        (None, ("bad", "封签不是用这把日志公钥对应的密钥签的")),
        (THIEF, ("bad", "封签不是用这把日志公钥对应的密钥签的")),
        (b"", ("lack", "日志封签没有签名")),
    ],
)
def test_lists_made_to_fit_an_altered_page_are_not_green(
    tab: Page,
    address: str,
    built: Built,
    tmp_path: Path,
    key: bytes | None,
    answer: tuple[str, str],
) -> None:
    _host(tab, address, _made_anew(built.out, tmp_path, key))
    result, text = verdict(tab, address + POST)
    assert result == answer[0], text
    assert answer[1] in text


@pytest.mark.parametrize("size", [256, 512, 600])
def test_the_last_entry_of_a_large_log_names_the_list(
    tab: Page, address: str, built: Built, tmp_path: Path, size: int
) -> None:
    site = shutil.copytree(built.out, tmp_path / "copy")
    old = logged(site)
    more = (leaf_data("publication", f"{n:064x}", "x", "y") for n in range(size - len(old)))
    replace_log(site, *old[:-1], *more)
    leaves = read_entries(lambda path: (site / "log" / path).read_bytes(), size)
    note = Checkpoint(ORIGIN, size, root(grow(map(leaf_hash, leaves)))).text  # type: ignore[arg-type]
    (site / "log/checkpoint").write_bytes(sign_note(note, ORIGIN, KEY))
    _host(tab, address, site)
    result, text = verdict(tab, address + POST)
    assert result == "good", text
    assert f"（共 {size} 条，" in text
    assert "最后一条写明本站的文件清单（提交 cccccccccccc，数据截至 2026-" in text


@pytest.fixture(scope="module")
def unlogged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("unlogged")
    build(replace(sample.make(), log=None), folder / "out", folder / "work")
    yield from served(folder / "out")


def test_a_site_without_a_log_is_never_green(tab: Page, unlogged: str) -> None:
    result, said = verdict(tab, unlogged + POST)
    assert result == "lack", said
    assert "但本站没有发布日志，网页无从核对" in said

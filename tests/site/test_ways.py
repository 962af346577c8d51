"""Ways through the archive: the table behind them, what lists show, accounts and their figures."""

import io
import json
import re
from dataclasses import replace

import pytest
from PIL import Image

from pipeline.detect.machine_made import label_of
from pipeline.model.cards import card_of
from pipeline.model.posts import MediaFact
from pipeline.site.frame.mkdocs_shell import Shell
from pipeline.site.frame.theme_lint import theme_faults
from pipeline.site.pages.lists import pager
from pipeline.site.pages.media import LISTED, picture
from pipeline.site.render_context import RenderContext
from pipeline.site.ways import TABLE, ways_of
from tests.detect.test_images import image
from tests.detect.test_machine_made import XMP
from tests.site import sample
from tests.site.conftest import Built


def test_a_way_holds_posts_by_kind_category_or_file() -> None:
    table = {
        "a/": {"title": "甲", "about": "", "kinds": ["tip"], "categories": [5]},
        "b/": {"title": "乙", "about": "", "files": ["mp4"]},
    }
    first, second = ways_of({TABLE: json.dumps(table).encode()})
    card = card_of(sample.make().archive.posts[sample.PLAIN])
    assert first.holds(card)
    assert not first.holds(card._replace(kind="notice"))
    assert first.holds(card._replace(kind="rumor", category=5))
    assert not second.holds(card)
    assert second.holds(card._replace(files=(("content/x/Film.MP4", "0"),)))
    assert ways_of({}) == (), "a theme of before has none"


@pytest.mark.parametrize(
    "raw",
    ["{", "[]", '{"a/": 1}', '{"../": {"title": "", "about": ""}}', '{"a/": {"title": "甲"}}',
     '{"a/": {"title": "甲", "about": "", "kinds": ["tips"]}}',
     '{"a/": {"title": "甲", "about": "", "categories": [8]}}',
     '{"a/": {"title": "甲", "about": "", "modes": ["film"]}}'],
)  # fmt: skip
def test_a_table_of_ways_that_none_can_be_is_refused_with_the_theme(raw: str) -> None:
    theme = {**sample.make().theme, TABLE: raw.encode()}
    assert [finding.location.path for finding in theme_faults(theme)] == [TABLE]


def test_a_way_holds_what_accounts_of_a_mode_carry(built: Built) -> None:
    ways = {way.url: way for way in RenderContext(built.site, Shell({}, {}, ())).ways}
    film = ways["videos/"]
    accounts = built.site.archive.registers.accounts
    assert film.accounts == tuple(a.id for a in accounts.values() if a.content_mode == "av")
    card = card_of(built.site.archive.posts[sample.PLAIN])
    assert film.holds(card._replace(accounts=film.accounts, files=()))
    assert not film.holds(card._replace(accounts=(), files=()))
    page = built.text("videos/index.html")
    assert all(accounts[a].name in page and accounts[a].url in page for a in film.accounts)


def test_every_way_lists_its_posts_and_has_a_feed(built: Built) -> None:
    for way in RenderContext(built.site, Shell({}, {}, ())).ways:
        page = built.text(f"{way.url}index.html")
        assert f"{way.url}feed.xml" in page
        ids = set(re.findall(r'class="sn-entry__title" href="\.\./posts/\d+/([^/]+)/"', page))
        posts = built.site.archive.posts.values()
        assert ids == {p.id for p in posts if not p.withdrawn and way.holds(card_of(p))}


def test_a_list_shows_the_first_picture_that_no_machine_made(built: Built) -> None:
    post = built.site.archive.posts[sample.PLAIN]
    folder = f"posts/2026/{post.id}/"
    small = Image.open(io.BytesIO((built.out / folder / LISTED).read_bytes()))
    assert small.size == (320, 180)
    entry = f'src="../{folder}{LISTED}" width="320" height="180"'
    assert entry in built.text("guides/index.html")
    assert card_of(post).picture == "stove.png"
    made = MediaFact(f"{post.folder}/stove.png", made_by_machine="1")
    assert card_of(replace(post, media=(made,))).picture == ""


def test_the_size_for_lists_carries_the_label_of_what_a_machine_made() -> None:
    shown = picture("a.jpg", image("JPEG", xmp=XMP), "云岚市应急管理局", "2026-11-03-x", True)
    assert shown is not None
    assert label_of(shown.files[LISTED]) is not None


def test_numbers_of_pages_count_from_the_newest_and_leave_out_the_middle() -> None:
    urls = [f"p{n}/" for n in range(20, 0, -1)]
    first, middle, last = (pager(urls, at, "older/") for at in (0, 9, 19))
    assert [n for n, _ in first.numbers] == [1, 2, 3, 20]
    assert [n for n, _ in middle.numbers] == [1, 8, 9, 10, 11, 12, 20]
    assert (middle.newer, middle.older) == ("p12/", "p10/")
    assert (last.newer, last.older) == ("p2/", "older/")
    assert dict(middle.numbers)[20] == "p1/"


def test_an_account_shows_who_it_is_and_its_code(built: Built) -> None:
    page = built.text("accounts/yunlan-wechat/index.html")
    assert 'src="../../accounts/yunlan-wechat/code.svg"' in page
    assert (built.out / "accounts/yunlan-wechat/code.svg").read_bytes().startswith(b"<svg")

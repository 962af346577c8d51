"""The lists: years, months, categories, accounts and keywords; a unit each page."""

from collections.abc import Iterator, Sequence
from functools import partial

from pipeline.site import words
from pipeline.site.stamp import Crumb
from pipeline.site.units import Unit
from pipeline.site.views import View, grouped, leaves, tag_slug
from pipeline.site.workshop import Workshop

_MONTH_LATEST = 10  # posts of a month on its year's page


def list_units(shop: Workshop) -> Iterator[Unit]:
    yield from _years(shop)
    for number, name in words.CATEGORIES.items():
        items = shop.by_category.get(number, ())
        label = words.SHORT_CATEGORIES[number]
        above = Crumb("栏目", "categories/")
        yield from _leafed(shop, f"categories/{number}/", label, name, items, above, feed=True)
    for account in shop.site.archive.registers.accounts.values():
        items = shop.by_account.get(account.id, ())
        note = f"{words.PLATFORMS.get(account.platform, '')}，备案：{account.filing or '未填写'}"
        above = Crumb("账号", "accounts/")
        url = f"accounts/{account.id}/"
        yield from _leafed(shop, url, account.name, note, items, above, feed=True)
    for tag, items in sorted(shop.by_tag.items()):
        url = f"tags/{tag_slug(str(tag))}/"
        note = f"带有关键词“{tag}”的内容"
        yield from _leafed(shop, url, str(tag), note, items, Crumb("关键词", "tags/"))


def _years(shop: Workshop) -> Iterator[Unit]:
    for year, items in grouped(shop.views, lambda v: (v.card.year,)).items():
        months = grouped(items, lambda v: (v.day.month,))
        url = f"posts/{year}/"
        shown = {m: (len(found), shop.marks(found[:_MONTH_LATEST])) for m, found in months.items()}
        make = partial(
            shop.simple,
            url,
            f"{year}年",
            f"{year}年发布的全部内容，共 {len(items)} 篇",
            "year.html.j2",
            crumbs=(Crumb("全部内容", "posts/"),),
            year=year,
            months=months,
            latest=_MONTH_LATEST,
            count=len(items),
        )
        changed = max(v.updated for v in items)
        yield shop.unit(url, shop.key(url, sorted(shown.items())), make, changed)
        for month, found in months.items():
            yield _month(shop, year, month, found)


def _month(shop: Workshop, year: str, month: int, found: Sequence[View]) -> Unit:
    url, title = f"posts/{year}/{month:02d}/", f"{year}年{month}月"
    make = partial(
        shop.simple,
        url,
        title,
        f"{title}发布的全部内容，共 {len(found)} 篇",
        "list.html.j2",
        crumbs=(Crumb("全部内容", "posts/"), Crumb(f"{year}年", f"posts/{year}/")),
        note=f"共 {len(found)} 篇",
        items=found,
        leaf=None,
        feed_url="",
    )
    return shop.unit(url, shop.key(url, shop.marks(found)), make, max(v.updated for v in found))


def _leafed(
    shop: Workshop,
    url: str,
    title: str,
    note: str,
    items: Sequence[View],
    above: Crumb,
    *,
    feed: bool = False,
) -> Iterator[Unit]:
    """A list in leaves: the newest at `url`, older ones numbered from the oldest end below it.

    An older leaf does not say how many there are: that would change it with every fiftieth post.
    """
    found = leaves(items)
    for place, leaf in enumerate(found):
        number = len(found) - place
        here = url if place == 0 else f"{url}{number}/"
        turn = {
            "older": f"{url}{number - 1}/" if number > 1 else "",
            "newer": "" if place == 0 else url if place == 1 else f"{url}{number + 1}/",
            "number": number,
            "newest": place == 0,
        }
        heading = title if place == 0 else f"{title}（第{number}页）"
        make = partial(
            shop.simple,
            here,
            heading,
            f"{heading}：{note}",
            "list.html.j2",
            crumbs=(above,) if place == 0 else (above, Crumb(title, url)),
            note=note,
            items=leaf,
            leaf=turn,
            feed_url=url if feed and place == 0 else "",
        )
        key = shop.key(here, heading, note, shop.marks(leaf), sorted(turn.items()))
        changed = max((v.updated for v in leaf), default=None)
        yield shop.unit(here, key, make, changed)

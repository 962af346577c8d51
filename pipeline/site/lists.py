"""The lists: years, months, categories, accounts and keywords."""

from collections.abc import Iterator, Sequence

from pipeline.site import words
from pipeline.site.stamp import Crumb
from pipeline.site.views import View, grouped, leaves, tag_slug
from pipeline.site.workshop import Workshop

_MONTH_LATEST = 10  # posts of a month on its year's page


def list_pages(shop: Workshop) -> Iterator[tuple[str, bytes]]:
    yield from _years(shop)
    for number, name in words.CATEGORIES.items():
        items = shop.by_category.get(number, ())
        label = words.SHORT_CATEGORIES[number]
        yield from _leafed(
            shop, f"categories/{number}/", label, name, items, Crumb("栏目", "categories/")
        )
    for account in shop.site.archive.registers.accounts.values():
        items = shop.by_account.get(account.id, ())
        note = f"{words.PLATFORMS.get(account.platform, '')}，备案：{account.filing or '未填写'}"
        yield from _leafed(
            shop, f"accounts/{account.id}/", account.name, note, items, Crumb("账号", "accounts/")
        )
    for tag, items in sorted(shop.by_tag.items()):
        url = f"tags/{tag_slug(str(tag))}/"
        note = f"带有关键词“{tag}”的内容"
        yield from _leafed(shop, url, str(tag), note, items, Crumb("关键词", "tags/"))


def _years(shop: Workshop) -> Iterator[tuple[str, bytes]]:
    top = Crumb("全部内容", "posts/")
    for year, items in grouped(shop.views, lambda v: (v.post.year,)).items():
        months = grouped(items, lambda v: (v.day.month,))
        above = Crumb(f"{year}年", f"posts/{year}/")
        yield shop.simple(
            above.url,
            f"{year}年",
            f"{year}年发布的全部内容，共 {len(items)} 篇",
            "year.html.j2",
            crumbs=(top,),
            year=year,
            months=months,
            latest=_MONTH_LATEST,
            count=len(items),
        )
        for month, found in months.items():
            title = f"{year}年{month}月"
            yield shop.simple(
                f"posts/{year}/{month:02d}/",
                title,
                f"{title}发布的全部内容，共 {len(found)} 篇",
                "list.html.j2",
                crumbs=(top, above),
                note=f"共 {len(found)} 篇",
                items=found,
                leaf=None,
            )


def _leafed(
    shop: Workshop, url: str, title: str, note: str, items: Sequence[View], above: Crumb
) -> Iterator[tuple[str, bytes]]:
    """A list in leaves: the newest at `url`, older ones numbered from the oldest end below it."""
    found = leaves(items)
    for place, leaf in enumerate(found):
        number = len(found) - place
        here = url if place == 0 else f"{url}{number}/"
        older = f"{url}{number - 1}/" if number > 1 else ""
        newer = "" if place == 0 else url if place == 1 else f"{url}{number + 1}/"
        heading = title if place == 0 else f"{title}（第{number}页）"
        crumbs = (above,) if place == 0 else (above, Crumb(title, url))
        yield shop.simple(
            here,
            heading,
            f"{heading}：{note}",
            "list.html.j2",
            crumbs=crumbs,
            note=note,
            items=leaf,
            leaf={"older": older, "newer": newer, "number": number, "of": len(found)},
        )

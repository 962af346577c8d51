"""Post pages and tombstones, with the files that lie beside them."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from markupsafe import Markup

from pipeline.site import evidence_bundle, feeds
from pipeline.site.stamp import Crumb, Page
from pipeline.site.tables import classed
from pipeline.site.views import View
from pipeline.site.workshop import Workshop


def post_pages(shop: Workshop) -> Iterator[tuple[str, bytes]]:
    newer = (None, *shop.views[:-1])
    for view, later, earlier in zip_longest(shop.views, newer, shop.views[1:]):
        yield from _post(shop, view, earlier, later)


def _post(
    shop: Workshop, view: View, earlier: View | None, later: View | None
) -> Iterator[tuple[str, bytes]]:
    site, post = shop.site, view.post
    evidence = evidence_bundle.bundle(site, post)
    rendition = site.archive.renditions.get((post.id, feeds.CHANNEL))
    html = rendition.html if rendition and not view.withdrawn else ""
    template = "tombstone.html.j2" if view.withdrawn else "post.html.j2"
    content = shop.draw(
        template,
        view.url,
        view=view,
        body=Markup(classed(html)),  # noqa: S704 — sanitised by the renderer
        evidence=evidence,
        carried=_carried(shop, view),
        department=_department(shop, view),
    )
    headings = rendition.headings if rendition and not view.withdrawn else ()
    toc = (*headings, *((2, name, text) for name, text in _SECTIONS if f'id="{name}"' in content))
    yield shop.page(
        Page(
            view.url,
            view.title,
            view.summary or f"{view.title}（{view.kind}）",
            content,
            _month_crumbs(view),
            tuple(toc),
            _neighbour(earlier),
            _neighbour(later),
        ),
        feeds.updated(view),
    )
    for name, data in evidence.files.items():
        yield view.url + name, data


_SECTIONS = (
    ("carried", "账号发布情况"),
    ("corrections", "更正与变更"),
    ("evidence", "审核与签名"),
)


def _neighbour(view: View | None) -> Crumb | None:
    return Crumb(view.title, view.url) if view else None


def _month_crumbs(view: View) -> tuple[Crumb, ...]:
    year, month = view.url.split("/")[1], f"{view.day.month:02d}"
    return (
        Crumb("全部内容", "posts/"),
        Crumb(f"{year}年", f"posts/{year}/"),
        Crumb(f"{view.day.month}月", f"posts/{year}/{month}/"),
    )


def _carried(shop: Workshop, view: View) -> list[dict[str, Any]]:
    accounts = shop.site.archive.registers.accounts
    found = sorted(shop.site.archive.publications_of(view.post.id), key=lambda p: p.published_at)
    return [
        {"account": accounts[p.account], "publication": p} for p in found if p.account in accounts
    ]


def _department(shop: Workshop, view: View) -> str:
    department = shop.site.archive.registers.departments.get(
        str(view.post.meta.get("origin_dept", ""))
    )
    return department.name if department else ""

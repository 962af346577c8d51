"""What every page of one build shares: the input, the shell, the templates, the sorted posts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.law.rulebook import REGULATION
from pipeline.model import brings, part, posts, records, waivers, zh_names
from pipeline.model.calendar import chinese_day, local_date, minute
from pipeline.model.ids import NO_CLAUSE, PostId, sha256_of
from pipeline.model.policy import Policy
from pipeline.site import addresses, fragments, inputs
from pipeline.site.frame.mkdocs_shell import Shell, base_url, frame_source
from pipeline.site.frame.page_frame import Publisher, stamp
from pipeline.site.pages.post_view import PostView
from pipeline.site.units import Crumb, File, Page, Unit, digest, program_digest
from pipeline.site.view import TAG, WARNINGS
from pipeline.site.ways import Way, ways_of
from pipeline.site.years import ListTotals, SiteYear, year_summary

if TYPE_CHECKING:  # jinja2 stands behind it, and a site that stays as it is is not drawn
    from pipeline.site.frame.jinja_env import Drawing

TEMPLATES = "site/templates/"
_LAWS = ("实施细则", "管理办法", "实施办法", "管理规定", "管理制度", "细则", "办法", "规定", "制度")
"""Words that end the title of a regulation."""
CHANNEL = "archive"
Rendered = dict[str, tuple[str, str]]
"""Post id → the text that making its page rendered and, of the newest year, whose posts feeds show,
the HTML."""


@dataclass(frozen=True)
class RenderContext:
    """The input, the shell, and what every page needs of them."""

    site: inputs.SiteInput
    shell: Shell
    previous: Mapping[str, Any] = field(default_factory=dict)
    """Group id → `Group.summary` of the last build."""
    rendered: Rendered = field(default_factory=dict, compare=False)
    """Of the posts whose pages were made."""
    given: dict[str, Any] = field(default_factory=dict, compare=False)
    """Name → what a part gives, once it was asked for."""

    @cached_property
    def base(self) -> str:
        return base_url(self.policy)

    @property
    def policy(self) -> Policy:
        return self.site.archive.registers.policy

    def media(self, path: str) -> bytes:
        return self.site.media(path)

    @cached_property
    def base_path(self) -> str:
        """The path of the public address, for pages that no relative link can serve."""
        return urlsplit(self.base).path or "/"

    @cached_property
    def name(self) -> str:
        return str(self.policy.archive["name"])

    @cached_property
    def law_name(self) -> str:
        """What the regulation calls itself: 实施细则, 管理办法 …"""
        title = self.site.media(REGULATION).decode().split("\n", 1)[0].rstrip()
        return next((word for word in _LAWS if title.endswith(word)), "规定")

    @cached_property
    def publisher(self) -> Publisher:
        return Publisher(self.name, self.base)

    def value(self, name: str, default: Any = ()) -> Any:
        """What a part gives to pages of others; `default` where none does."""
        if name not in self.given:
            makers = (g.values[name] for g in part.program().pages if name in g.values)
            self.given[name] = next((make(self) for make in makers), default)
        return self.given[name]

    @cached_property
    def faults(self) -> Mapping[str, list[str]]:
        """Post → what the audit refuses of how accounts carried it, and whether that is closed."""
        archive, rows = self.site.archive, defaultdict[str, list[str]](list)
        early = {p.path for p in waivers.unexcused(archive)}
        for p in records.odd(archive.publications):
            what: list[str] = []
            if p.path in early:
                elsewhere = waivers.carried_elsewhere(p, waivers.confirmation_of(p, archive))
                what = ["在未经批准的账号发布" if elsewhere else "先发布、后确认"]
            what += ["由他人发布"] if waivers.pressing_fault(p, archive) else []
            if what:
                closed = waivers.closing(NO_CLAUSE, p.fault, archive)
                end, law = "，整改尚未办结", "第十一条、第十五条" if p.path in early else "第十一条"
                law = "" if self.site.rulebook.own else f"，不符合{law}"
                if closed:
                    end = f"，{chinese_day(local_date(closed['at']))}整改办结"
                    end += f"，措施为“{closed['measures']}”"
                name = archive.registers.name_of(p.account)
                rows[p.post].append(f"“{name}”的这次发布{'、'.join(what)}{law}{end}。")
        return rows

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Those that the theme has a page for."""
        accounts = self.site.archive.registers.accounts.values()
        return tuple(
            way._replace(accounts=tuple(a.id for a in accounts if a.content_mode in way.modes))
            for way in ways_of(self.site.theme)
            if frame_source(way.url, self.site.theme)
        )

    @cached_property
    def years(self) -> tuple[SiteYear, ...]:
        """The oldest first."""
        archive = self.site.archive
        corrections: defaultdict[str, dict[str, list[records.Correction]]] = defaultdict(dict)
        stated: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for correction in archive.corrections:
            year = correction.post[:4]
            corrections[year].setdefault(correction.post, []).append(correction)
            stated[year].append((correction.path, correction.document.digest))
        return tuple(
            SiteYear(
                volume,
                archive,
                corrections[volume.year],
                self.key(volume.year, volume.mark, stated[volume.year]),
                year_summary(self.previous.get(volume.year)),
                self.ways,
            )
            for volume in self.site.volumes
            if volume.posts
        )

    def links(self, where: str, own: Iterable[brings.PageLink] = ()) -> list[brings.PageLink]:
        """A list of links; parts bring theirs among its own."""
        links = part.program().links(where, own)
        return [link._replace(title=link.title or self.law_name) for link in links]

    def closed(self, year: SiteYear) -> bool:
        """Whether a later year has posts."""
        return any(y.name > year.name and y.summary.present.posts for y in self.years)

    def newest_of(self, most: int, kind: str = "", value: str = "") -> tuple[PostView, ...]:
        """The newest posts of a list, or of all; no year is opened that has none of them."""
        views: list[PostView] = []
        for year in reversed(self.years):
            if len(views) >= most:
                break
            if not kind:
                views += year.present
            elif value in year.summary.lists[kind]:
                views += year.listed(kind, value)
        return tuple(views[:most])

    @property
    def warnings(self) -> list[tuple[str, datetime]]:
        """As of `SiteView`; no year is opened for them."""
        rows = (row for year in reversed(self.years) for row in year.summary.warnings)
        return [(url, datetime.fromisoformat(at)) for url, at in islice(rows, WARNINGS)]

    @cached_property
    def held(self) -> Mapping[tuple[str, str], Mapping[str, ListTotals]]:
        """(kind, value) of a list → year → what it holds of it, the newest year first."""
        totals: defaultdict[tuple[str, str], dict[str, ListTotals]] = defaultdict(dict)
        for year in reversed(self.years):
            for kind, rows in year.summary.lists.items():
                for value, row in rows.items():
                    totals[kind, value][year.name] = row
        return totals

    def totals_of(self, kind: str, value: str) -> tuple[tuple[str, ListTotals], ...]:
        """What names a list of the whole as it stands, without a look at its posts."""
        return tuple(self.held.get((kind, value), {}).items())

    @cached_property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """(kind, value) of a list → how many posts it holds."""
        return {k: sum(row.posts for row in rows.values()) for k, rows in self.held.items()}

    @cached_property
    def common(self) -> str:
        """Digest of what any page may show or be shaped by, posts and records apart."""
        registers = self.site.archive.registers
        policy = registers.policy
        return digest(
            program_digest(),
            self.shell.digest,
            self.law_name,
            [(path, sha256_of(data)) for path, data in sorted(self.site.theme.items())],
            sorted((k, repr(v)) for k, v in policy.archive.items() if k != "as_of"),
            sorted((k, repr(v)) for k, v in policy.unit.items()),
            [repr(a) for a in registers.accounts.values()],
            sorted((d.id, d.name, repr(d.former)) for d in registers.departments.values()),
            sorted((p.id, p.name) for p in registers.people.values()),
            repr(registers.roster),
            [sorted(k.prior_records) for k in registers.roster.keys],
            self.site.rulebook.digest,
            self.site.rulebook.gaps,
            self.site.log is not None,
            [repr(s) for s in registers.sources.values()],
        )

    def key(self, *values: object) -> str:
        """The key of a unit that shows these values besides what all pages share."""
        return digest(self.common, *values)

    @cached_property
    def templates(self) -> "Drawing":
        from pipeline.site.frame.jinja_env import Compiled, Drawing

        def source(name: str) -> str | None:
            data = self.site.theme.get(TEMPLATES + name)
            return data.decode() if data is not None else None

        return Drawing(
            source,
            Compiled(*self.site.shelf) if self.site.shelf else None,
            words=zh_names,
            day=chinese_day,
            minute=minute,
            tag_slug=addresses.tag_slug,
            compared=fragments.quoted_change,
            period=fragments.period,
            unit=self.policy.unit,
            law_name=self.law_name,
            archive=self.policy.archive,
            as_of=self.site.archive.clock.as_given,
            today=self.site.archive.today,
            newest=self.newest.isoformat(),
            revision=self.site.revision,
            has_log=self.site.log is not None,
            outside=self.policy.digests_published,
            links=self.links,
        )

    def draw(self, template: str, url: str, **values: Any) -> str:
        return self.templates.draw(template, root=addresses.root_of(url), **values)

    def stamped(self, page: Page) -> File:
        frame = self.shell.frame(page.url)
        return f"{page.url}index.html", stamp(frame, page, self.publisher)

    def unit(
        self, url: str, key: str, make: Callable[[], Page], changed: datetime | None = None
    ) -> Unit:
        """One page as a unit. Without `changed` its last change is that of the newest post."""
        when = changed or self.newest
        return Unit(f"page:{url}", key, lambda: [self.stamped(make())], ((url, when),))

    def simple(self, url: str, title: str, description: str, template: str, **values: Any) -> Page:
        """A page of one template without a table of contents."""
        crumbs: tuple[Crumb, ...] = values.pop("crumbs", ())
        feed: str = values.get("feed_url", "")
        content = self.draw(template, url, title=title, **values)
        return Page(url, title, description, content, crumbs, feed=feed)

    def rendition(self, post: PostId) -> posts.Rendition | None:
        """The post as the archive shows it; None for one without a rendition."""
        return self.site.archive.renditions.get((post, CHANNEL))

    def ask(self, views: Iterable[PostView], *, whole: bool = False) -> None:
        """Look for posts in one go; unless `whole`, only for those whose text was not rendered."""
        self.site.ask(view.id for view in views if whole or view.id not in self.rendered)

    def text(self, view: PostView) -> str:
        """The post as plain text: as its page rendered it, or rendered anew."""
        if view.id in self.rendered:
            return self.rendered[view.id][0]
        shown = self.rendition(view.id)
        return shown.text if shown else ""

    def html(self, view: PostView) -> str:
        """The post as HTML, without what its page adds."""
        if view.id in self.rendered and self.rendered[view.id][1]:
            return self.rendered[view.id][1]
        shown = self.rendition(view.id)
        return shown.html if shown else ""

    @cached_property
    def newest(self) -> datetime:
        """When the newest post came; `as_of` would give every page a new date at every build."""
        times = (datetime.fromisoformat(y.summary.updated) for y in self.years)
        return max(times, default=self.site.archive.clock.as_given)

    @cached_property
    def tags(self) -> dict[str, int]:
        """Keyword → how many posts have it, sorted."""
        return dict(sorted((tag, n) for (kind, tag), n in self.counts.items() if kind == TAG))

    def marks(self, items: Iterable[PostView]) -> tuple[str, ...]:
        """What names these posts as they stand."""
        return tuple(view.mark for view in items)

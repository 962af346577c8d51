"""What every page of one build shares: the input, the shell, the templates, the sorted posts."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined

from pipeline.site import words
from pipeline.site.builder import Shell, base_url
from pipeline.site.inputs import SiteInput
from pipeline.site.stamp import Crumb, Page, root_of, stamp
from pipeline.site.views import View, grouped, tag_slug, views

TEMPLATES = "site/templates/"


@dataclass(frozen=True)
class Workshop:
    """The input, the shell, and what every page needs of them."""

    site: SiteInput
    shell: Shell
    changes: list[tuple[str, datetime]] = field(default_factory=list)
    """(url, last change) of every page made so far, for the sitemap."""

    @cached_property
    def base(self) -> str:
        return base_url(self.site.archive.registers.policy)

    @cached_property
    def base_path(self) -> str:
        """The path of the public address, for pages that no relative link can serve."""
        return urlsplit(self.base).path or "/"

    @cached_property
    def name(self) -> str:
        return str(self.site.archive.registers.policy.archive["name"])

    @cached_property
    def views(self) -> tuple[View, ...]:
        return views(self.site.archive)

    @cached_property
    def present(self) -> tuple[View, ...]:
        """All but the withdrawn."""
        return tuple(v for v in self.views if not v.withdrawn)

    @cached_property
    def templates(self) -> Environment:
        def source(name: str) -> str | None:
            data = self.site.theme.get(TEMPLATES + name)
            return data.decode() if data is not None else None

        made = Environment(
            autoescape=True,
            undefined=StrictUndefined,
            loader=FunctionLoader(source),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals.update(
            words=words,
            day=words.chinese_day,
            minute=words.minute,
            tag_slug=tag_slug,
            unit=self.site.archive.registers.policy.unit,
            archive=self.site.archive.registers.policy.archive,
            as_of=self.site.archive.as_of,
            today=self.site.archive.today,
            revision=self.site.revision,
        )
        return made

    def draw(self, template: str, url: str, **values: Any) -> str:
        page = self.templates.get_template(template)
        return page.render(root=root_of(url), **values)

    def page(self, page: Page, changed: datetime | None = None) -> tuple[str, bytes]:
        """Stamp a page and remember it for the sitemap."""
        self.changes.append((page.url, changed or self.site.archive.as_of))
        frame = self.shell.frame(page.url)
        return f"{page.url}index.html", stamp(frame, page, self.name, self.base)

    def simple(
        self, url: str, title: str, description: str, template: str, **values: Any
    ) -> tuple[str, bytes]:
        """A page of one template without a table of contents."""
        crumbs: tuple[Crumb, ...] = values.pop("crumbs", ())
        content = self.draw(template, url, title=title, **values)
        return self.page(Page(url, title, description, content, crumbs))

    @cached_property
    def by_category(self) -> dict[int, tuple[View, ...]]:
        return grouped(self.present, lambda v: (v.category,))

    @cached_property
    def by_account(self) -> dict[str, tuple[View, ...]]:
        return grouped(self.present, lambda v: [a.id for a in v.accounts])

    @cached_property
    def by_tag(self) -> dict[str, tuple[View, ...]]:
        return grouped(self.present, lambda v: dict.fromkeys(v.tags))

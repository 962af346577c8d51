"""The regulation: its text alone, a page for each article with its clauses and their checks, and
apart what was emended in the text and how well the checks do."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import chain, count, pairwise
from typing import Any

from pipeline.errors import Fault
from pipeline.law.coverage import from_elsewhere, led, uncovered
from pipeline.law.rulebook import REGULATION
from pipeline.model import zh_names
from pipeline.model.findings import Message, say
from pipeline.model.ids import sha256_of
from pipeline.model.law import Article, Rulebook, manners
from pipeline.model.policy import Parameter, Policy
from pipeline.site.pictures import scrolling
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Crumb, Page, Unit

_MARK = re.compile(r"〔([^〔〕]*)〕<a href=\"(#[^\"]+)\">(校\d+)</a>")
_HEADING = re.compile("<h3[^>]*>.*?</h3>")
_SPACES = re.compile(r"\s+")
_IN_FORCE = "regulation.in_force_from"
_ISSUED = re.compile(r"^> (\S+)\n>\n> 〔?(\d{4}年\d{1,2}月\d{1,2}日)", re.MULTILINE)
_NOTES, _ACCURACY = "校勘记", "机器检查的准确程度"


@dataclass(frozen=True)
class ClauseRow:
    """One clause: what a machine checks, what stays human, and when it is looked at."""

    id: str
    checked: str
    human: str
    how: str
    law: tuple[str, ...] = ()
    """The parts of the article that lead to it."""
    elsewhere: str = ""
    """The instrument that asks for it, where no part does."""
    cases: tuple[tuple[str, str], ...] = ()
    """(label, case): what passes, what does not, the border, what to do; as HTML."""

    @property
    def brief(self) -> str:
        """What it checks, in so few words that a line of a phone or two hold them."""
        return re.split("[。；：]", self.checked or self.human)[0]


@dataclass(frozen=True)
class RegulationPart:
    """A stretch of the text as HTML; after an article come its clauses."""

    html: str
    article: Article | None = None
    clauses: tuple[ClauseRow, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    """Those that it names, value and source in words."""

    @property
    def url(self) -> str:
        """Of the article's own page."""
        return _url(self.article) if self.article else "regulation/"

    @property
    def uncovered(self) -> list[str]:
        """The article's sentences that no clause answers for."""
        return uncovered(self.article) if self.article else []


def regulation_units(ctx: RenderContext) -> Iterator[Unit]:
    """The text and a page for every article, in one go: they take long and follow from little."""
    key = ctx.key(ctx.policy.parameters, _texts(ctx))
    urls = ["regulation/", *map(_url, ctx.site.rulebook.articles), *_apart(ctx)]
    heads = tuple((url, ctx.newest) for url in urls)
    yield Unit("page:regulation/", key, lambda: map(ctx.stamped, _pages(ctx)), heads)


def _url(article: Article) -> str:
    return f"regulation/{article.key.lstrip('0').lower()}/"


def _apart(ctx: RenderContext) -> dict[str, str]:
    """What stands beside the text: address → title. The figures are of the program's detectors,
    which its own rules ask."""
    noted = f"\n## {_NOTES}\n".encode() in ctx.site.media(REGULATION)
    pages = ("collation/", _NOTES, noted), ("accuracy/", _ACCURACY, not ctx.site.rulebook.own)
    return {f"regulation/{name}": title for name, title, there in pages if there}


def _texts(ctx: RenderContext) -> list[str]:
    """The clauses in words, which translations change."""
    texts = (text for each in ctx.site.rulebook.articles for text in each.texts.values())
    return [ctx.site.gettext(say(words)) for text in texts for words in filter(None, text[:-1])]


def _pages(ctx: RenderContext) -> Iterator[Page]:
    site, policy = ctx.site, ctx.site.archive.registers.policy
    raw = site.media(REGULATION)
    made, headings = parts(raw, site.rulebook, policy, site.gettext)
    text, _, notes = made[-1].html.partition(f'<h2 id="{_NOTES}">{_NOTES}</h2>')
    made = (*made[:-1], RegulationPart(text))
    values: dict[str, Any] = {
        "title": raw.decode().split("\n", 1)[0].removeprefix("# ").strip(),
        "parts": made,
        "gaps": site.rulebook.gaps,
        "apart": _apart(ctx),
        "issued": _ISSUED.search(raw.decode()),  # by whom, and on what day
        "notes": notes,
        "in_force": next((s.value for s in policy.parameters.get(_IN_FORCE, ())), ""),
    }
    content = ctx.draw("regulation.html.j2", "regulation/", **values)
    toc = tuple(h for h in headings if h[0] in (2, 3) and f'id="{h[1]}"' in content)
    crumbs = (Crumb(ctx.law_name, "regulation/"),)
    summary = f"{values['title']}全文"
    yield Page("regulation/", ctx.law_name, summary, content, (), toc)
    for part in made:
        if article := part.article:
            text = _HEADING.sub("", part.html, count=1)
            content = ctx.draw("article.html.j2", _url(article), text=text, part=part, **values)
            name = f"{ctx.law_name}{article.heading}"
            yield Page(_url(article), name, f"{name}，以及怎样检查", content, crumbs)
    for url, name in values["apart"].items():
        content = ctx.draw("apart.html.j2", url, name=name, **values)
        yield Page(url, name, f"{ctx.law_name}：{name}", content, crumbs)


def parts(
    raw: bytes, rulebook: Rulebook, policy: Policy, gettext: Callable[[Message], str]
) -> tuple[tuple[RegulationPart, ...], tuple[tuple[int, str, str], ...]]:
    """(parts in the order of the law, headings as (level, id, text)).

    Raises Fault when `raw` is not the text the rulebook was made from.
    """
    if sha256_of(raw) != rulebook.digest:
        raise Fault(
            say("{path} is not the text the rulebook was made from.", path=REGULATION),
            say("Build the site from one commit."),
        )
    headings: list[tuple[int, str, str]] = []
    made = tuple(_parts(raw.decode(), rulebook, policy, gettext, headings))
    return made, tuple(headings)


def _parts(
    text: str,
    rulebook: Rulebook,
    policy: Policy,
    gettext: Callable[[Message], str],
    headings: list[tuple[int, str, str]],
) -> Iterator[RegulationPart]:
    names = {a.heading: f"article-{a.key}" for a in rulebook.articles}
    numbers = count(1)
    for article in rulebook.articles:
        head, mark, text = text.partition(f"### {article.heading}\n")
        body = article.text
        if mark:
            _, _, text = text.partition(body)
        yield RegulationPart(render(head, names, headings, numbers))
        yield RegulationPart(
            render(f"### {article.heading}\n\n{body}\n", names, headings, numbers),
            article,
            tuple(_clauses(article, gettext)),
            tuple(_parameters(policy, article.parameters)),
        )
    yield RegulationPart(render(text, names, headings, numbers))


def render(
    markdown: str,
    names: dict[str, str],
    headings: list[tuple[int, str, str]],
    numbers: Iterator[int],
) -> str:
    """Markdown of the law as HTML: no raw HTML, ids on headings, wide tables scroll by keyboard."""
    from markdown_it import MarkdownIt  # the law seldom changes

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            name = names.get(inline.content, _SPACES.sub("-", inline.content))
            opening.attrSet("id", name)
            if opening.tag != "h1":
                headings.append((int(opening.tag[1]), name, inline.content))
    html = str(parser.renderer.render(tokens, parser.options, {}))
    html = re.sub(r"<h1[^>]*>.*?</h1>\n?", "", html)  # the page has its own
    return scrolling(_MARK.sub(_emended, html), numbers)


def _emended(match: re.Match[str]) -> str:
    """A word that was put in, and its mark: marks show where the reader wants them."""
    text, position, number = match[1].strip(), match[2], match[3]
    word = f'<ins>{text}</ins><span class="sn-emend">〕</span>' if text else ""
    opening = '<span class="sn-emend">〔</span>' if text else ""
    note = f'<a href="{escape(position)}" title="见校勘记">{number}</a>'
    return f'{opening}{word}<sup class="sn-emend">{note}</sup>'


def _clauses(article: Article, gettext: Callable[[Message], str]) -> Iterator[ClauseRow]:
    for number, kinds in manners(article).items():
        words = article.texts[number]
        how = "、".join(zh_names.MANNERS[kind] for kind in kinds)
        yield ClauseRow(
            article.clause_id(number),
            gettext(say(words.checked)) if words.checked else "",
            gettext(say(words.human)) if words.human else "",
            how,
            tuple(led(article, article.clause_id(number))),
            from_elsewhere(article.coverage).get(article.clause_id(number), ""),
            tuple((gettext(label), _coded(gettext(case))) for label, case in words.cases),
        )


def _coded(text: str) -> str:
    """What stands between backticks as code; the rest escaped."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _parameters(policy: Policy, names: Iterable[str]) -> Iterator[Parameter]:
    for setting in chain.from_iterable(policy.parameters.get(name, ()) for name in names):
        yield replace(setting, value=_value(setting.value), source=_source(setting.source))


def _source(noted: str) -> str:
    """Where a number is from, in words: S the law, V read there, K not confirmed, D our own."""
    marked = re.match(r"\[([SVKD])\] (.*)", noted, re.DOTALL)
    if not marked:
        return noted
    words = marked[2]
    own = "" if words.startswith("本项目自定") else "自定："
    return {"K": "未经核对：", "D": own}.get(marked[1], "") + words


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value)) or "（空）"
    return str(value)

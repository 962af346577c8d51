"""What parts bring to the site: pages, links to them, values that pages of others show."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import get_type_hints

import pytest

from pipeline.model.brings import Deferred, PageGroup, PageLink, Part, load
from pipeline.model.part import program
from pipeline.site.frame.mkdocs_shell import Shell
from pipeline.site.frame.page_frame import Frame
from pipeline.site.pages.post_view import PostView
from pipeline.site.pages.site_plan import site_plan
from pipeline.site.render_context import RenderContext
from pipeline.site.view import SiteView
from pipeline.site.years import SiteYear
from tests.site.conftest import Built

MORE = {"year": [SiteYear], "beside": [PostView, str, str], "data": [PostView]}
"""Field of a group → what its function is given after the view; the labels of `data` apart."""
FRAME = Frame((b"", b""), ("content",))


def functions() -> Iterator[tuple[str, str]]:
    """(field, "module:function") of all that parts bring."""
    for group in program().pages:
        for name, value in vars(group).items():
            made = value.values() if name in ("values", "pages") else [value]
            yield from ((name, each.where) for each in made if isinstance(each, Deferred))


@pytest.mark.parametrize(("field", "where"), list(functions()))
def test_every_function_takes_what_its_field_says(field: str, where: str) -> None:
    function = load(where)
    hints = get_type_hints(function)
    given = [hints[name] for name in inspect.signature(function).parameters]
    assert given[0] in (SiteView, RenderContext)
    asked = MORE.get(field, [])
    assert given[1 : 1 + len(asked)] == asked
    assert len(given) == 1 + len(asked) + (field == "data")


def test_all_of_the_narrow_view_is_in_the_whole_one() -> None:
    names = {name for name in vars(SiteView) if not name.startswith("_")}
    assert names and names <= {*dir(RenderContext), *RenderContext.__dataclass_fields__}


def test_no_two_units_have_one_name(built: Built) -> None:
    class Frames(Shell):
        def frame(self, url: str) -> Frame:
            return FRAME

    plan = site_plan(built.site, Frames({}, {}, ()), {})
    names = [unit.id for group in plan.groups for unit in group.units()]
    counted = Counter([*names, *(unit.id for unit in plan.final)])
    assert counted.most_common(1)[0][1] == 1


def test_a_link_stands_before_the_one_that_it_names_else_last() -> None:
    links = (
        PageLink("watch", "b/", "乙", before="z/"),
        PageLink("watch", "c/", "丙", before="nowhere/"),
        PageLink("foot", "d/", "丁"),
    )
    made = replace(program(), parts=[Part(name="one", pages=PageGroup(links=links))])
    own = [PageLink("watch", "a/", "甲"), PageLink("watch", "z/", "末")]
    assert [link.url for link in made.links("watch", own)] == ["a/", "b/", "z/", "c/"]
    assert [link.url for link in made.links("foot")] == ["d/"]


def test_every_link_that_a_part_brings_leads_to_a_page(built: Built) -> None:
    site_map, home = built.text("map/index.html"), built.text("index.html")
    cards = built.text("oversight/index.html")
    for link in (link for group in program().pages for link in group.links):
        assert built.text(f"{link.url.partition('#')[0]}index.html")
        if link.where in ("tab", "foot"):
            assert re.search(f'href="{link.url}"[^>]*>{link.title}<', home), link
        if link.where != "foot":
            assert f'<a href="../{link.url}">{link.title}' in site_map, link
        if link.where == "watch":
            assert f'<a href="../{link.url}">{link.title}' in cards and link.about in cards


def test_a_value_is_made_once_and_is_empty_where_no_part_gives_it(built: Built) -> None:
    ctx = RenderContext(built.site, Shell({}, {}, ()))
    assert ctx.value("cadences") and ctx.value("cadences") is ctx.value("cadences")
    assert ctx.value("given by none") == ()
    assert ctx.value("nor this", {}) == {}

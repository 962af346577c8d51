"""Compiled templates that are kept make the same pages."""

from dataclasses import replace

from pipeline.site.builder import Shell, build_shell, settings_of
from pipeline.site.compiled import Compiled
from pipeline.site.workshop import Workshop
from tests.site.conftest import Built


def _shell(built: Built) -> Shell:
    policy = built.site.archive.registers.policy
    return build_shell(built.site.theme, settings_of(policy), built.work)


def test_kept_templates_draw_the_same(built: Built) -> None:
    shop = Workshop(built.site, _shell(built))
    store: dict[str, bytes] = {}
    plain = shop.draw("about.html.j2", "about/", title="关于")
    for _ in range(2):
        kept = replace(built.site, compiled=Compiled(store.get, store.__setitem__))
        assert Workshop(kept, _shell(built)).draw("about.html.j2", "about/", title="关于") == plain
    assert len(store) == 1


def test_another_template_is_compiled_anew(built: Built) -> None:
    store: dict[str, bytes] = {}
    kept = replace(built.site, compiled=Compiled(store.get, store.__setitem__))
    Workshop(kept, _shell(built)).draw("about.html.j2", "about/", title="关于")
    theme = {**built.site.theme, "site/templates/about.html.j2": b"another"}
    changed = replace(kept, theme=theme)
    assert Workshop(changed, _shell(built)).draw("about.html.j2", "about/") == "another"

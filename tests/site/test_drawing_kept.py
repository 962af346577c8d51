"""Compiled templates and a shell that are kept make the same pages."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.site.frame import mkdocs_shell
from pipeline.site.frame.mkdocs_shell import Shell, build_shell, settings_of
from pipeline.site.inputs import Shelf
from pipeline.site.render_context import RenderContext
from tests.site.conftest import Built, tree
from tests.site.sample_log import build

PAGE = ("accessibility.html.j2", "accessibility/")


def _shell(built: Built) -> Shell:
    policy = built.site.archive.registers.policy
    return build_shell(built.site.theme, settings_of(policy), built.work)


def test_kept_templates_draw_the_same(built: Built) -> None:
    ctx = RenderContext(built.site, _shell(built))
    store: dict[str, bytes] = {}
    plain = ctx.draw(*PAGE)
    for _ in range(2):
        kept = replace(built.site, shelf=Shelf(store.get, store.__setitem__))
        assert RenderContext(kept, _shell(built)).draw(*PAGE) == plain
    assert len(store) == 1


def test_another_template_is_compiled_anew(built: Built) -> None:
    store: dict[str, bytes] = {}
    kept = replace(built.site, shelf=Shelf(store.get, store.__setitem__))
    RenderContext(kept, _shell(built)).draw(*PAGE)
    theme = {**built.site.theme, f"site/templates/{PAGE[0]}": b"another"}
    changed = replace(kept, theme=theme)
    assert RenderContext(changed, _shell(built)).draw(*PAGE) == "another"


def test_a_shell_on_the_shelf_is_not_made_again_for_an_empty_folder(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store: dict[str, bytes] = {}
    site = replace(built.site, shelf=Shelf(store.get, store.__setitem__))
    build(site, tmp_path / "first", tmp_path / "work")
    assert [name for name in store if name.startswith("shell-")]
    assert not (tmp_path / "work/shell").exists()
    monkeypatch.setattr(mkdocs_shell, "_run", None)
    build(site, tmp_path / "second", tmp_path / "elsewhere")
    assert tree(tmp_path / "first") == tree(tmp_path / "second") == tree(built.out)
    assert not (tmp_path / "elsewhere").exists()


def test_another_theme_has_a_shell_of_its_own(built: Built, tmp_path: Path) -> None:
    store: dict[str, bytes] = {}
    settings = mkdocs_shell.settings_of(built.site.archive.registers.policy)
    other = {**built.site.theme, "mkdocs.yml": built.site.theme["mkdocs.yml"] + b"\n"}
    first, second = (
        build_shell(theme, settings, tmp_path, Shelf(store.get, store.__setitem__))
        for theme in (built.site.theme, other)
    )
    assert first.digest != second.digest
    assert len(store) == 2


def test_no_word_of_the_policy_is_markup_in_the_theme(built: Built, tmp_path: Path) -> None:
    evil = """<img src=x onerror=alert(1)>"'&@@sanshen:content@@"""
    policy = built.site.archive.registers.policy
    footer = dict.fromkeys(policy.unit["footer"], evil)
    named = replace(
        policy,
        archive={**policy.archive, "name": f"{evil}档案"},
        unit={**policy.unit, "full_name": evil, "footer": footer},
    )
    shell = build_shell(built.site.theme, settings_of(named), tmp_path)
    assert len(shell.html) > 5
    for html in shell.html:
        assert html.count("&lt;img src=x") >= 3 + len(footer)
        assert "<img src=x" not in html
        assert html.count("@@sanshen:content@@") == 1
        assert 'content="&lt;img src=x onerror=alert(1)&gt;&quot;' in html

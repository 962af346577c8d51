"""What the commits of a proposal say: words that stay in the history for ever (threats A36)."""

from pipeline.source.repository import Repository


def messages(repository: Repository, base: str, head: str) -> tuple[tuple[str, str], ...]:
    """(commit, message) of every commit of a range, oldest first; trailers and names included."""
    raw = repository.git(
        "log", "-z", "--reverse", "--format=%H%n%an <%ae>%n%cn <%ce>%n%B", f"{base}..{head}"
    )
    texts = raw.decode("utf-8", "replace").split("\0")
    return tuple((t[: t.index("\n")], t[t.index("\n") + 1 :]) for t in texts if "\n" in t)

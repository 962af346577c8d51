"""Posts out of a tree: front matter with lines, body, manifest; problems as values."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pipeline.model import conformance, documents, part
from pipeline.model.findings import Finding, say, say_size
from pipeline.model.ids import Digest, PostId, sha256_of
from pipeline.model.posts import Handler, MediaFact, Post, content_digest
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.paths import Files, home, id_of
from pipeline.source.content.text import decode, problem

FILE_LIMIT = 20_000_000
"""Bytes of one media file; a hundred-megabyte image is refused before it is read (A35)."""
FILES_LIMIT = 60
"""Files of one post."""
TOTAL_LIMIT = 100_000_000
"""Bytes of all files of one post."""
_TEXT_FILES = (".txt", ".md", ".vtt", ".srt")


def read_post(
    tree: Files,
    folder: str,
    paths: Iterable[str],
    schema: conformance.Conformance,
    handlers: Iterable[Handler] = (),
) -> Post:
    """Read one post. Never raises for what its files hold."""
    paths = list(paths)
    main = f"{folder}/post.md"
    problems = list(_file_problems(tree, main, paths))
    files = _PostFiles(main)
    for path in _readable(tree, paths):
        files.add(path, tree.read(path))
    document, body, body_line = split_post(main, files.written)
    meta, invalid, misfits = _conform(document, schema)
    return Post(
        id=id_of(folder),
        folder=folder,
        document=document,
        meta=meta,
        invalid=invalid,
        body=body or "",
        body_line=body_line,
        manifest=files.manifest,
        problems=(*problems, *document.problems, *misfits, *files.problems),
        handlers=tuple(sorted(handlers, key=lambda h: (h.email, h.part, h.commit))),
        sizes=files.sizes,
        texts=files.texts,
        media=tuple(files.media),
        unread=(*(("body",) if body is None else ()), *(("texts",) if files.unread else ())),
        door_problems=tuple(
            () if body is None else _ends_elsewhere(main, files.written or b"", body_line)
        ),
    )


def content_of(path: str, raw: bytes, manifest: Mapping[str, str]) -> str:
    """`content_digest` of a post.md as stored, to sign without reading all of a post."""
    document, body, _ = split_post(path, raw)
    return content_digest(document.value, body or "", manifest, path)


def _readable(tree: Files, paths: list[str]) -> Iterator[str]:
    """The files that are read, in order: none that is refused for its size or its kind."""
    fit = [p for p in paths if tree.files[p].mode == "100644" and tree.files[p].size <= FILE_LIMIT]
    left = TOTAL_LIMIT
    for path in sorted(fit[:FILES_LIMIT], key=lambda p: (not p.endswith("/post.md"), p)):
        left -= tree.files[path].size
        if left >= 0:
            yield path


def _file_problems(tree: Files, main: str, paths: list[str]) -> Iterator[Finding]:
    if main not in paths:
        remedy = say("Add it, or remove the folder: `sanshen new` writes a template.")
        yield problem("post-missing", main, 0, say("The post has no post.md."), remedy)
    if len(paths) > FILES_LIMIT:
        message = say("The post has more than {limit} files.", limit=FILES_LIMIT)
        remedy = say("Split it into several posts.")
        yield problem("files-too-many", main, 0, message, remedy)
    if sum(tree.files[path].size for path in paths) > TOTAL_LIMIT:
        message = say("All files of the post are larger than {limit}; this is the largest.",
                      limit=say_size(TOTAL_LIMIT))  # fmt: skip
        largest = max(paths, key=lambda p: (tree.files[p].size, p))
        remedy = say("Reduce pictures and films, or split the post into several.")
        yield problem("files-too-large", largest, 0, message, remedy)
    for path in paths:
        blob = tree.files[path]
        if blob.mode != "100644":
            message = say("This is not a regular file (mode {mode}).", mode=blob.mode)
            remedy = say("Put the file itself here: no link, no submodule, not executable.")
            yield problem("file-not-regular", path, 0, message, remedy)
        elif blob.size > FILE_LIMIT:
            message = say("The file is larger than {limit}.", limit=say_size(FILE_LIMIT))
            remedy = say("Reduce the image or video before adding it.")
            yield problem("file-too-large", path, 0, message, remedy)


def _ends_elsewhere(path: str, raw: bytes, body_line: int) -> Iterator[Finding]:
    """Lines that other readers of Markdown and YAML take for the end of the front matter, or do
    not: what they show as text were keys here, or the other way round (threats A18)."""
    for number, line in enumerate(raw.decode().split("\n")[: body_line - 1], 1):
        if line != "---" and line.strip() in ("---", "..."):
            message = say("Other programs see the front matter begin or end elsewhere than here.")
            remedy = say("Write --- alone, with nothing before or behind it; put ... in quotes.")
            yield problem("front-matter-ambiguous", path, number, message, remedy)


def _conform(
    document: documents.Document, schema: conformance.Conformance
) -> tuple[dict[str, Any], frozenset[str], list[Finding]]:
    """(valid keys, invalid keys, findings); no usable front matter makes every key invalid ("")."""
    if not isinstance(document.value, dict):
        if document.problems or document.value is None:
            return {}, frozenset({""}), []
        message = say("The front matter is not a list of keys.")
        remedy = say("Write lines like `title: …`.")
        fault = problem("front-matter-keyless", document.path, 2, message, remedy)
        return {}, frozenset({""}), [fault]
    findings: list[Finding] = []
    invalid: set[str] = set()
    for finding, route in schema.findings(document):
        findings.append(finding)
        invalid.add(str(route[0]) if route else "")
    good = {k: v for k, v in document.value.items() if k not in invalid}
    return schema.convert(good), frozenset(invalid), findings


class _PostFiles:
    """The facts of a post's files; one file at a time is in memory (threats A48)."""

    def __init__(self, main: str) -> None:
        self._main = main
        self.written: bytes | None = None
        self.manifest: dict[str, Digest] = {}
        self.sizes: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.unread = False
        self.problems: list[Finding] = []
        self.media: list[MediaFact] = []
        self._look: Callable[[str, bytes], MediaFact] = part.program().looks()

    def add(self, path: str, raw: bytes) -> None:
        self.manifest[path], self.sizes[path] = sha256_of(raw), len(raw)
        if path == self._main:
            self.written = raw
            return
        if path.endswith(_TEXT_FILES):
            text, problems = decode(path, raw)
            self.problems += problems
            self.texts[path] = text or ""
            self.unread = self.unread or bool(problems)
        # Files without further facts are left out.
        if (fact := self._look(path, raw)) != MediaFact(path):
            self.media.append(fact)


def front_matter_of(tree: Files, post: PostId) -> Mapping[str, Any]:
    """What a post states of itself, unjudged; nothing where it is not there or cannot be read."""
    path = f"{home(post)}/post.md"
    value = split_post(path, tree.read(path))[0].value if path in tree.files else None
    return value if isinstance(value, dict) else {}

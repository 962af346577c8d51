"""post.md, cut into front matter and body."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from pipeline.model.documents import Document
from pipeline.model.findings import Finding, say
from pipeline.model.ids import R11_2, sha256_of
from pipeline.source.content.text import decode, note_in, parse_yaml, problem

UNWRITTEN = "（在此写正文。）"
"""What `sanshen new` puts where the text is to be written."""
NOT_WRITTEN = "text-not-written"
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


def split_post(path: str, raw: bytes | None) -> tuple[Document, str | None, int]:
    """(front matter, body, line the body starts on) of post.md; None: no body can be told from
    its bytes. Never raises."""
    if raw is None:
        return Document(path), None, 1
    digest = sha256_of(raw)
    text, problems = decode(path, raw)
    if text is None or problems:
        return Document(path, None, {}, tuple(problems), digest), None, 1
    fences = list(islice(_FENCE.finditer(text), 2))
    opened = text.startswith("---") and fences and fences[0].start() == 0
    if not opened or len(fences) < 2:
        name, message = "front-matter-missing", say("There is no front matter.")
        remedy = say("Begin the file with a line ---, the keys, and another line ---.")
        if opened:
            name, message = "front-matter-open", say("The front matter is not closed.")
            remedy = say("Add a line --- after the last key.")
        fault = problem(name, path, 1, message, remedy)
        return Document(path, None, {}, (fault,), digest), None, 1
    body = text[fences[1].end() :].lstrip("\n")
    head = text[fences[0].end() + 1 : fences[1].start()]
    document = parse_yaml(path, head, 1, digest, R11_2)
    line = text[: len(text) - len(body)].count("\n") + 1
    unseen, unwritten = _unseen(path, document, head), _unwritten(path, body, line)
    return replace(document, problems=(*document.problems, *unseen, *unwritten)), body, line


def _unseen(path: str, document: Document, head: str) -> Iterator[Finding]:
    """A comment among the keys: no rule reads it, no reviewer sees it, yet it is published."""
    note = note_in(head) if "#" in head and not document.problems else None
    if note:
        message = say("There is a note (#) that neither reviewers nor readers see.")
        remedy = say("Delete it; what belongs on the approval form goes under `remarks`.")
        yield problem("note-unseen", path, note[0] + 1, message, remedy, column=note[1])


def _unwritten(path: str, body: str, line: int) -> Iterator[Finding]:
    if UNWRITTEN in body:
        at = line + body[: body.index(UNWRITTEN)].count("\n")
        remedy = say("Write it in place of {words}.", words=UNWRITTEN)
        message = say("The text is not written yet.")
        yield problem(NOT_WRITTEN, path, at, message, remedy)

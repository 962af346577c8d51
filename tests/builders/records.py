"""Records that several tests sign: a waiver, and the two signatures that erase a post."""

from typing import Any

from pipeline.evidence.review.statements import write_statement
from pipeline.sign.act import open_context, write_record
from pipeline.sign.acts.authorise import ERASE, Erasure, remove
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, sign_as

WORDS = "务必转发"
"""What a post says that a waiver excuses."""
NOW = at("2026-11-05 17:00")


def waive(
    archive: ArchiveRepo,
    who: str = "kz-a",
    /,
    *,
    key: str = "",
    name: str = "0" * 12,
    **changes: Any,
) -> str:
    """A waiver that counts, changed as told; the path of its statement."""
    stated = {
        "archive": "yunlan-yjj",
        "person": who,
        "role": "section-head",
        "signed_at": at("2026-11-04 14:00"),
        "clause": "R16-2",
        "post": POST,
        "text": WORDS,
        "content": archive.content(POST),
        "reason": "转述来稿原话",
        "expires_on": "2026-12-01",
    } | changes
    path = f"content/records/waivers/2026/{POST}.{name}.json"
    archive.sign(path, write_statement("waiver", archive.manifest(POST), stated), key or who)
    return path


def erase(archive: ArchiveRepo, *people: str, post: str = POST) -> None:
    """Have these people sign that a post is erased, each in a commit, and take it away."""
    for person in people:
        place = open_context(archive.open(), NOW, frozenset({post}), leaving=post)
        who = place.trusted.registers.people[person]
        made = ERASE.sign(
            Erasure(post, "误载个人信息"), place, who, NOW,
            lambda m, person=person: sign_as(person, m),
        )  # fmt: skip
        write_record(archive.root, made.record)
        remove(archive.root, post)
        archive.commit("清除", "gly-a")

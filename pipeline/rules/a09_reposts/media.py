"""Article 9 paragraph 2: pictures, sound and film beside the post."""

import re
from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.posts import Post
from pipeline.model.regex import regex
from pipeline.rules.a09_reposts.refusals import refuse

MEDIA = regex(r"\.(png|jpe?g|gif|webp|svg|mp3|m4a|ogg|wav|mp4|webm|mov)$", re.IGNORECASE)


def media_known(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """Files beside the post against the list of media."""
    files = {path.removeprefix(f"{post.folder}/") for path in post.manifest}
    entries = post.meta.get("media", ())
    listed = {e[k] for e in entries for k in ("file", "captions", "transcript") if k in e}
    for name in sorted(files - listed):
        if MEDIA.search(name) and "media" not in post.invalid:
            message = say("File {file} is not listed with author and licence.", file=name)
            yield refuse(post.at("media"), message, say("Add it to media, or remove the file."))
    for index, entry in enumerate(entries):
        for key in ("file", "captions", "transcript"):
            if key in entry and entry[key] not in files:
                message = say("File {file} is listed but not beside the post.", file=entry[key])
                remedy = say("Add the file, or remove it from media.")
                yield refuse(post.at("media", index, key), message, remedy)
        if entry.get("portrait") and "consent" not in post.meta:
            message = say("A portrait is shown and no consent is on record.")
            remedy = say("Fill in consent with its day and reference.")
            yield Complaint(Effect.NOTE, message, post.at("media", index, "portrait"), remedy)

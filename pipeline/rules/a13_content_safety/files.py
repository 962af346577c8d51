"""13(1): no file that does more than be read when a reader opens it."""

from collections.abc import Iterator, Mapping

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.posts import Post

PRINTED = say("Save it as PDF anew by “print to PDF”, which leaves this out.")
ACTS: Mapping[str, tuple[Message, Message]] = {
    "script": (say("The file holds a program (JavaScript or a form with scripts)."), PRINTED),
    "launch": (say("The file starts another program."), PRINTED),
    "embedded": (
        say("Other files are embedded in the file."),
        say("Put them beside post.md and link them; save this one without them."),
    ),
    "encrypted": (
        say("The file is encrypted, so nobody can look into it."),
        say("Save it without password and restrictions."),
    ),
    "hidden": (say("The file hides objects in a form that nothing here can unpack."), PRINTED),
    "macro": (
        say("The file holds macros."),
        say("Save it without macros, as .docx, .xlsx or .pptx."),
    ),
}
"""What a file does (`MediaFact.acts`) → what is said of it, and what to do."""


def harmless_files(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """Files that run, start or carry something, or keep that from sight."""
    for fact in post.media:
        for act in fact.acts:
            message, remedy = ACTS[act]
            yield Complaint(Effect.REFUSE, message, Location(fact.path), remedy)

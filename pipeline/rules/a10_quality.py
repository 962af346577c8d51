"""Article 10: quality (第十条 真实、准确、及时和适用).

1. An alert states its warning; colour and level belong together (1 red, 2 orange, 3 yellow,
   4 blue), the title names no other colour, and it ends after it starts.
   | Human: whether the facts are true; the department of origin answers for them.
2. Content still called valid after its last day is noted; it does not end before it begins, and no
   alert is first published after its end. | Human: whether the content is of use.
3. A long title is noted, and a summary that only repeats the title.
   | Human: whether theme and language are clear.
4. Unchecked: not built yet, needs the lexicon of official clichés. | Human: tone.
5. Every picture has an alternative text that is more than its file name.
   | Human: whether the text describes the picture.
6. Unchecked: not built yet, needs the list of hosts that may and may not be linked.
   | Human: what stands behind an outside link.
"""

from collections.abc import Iterator
from unicodedata import east_asian_width

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.law import ItemClause, Rule, Unchecked
from pipeline.model.posts import Post

COLORS = {"red": (1, "红"), "orange": (2, "橙"), "yellow": (3, "黄"), "blue": (4, "蓝")}
"""突发事件应对法: levels one to four are marked red, orange, yellow and blue."""


def consistent_alert(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 10
    """A warning's parts against one another and against the title."""
    alert = post.meta.get("alert")
    if alert is None:
        if post.kind == "alert" and "alert" not in post.invalid and not post.withdrawn:
            message = say("A post of kind alert states no warning.")
            remedy = say("Fill in alert with issuer, times, level, color and areas.")
            yield Complaint(Effect.REFUSE, message, post.at("kind"), remedy)
        return
    level, character = COLORS[alert["color"]]
    if alert["level"] != level:
        message = say(
            "Level {level} and colour {color} of the alert do not belong together.",
            level=alert["level"],
            color=alert["color"],
        )
        remedy = say("Level 1 is red, 2 orange, 3 yellow, 4 blue: correct the wrong one.")
        yield Complaint(Effect.REFUSE, message, post.at("alert", "level"), remedy)
    named = [c for _, c in COLORS.values() if f"{c}色预警" in post.title]
    if named and character not in named:
        message = say("The title names another colour than the alert.")
        remedy = say("Correct the title or alert.color.")
        yield Complaint(Effect.REFUSE, message, post.at("title"), remedy)
    if alert["ends_at"] <= alert["starts_at"]:
        message = say("The alert ends before it starts.")
        remedy = say("Correct starts_at or ends_at.")
        yield Complaint(Effect.REFUSE, message, post.at("alert", "ends_at"), remedy)


def in_force(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Dates of validity."""
    starts, ends = post.meta.get("effective_on"), post.meta.get("expires_on")
    if starts and ends and ends < starts:
        message = say("The content expires before it takes effect.")
        remedy = say("Correct effective_on or expires_on.")
        yield Complaint(Effect.REFUSE, message, post.at("expires_on"), remedy)
    if ends and ends < archive.today and post.meta.get("validity", "valid") == "valid":
        message = say("The content expired on {day} and is still valid.", day=ends.isoformat())
        remedy = say("Publish a revision with validity: expired.")
        yield Complaint(Effect.NOTE, message, post.at("expires_on"), remedy)
    alert = post.meta.get("alert")
    if alert and post.publish_at and alert["ends_at"] < post.publish_at:
        message = say("The alert ends before it is published.")
        remedy = say("Publish the alert in force, or say in the text that it is over.")
        yield Complaint(Effect.NOTE, message, post.at("alert", "ends_at"), remedy)


def brief(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Length of the title; a summary of its own. The schema limits the summary's length."""
    limit = archive.registers.parameter("quality.title_max", archive.day_of(post))
    width = sum(2 if east_asian_width(c) in "WFA" else 1 for c in post.title)
    if width > 2 * limit:
        message = say(
            "The title is {width} characters wide; {limit} are enough.",
            width=(width + 1) // 2,
            limit=limit,
        )
        yield Complaint(Effect.NOTE, message, post.at("title"), say("Shorten the title."))
    if post.meta["summary"].strip() == post.title.strip():
        message = say("The summary only repeats the title.")
        remedy = say("Say in one sentence what the reader learns.")
        yield Complaint(Effect.NOTE, message, post.at("summary"), remedy)


def described_pictures(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Pictures that are there, and their alternative texts, judged on the rendition."""
    for image in archive.renditions[(post.id, "archive")].images:
        if f"{post.folder}/{image.file}" not in post.manifest:
            message = say("Picture {file} is not in the post's folder.", file=image.file)
            remedy = say("Put the picture beside post.md; pictures from elsewhere are not shown.")
            yield Complaint(Effect.REFUSE, message, Location(post.path, image.line), remedy)
        if image.alt.strip() in ("", image.file, image.file.rpartition(".")[0]):
            message = say("Picture {file} has no alternative text.", file=image.file)
            remedy = say("Describe the picture between the square brackets.")
            yield Complaint(Effect.REFUSE, message, Location(post.path, image.line), remedy)


RULE = Rule(
    (
        ItemClause(1, consistent_alert, ("kind", "title")),
        ItemClause(2, in_force),
        ItemClause(3, brief, ("title", "summary")),
        Unchecked(4),
        ItemClause(5, described_pictures),
        Unchecked(6),
    )
)

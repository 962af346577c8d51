"""Article 10: a warning against itself, and the time for which content holds."""

from collections.abc import Iterator

from pipeline.detect.alerts import colours_named
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say, say_day
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
    said = set(colours_named(post.body))
    if said and character not in said:
        message = say("The text names another colour than the alert.")
        remedy = say("Correct the text or alert.color.")
        yield Complaint(Effect.REFUSE, message, Location(post.path, post.body_line), remedy)
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
    valid = post.meta.get("validity", "valid") == "valid"
    if ends and valid and archive.clock.day_passed(ends):
        message = say("The content expired on {day} and is still valid.", day=say_day(ends))
        remedy = say("Publish a revision with validity: expired.")
        yield Complaint(Effect.NOTE, message, post.at("expires_on"), remedy)
    alert = post.meta.get("alert")
    if alert and post.publish_at and alert["ends_at"] < post.publish_at:
        message = say("The alert ends before it is published.")
        remedy = say("Publish the alert in force, or say in the text that it is over.")
        yield Complaint(Effect.NOTE, message, post.at("alert", "ends_at"), remedy)

"""Parts bring pages to the desk: each has its own addresses and its own files."""

from collections import Counter

from pipeline.model.findings import say
from pipeline.model.part import program
from pipeline.parts.desk.desk import Desk


def test_no_two_parts_bring_the_same_address_or_file(desk: Desk) -> None:
    routes = Counter(
        (route.path, method) for made in desk.pages for route in made.routes
        for method in route.methods or ()
    )  # fmt: skip
    folders = [made.folder / name for made in desk.pages for name in ("templates", "static")]
    files = Counter(path.name for folder in folders for path in folder.glob("*"))
    assert {*routes.values()} == {*files.values()} == {1}


def test_the_head_leads_to_the_pages_of_parts_in_their_order(desk: Desk) -> None:
    links = [row for made in desk.pages for row in made.navigation]
    assert links == [
        ("/", say("Waits for me")),
        ("/write", say("Write")),
        ("/operate", say("To publish")),
        ("/find", say("Find")),
        ("/calendar", say("Calendar")),
        ("/mine", say("Mine")),
        ("/inquiries", say("Inquiries")),
        ("/records", say("Records")),
        ("/reports", say("Reports")),
        ("/due", say("Due dates")),
        ("/govern", say("People and settings")),
    ]


def test_only_parts_that_need_the_desk_bring_pages() -> None:
    bringing = [part for part in program().parts if part.desk and part.name != "desk"]
    assert bringing
    assert all("desk" in part.needs for part in bringing)

"""All pages at once, while people save and a branch moves on: no page fails, no thread hangs."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.testclient import TestClient

from pipeline.source.git.git_process import RUNNING
from tests.builders.archive import POST
from tests.builders.desks import DeskRun, browser, bureau, change

PAGES = (
    "/", f"/posts/{POST}/", f"/posts/{POST}/wechat", "/write",
    f"/write/draft?branch=proposal&post={POST}", "/operate", "/inquiries", "/due", "/govern",
    "/govern/people", "/enrol", "/sign-in",
)  # fmt: skip
THREADS, ROUNDS = 4, 2


def test_many_pages_at_once_while_branches_move(tmp_path: Path) -> None:
    archive = bureau(tmp_path / "archive")
    archive.draft()
    archive.commit("起草", "zz-a")
    run = DeskRun.over(archive, tmp_path)
    desk = run.open()
    before = len(RUNNING)

    def read(number: int) -> list[tuple[str, int]]:
        client: TestClient = browser(desk, "kz-a" if number % 2 else "zz-a")
        pages = PAGES[number:] + PAGES[:number]
        if not number:
            for n in range(ROUNDS):
                path = f"content/records/{n}.txt"
                desk.writer.put(change(files={path: b"x\n"}, message=f"{n}"))
        return [(page, client.get(page).status_code) for page in pages]

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [row for rows in pool.map(read, range(THREADS)) for row in rows]
    form = next(page for page in PAGES if "draft" in page)
    assert {row for row in answers if row[1] != 200} == {(form, 409)}, "it is its writer's alone"
    assert run.log("proposal")[:ROUNDS] == [str(n) for n in reversed(range(ROUNDS))]
    desk.clone.close()
    assert len(RUNNING) == before

"""The bureau whose month it is: founded on pages, its people at their devices, and its clock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread

import uvicorn
from playwright.sync_api import Browser, expect

from pipeline.model.calendar import SHANGHAI
from pipeline.parts.desk.founding import Founding, founding_app
from tests.builders.first_day import enrol_all, establish
from tests.builders.foundings import founding_at
from tests.builders.git import ENVIRONMENT
from tests.builders.live_desks import free_port, person_at
from tests.month.hand import Hand, Tally

DATES = ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")


class Bureau:
    """People are named as `SIX` names them; each has one device of one width."""

    def __init__(self, browser: Browser, founding: Founding, width: int) -> None:
        self.browser, self.founding, self.tally = browser, founding, Tally()
        self.hands: dict[str, Hand] = {}
        self.width = width
        self.entered: dict[str, datetime] = {}

    def at(self, clock: str) -> None:
        """The next minute of the month that something happens in: ``03T09:30``."""
        moment = datetime.fromisoformat(f"2026-{clock if len(clock) > 8 else '11-' + clock}")
        moment = moment.replace(tzinfo=SHANGHAI)
        assert moment >= self.founding.now(), clock
        self.founding.now.moment = moment  # type: ignore[attr-defined]

    def who(self, name: str) -> Hand:
        """A person at the list of what waits for them, signed in."""
        hand, now = self.hands[name], self.founding.now()
        hand.page.goto("/")
        if "/sign-in" in hand.page.url:
            with self.tally.act("sign in"):
                hand.button("用通行密钥登录")
                hand.page.wait_for_url("**/")
            self.entered[name] = now
        return hand

    def device(self, name: str) -> Hand:
        """An empty device."""
        size = {"width": self.width, "height": 844 if self.width < 1000 else 900}
        page = person_at(self.browser, self.founding.origin, viewport=size)
        page.set_default_timeout(20_000)
        self.hands[name] = Hand(page, self.tally)
        return self.hands[name]


@contextmanager
def founded(browser: Browser, folder: Path, width: int) -> Iterator[Bureau]:
    """A bureau on its first day, which six people founded on pages of this width."""
    os.environ |= {k: v for k, v in ENVIRONMENT.items() if k.startswith("GIT_")}
    os.environ |= {f"GIT_{who}_{what}": "setup@example.org" for who in ("AUTHOR", "COMMITTER")
                   for what in ("NAME", "EMAIL")}  # fmt: skip
    listening, origin = free_port()
    founding = founding_at(folder, origin)
    bureau = Bureau(browser, founding, width)
    server = uvicorn.Server(uvicorn.Config(founding_app(founding), log_level="error"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        leader = bureau.device("主持").page
        leader.goto(f"/enter?token={founding.sessions.token}")
        leader.wait_for_url(f"{origin}/")
        for name, page in enrol_all(browser, leader, origin, width).items():
            page.set_default_timeout(20_000)
            bureau.hands[name] = Hand(page, bureau.tally)
        dates = dict.fromkeys(DATES, founding.now().isoformat())
        os.environ |= dates  # of the first commit, which git writes by its own clock
        establish(leader)
        for name in dates:
            del os.environ[name]
        for hand in bureau.hands.values():  # each shows the root before its owner goes on
            expect(hand.page.locator("[data-follow]")).to_have_count(0)
        yield bureau
    finally:
        server.should_exit = True
        thread.join()

"""What a person at a screen does, counted: clicks, keys, and the seconds that the pages take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


@dataclass
class Effort:
    """Of one act, each time that it was done."""

    clicks: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@dataclass
class Tally:
    """All acts, in the order in which they were first done."""

    acts: dict[str, Effort] = field(default_factory=dict)
    clicks: int = 0
    keys: int = 0
    pictures: Path | None = None
    """The folder of what each act looked like, the first time before each of its buttons."""
    shown: set[str] = field(default_factory=set)
    present: str = ""
    """The act that is being done."""

    @contextmanager
    def act(self, name: str) -> Iterator[None]:
        """What is done inside is one act; one that fails is not counted."""
        clicks, keys, begun = self.clicks, self.keys, time.monotonic()
        outer, self.present = self.present, name
        yield
        effort = self.acts.setdefault(name, Effort())
        effort.clicks.append(self.clicks - clicks)
        effort.keys.append(self.keys - keys)
        effort.seconds.append(time.monotonic() - begun)
        self.present = outer

    def table(self) -> str:
        """As Markdown: of each act how often, and the median of what it took, with the most."""
        rows = ["| act | times | clicks | keys | seconds of the pages |", "|---|---|---|---|---|"]
        for name, effort in self.acts.items():
            cells = (_middle(effort.clicks), _middle(effort.keys), _middle(effort.seconds, 1))
            rows.append(f"| {name} | {len(effort.clicks)} | {' | '.join(cells)} |")
        return "\n".join(rows)


def _middle(values: list[int] | list[float], digits: int = 0) -> str:
    """The median, and the most where it is more."""
    middle, most = (f"{v:.{digits}f}" for v in (sorted(values)[len(values) // 2], max(values)))
    return middle if middle == most else f"{middle} (at most {most})"


@dataclass
class Hand:
    """One person at one device."""

    page: Page
    tally: Tally

    def click(self, part: Locator) -> None:
        self.tally.clicks += 1
        part.click()

    def tick(self, part: Locator) -> None:
        if not part.is_checked():
            self.tally.clicks += 1
            part.check()

    def shown(self, part: Locator) -> Locator:
        """A field that one sees; of a card that is folded its head is pressed first."""
        for fold in part.locator("xpath=ancestor::details[not(@open)]/summary").all():
            self.click(fold)
        return part

    def enters(self, part: Locator) -> None:
        """A click into a field, unless one types there already."""
        self.shown(part)
        self.tally.clicks += not part.evaluate("(e) => e === document.activeElement")

    def choose(self, name: str, value: str, where: str = "") -> None:
        """A value of a list: one click opens it, one chooses; of a few that all show: one click.
        Where the form follows it, the person sees the form change first."""
        few = self.page.locator(f'{where} [type=radio][name="{name}"]')
        if few.count():
            self.tick(self.shown(few.and_(self.page.locator(f'[value="{value}"]'))))
            return
        part = self.shown(self.page.locator(f'{where} select[name="{name}"]'))
        self.tally.clicks += 2
        deciding = self.page.locator("form[data-deciding]").evaluate_all(
            "(forms, name) => forms.some((f) => f.dataset.deciding.split(' ').includes(name))", name
        )
        if not deciding or part.input_value() == value:
            part.select_option(value)
            return
        with self.page.expect_navigation():
            part.select_option(value)

    def type(self, name: str, words: str, where: str = "") -> None:
        """Into an empty field; a sign is a key, whatever method puts Chinese in."""
        part = self.page.locator(f'{where} [name="{name}"]').first
        if part.input_value() != words:
            self.enters(part)
            self.tally.keys += len(words)
            part.fill(words)

    def paste(self, name: str, words: str) -> None:
        part = self.page.locator(f'[name="{name}"]').first
        self.enters(part)
        self.tally.keys += 2
        part.fill(words)

    def enter_key(self) -> None:
        """Where one types, to go on."""
        self.tally.keys += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def look(self, name: str) -> None:
        """A picture of the page in light and dark, where pictures are wanted."""
        words = f"{self.tally.present}-{name}".replace(" ", "-")
        if self.tally.pictures is None or words in self.tally.shown:
            return
        self.tally.shown.add(words)
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            path = self.tally.pictures / f"{len(self.tally.shown):02}-{words}-{scheme}.png"
            self.page.screenshot(path=path, full_page=True)

    def button(self, name: str, where: Locator | None = None) -> None:
        """The button that one sees, of those with this name."""
        self.look(name)
        inside = where or self.page.locator("main")
        self.click(inside.get_by_role("button", name=name).locator("visible=true").first)

    def menu(self, name: str) -> None:
        """An entry of the head of every page; a phone opens it first."""
        page = self.page
        if (page.viewport_size or {"width": 1440})["width"] <= 640:
            self.click(page.locator("[for=menu]"))
        self.click(page.locator("header nav").get_by_role("link", name=name, exact=True))
        page.wait_for_load_state()

    def home(self) -> None:
        self.click(self.page.locator(".top__name a"))
        self.page.wait_for_load_state()

    def hears(self, words: str) -> None:
        """The page says that it is done."""
        expect(self.page.get_by_role("status").first).to_contain_text(words, timeout=60_000)
        self.look("done")

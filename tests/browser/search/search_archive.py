"""An archive to search: posts drawn at random, their index on disk, a server that counts bytes."""

import random
import shutil
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from pathlib import Path

from playwright.sync_api import Page

from pipeline.parts.search.index import SearchDoc
from pipeline.source.program import shipped
from tests.builders import search_index

ROOT = Path(__file__).parents[3]
FIXED = [
    "云岚市应急管理局", "第７号", "第7号", "第 12 号", "12345", "１２３４５热线", "APP", "Ｗi-Fi",
    "安全生产月", "防汛抗旱", "《条例》", "3.5%", "２０２６年", "℃", "，", "。", "\n", "①",
]  # fmt: skip


def corpus(count: int, length: int, years: int = 2) -> list[SearchDoc]:
    """Posts whose words follow Zipf's law, with numbers, Latin, both widths and line breaks."""
    draw = random.Random(count)
    letters = [chr(0x4E00 + rank) for rank in range(1500)]
    common = [1 / (rank + 50) for rank in range(len(letters))]
    lengths = draw.choices((1, 2, 3), (1, 3, 1), k=3000)
    words = FIXED + ["".join(draw.choices(letters, common, k=size)) for size in lengths]
    zipf = list(accumulate(1 / (rank + 4) ** 1.1 for rank in range(len(words))))
    docs = []
    for number in range(count):
        size = draw.randint(length // 2, length * 3 // 2) // 2
        date = f"{2026 - number * years // count}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        docs.append(
            SearchDoc(
                url=f"posts/{date[:4]}/{date}-{number}/",
                title="".join(draw.choices(words, cum_weights=zipf, k=9)).replace("\n", ""),
                body="".join(draw.choices(words, cum_weights=zipf, k=size)),
                date=date,
                category=("notice", "news")[number % 2],
                accounts=(("wechat-main",), ("weibo-main",), ("wechat-main", "weibo-main"))[
                    number % 3
                ],
                kind="news",
                index_no=f"MB0000000/{date[:4]}-{date[5:7]}{date[8:]}-{number}",
            )
        )
    return docs


def plain(text: str) -> str:
    """The scan's own idea of equal text, owing nothing to the code under test."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


@cache
def _plain(doc: SearchDoc) -> tuple[str, str]:
    return plain(doc.title), plain(doc.body)


def scan(docs: list[SearchDoc], query: str) -> set[str]:
    wanted = plain(query)
    return {d.url for d in docs if any(wanted in text for text in _plain(d))}


@dataclass
class Site:
    """A served folder; `sent` is (path, bytes of its body) for every answer."""

    address: str
    docs: list[SearchDoc]
    sent: list[tuple[str, int]] = field(default_factory=list)


def write(folder: Path, docs: list[SearchDoc]) -> None:
    for path, data in search_index.build_index(docs):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "assets").mkdir()
    for path, data in shipped("site/assets").items():
        if path.count("/") == 2:  # a search loads nothing of the folders of other pages
            (folder / path.removeprefix("site/")).write_bytes(data)
    shutil.copy(ROOT / "tests/site/search_page.html", folder / "search/index.html")


def serve(folder: Path, docs: list[SearchDoc]) -> Iterator[Site]:
    write(folder, docs)
    site = Site("", docs)

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            path = self.path.split("?")[0].lstrip("/")
            file = folder / path / "index.html" if path.endswith("/") else folder / path
            site.sent.append((path, file.stat().st_size if file.is_file() else 0))

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}/search/"
    yield site
    server.shutdown()
    server.server_close()


def ask(page: Page, query: str, **filters: str) -> list[dict[str, str]]:
    answer: list[dict[str, str]] = page.evaluate(
        "([query, filters]) => window.sanshenSearch(query, filters)", [query, filters]
    )
    return answer


def queries(docs: list[SearchDoc], count: int) -> list[str]:
    """Cuts of two to eight characters; every third in full width, capitals or with a space."""
    draw = random.Random(count)
    made = ["第7号", "第７号", "12345", "app", "WI-FI", "3.5％", "《条例》", "2026年", "号第"]
    while len(made) < count:
        text = draw.choice(docs).body if draw.random() < 0.8 else draw.choice(docs).title
        start = draw.randrange(len(text))
        cut = text[start : start + draw.randint(2, 8)]
        if len(made) % 3 == 0:
            wide = {ord(c): ord(c) + 0xFEE0 for c in "0123456789abcdefi-%"}
            cut = draw.choice([cut.translate(wide), cut.upper(), cut[:1] + " " + cut[1:]])
        if len(plain(cut)) > 1:
            made.append(cut)
    return made

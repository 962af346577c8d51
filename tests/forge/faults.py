"""A server that fails: away, restarted, between two pages, lying about its lists, a token gone.

A small proxy stands between the poller and the server. Whatever it does, nothing is written on a
proposal that was not read whole, and the next round heals.
"""

import http.client
import json
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pipeline.model.findings import EXIT_FAULT, EXIT_OK
from tests.forge.bureau import Played, Proposed
from tests.forge.server import Refused, Server

MANY = 53
"""Open proposals beside ours: more than a page holds."""


class Answer(NamedTuple):
    """What goes back to the poller."""

    status: int
    body: bytes
    headers: dict[str, str]


Bend = Callable[[str, Answer], Answer | None]
"""Path and the server's answer → what is sent instead; None: half of it."""


class Proxy(ThreadingHTTPServer):
    """In front of one server, over TLS with a certificate of its own."""

    def __init__(self, server: Server, home: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.to, self.bend, self.writes = server, _straight, 0
        key, self.ca = home / "proxy.key", home / "proxy.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-keyout", str(key), "-out", str(self.ca), "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True,
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, key)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def _pass(self) -> None:
        server = self.server
        server.writes += self.command != "GET"
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        to = http.client.HTTPSConnection(server.to.host, context=server.to.context, timeout=60)
        kept = {n: v for n, v in self.headers.items() if n.lower() != "host"}
        to.request(self.command, self.path, body, kept)
        with to.getresponse() as got:
            headers = {n: v for n, v in got.getheaders() if n in ("X-Total-Count", "Link")}
            answer = Answer(got.status, got.read(), headers)
        sent = server.bend(self.path, answer) if self.command == "GET" else answer
        whole = sent or answer
        self.send_response(whole.status)
        for name, value in whole.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(whole.body)))
        self.end_headers()
        self.wfile.write(whole.body if sent else whole.body[: len(whole.body) // 2])
        self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _pass

    def log_message(self, *_: Any) -> None:
        pass


def _straight(_: str, answer: Answer) -> Answer:
    return answer


def _only(where: str, made: Bend) -> Bend:
    """Bend the answers whose path holds this, and no others."""
    return lambda path, answer: made(path, answer) if where in path else answer


def _page(path: str) -> int:
    return int(path.rpartition("&page=")[2]) if "&page=" in path else 0


def _error(status: int, text: str = "<html>Bad Gateway</html>") -> Bend:
    return lambda _, answer: Answer(status, text.encode(), {})


def _cut(path: str, answer: Answer) -> Answer:
    return answer if _page(path) < 2 else answer._replace(body=b"[]")


_first: dict[str, Answer] = {}


def _again(path: str, answer: Answer) -> Answer:
    return _first.setdefault(path.partition("&page=")[0], answer)


def _endless(path: str, answer: Answer) -> Answer:
    row = json.loads(answer.body or b"[]")
    rows = row or [{"number": 10_000 + _page(path), "base": {"ref": "other"}}]
    return Answer(200, json.dumps(rows).encode(), {})


def _link(path: str, answer: Answer) -> Answer:
    link = '<https://evil.example/api/v1/repos?page=2>; rel="next"'
    return answer._replace(headers=answer.headers | {"Link": link})


def _uncounted(path: str, answer: Answer) -> Answer:
    return answer._replace(headers={})


class Case(NamedTuple):
    """One fault: what is bent, the poller's exit code, and what it says."""

    name: str
    bend: Bend
    code: int
    words: str


PULLS = "/pulls?state=open"
CASES = (
    Case("别处的 Link", _link, EXIT_OK, ""),
    Case("不报总数", _uncounted, EXIT_OK, ""),
    Case("处处 502", _error(502), EXIT_FAULT, "502"),
    Case("第二页 502", _only("page=2", _error(502)), EXIT_FAULT, "502"),
    Case("登录页", _only(PULLS, _error(200, "<html>登录</html>")), EXIT_FAULT, "读不懂"),
    Case("转到别处", _only(PULLS, _error(302, "")), EXIT_FAULT, "302"),
    Case("请求太多", _only("/reviews", _error(429, "{}")), EXIT_FAULT, "429"),
    Case("只给半个答复", _only(PULLS, lambda _, __: None), EXIT_FAULT, ""),
    Case("列表少一截", _only(PULLS, _cut), EXIT_FAULT, "不完整"),
    Case("一页翻来覆去", _only(PULLS, _again), EXIT_FAULT, "不完整"),
    Case("没有尽头", _only(PULLS, _endless), EXIT_FAULT, "不完整"),
)  # fmt: skip


@contextmanager
def between(bureau: Played) -> Iterator[Proxy]:
    proxy = Proxy(bureau.server, bureau.home)
    both = bureau.home / "both.pem"
    both.write_text(proxy.ca.read_text() + Path(bureau.server.ca or proxy.ca).read_text())
    bureau.environment["CURL_CA_BUNDLE"] = str(both)
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()


def poll(bureau: Played, host: str, code: int) -> str:
    where = ("--host", host, "--repository", bureau.repository)
    return bureau.sanshen("forge", "poll", *where, "--key", str(bureau.home / "witness"), code=code)


def _many(bureau: Played) -> None:
    """Proposals onto another branch: they are listed, and judged by nothing."""
    writer, contents = bureau.people["writer"], f"{bureau.api}/contents"
    writer.call("POST", f"{bureau.api}/branches", {"new_branch_name": "other"})
    for number in range(MANY):
        given = {"content": "eA==", "message": "x", "branch": "other", "new_branch": f"b{number}"}
        try:
            writer.call("POST", f"{contents}/n{number}.txt", given)
        except Refused:  # a busy server answers 500 now and then
            writer.call("POST", f"{contents}/m{number}.txt", given | {"new_branch": f"c{number}"})
            bureau.open(f"c{number}", "other")
            continue
        bureau.open(f"b{number}", "other")


def _submitted(bureau: Played) -> None:
    """`submit` finds the branch's proposal and opens one more, with more than a page open."""
    bureau.acts("writer")
    bureau.git("config", "sanshen.forge", "gitea")
    bureau.git("remote", "set-url", "origin", bureau.url("writer"))
    post = bureau.draft("many")
    bureau.git("switch", "-q", post)
    first, again = (bureau.sanshen("submit", post) for _ in range(2))
    (address,) = (word for word in first.split() if word.startswith("https://"))
    assert address in again, again
    bureau.git("remote", "set-url", "origin", bureau.url("witness"))
    bureau.rest()
    number = int(urlsplit(address).path.rpartition("/")[2])
    bureau.server.call("PATCH", f"{bureau.api}/pulls/{number}", {"state": "closed"})


def play(bureau: Played, _: bool) -> None:
    bureau.protect()
    one = bureau.propose("faulty")  # the oldest: on the second page of the list
    one.click("information-officer")
    _many(bureau)
    _submitted(bureau)
    with between(bureau) as proxy:
        for case in CASES:
            _first.clear()
            proxy.bend, proxy.writes = case.bend, 0
            text = poll(bureau, proxy.host, case.code)
            assert case.words in text, text
            assert case.code == EXIT_OK or proxy.writes == 0, case.name
            said = next((line for line in text.splitlines() if case.words in line), "")
            print(f"  {case.name} → {case.code} {said}", flush=True)
        proxy.bend = _straight
        poll(bureau, proxy.host, EXIT_OK)
        host = proxy.host
    assert "没有答复" in poll(bureau, host, EXIT_FAULT)
    _restarted(bureau, one)
    _without_token(bureau)


def _restarted(bureau: Played, one: Proposed) -> None:
    """Only where the server is our own."""
    own = bureau.own
    if own is None:
        print("  服务器不是自己启动的：没有重启它")
        return
    own.stop()
    bureau.poll(EXIT_FAULT)
    own.start()
    one.click("section-head")
    bureau.poll()
    assert one.records() == ["first", "second"], one.comment()
    print("  重启 → 这一轮没有答复，下一轮照常", flush=True)


def _without_token(bureau: Played) -> None:
    """A token that ran out answers as one that was taken away: 401."""
    stands = bureau.environment["GITEA_TOKEN"]
    bureau.environment["GITEA_TOKEN"] = "0" * 40
    text = bureau.poll(EXIT_FAULT)
    bureau.environment["GITEA_TOKEN"] = stands
    assert "401" in text, text
    print("  令牌失效 → 401", flush=True)

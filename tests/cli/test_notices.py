"""What waits, as one message to the robot of a group chat."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pipeline.cli.calls import NOTIFY, send
from pipeline.cli.status import status
from pipeline.errors import Fault, Misuse
from pipeline.report.duties import LONGEST_MESSAGE, chat_message
from tests.builders.archive import ArchiveRepo
from tests.builders.named import shows
from tests.cli.at_the_desk import fault, run

NUMBERED = "冬季防火三件事，编号13912345678"


@dataclass
class Robot:
    """A server that records what it is sent and answers as it is set."""

    status: int = 200
    answer: str = '{"errcode": 0, "errmsg": "ok"}'
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def robot() -> Iterator[Robot]:
    made = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.requests.append((self.path, str(self.headers["Content-Type"]), body))
            self.send_response(made.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(made.answer.encode())

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}/robot?key=geheim"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def drafted(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft(title=NUMBERED)
    archive.commit("起草", "zz-a")
    return archive


def test_one_message_lists_what_waits_for_whom_with_the_numbers_masked(
    drafted: ArchiveRepo, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NOTIFY, robot.address)
    done = run(status, drafted, "--notify")
    assert done.exception is None and "Sent: 1 matters wait." in done.stderr
    ((path, kind, body),) = robot.requests
    assert (path, kind) == ("/robot?key=geheim", "application/json")
    sent = json.loads(body)
    assert sent["msgtype"] == "text"
    head, line = sent["text"]["content"].split("\n")
    assert head.endswith(": 1 matters wait")
    assert line.startswith("first review《冬季防火三件事，编号139******78》  某xxy-a、某xxy-b")
    assert "13912345678" not in done.output and "geheim" not in done.output


def test_nothing_is_sent_where_nothing_waits(
    archive: ArchiveRepo, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NOTIFY, robot.address)
    assert run(status, archive, "--notify").exit_code == 0
    assert robot.requests == []


@pytest.mark.parametrize(
    ("code", "answer"),
    [(302, ""), (500, "x"), (200, '{"errcode": 93000, "errmsg": "no"}'),
     (200, '{"code": 19024, "msg": "Key Words Not Found"}')],
)  # fmt: skip
def test_a_robot_that_refuses_or_sends_elsewhere_is_a_fault_that_tells_no_key(
    robot: Robot, code: int, answer: str
) -> None:
    robot.status, robot.answer = code, answer
    with pytest.raises(Fault) as caught:
        send(robot.address, "{}")
    assert shows(str(caught.value.message), "notice-not-taken", host="127.0.0.1")
    assert "geheim" not in str(caught.value.message)
    assert [path for path, *_ in robot.requests] == ["/robot?key=geheim"]


@pytest.mark.parametrize(
    "address",
    ["", "http://robot.example/x", "file:///etc/passwd", "ftp://127.0.0.1/x", "https://",
     "http://127.0.0.1@robot.example/x", 'https://h/x"\nurl = "https://i', "https://h/\\x"],
)  # fmt: skip
def test_only_https_and_this_machine_are_spoken_to(address: str) -> None:
    with pytest.raises(Misuse):
        send(address, "{}")


def test_feishu_gets_its_own_form_and_no_message_is_too_long() -> None:
    value = json.loads(chat_message("open.feishu.cn", ["待办", "一"]))
    assert value == {"msg_type": "text", "content": {"text": "待办\n一"}}
    long = json.loads(chat_message("qyapi.weixin.qq.com", ["待办", *["应急" * 40] * 30]))
    text = long["text"]["content"]
    assert len(text.encode()) <= LONGEST_MESSAGE
    shown, rest = text.split("\n")[1:-1], text.split("\n")[-1]
    assert rest == f"… +{30 - len(shown)}"


def test_an_address_is_asked_for_by_the_name_of_its_variable(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NOTIFY, raising=False)
    assert fault(run(status, drafted, "--notify")) == "notice-address-plain"

"""The command as a process of its own, forked from one that has read program and law already.

Reading them takes four times as long as most verdicts do. Whether it starts from nothing is asked
by the tests of tests/e2e, which start it so.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import FileIO, TextIOWrapper
from pathlib import Path
from socketserver import StreamRequestHandler
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from pipeline.cli import calls
from pipeline.program import main
from tests.builders.asking_program import asking_program
from tests.builders.git import ENVIRONMENT
from tests.builders.named import telling_names

SECONDS = 900
"""After which a command hangs: no measure of how long one may take."""
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "tests.builders.warm"])


def ours(
    arguments: Sequence[str],
    folder: str,
    environment: Mapping[str, str] = ENVIRONMENT,
    again: str = "",
) -> CompletedProcess[str]:
    """What ``python -m pipeline`` would answer in this folder, with nothing in its environment but
    what is given; ``--lang names``: by the names of what it tells (`tests.builders.named`).
    `again`: the file of `command_at` by which it runs itself once more; without one it begins from
    nothing."""
    with TemporaryDirectory() as place:
        told = [Path(place, name) for name in ("stdout", "stderr")]
        process = _PROCESSES.Process(
            target=_run, args=([*arguments], folder, {**environment}, told, again)
        )
        process.start()
        process.join(SECONDS)
        if process.is_alive():
            process.kill()
            raise TimeoutError(f"{arguments} in {folder}")
        code = process.exitcode
        process.close()
        assert code is not None
        return CompletedProcess([*arguments], code, *(path.read_text("utf-8") for path in told))


_CLIENT = f"""#!{sys.executable} -IS
import json, os, socket, sys
with socket.create_connection(("127.0.0.1", %d)) as server:
    given = sys.argv[3:] if sys.argv[1:3] == ["-m", "pipeline"] else sys.argv[1:]
    asked = json.dumps([given, os.getcwd(), dict(os.environ), os.path.abspath(sys.argv[0])])
    server.sendall(asked.encode() + b"\\n")
    code, *told = json.loads(server.makefile("rb").read())
for stream, text in zip((sys.stdout, sys.stderr), told):
    stream.buffer.write(text.encode())
sys.exit(code)
"""


class _Answer(StreamRequestHandler):
    def handle(self) -> None:
        done = ours(*json.loads(self.rfile.readline()))
        told = [done.returncode, done.stdout, done.stderr]
        self.wfile.write(json.dumps(told).encode())


def command_at(path: Path) -> AbstractContextManager[None]:
    """A file that a script or a hook runs as the command; it asks this process for `ours`."""
    return asking_program(path, _CLIENT, _Answer)


def _run(
    arguments: list[str], folder: str, environment: dict[str, str], told: list[Path], again: str
) -> None:
    if again:
        calls.sys = SimpleNamespace(executable=again)  # type: ignore[assignment]
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    for number, path in enumerate(told, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.stdout, sys.stderr = (
        TextIOWrapper(FileIO(number, "w"), "utf-8", "surrogateescape", write_through=True)
        for number in (1, 2)
    )
    with telling_names() if "names" in arguments else nullcontext():
        main(["en" if each == "names" else each for each in arguments])

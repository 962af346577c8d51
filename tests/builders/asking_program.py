"""A program for tests that asks the process of the test for what it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def asking_program(path: Path, text: str, answer: type[StreamRequestHandler]) -> Iterator[None]:
    """A file to run. `text`: of its script, with ``%d`` for the port where `answer` listens."""
    with ThreadingTCPServer(("127.0.0.1", 0), answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        path.write_text(text % server.server_address[1])
        path.chmod(0o755)
        try:
            yield
        finally:
            server.shutdown()

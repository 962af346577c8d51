"""Run commands one after another, and print what they and all that they started took.

``python -m tests.spent COMMAND … [+ COMMAND …]``: the last line names CPU seconds and the clock. It
stops at the first command that fails, and ends with its exit code.
"""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby

_PR_SET_CHILD_SUBREAPER = 36
"""See prctl(2). A browser, or the process that commands are forked from, ends after its parent:
only who adopts and waits for it learns what it took."""


def main(words: Sequence[str]) -> int:
    begun, code = time.monotonic(), 0
    with suppress(
        OSError, AttributeError
    ):  # elsewhere than on Linux such processes are not counted
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for command in (list(group) for plus, group in groupby(words, "+".__eq__) if not plus):
        if code := subprocess.run(command, check=False).returncode:
            break
    with suppress(ChildProcessError):
        while True:
            os.wait()
    took = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = took.ru_utime + took.ru_stime
    print(f"{seconds:.0f} CPU seconds, {time.monotonic() - begun:.0f} seconds by the clock")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

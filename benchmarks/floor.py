"""``python -I benchmarks/floor.py SIGNATURES PROCESSES``: verify Ed25519 signatures, nothing else.

It imports nothing of the project, so that its process costs what the signatures cost.
"""

import multiprocessing
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNED = bytes(150)
"""As long as what an SSH signature signs: names and a SHA-512 (PROTOCOL.sshsig)."""


def verify(count: int) -> None:
    """Verify one signature so many times in this process."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature, public = key.sign(SIGNED), key.public_key()
    for _ in range(count):
        public.verify(signature, SIGNED)


if __name__ == "__main__":
    count, processes = map(int, sys.argv[1:])
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(verify, [count // processes] * processes)

"""Peers of the evidence: who else verifies signatures of people over changes, and how fast."""

import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.corpus import signatures
from benchmarks.lab import Lab, Row
from benchmarks.measure import Missing, Spent, alone, processors, repeated, spend
from benchmarks.posts import SIGNER
from demo.keys import public_line
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.model.evidence import Step

FLOOR = "Ed25519 floor: every signature, nothing else"
SSH_KEYGEN = "ssh-keygen -Y verify, a process a signature"
GITTUF = "gittuf verify-ref, threshold 3"
SAMPLE = 200
FEWER, MORE = 12, 36
"""Changes after which gittuf is timed: the slope is the cost of one, without its start."""
SCRIPT, SIGNATURES = (Path(__file__).with_name(name) for name in ("gittuf.sh", "floor.py"))


def rows(lab: Lab) -> Iterator[Row]:
    """The floor, and each peer as if it had verified every signature of the corpus."""
    count = signatures(lab.corpus.posts)
    command = [sys.executable, "-I", str(SIGNATURES), str(count), str(processors())]
    yield FLOOR, partial(repeated, lambda: spend(command))
    if not lab.lean:
        yield SSH_KEYGEN, lambda: _ssh_keygen(lab).times(count)
        yield GITTUF, lambda: _gittuf(lab)


def _ssh_keygen(lab: Lab) -> Spent:
    """One signature: a shell's loop over the first reviews of a sample."""
    folder, person = lab.fresh("ssh-keygen"), SIGNER[Step.FIRST]
    signers = folder / "allowed_signers"
    signers.write_text(f"{person} {public_line(person)}\n")
    records = sorted(lab.corpus.folder.glob("content/reviews/*/*/r1/1-first.json"))[:SAMPLE]
    verify = f'ssh-keygen -Y verify -f {signers} -I {person} -n {NAMESPACE} -s "$r.sig" <"$r"'
    loop = ["bash", "-ec", f'for r in "$@"; do {verify}; done', "loop", *map(str, records)]
    return repeated(lambda: spend(loop)).times(1 / len(records))


def _gittuf(lab: Lab) -> Spent | Missing:
    """All posts, each a change that three people approved."""
    if not shutil.which("gittuf"):
        return Missing("not installed (`apt-get install gittuf`)")
    folder = lab.fresh("gittuf")
    env = alone(folder)

    def verified(first: int, last: int) -> Spent:
        spend(["bash", str(SCRIPT), str(folder), str(first), str(last)], env=env)
        return repeated(lambda: spend(["gittuf", "verify-ref", "main"], folder / "r", env=env))

    few = verified(1, FEWER)
    return verified(FEWER + 1, MORE).less(few).times(lab.corpus.posts / (MORE - FEWER))

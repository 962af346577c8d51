"""The demo's renditions stay what they were, or somebody looks at the difference."""

import difflib

import pytest

from pipeline.model.findings import Effect
from pipeline.model.part import program
from tests.golden.renditions import FILES, golden, renditions

HELP = "\nWhen the change is meant: python -m tests.golden, and read the difference."


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    return golden()


@pytest.fixture(scope="module")
def stored() -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(FILES.iterdir())}


def test_there_is_a_file_for_every_post_and_channel(wanted, stored):
    assert sorted(stored) == sorted(wanted), HELP
    assert len(wanted) >= 40 * len(program().channels)


@pytest.mark.parametrize("channel", list(program().channels))
def test_every_rendition_is_as_stored(wanted, stored, channel):
    changed = []
    for name, text in wanted.items():
        if name.endswith(f".{channel}.txt") and stored.get(name) != text:
            changed += difflib.unified_diff(
                stored.get(name, "").split("\n"), text.split("\n"), name, name, lineterm="", n=1
            )
    assert not changed, "\n".join(changed[:200]) + HELP


def test_no_channel_refuses_a_demo_post():
    refused = {
        (post, channel): str(problem.message)
        for post, channel, made in renditions()
        for problem in made.problems
        if problem.effect is Effect.REFUSE
    }
    assert refused == {}

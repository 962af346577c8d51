"""`make forge` plays on a running server; without one it fails, and is never a pass."""

import pytest

from tests.forge.__main__ import SCENES, main
from tests.forge.way import STEPS


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"FORGE": "https://git.example"},
        {"FORGE_TOKEN": "t"},
        {"FORGE": "http://git.example", "FORGE_TOKEN": "t"},
        {"FORGE": "", "FORGE_TOKEN": ""},
        {"FORGE": "/no/such/program"},
    ],
)
def test_where_no_server_is_given_it_fails(
    given: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(given)
    assert "没有给出服务器" in capsys.readouterr().err


def test_each_step_is_played_once() -> None:
    assert len(set(STEPS)) == len(STEPS) == 8
    assert len({*SCENES.values()}) == len(SCENES)

"""`make forge` plays on a running server; without one it fails, and is never a pass."""

import pytest

from tests.parts.witness.on_a_server import STEPS, main


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"FORGE": "https://git.example"},
        {"FORGE_TOKEN": "t"},
        {"FORGE": "http://git.example", "FORGE_TOKEN": "t"},
        {"FORGE": "", "FORGE_TOKEN": ""},
    ],
)
def test_where_no_server_is_given_it_fails(
    given: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 2
    assert "没有给出服务器" in capsys.readouterr().err


def test_each_step_is_played_once() -> None:
    assert len(set(STEPS)) == len(STEPS) == 8

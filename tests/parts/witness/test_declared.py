"""What each forge declares names what is there."""

from pathlib import Path

import pytest

from pipeline.cli.forges import code_of
from pipeline.model.part import program
from pipeline.parts.github.settings import RULESET
from pipeline.parts.witness.forge_verb import settings_of
from pipeline.parts.witness.settings import SECRETS, STATUS

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("kind", program().forges)
def test_a_forge_has_its_files_and_what_it_names(kind: str) -> None:
    forge = program().forges[kind]
    assert all((ROOT / path).is_file() for path in forge.files)
    assert bool(forge.settings) is bool(forge.page)
    assert not (forge.settings and forge.signed_only)
    assert bool(forge.code) is (code_of(kind) is not None)
    if forge.settings:
        asked = settings_of(kind)
        assert {*map(id, asked.guards)} <= {*map(id, asked.checks)} and asked.by_hand


def test_the_status_and_the_secrets_are_those_of_the_workflows() -> None:
    """One name in the settings of GitHub, in the workflows and in the checks."""
    assert STATUS in str(RULESET["rules"])
    text = "".join(p.read_text("utf-8") for p in (ROOT / ".github/workflows").glob("*.yml"))
    assert all(f"secrets.{name}" in text for name in SECRETS)

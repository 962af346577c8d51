"""Archives to begin with; and what is not asked of another implementation that judges them."""

import pytest

from tests.builders import telling as tells
from tests.builders.judging import JUDGE

telling_template = tells.telling_template
telling = tells.telling
sound = tells.sound


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, and so count, what looks into this code when another is on trial."""
    if not JUDGE:
        return
    inside = [item for item in items if item.get_closest_marker("inside")]
    items[:] = [item for item in items if not item.get_closest_marker("inside")]
    config.hook.pytest_deselected(items=inside)

"""Runs drawn at random: a few in the suite, many in `make fuzz`."""

import os
from collections.abc import Callable
from typing import Any

import pytest

LONG = 60


def seeds(few: int) -> Callable[[Any], Any]:
    """Run a test with the numbers below `few`, in `make fuzz` with all below `LONG`."""
    numbers = range(LONG if "SANSHEN_LONG" in os.environ else few)

    def mark(test: Any) -> Any:
        return pytest.mark.random(pytest.mark.parametrize("seed", numbers)(test))

    return mark

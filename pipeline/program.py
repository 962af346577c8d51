"""The program, put together of the kernel and its parts (docs/decisions/0073): what is started.

This module alone imports both.
"""

from pipeline import cli
from pipeline.cli import main, sanshen
from pipeline.model.part import program, put_together
from pipeline.parts import PARTS

put_together(PARTS)
VERBS = {**cli.VERBS, **program().verbs}
"""Verb → ``"module:function"``, in the order of the list."""

__all__ = ["VERBS", "main", "sanshen"]

"""The program, put together of the kernel and its parts (docs/decisions/0073): what is started.

This module alone imports both.
"""

from pipeline.starting import short

with short():
    from pipeline import cli
    from pipeline.cli import main, sanshen
    from pipeline.model.brings import Channel, Deferred, Part
    from pipeline.model.part import PutTogether, program, put_together
    from pipeline.parts import PARTS

KERNEL = Part(
    name="kernel",
    channels=(Channel(platform="archive", code="pipeline.render.archive:CODE", linked=True),),
)
put_together(
    PutTogether(
        parts=(KERNEL, *PARTS),
        rules="pipeline.rules",
        looks=Deferred("pipeline.detect.attachments:within_budget"),
        masked=Deferred("pipeline.detect.private:mask"),
        starred=Deferred("pipeline.detect.private:starred"),
        theme_faults=Deferred("pipeline.site.frame.theme_lint:theme_faults"),
    )
)
VERBS = {**cli.VERBS, **program().verbs}
"""Verb → ``"module:function"``, in the order of the list."""

__all__ = ["VERBS", "main", "sanshen"]

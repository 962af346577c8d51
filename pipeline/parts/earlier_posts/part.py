"""What the program takes from this part."""

from pipeline.model.part import Deferred, PageGroup, Part

PART = Part(
    name="earlier_posts",
    pages=PageGroup(
        whole=Deferred("pipeline.parts.earlier_posts.pages:earlier_units"),
        values={"earlier": Deferred("pipeline.parts.earlier_posts.pages:earlier")},
    ),
)

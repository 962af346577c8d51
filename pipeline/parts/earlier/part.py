"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Kind, PageGroup, Part

PART = Part(
    name="earlier",
    kinds=(Kind("earlier", "建库前的发布", ever=True, of_long_ago=True),),
    pages=PageGroup(
        whole=Deferred("pipeline.parts.earlier.pages:earlier_units"),
        values={"earlier": Deferred("pipeline.parts.earlier.pages:earlier")},
    ),
)

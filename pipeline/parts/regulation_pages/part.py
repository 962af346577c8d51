"""What the program takes from this part."""

from pipeline.model.brings import Deferred, PageGroup, PageLink, Part

PART = Part(
    name="regulation_pages",
    pages=PageGroup(
        links=(PageLink("watch", "regulation/", "", "全文，以及每一条怎样检查", "posts/"),),
        whole=Deferred("pipeline.parts.regulation_pages.pages:regulation_units"),
        sections=("regulation",),
    ),
)

"""What the program takes from this part."""

from pipeline.model.brings import Deferred, PageGroup, PageLink, Part

PART = Part(
    name="search",
    pages=PageGroup(
        links=(PageLink("find", "search/", "检索"),),
        pages={"search/": Deferred("pipeline.parts.search.index:search_page")},
        whole=Deferred("pipeline.parts.search.index:erased_search"),
        year=Deferred("pipeline.parts.search.index:search_units"),
        last=Deferred("pipeline.parts.search.index:search_list"),
    ),
)

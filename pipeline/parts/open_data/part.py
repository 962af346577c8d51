"""What the program takes from this part."""

from pipeline.model.brings import Deferred, PageGroup, PageLink, Part

PART = Part(
    name="open_data",
    needs=("alerts",),
    pages=PageGroup(
        links=(
            PageLink("foot", "subscribe/", "订阅"),
            PageLink("foot", "data/", "开放数据"),
            PageLink("data", "data/", "开放数据"),
            PageLink("data", "subscribe/", "订阅"),
        ),
        pages={
            "data/": Deferred("pipeline.parts.open_data.pages:data_page"),
            "subscribe/": Deferred("pipeline.parts.open_data.pages:subscribe_page"),
        },
        whole=Deferred("pipeline.parts.open_data.pages:open_data_units"),
        year=Deferred("pipeline.parts.open_data.catalogue:catalogue_of"),
        last=Deferred("pipeline.parts.open_data.catalogue:catalogue"),
        data=Deferred("pipeline.parts.open_data.linked_data:article"),
    ),
)

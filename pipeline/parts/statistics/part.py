"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Kind, PageGroup, PageLink, Part

PART = Part(
    name="statistics",
    needs=("form", "cadence"),
    kinds=(Kind("statistics", "账号数据"),),
    pages=PageGroup(
        links=(
            PageLink(
                "watch",
                "statistics/",
                "统计",
                "自建档以来的篇数，按年月、类型、科室和账号",
                "accounts/",
            ),
        ),
        whole=Deferred("pipeline.parts.statistics.figures:figure_units"),
        year=Deferred("pipeline.parts.statistics.months:month_units"),
        values={"panels": Deferred("pipeline.parts.statistics.figures:panels")},
    ),
)

"""What the program takes from this part."""

from pipeline.model.brings import Deferred, PageGroup, PageLink, Part

PART = Part(
    name="alerts",
    pages=PageGroup(
        links=(PageLink("tab", "alerts/", "预警"),),
        whole=Deferred("pipeline.parts.alerts.pages:alert_units"),
        beside=Deferred("pipeline.parts.alerts.pages:message"),
        values={
            "english": Deferred("pipeline.parts.alerts.pages:english"),
            "english_file": Deferred("pipeline.parts.alerts.pages:english_file"),
        },
    ),
)

"""What the program takes from this part."""

from pipeline.model.brings import Kind, Part

PART = Part(
    name="incidents", kinds=(Kind("opinions", "舆情"), Kind("incidents", "假冒账号和安全事件"))
)

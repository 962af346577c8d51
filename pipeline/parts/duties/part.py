"""What the program takes from this part."""

from pipeline.model.brings import LONG, SIGNED, YEAR, Deferred, Kind, Part

PART = Part(
    name="duties",
    needs=("desk",),
    desk=Deferred("pipeline.parts.duties.pages:pages"),
    kinds=(
        Kind("wordings", "声明文本", register=True),
        Kind("declarations", "声明", predicate="declaration"),
        Kind("attestations", "事项签名", predicate="attestation", whole=True,
             files=f"{YEAR}/{LONG}{SIGNED}"),
    ),
    tables=("pipeline.parts.duties.tables:declarations",),
)  # fmt: skip

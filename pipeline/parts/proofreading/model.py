"""Where the model of `sanshen proof` lies: beside the program, or with the caller's own data."""

from functools import lru_cache
from importlib.resources import files as resources
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.parts.proofreading.proofreading import Model

NAME = "zh.model"


@lru_cache(maxsize=1)
def proof_model(own: Path) -> Model:
    """The model of the program, else the file `own`. Raises Fault, which says how to get it."""
    package = Path(str(resources("pipeline")))
    candidates = (package / "shipped" / "proof" / NAME, package.parent / "proof" / NAME, own)
    path = next((p for p in candidates if p.is_file()), None)
    if path is None:
        raise Fault(
            say("The model for proofreading is not installed; nothing was proofread."),
            say(
                "Copy proof/{name} from the product's repository to {path}, or install its wheel,"
                " which holds it.",
                name=NAME,
                path=own,
            ),
        )
    try:
        return Model(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Fault(
            say("{path} is no model for proofreading.", path=path),
            say("Copy proof/{name} from the product's own repository once more.", name=NAME),
        ) from error

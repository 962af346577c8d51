"""Where the demo stands, how its plans are read, and how its records are written."""

from pathlib import Path
from typing import Any

from demo.keys import seed
from pipeline.evidence.review.statements import NAMESPACE, digest
from pipeline.source.content.text import read_yaml
from tools.sign_in_process import sign_in_process

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"


def load(path: Path) -> Any:
    """A YAML file, read by the pipeline's own strict reader."""
    document = read_yaml(path.as_posix(), path.read_bytes())
    if document.problems:
        raise SystemExit(f"{path}: {document.problems[0].message}")
    return document.value


def front_matter(path: Path) -> Any:
    """The front matter of a post, as plain values."""
    text = path.read_text(encoding="utf-8").split("---\n")[1]
    return read_yaml(path.as_posix(), text.encode()).value


def store(place: Path, statement: bytes, person: str) -> str:
    """Sign and write one record; what the next one must name."""
    signature = sign_in_process(statement, seed(person), NAMESPACE)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(statement)
    place.with_name(f"{place.name}.sig").write_bytes(signature)
    return digest(statement, signature)

"""The whole program, its law and a first verdict, read once for all commands that are forked."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

import pipeline
from tests.builders.archive import ArchiveRepo

for module in walk_packages(pipeline.__path__, "pipeline."):
    if not module.name.endswith("__main__"):
        import_module(module.name)
with TemporaryDirectory() as folder:
    ArchiveRepo.begin(Path(folder)).standing()

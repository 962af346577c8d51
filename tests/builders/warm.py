"""The whole program, its law and a first verdict, read once for all commands that are forked."""

from importlib import import_module
from os import environ
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

import pipeline
from tests.builders.archive import ArchiveRepo
from tests.builders.frames import FOLDER, make_once

for module in walk_packages(pipeline.__path__, "pipeline."):
    if not module.name.endswith("__main__"):
        import_module(module.name)
if FOLDER in environ:
    make_once()
with TemporaryDirectory() as folder:
    ArchiveRepo.begin(Path(folder)).standing()

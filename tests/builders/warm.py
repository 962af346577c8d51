"""The whole program, its law and a first verdict, read once for all commands that are forked.

What the verdict looks a post over with (lists, words, expressions) is read when it is first asked
for, and is two thirds of the work: so a post is judged here.
"""

import gc
from contextlib import redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from io import StringIO
from os import environ
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

import pipeline
from pipeline.program import sanshen
from pipeline.report.language import LANGUAGES, catalogue
from tests.builders.archive import OTHER_PNG, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.frames import FOLDER, make_once

for module in walk_packages(pipeline.__path__, "pipeline."):
    if not module.name.endswith("__main__"):
        import_module(module.name)
if FOLDER in environ:
    make_once()
with TemporaryDirectory() as folder:
    archive = ArchiveRepo.begin(Path(folder))
    archive.branch("proposal")
    picture = {"file": "a.png", "alt": "图", "author": "zz-a", "licence": "本单位原创"}
    archive.draft(body="看图。\n\n![图](a.png)\n", files={"a.png": OTHER_PNG}, media=[picture])
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核", "xxy-a")
    at = f"--as-of {AS_OF.isoformat()}"
    for verb in (f"verify --base main {at}", f"audit {at}", "status"):
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()), suppress(SystemExit):
            sanshen.main(["-C", folder, "--lang", "en", *verb.split()], standalone_mode=False)
for language in LANGUAGES:  # the command in Chinese would leave its sentences in click for good
    catalogue(language)
gc.collect()
gc.freeze()  # a command that looked for garbage in all this would have it copied

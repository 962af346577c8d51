"""The files of an archive that the shell of its site is made of."""

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.source.listing import REGULAR
from pipeline.source.tree import Tree


def theme_of(tree: Tree) -> dict[str, bytes]:
    """Path → bytes of the files in ``site/`` and of mkdocs.yml.

    Raises Fault for a link or a module: no change may bring one, but a first commit may hold it.
    """
    found = {}
    for path in (*tree.files.under("site/"), "mkdocs.yml"):
        if path in tree.files:
            if tree.files[path].mode not in REGULAR:
                raise Fault(
                    say("{path} is a link or a module: no site is made of it.", path=path),
                    say("Put the file itself there."),
                )
            found[path] = tree.read(path)
    return found

"""The theme of an archive: the files that its site is built with, and their faults."""

from pipeline.errors import Fault
from pipeline.model.findings import Finding, say
from pipeline.source.content.yaml import unparsed
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import REGULAR


def theme_of(tree: Tree) -> dict[str, bytes]:
    """Path → bytes of the files in ``site/``, of mkdocs.yml and of the schema that the site serves.

    Raises Fault for a link or a module: no change may bring one, but a first commit may hold it.
    """
    files = {}
    for path in (*tree.files.under("site/"), "mkdocs.yml", "schemas/catalogue.json"):
        if path in tree.files:
            if tree.files[path].mode not in REGULAR:
                raise Fault(
                    say("{path} is a link or a module: no site is made of it.", path=path),
                    say("Put the file itself there."),
                )
            files[path] = tree.read(path)
    return files


def theme_brought(after: Tree, before: Tree) -> tuple[Finding, ...]:
    """Faults of the theme that a change brings: files unreadable, or missing for a build."""
    faults = _faults(after)
    was = {f.mark for f in _faults(before)} if faults else set()
    return tuple(f for f in faults if f.mark not in was)


def _faults(tree: Tree) -> tuple[Finding, ...]:
    from pipeline.site.frame.theme_lint import theme_faults  # jinja2 stands behind it

    try:
        theme = theme_of(tree)
    except Fault:
        return ()  # a link, which the change is refused for
    return (*unparsed("mkdocs.yml", theme.get("mkdocs.yml", b""), "R13-7"), *theme_faults(theme))

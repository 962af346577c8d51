"""Whose the styles and scripts of a site are: the program's, as it ships them, or the archive's."""

from collections.abc import Mapping
from hashlib import sha256

from pipeline.evidence.log.tiles import OWN_THEME
from pipeline.model.findings import say
from pipeline.model.program import read_program
from pipeline.parts.verify_site.log import ReportBuilder, Site
from pipeline.source.program import running, shipped

_ASSETS = "site/assets/"
_LINE = 66
"""Where the path begins in a line of ``sha256  path``."""


def compare_theme(
    site: Site, listed: Mapping[str, str], program: str, report: ReportBuilder
) -> None:
    """Hold each file that the theme serves as it is to the program's bytes, or to the digest by
    which the site says that it is the archive's own.

    `listed`: path → sha256 of what it serves; `program`: of the log's last leaf.
    Of a site that another program made nothing is held against it: its files differ lawfully.
    """
    raw = site.read(OWN_THEME) if OWN_THEME in listed else None
    lines = (raw or b"").decode("utf-8", "replace").splitlines()
    own = {line[_LINE:]: line[:64] for line in lines}
    theirs = {path: sha256(data).hexdigest() for path, data in shipped(_ASSETS).items()}
    wanted = theirs | {p: digest for p, digest in own.items() if p.startswith(_ASSETS)}
    wrong = [p for p, digest in wanted.items() if listed.get(p.removeprefix("site/")) != digest]
    if (wrong or raw is None) and read_program(program) != running():
        report.remarks.append(
            say("Another version of the program made the site: whose its styles and scripts are was"
                " not compared.")
        )  # fmt: skip
        return
    if raw is None:
        report.add(OWN_THEME, say("The site lacks this file."))
    for path in wrong:
        report.add(
            path.removeprefix("site/"),
            say("This is neither the program's file nor what the site lists as the archive's own."),
        )
    whole = say("Styles, scripts and pictures of the theme are the program's.")
    but = say("Styles, scripts and pictures of the theme are the program's, but for what the site"
              " lists as the archive's own: {paths}.", paths=", ".join(own))  # fmt: skip
    report.remarks.append(but if own else whole)

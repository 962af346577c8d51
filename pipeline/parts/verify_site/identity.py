"""What a site says of itself in one place, held to what was verified of it."""

import json
from collections.abc import Mapping

from pipeline.evidence.log.tiles import FOLDER, OWN_THEME, WELL_KNOWN
from pipeline.model.findings import Message, say
from pipeline.model.ids import sha256_of
from pipeline.model.program import read_program
from pipeline.parts.verify_site.log import ReportBuilder, Site
from pipeline.source.program import running, shipped

ROSTER, CATALOGUE = "evidence/roster.yml", "catalogue.json"
_ASSETS = "site/assets/"
_LINE = 66
"""Where the path begins in a line of ``sha256  path``."""


def made_by(program: str) -> Message:
    """Which program made a site, by the last leaf of its log, and whether it is this one."""
    stated, own = read_program(program), running()
    if stated is None:
        return say("The log does not say which program made the site.")
    version, digest = stated.version, stated.short
    if stated == own:
        return say("Made by sanshen {version} {digest}: the very program that checks it.",
                   version=version, digest=digest)  # fmt: skip
    return say("Made by sanshen {version} {digest}; another program checks it, {other} {own}.",
               version=version, digest=digest, other=own.version, own=own.short)  # fmt: skip


def check_identity(
    site: Site, listed: Mapping[str, str], origin: str, program: str, report: ReportBuilder
) -> None:
    """Report what `WELL_KNOWN` says otherwise than the rest of the site.

    `listed`: path → sha256 of the site's files; `origin`, `program`: of its log and its last leaf.
    """
    report.remarks.append(made_by(program))
    raw, key = (site.read(path) for path in (WELL_KNOWN, f"{FOLDER}key"))
    if raw is None:
        if program:  # earlier programs told neither
            report.add(WELL_KNOWN, say("The site does not say what it is."))
        return
    try:
        value = json.loads(raw)
        log, roster, locked = value["log"], value["roster"], _stated(value["locked"])
        catalogue = json.loads(site.read(CATALOGUE) or b"")
        claims = {
            "log.origin": (log["origin"], origin),
            "log.key": (log["key"] or "", (key or b"").decode("utf-8", "replace").strip()),
            "roster.sha256": (roster["sha256"], listed.get(ROSTER, roster["sha256"])),
            "root": (value["root"], roster["sha256"] if roster["serial"] == 1 else value["root"]),
            "program": (_stated(value["program"]), program),
            "catalogue": (value["catalogue"], CATALOGUE),
            f"{CATALOGUE}: program": (_stated(catalogue["program"]), program),
        }
    except (ValueError, TypeError, KeyError, RecursionError):
        report.add(WELL_KNOWN, say("What the site says of itself cannot be read."))
        return
    for name, (claim, truth) in claims.items():
        if claim != truth:
            message = say("Of {name} it says {claim}, and the site has {truth}.",
                          name=name, claim=str(claim or "—")[:200], truth=truth or "—")  # fmt: skip
            report.add(WELL_KNOWN, message)
    if locked not in ("", program):
        report.remarks.append(
            say("The archive names another program than made the site: {locked}.", locked=locked)
        )


def _stated(value: Mapping[str, str] | None) -> str:
    return f"{value['version']} {value['digest']}" if value else ""


# Whose the styles and scripts of a site are: the program's, as it ships them, or the archive's.


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
    theirs = {path: sha256_of(data) for path, data in shipped(_ASSETS).items()}
    wanted = theirs | {p: digest for p, digest in own.items() if p.startswith(_ASSETS)}
    wrong = [p for p, digest in wanted.items() if listed.get(p.removeprefix("site/")) != digest]
    if (wrong or raw is None) and read_program(program) != running():
        report.remarks.append(
            say(
                "Another version of the program made the site: whose its styles and scripts are was"
                " not compared."
            )
        )
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

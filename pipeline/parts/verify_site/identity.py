"""What a site says of itself in one place, held to what was verified of it."""

import json
from collections.abc import Mapping

from pipeline.evidence.log.tiles import FOLDER, WELL_KNOWN
from pipeline.model.findings import Message, say
from pipeline.model.program import read_program
from pipeline.parts.verify_site.log import ReportBuilder, Site
from pipeline.source.program import running

ROSTER, CATALOGUE = "evidence/roster.yml", "catalogue.json"


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

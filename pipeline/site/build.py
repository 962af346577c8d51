"""Build the public archive: shell, pages, files, written whole or not at all (design.md §8)."""

from pathlib import Path

from pipeline.site.builder import build_shell, settings_of
from pipeline.site.inputs import BuildReport, SiteInput
from pipeline.site.output import fault_of, write_site
from pipeline.site.pages import pages


def build(site: SiteInput, out: Path, work: Path) -> BuildReport:
    """Build `site` into the folder `out`; `work` keeps what the next build can use again.

    The site that stood in `out` stays until the new one is whole. Raises Fault when `out` holds
    files that are not ours, when a disk is full or read-only, and when the theme cannot be built.
    """
    archive = site.archive
    settings = settings_of(archive.registers.policy)
    try:
        shell = build_shell(site.theme, settings, work, int(archive.as_of.timestamp()))
    except OSError as error:
        raise fault_of(error, work) from error
    files, size, digest = write_site(out, pages(site, shell), f"{site.revision}\n")
    return BuildReport(len(archive.posts), files, size, digest)

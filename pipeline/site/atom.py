"""A feed of the site as Atom (RFC 4287)."""

from pipeline.render.xml_text import escape, quoteattr
from pipeline.site.units import File
from pipeline.site.view import SiteView


def atom_feed(view: SiteView, folder: str, title: str, updated: str, entries: str) -> File:
    """feed.xml of a folder. `updated`: RFC 3339; `entries`: XML."""
    page = view.base + folder
    whole = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<title>{escape(title)}</title>\n<id>{escape(page)}</id>\n<updated>{updated}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(f"{page}feed.xml")}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>\n'
        f"<author><name>{escape(str(view.policy.unit.get('full_name', '')))}</name></author>\n"
        f"{entries}</feed>\n"
    )
    return f"{folder}feed.xml", whole.encode()

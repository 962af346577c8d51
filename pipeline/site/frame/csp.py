"""Content Security Policy 3: the theme's inline scripts by their hash, nothing else inline."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
PLACEHOLDER = "@@sanshen-csp@@"
_RUNS = frozenset({"", "text/javascript", "application/javascript", "module"})


def inline_scripts(html: str) -> list[str]:
    """The text of every inline script that a browser runs; JSON data blocks are not run."""
    found = []
    for attributes, text in _SCRIPT.findall(html):
        kind = _TYPE.search(attributes)
        runs = (kind[1].lower() if kind else "") in _RUNS
        if runs and not re.search(r"\bsrc\s*=", attributes, re.IGNORECASE):
            found.append(text)
    return found


def hashes(scripts: Iterable[str]) -> frozenset[str]:
    """CSP hash sources of inline scripts."""
    return frozenset(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in scripts)


def policy(script_hashes: frozenset[str]) -> str:
    """The policy for a meta tag: this host only, no inline style, no plug-in, no foreign form."""
    scripts = " ".join(["'self'", *sorted(script_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'"
    )


def with_policy(html: str) -> str:
    """The page with its placeholder replaced by the policy its own inline scripts need."""
    return html.replace(PLACEHOLDER, policy(hashes(inline_scripts(html))))


def headers_file(pages: Iterable[str]) -> bytes:
    """``_headers`` for static hosts: all pages' policies in one, and what a meta tag cannot say.

    What the theme names by its digest is kept for a year; all else is asked for again.
    """
    union = hashes(script for page in pages for script in inline_scripts(page))
    return (
        "/*\n"
        f"  Content-Security-Policy: {policy(union)}; frame-ancestors 'none'\n"
        "  X-Content-Type-Options: nosniff\n"
        "  X-Frame-Options: DENY\n"
        "  Referrer-Policy: no-referrer\n"
        "  Permissions-Policy: camera=(), microphone=(), geolocation=()\n"
        "  Cross-Origin-Opener-Policy: same-origin\n"
        "/assets/stylesheets/*\n"
        "  Cache-Control: public, max-age=31536000, immutable\n"
        "/assets/javascripts/*\n"
        "  Cache-Control: public, max-age=31536000, immutable\n"
        "/posts/*/post.md\n"
        "  Content-Type: text/plain; charset=utf-8\n"
    ).encode()

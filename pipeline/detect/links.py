"""What is unsafe or dead about a link's target (Articles 10 and 13)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from pipeline.model import lazy, part, run

WEB = ("http", "https")
_HIDDEN = lazy.regex(r"[\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\\]")


@dataclass(frozen=True)
class Target:
    """A link's target in its parts; `host` is lower case, without a final dot, IDNA as written."""

    url: str
    scheme: str
    host: str
    path: str
    fragment: str
    faults: tuple[str, ...]
    """``unreadable``, ``disguised`` (a name before @, hidden signs), ``number`` (a bare IP
    address), ``foreign-script`` (letters of several scripts may imitate another host) …"""


def plain_address(url: str) -> str:
    """An address without what makes no difference to its page."""
    return url.partition("#")[0].partition("://")[2].rstrip("/")


def target(url: str) -> Target:
    """The parts of a link's target; an unreadable one has that fault."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").lower()
        _ = parts.port
    except ValueError:
        return Target(url, "", "", "", "", ("unreadable",))
    faults = []
    if parts.scheme in WEB and not host:
        faults.append("unreadable")
    if parts.username is not None or _HIDDEN.search(url.strip()):
        faults.append("disguised")
    if _is_number(host):
        faults.append("number")
    if not host.isascii() or "xn--" in host:
        faults.append("foreign-script")
    return Target(url, parts.scheme.lower(), host, parts.path, parts.fragment, tuple(faults))


@run.per_run(256)
def web_host(url: str) -> str:
    """The host that a web address plainly leads to, lower case; empty for any other address.

    One that hides its host has none: what stands before a backslash is where browsers go.
    """
    to = target(url)
    plain = to.scheme in ("", *WEB) and not {"unreadable", "disguised"} & {*to.faults}
    return to.host if plain else ""


def under(host: str, names: Collection[str]) -> bool:
    """Whether a host is one of the names or below one; a name may be written with a dot first."""
    wanted = [name.lower().strip(".") for name in names]
    return any(host == name or host.endswith(f".{name}") for name in wanted)


PLATFORMS = {
    "channels": ("channels.weixin.qq.com",),
    "douyin": ("douyin.com", "iesdouyin.com"),
    "toutiao": ("toutiao.com",),
}
"""Platform that is no channel of the program → hosts that its accounts share."""


def platform_of(url: str) -> str:
    """The platform that an address stands on; empty for none."""
    host, channels = web_host(url), part.program().channels.values()
    shared = {**PLATFORMS, **{channel.platform: channel.hosts for channel in channels}}
    return next((name for name, hosts in shared.items() if under(host, hosts)), "")


def _is_number(host: str) -> bool:
    """An IP address in any form that browsers take: dotted, one number, hexadecimal."""
    if re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", host):
        return True
    try:
        return bool(ip_address(host))
    except ValueError:
        return False

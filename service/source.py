"""Where a request came from: the other end of the connection, or what a trusted proxy says of it.

One header is read, the one that the proxies are known to write (PROXY_HEADER), and only when they
hand the request in; every other forwarding header is somebody's claim and is never looked at.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from service.knob import networks

Address = IPv4Address | IPv6Address
Say = Callable[[str | None, list[str]], str | None]

# 192.0.2.1, 192.0.2.1:4711, 2001:db8::1, [2001:db8::1], [2001:db8::1]:4711
_NODE = re.compile(
    r"(?P<v4>[0-9.]{7,15})(:[0-9]{1,5})?|\[(?P<boxed>[0-9a-fA-F:.]{2,45})\](:[0-9]{1,5})?"
    r"|(?P<v6>[0-9a-fA-F:.]{2,45})",
    re.ASCII,
)
_FOR = re.compile(r'(?:^|;)\s*+for\s*+=\s*+(?:"([^"]*)"|([^;"\s]*))\s*+(?=;|$)', re.IGNORECASE)
_TRAIL_LENGTH = 1000  # of the header, from the right: some twenty proxies and what they write


def source(trusted_proxies: str, proxy_header: str) -> Say:
    """Answers the client's address for the peer of a connection and the values of the header."""
    trusted = networks("TRUSTED_PROXIES", trusted_proxies)
    hops_of = _forwarded if proxy_header == "forwarded" else _listed

    def is_trusted(address: Address) -> bool:
        return any(address in network for network in trusted)

    @lru_cache(maxsize=4096)
    def told(peer: str | None, header: str) -> str | None:
        """The first one from the right who is not a proxy of ours.

        What stands left of them they may have written themselves. Where a word is no address the
        trail ends: the last proxy that is known stands for all behind it.
        """
        address = _address(peer or "")
        if address is None:
            return None
        for hop in reversed(hops_of(header)):
            if not is_trusted(address):
                break
            before = _address(hop)
            if before is None:
                break
            address = before
        return address.compressed

    def say(peer: str | None, lines: list[str]) -> str | None:
        header = ",".join(lines) if trusted else ""
        if len(header) > _TRAIL_LENGTH:  # the hop that is cut in two is no address
            header = "?," + header[-_TRAIL_LENGTH:].partition(",")[2]
        return told(peer, header)

    return say


def _listed(header: str) -> list[str]:
    return [hop.strip() for hop in header.split(",")] if header else []


def _forwarded(header: str) -> list[str]:
    """The `for` of each element (RFC 7239); an element without one, or with two, is no address."""
    hops = []
    for element in header.split(",") if header else []:
        found = [quoted or plain for quoted, plain in _FOR.findall(element.strip())]
        hops.append(found[0] if len(found) == 1 else "")
    return hops


def _address(text: str) -> Address | None:
    """An address without its port; an IPv4 one in IPv6 clothes is the IPv4 one."""
    match = _NODE.fullmatch(text.partition("%")[0] if "[" not in text else text)
    if match is None:
        return None
    try:
        address = ip_address(match["v4"] or match["boxed"] or match["v6"])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address

"""One setting: its variable, its unit, its sentence, its limits, and how its text is read."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeVar

T = TypeVar("T")
Networks = tuple[IPv4Network | IPv6Network, ...]
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")


class WrongSetting(ValueError):
    """A setting that cannot be used; the message names it and never repeats a secret."""


@dataclass(frozen=True, slots=True)
class Knob:
    """What is known about one setting: its variable, its unit, its sentence and its limits."""

    env: str
    unit: str
    sentence: str
    least: int = 0
    most: int = 2**31 - 1
    choices: tuple[str, ...] = ()
    is_secret: bool = False


def knob(default: T, env: str, unit: str, sentence: str, **limits: Any) -> T:
    """A dataclass field that carries its own description."""
    value: T = field(default=default, metadata={"knob": Knob(env, unit, sentence, **limits)})
    return value


def value_of(knob: Knob, text: str, default: Any) -> Any:
    """The value that a text means for this knob. Errors: WrongSetting."""
    if isinstance(default, bool):
        known = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
        if text.lower() not in known:
            raise WrongSetting(f"{knob.env} must be on or off.")
        return known[text.lower()]
    if isinstance(default, int):
        if not (text.isascii() and text.isdigit() and knob.least <= int(text[:12]) <= knob.most):
            raise WrongSetting(
                f"{knob.env} must be a whole number ({knob.unit}) "
                f"between {knob.least} and {knob.most}."
            )
        return int(text)
    value = text.lower() if knob.choices else text
    if knob.choices and value not in knob.choices:
        raise WrongSetting(f"{knob.env} must be one of {', '.join(knob.choices)}.")
    return value


def networks(name: str, text: str) -> Networks:
    """Addresses and CIDR blocks of a list. Errors: WrongSetting."""
    try:
        return tuple(ip_network(item) for item in _items(text))
    except ValueError:
        raise WrongSetting(
            f"{name} must be a list of addresses and networks, as in 10.0.0.7, fd00::/64."
        ) from None


def origins(name: str, text: str) -> frozenset[str]:
    """The origins of a list. Errors: WrongSetting."""
    found = frozenset(_items(text))
    if not all(_ORIGIN.fullmatch(one) for one in found):
        raise WrongSetting(
            f"{name} must be a list of origins, as in https://app.example.org, without * or path."
        )
    return found


def _items(text: str) -> list[str]:
    return [item for item in re.split(r"[,\s]+", text) if item]


def text_of(value: object) -> str:
    """A value as the environment would spell it."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def masked(value: str) -> str:
    """A secret for people: a DSN keeps its place and its name, everything else is hidden."""
    if "://" not in value:
        return "set" if value else "not set"
    scheme, _, rest = value.partition("://")
    return f"{scheme}://…@{rest.rpartition('@')[2].partition('?')[0]}"

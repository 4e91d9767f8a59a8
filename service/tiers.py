"""How many units an hour: by tier, by environment, or as the setting LIMITS says."""

from collections.abc import Mapping

from service.knob import WrongSetting

ANONYMOUS = "anonymous"  # nobody has logged in: the source address counts
# Production as the product was specified; an address may be a whole office that logs in.
_PRODUCTION = {
    "budget": 50,
    "mid_tier": 100,
    "professional": 200,
    "enterprise": 500,
    ANONYMOUS: 200,
}
_ALL = {"development": 1000, "staging": 150}
_MOST = 2**31 - 1


def hourly(environment: str, words: str) -> Mapping[str, int]:
    """Units an hour by tier. Errors: WrongSetting for words of LIMITS that say nothing."""
    everybody = _ALL.get(environment)
    limits = {tier: everybody or units for tier, units in _PRODUCTION.items()}
    for word in words.replace(",", " ").split():
        tier, _, text = word.partition("=")
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(_MOST))
        if tier not in (*limits, "all") or not is_number or not 1 <= int(text) <= _MOST:
            raise WrongSetting(
                f"LIMITS must be words such as enterprise=500, each with one of "
                f"{', '.join(limits)} or all, and a number from 1 to {_MOST}."
            )
        limits |= dict.fromkeys(limits, int(text)) if tier == "all" else {tier: int(text)}
    return limits

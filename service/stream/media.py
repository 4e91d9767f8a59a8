"""In what form a caller wants a list: one page of JSON, or the whole of it in another form."""

from functools import lru_cache

from service.exchange import Exchange

_JSON = "application/json"
_ACCEPT_LENGTH = 500  # what is longer asks for JSON


def wanted(exchange: Exchange) -> str | None:
    """The media type of a stream that the route offers and Accept names; None is a JSON page."""
    offered = exchange.match.route.forms if exchange.match else ()
    if not offered:
        return None
    accept = ",".join(exchange.request.headers.getall("Accept", ()))
    return _chosen(accept, offered) if accept and len(accept) <= _ACCEPT_LENGTH else None


@lru_cache(maxsize=256)
def _chosen(accept: str, offered: tuple[str, ...]) -> str | None:
    """Named outright, and weighed above JSON or ahead of a mere */*."""
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                weight = _number(value)
        weights[name] = max(weight, weights.get(name, 0.0))
    best = max(offered, key=lambda name: weights.get(name, 0.0))
    weight = weights.get(best, 0.0)
    if weight <= 0.0 or weight <= weights.get(_JSON, 0.0):
        return None
    return best if weight >= max(weights.get("application/*", 0), weights.get("*/*", 0)) else None


def _number(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0

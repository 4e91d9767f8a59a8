"""Which route a path belongs to: a tree of its pieces, grown once per reload."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from service.routes import Route


class Match(NamedTuple):
    """A route and the values that the path gave its fields."""

    route: Route
    values: dict[str, str]


@dataclass(slots=True)
class _Node:
    """What may follow after a piece of path, and what answers when it ends here."""

    fixed: dict[str, "_Node"] = field(default_factory=dict)
    templated: "_Node | None" = None
    answers: dict[str, tuple[Route, tuple[tuple[int, str], ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """All routes of one moment; a reload makes a new table."""

    routes: tuple[Route, ...] = ()
    root: _Node = field(default_factory=_Node)
    longest: int = 0  # pieces of a path; what has more is looked at no further

    @staticmethod
    def of(routes: Sequence[Route]) -> "Table":
        """The table of these routes; a fixed piece of path wins over a templated one."""
        entries = [
            (path.split("/"), route) for route in routes for path in (route.path, *route.aliases)
        ]
        entries.sort(key=lambda entry: [piece.startswith("{") for piece in entry[0]])
        longest = max((len(pieces) for pieces, _ in entries), default=0)
        return Table(tuple(routes), _grow(entries, 0), longest)

    def find(self, method: str, path: str) -> Match | None:
        """The route of a request; HEAD is answered like GET."""
        pieces = path.split("/")
        node = self._node(pieces)
        found = node and node.answers.get("GET" if method == "HEAD" else method)
        if not found:
            return None
        route, places = found
        if "%" not in path:
            return Match(route, {name: pieces[place] for place, name in places})
        try:
            values = {name: unquote(pieces[place], errors="strict") for place, name in places}
        except UnicodeDecodeError:
            return None
        return Match(route, values)

    def allowed(self, path: str) -> list[str]:
        """Methods that this path answers; none when it is unknown."""
        node = self._node(path.split("/"))
        methods = list(node.answers) if node else []
        return sorted([*methods, *(["HEAD"] if "GET" in methods else [])])

    def _node(self, pieces: list[str]) -> _Node | None:
        node: _Node | None = self.root
        if len(pieces) > self.longest:
            return None
        for piece in pieces:
            if node is None:
                return None
            node = node.fixed.get(piece) or (node.templated if piece else None)
        return node


def _grow(entries: Sequence[tuple[list[str], Route]], depth: int) -> _Node:
    """The node for entries that agree so far; templated ones also stand under each fixed piece."""
    node = _Node()
    names = set()
    for pieces, route in entries:
        if len(pieces) == depth:
            places = tuple(
                (place, piece[1:-1]) for place, piece in enumerate(pieces) if piece[:1] == "{"
            )
            node.answers.setdefault(route.method, (route, places))
        elif pieces[depth][:1] != "{":
            names.add(pieces[depth])
    longer = [entry for entry in entries if len(entry[0]) > depth]
    templated = [entry for entry in longer if entry[0][depth][:1] == "{"]
    for name in names:
        same = [entry for entry in longer if entry[0][depth] == name or entry in templated]
        node.fixed[name] = _grow(same, depth + 1)
    if templated:
        node.templated = _grow(templated, depth + 1)
    return node

"""Where in a file of SQL a statement stands, so that a mistake is named by its line."""

import re

# What may hide a semicolon; what is left between two of them is a statement.
TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "[^"]*" | --[^\n]* | /\*.*?\*/ | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | ;""",
    re.DOTALL | re.VERBOSE,
)


def line_at(text: str, offset: int) -> int:
    """Number of the line, from 1, on which a character stands."""
    return text.count("\n", 0, offset) + 1


def line_of_statement(text: str, number: int) -> int:
    """Number of the line, from 1, on which the statement begins that follows `number` others."""
    starts = statement_starts(text)
    return line_at(text, starts[min(number, len(starts) - 1)]) if starts else 1


def statement_starts(text: str) -> list[int]:
    """Where each statement begins, past its comments. `begin atomic` bodies count as several."""
    starts: list[int] = []
    is_inside = False
    end = 0
    for token in [*TOKEN.finditer(text), None]:
        between = text[end : token.start() if token else len(text)]
        word = re.search(r"\S", between)
        if word and not is_inside:
            starts.append(end + word.start())
            is_inside = True
        if token is None:
            break
        end = token.end()
        if token[0] == ";":
            is_inside = False
        elif not token[0].startswith(("--", "/*")) and not is_inside:
            starts.append(token.start())
            is_inside = True
    return starts

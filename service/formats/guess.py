"""Which encoding do lines beyond ASCII look like? The library's word, with what it gets wrong.

charset-normalizer takes short French for Baltic and short German for Czech; what reads like Western
European is that.
"""

import re

from charset_normalizer import from_bytes

# What banks of the last forty years wrote in; a guess among all there are is wrong more often.
_CANDIDATES = (
    "cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp1257", "cp850", "cp437", "mac_roman", "shift_jis", "gb18030", "big5",
    "euc_kr", "euc_jp",
)  # fmt: skip
# Characters of Western European texts as they stand in them: accents alone between plain letters.
_ITALIAN = frozenset("òìÒÌ")  # what Czech letters look like when they are read as Western ones
_SLAVIC = frozenset("áíúýžšÁÍÚÝŽŠ")
_WESTERN = re.compile(
    r"(?<![^\W\d_\x00-\x7f])(?:[éèêëàâçùûîïôœæñáíóúäöüßãõåøÉÈÊÀÂÇÄÖÜÑÅØÁÓÚÍÎÔ]{1,3}"
    r"|[òìÒÌ](?![^\W\d_]))(?![^\W\d_\x00-\x7f])|[€–—‘’“”„…«»\u00a0]|(?<![a-zA-Z])[£§°º·¿¡©®\u00ad]"
)


def best_of(telling: bytes) -> str:
    """The encoding of these lines: Western European where they read like it, else the library's."""
    western = telling.decode("cp1252", "replace")
    count = beyond(western)
    if not _ITALIAN.isdisjoint(western) and not _SLAVIC.isdisjoint(western):
        western = western.translate(dict.fromkeys(map(ord, _ITALIAN), "\ufffd"))
    if sum(map(len, _WESTERN.findall(western))) >= 0.97 * count:
        return "cp1252"
    best = from_bytes(telling, cp_isolation=list(_CANDIDATES)).best()
    if best is None:
        return "cp1252"
    if best.encoding == "cp437" and telling.decode("cp437") == telling.decode("cp850", "replace"):
        return "cp850"
    return best.encoding


def beyond(text: str) -> int:
    """How many characters are no ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))

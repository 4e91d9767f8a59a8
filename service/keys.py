"""Keys of this installation: one secret, and for each use a key of its own made from it.

HMAC-SHA-256 over a label: whoever learns one of them learns neither another nor the secret.
"""

import hmac
import secrets

_OWN = secrets.token_hex(32)  # of this process alone, should nobody have set a secret


def derived(secret: str, use: str) -> bytes:
    """32 bytes for one use; the same on every worker of an installation."""
    return hmac.new((secret or _OWN).encode(), f"tideline {use} v1".encode(), "sha256").digest()


def fresh_secret() -> str:
    """A random SECRET_KEY for an installation that has none: 64 characters, 256 bits."""
    return secrets.token_hex(32)

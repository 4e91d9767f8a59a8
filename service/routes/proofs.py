"""What a function may want proved of its caller, and what the wire brings for it."""

from collections.abc import Mapping
from typing import Any

# What a function asks to be proved, and the field of the body that it is proved with.
PROOFS: Mapping[str, str] = {
    "password_ok": "password",
    "password_hash": "password",
    "new_password_hash": "new_password",
    "captcha_ok": "captcha_token",
}
_PASSWORD = {"type": "string", "minLength": 1, "maxLength": 256, "format": "password"}
PROOF_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "password": {**_PASSWORD, "writeOnly": True, "description": "Password"},
    "new_password": {**_PASSWORD, "writeOnly": True, "description": "The password from now on"},
    "captcha_token": {
        "type": ["string", "null"],
        "minLength": 1,
        "maxLength": 4096,
        "writeOnly": True,
        "description": "What the captcha gave to the client",
    },
}

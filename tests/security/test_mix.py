"""Nobody is answered with another's data, however many share the connections: `bench.mix`, short.

`python -m bench.mix --requests 100000` is the whole of it.
"""

import asyncio
import os
import secrets

from bench import mix
from tests.support.household import settle
from tests.support.service import Service

REQUESTS = 20_000 if os.environ.get("TIDELINE_NIGHTLY") == "1" else 1_500
USERS = 6


def test_clients_that_leave_and_backends_that_die_mix_nobody_up(own_service: Service) -> None:
    users = [settle(own_service, word=f"mixed{number}") for number in range(USERS)]
    tokens = {user.user_id: user.token for user in users}
    seed = secrets.randbits(32)
    tally = asyncio.run(mix.mix(own_service.url, own_service.dsn, tokens, REQUESTS, seed))
    print(f"\n{tally.json()}")
    assert tally.wrong == [], f"seed {seed}"
    assert tally.sent >= REQUESTS
    assert tally.kills >= 1
    assert tally.aborted > REQUESTS / 50
    assert tally.right > REQUESTS / 4

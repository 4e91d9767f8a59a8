"""Log-ins at a fixed rate from a process of its own: `python -m tests.faults.flood URL RATE S`.

Each attempt comes from another address (a proxy that is trusted says so) and is for another person,
so that no count of attempts stops it: only the threads that hash are in its way. Prints a JSON of
how many were sent, and how many ended in which status.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

PATH = "/api/v2/login"
CONNECTIONS = 200


class Attacker:
    """Kept connections; who is free takes the next attempt."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._host, self._port = place.hostname or "", place.port or 80
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.statuses: Counter[int] = Counter()

    def attempt(self, number: int) -> bytes:
        """One log-in of somebody else from somewhere else."""
        body = json.dumps(
            {"email": f"somebody{number}@example.org", "password": f"wrong password {number}"}
        ).encode()
        place = ".".join(str(number >> shift & 255) for shift in (16, 8, 0))
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: flood\r\nContent-Type: application/json\r\n"
            f"X-Forwarded-For: 11.{place}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def send(self, number: int) -> None:
        """Sends one and counts its status; 0 when the connection broke."""
        try:
            if self._free:
                reader, writer = self._free.pop()
            else:
                reader, writer = await asyncio.open_connection(self._host, self._port)
            writer.write(self.attempt(number))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
        except (OSError, EOFError):
            self.statuses[0] += 1
            return
        self.statuses[int(head[9:12])] += 1
        self._free.append((reader, writer))


async def flood(url: str, rate: float, seconds: float) -> Counter[int]:
    """Statuses of attempts at this rate, however slow the answers are."""
    attacker, began = Attacker(url), time.monotonic()
    tasks: set[asyncio.Task[None]] = set()
    sent = 0
    while (spent := time.monotonic() - began) < seconds:
        while sent < spent * rate and len(tasks) < CONNECTIONS:
            sent += 1
            task = asyncio.create_task(attacker.send(sent + int(began) * 997))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.sleep(0.005)
    await asyncio.wait(tasks or {asyncio.create_task(asyncio.sleep(0))}, timeout=5)
    return attacker.statuses


if __name__ == "__main__":
    os.nice(10)  # an attacker has a machine of their own: this one takes what ours leaves
    found = asyncio.run(flood(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))
    print(json.dumps({"sent": sum(found.values()), "statuses": found}))

"""Who writes while something is killed, and whether all that was acknowledged is there."""

import json
import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException

from tests.support.asking import Client
from tests.support.up import Up

WRITE_S = 1.0  # how long accounts are opened before something is killed
ACCOUNTS = "/api/v2/users/me/accounts"


class Writer:
    """Opens one account after the other and remembers those that were acknowledged."""

    def __init__(self, run: Up) -> None:
        self._run = run
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.acknowledged: list[str] = []
        self.sent: list[str] = []

    def __enter__(self) -> "Writer":
        self._thread.start()
        time.sleep(WRITE_S)
        return self

    def __exit__(self, *raised: object) -> None:
        self._stops.set()
        self._thread.join()

    def _write(self) -> None:
        # Not a Client: that one asks again when a connection breaks.
        headers = {"Content-Type": "application/json"} | bearer(self._run)
        with closing(HTTPConnection("127.0.0.1", self._run.port, timeout=10)) as connection:
            while not self._stops.is_set():
                name = f"written {len(self.sent)}"
                self.sent.append(name)
                try:
                    connection.request("POST", ACCOUNTS, json.dumps({"name": name}), headers)
                    answer = connection.getresponse()
                    answer.read()
                except (OSError, HTTPException):
                    connection.close()  # whether it was recorded is unknown, and may be either
                    continue
                if answer.status == 201:
                    self.acknowledged.append(name)
                time.sleep(0.01)


def bearer(run: Up) -> dict[str, str]:
    """What a request of the demo user carries."""
    return {"Authorization": f"Bearer {run.note['token']}"}


def asking(run: Up) -> Client:
    """A connection that speaks for the demo user."""
    return Client(str(run.note["url"]), str(run.note["token"]))


def names(run: Up) -> list[str]:
    """Every account of the demo user that a Writer made."""
    found: list[str] = []
    cursor = ""
    with asking(run) as client:
        while True:
            page = client.ask("GET", f"{ACCOUNTS}?limit=200{cursor}").data
            found += [item["name"] for item in page["items"]]
            if page["next_cursor"] is None:
                return [name for name in found if name.startswith("written ")]
            cursor = f"&cursor={page['next_cursor']}"


def answers(run: Up) -> bool:
    """Whether the database is asked and answers, on a connection of its own."""
    try:
        with asking(run) as client:
            return client.ask("GET", ACCOUNTS).status == 200
    except (OSError, HTTPException):
        return False


def nothing_is_lost(writer: Writer, run: Up) -> None:
    """What was acknowledged is there once; nothing is there that was not sent."""
    there = names(run)
    assert len(writer.acknowledged) > 10
    assert set(writer.acknowledged) <= set(there) <= set(writer.sent)
    assert len(there) == len(set(there))

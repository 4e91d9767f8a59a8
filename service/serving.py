"""`tideline serve`: the workers on servers that run already, until a signal ends them."""

import time
from collections.abc import Callable

from service import guard, keys, workers
from service.config import Config
from service.embedded import processes


def serve(environment: dict[str, str], tell: Callable[[str], None]) -> int:
    """The exit status once a signal has come. Errors: commands.EXPECTED lists them."""
    config = Config.from_env(environment)
    if not config.secret_key:  # production has refused by now: one for this run, for all workers
        environment["SECRET_KEY"] = keys.fresh_secret()
    try:
        with processes.stopped_by_signals():
            guard.insist(config, tell)
            door, stop_s = workers.bind(config.host, config.port), config.shutdown_timeout_s
            crew = workers.Workers(config.workers, door, environment, stop_s, tell)
            try:
                crew.start()
                while True:
                    time.sleep(workers.LOOK_S)
                    crew.keep()
            finally:
                crew.stop()
    except processes.Stopped:
        return 0

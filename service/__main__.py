"""The command line: `tideline COMMAND`, or `python -m service COMMAND` in a checkout.

A command imports its rooms when it runs, so that --help answers at once.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / ".tideline"

DESCRIPTION = """\
Tideline: a personal-finance backend that thinks in PostgreSQL.
"""

EPILOG = """\
examples:
  tideline up --port 8123            everything at once, on this machine's own servers
  tideline up --pg 16                the same on PostgreSQL 16, with data of its own
  DATABASE_URL=postgresql://… tideline migrate && tideline apply && tideline serve
  tideline load berka FOLDER
  tideline doctor                    what is set, where it comes from, and whether it works

environment (all of it, with values in force: tideline doctor):
  DATABASE_URL          an existing PostgreSQL 16 to 18, instead of our own
  DATABASE_URL_DIRECT   the same database without a pooler, for migrations and LISTEN
  CACHE_REDIS_URL       an existing Redis, instead of our own
  HOST, PORT, WORKERS   where to listen, and in how many processes
  PG_PORT               opens the embedded PostgreSQL to 127.0.0.1 on this port
  TIDELINE_ENV          development, staging or production
"""


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command; its exit status: 0 done, 1 refused with a sentence, 2 not understood."""
    words = sys.argv[1:] if words is None else words
    options = _parser(words).parse_args(words)
    from service import commands

    try:
        return commands.run(options)
    except BrokenPipeError:
        # Whoever read our output has enough, as `| head` does; the interpreter shall not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except commands.EXPECTED as reason:
        print(f"tideline: {reason}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, commands.Stopped):
        return 130  # as a shell says it of what SIGINT ended


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tideline",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)

    def command(name: str, sentence: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=sentence, description=sentence)

    up = command("up", "Start everything: servers, schema, demo household, service.")
    _port_and_workers(up)
    _home(up)
    up.add_argument("--stop-with-parent", type=int, nargs="?", const=0, help=argparse.SUPPRESS)

    serve = command("serve", "Answer requests, on the servers that the environment names.")
    _port_and_workers(serve)

    _home(command("migrate", "Apply the steps of db/ that the database lacks."))
    rollback = command("rollback", "Take the newest steps of db/ back.")
    _home(rollback)
    rollback.add_argument("count", type=int, nargs="?", default=1, help="how many steps (1)")
    _home(command("status", "List the steps of db/ and what the database says."))
    _home(command("apply", "Make functions and routes those of sql/."))
    _home(command("partitions", "Make partitions ahead of time, drop those past retention."))
    _home(command("refresh", "Make the summaries over many users anew."))
    jobs = command("jobs", "List jobs on the clock, their runs; run, pause or resume one.")
    _home(jobs)
    jobs.add_argument(
        "verb", nargs="?", default="list", choices=("list", "history", "run", "pause", "resume")
    )
    jobs.add_argument("job", nargs="?", help="name of the job, for all but list")
    _home(command("routes", "Print every endpoint with its function."))
    load = command("load", "Bring data in: berka, holidays, demo.")
    _home(load)
    if "load" in words:  # only then: its room is too large for a quick --help
        from service.load import add_arguments

        anywhere = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
        anywhere.add_argument("--pg", type=int, choices=(18, 16), help="embedded PostgreSQL (18)")
        anywhere.add_argument("--home", type=Path, help="where data stay between runs")
        add_arguments(load, [anywhere])
    _home(command("doctor", "Print every setting with its origin, and check them."))
    forget = commands.add_parser("forget")  # without help, it is not listed: make clean calls it
    _home(forget)
    work = commands.add_parser("worker")  # nor this one: workers are started by up and serve
    work.add_argument("descriptor", type=int)
    return parser


def _home(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pg", type=int, choices=(18, 16), default=18, help="embedded PostgreSQL (18)"
    )
    parser.add_argument("--home", type=Path, default=HOME, help="where data stay between runs")


def _port_and_workers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="port to listen on (PORT, or 8080)")
    parser.add_argument("--workers", type=int, help="processes that share it (WORKERS, or 1)")


if __name__ == "__main__":
    sys.exit(main())

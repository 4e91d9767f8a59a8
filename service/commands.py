"""What each command of the command line does; the rooms it needs are imported when it runs."""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from service import workers
from service.config import Config
from service.embedded import processes
from service.embedded.housing import EmbeddedError
from service.embedded.processes import Stopped as Stopped  # the command line tells it apart
from service.knob import WrongSetting
from service.schema.steps import SchemaError

# Refusals whose message is meant for the person at the terminal; everything else is a bug.
EXPECTED = (EmbeddedError, SchemaError, WrongSetting, psycopg.Error, workers.CannotServe)


def up(options: argparse.Namespace) -> int:
    """Everything from a bare checkout to a page that answers; until a signal ends it."""
    from service import up as room

    parent = options.stop_with_parent
    if parent is not None and not processes.stop_with_parent(parent or None):
        return 0
    wishes = room.Wishes(options.home, options.pg, options.port, options.workers)
    return room.up(wishes, os.environ)


def serve(options: argparse.Namespace) -> int:
    """The service alone, on the servers that the environment names; until a signal ends it."""
    from service import serving

    return serving.serve(workers.chosen(os.environ, options.port, options.workers), tell)


def worker(options: argparse.Namespace) -> int:
    """One of the processes of `serve`; nobody calls it by hand."""
    workers.work(options.descriptor)
    return 0


def migrate(options: argparse.Namespace) -> int:
    """Applies the steps that the database lacks."""
    from service import schema

    with _database(options) as dsn:
        done = schema.migrate(dsn, tell)
    tell(f"{len(done)} steps applied" if done else "the database has every step already")
    return 0


def rollback(options: argparse.Namespace) -> int:
    """Takes back the newest steps."""
    from service import schema

    with _database(options) as dsn:
        tell(f"{len(schema.rollback(dsn, options.count, tell))} steps taken back")
    return 0


def status(options: argparse.Namespace) -> int:
    """Prints every step and its state; 1 when any is not applied."""
    from service import schema

    with _database(options) as dsn:
        states = schema.status(dsn)
    for step in states:
        since = f"{step.applied_at:%Y-%m-%d %H:%M}" if step.applied_at else ""
        print(f"{step.step:<40} {step.state:<8} {since}".rstrip())
    return 0 if all(step.state == "applied" for step in states) else 1


def apply(options: argparse.Namespace) -> int:
    """Makes functions and routes those of sql/."""
    from service import schema

    with _database(options) as dsn:
        report = schema.apply(dsn, tell)
        schema.keep(dsn, tell)
    took_s = report.milliseconds / 1000
    tell(f"{report.functions} functions and {report.routes} routes in {took_s:.1f} s")
    for name in report.pruned:
        tell(f"dropped {name}, which no file defines any more")
    return 0


def partitions(options: argparse.Namespace) -> int:
    """Makes partitions ahead of time and drops those past retention."""
    from service import schema

    with _database(options) as dsn:
        if not schema.keep(dsn, tell):
            tell("every partition is as it should be")
    return 0


def refresh(options: argparse.Namespace) -> int:
    """Makes the summaries over many users anew."""
    from service import schema

    with _database(options) as dsn:
        schema.refresh(dsn, tell)
    return 0


def jobs(options: argparse.Namespace) -> int:
    """Prints the schedule or the runs of a job, or asks for a run; 1 when the newest failed."""
    from service import roster

    with _database(options) as dsn:
        return roster.run(dsn, options.verb, options.job, tell)


def routes(options: argparse.Namespace) -> int:
    """Prints every endpoint."""
    from service import routes as room

    with _database(options) as dsn:
        for route in room.read(dsn):
            where = f"{route.method:<6} {route.path}"
            print(f"{where:<76} {route.access:<6} {route.function:<32} {route.summary}")
    return 0


def load(options: argparse.Namespace) -> int:
    """Brings a folder of files in; the loader's own status."""
    from service import load as room

    with _database(options) as dsn:
        return room.run(options, dsn, tell)


def doctor(options: argparse.Namespace) -> int:
    """Says what is set and what is well; 1 when something is not."""
    from service import doctor as room

    with _reached(options) as environment:
        return room.examine(os.environ, environment)


def forget(options: argparse.Namespace) -> int:
    """Removes a home with all its data, and what homes that are gone left behind."""
    from service.embedded import housing, programs

    housing.leave(options.home)
    for home in housing.leave_strays():
        tell(f"removed the data of {home}, which is gone")
    programs.forget_programs()
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    function.__name__: function
    for function in (
        *(up, serve, migrate, rollback, status, apply, partitions, refresh, jobs, routes, load),
        *(doctor, worker, forget),
    )
}


def run(options: argparse.Namespace) -> int:
    """Runs the command that was parsed; its exit status."""
    return COMMANDS[options.command](options)


def tell(line: str) -> None:
    """A line of progress."""
    print(f"tideline: {line}", flush=True)


@contextmanager
def _reached(options: argparse.Namespace) -> Iterator[dict[str, str]]:
    from service import reach

    with (
        processes.stopped_by_signals(),
        reach.reached(options.home, options.pg, os.environ, lambda line: None) as environment,
    ):
        yield environment


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[str]:
    """DSN of the database that this command works on: its superuser's, or the owner's."""
    with _reached(options) as environment:
        yield Config.from_env(environment).direct_url

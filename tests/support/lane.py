"""A lane on a small schema of its own: reads and writes whose answers are known beforehand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, NamedTuple

import psycopg

from service.config import Config
from service.connection import limited_dsn, probe
from service.lane import Lane
from service.waiting import WaitingRoom

SCHEMA = """
do $$
begin
    if not exists (select from pg_roles where rolname = 'service') then
        create role service login;
    end if;
end;
$$;
create schema if not exists api;
create table api.notes (id bigint primary key, body text not null);
create table api.marks (id bigint not null, made_at timestamptz not null default clock_timestamp());
create table api.pairs (
    id bigint primary key,
    other_id bigint references api.pairs deferrable initially deferred
);
insert into api.notes select number, 'note ' || number from generate_series(1, 1000) as number;
create function api.note_read(_id bigint) returns json language sql stable security definer
as $$ select json_build_object('id', id, 'body', body) from api.notes where id = _id $$;
create function api.mark_add(_id bigint, _wait_s float8 default 0) returns json
language plpgsql security definer
as $$
begin
    insert into api.marks (id) values (_id);
    perform pg_sleep(_wait_s);
    return json_build_object('marked', _id);
end;
$$;
create function api.pair_add(_id bigint, _other_id bigint) returns json
language sql security definer
as $$ insert into api.pairs values (_id, _other_id) returning json_build_object('id', id) $$;
create function api.refuse(_code text, _message text) returns json language plpgsql stable
as $$
begin
    raise exception '%', _message using errcode = _code, column = 'amount', detail = 'internal';
end;
$$;
create function api.wait(_s float8, _tag text) returns text language plpgsql stable
as $$ begin perform pg_sleep(_s); return _tag; end; $$;
create function api.shout(_tag text) returns text language plpgsql stable
as $$ begin raise notice 'listen'; raise warning 'listen %', _tag; return _tag; end; $$;
grant usage on schema api to service;
grant execute on all functions in schema api to service;
"""

READ = b"select api.note_read(_id => $1::pg_catalog.int8)"
MARK = b"select api.mark_add(_id => $1::pg_catalog.int8)"
SLOW_MARK = b"select api.mark_add(_id => $1::pg_catalog.int8, _wait_s => $2::pg_catalog.float8)"
PAIR = b"select api.pair_add($1::pg_catalog.int8, $2::pg_catalog.int8)"
REFUSE = b"select api.refuse($1::pg_catalog.text, $2::pg_catalog.text)"
WAIT = b"select api.wait($1::pg_catalog.float8, $2::pg_catalog.text)"
SHOUT = b"select api.shout($1::pg_catalog.text)"


class Asked(NamedTuple):
    """A lane, its room, and what they told while they worked."""

    lane: Lane
    room: WaitingRoom
    told: list[Any]

    async def read(self, statement: bytes, *arguments: bytes | None, timeout_ms: int = 2000) -> Any:
        """The first column of a read."""
        row = await self.lane.call(statement, arguments, is_read=True, timeout_ms=timeout_ms)
        return row[0] if row else None

    async def write(
        self, statement: bytes, *arguments: bytes | None, timeout_ms: int = 2000
    ) -> Any:
        """The first column of a write."""
        row = await self.lane.call(statement, arguments, is_read=False, timeout_ms=timeout_ms)
        return row[0] if row else None

    def told_of(self, kind: type) -> int:
        """How often an event of this kind was told."""
        return sum(isinstance(event, kind) for event in self.told)


def prepare_database(dsn: str) -> None:
    """Makes the small schema in an empty database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(SCHEMA)


def note(number: int) -> bytes:
    """What READ answers for this id."""
    return b'{"id" : %d, "body" : "note %d"}' % (number, number)


def marks(admin: psycopg.Connection[Any]) -> dict[int, int]:
    """How often each id was marked and committed."""
    return dict(admin.execute("select id, count(*) from api.marks group by id").fetchall())


@asynccontextmanager
async def open_lane(dsn: str, **settings: Any) -> AsyncIterator[Asked]:
    """A connected lane; settings are fields of Config."""
    told: list[Any] = []
    config = Config(database_url=dsn, **settings)
    room = WaitingRoom(
        config, partial(probe, limited_dsn(config, "tideline probe"), 2.0), told.append
    )
    lane = Lane(config, room, told.append)
    await lane.start()
    try:
        yield Asked(lane, room, told)
    finally:
        await lane.close()
        await room.close()

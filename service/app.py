"""How the rooms stand together: the only module that knows them all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from functools import partial

from aiohttp import web

from service.auth import admit, door, identify, session_page
from service.config import Config
from service.connection import direct_dsn, limited_dsn, listening_dsn, probe
from service.courier import Courier
from service.dispatch import dispatch
from service.exchange import Answer, Exchange, Executor, Handler, Middleware
from service.front import ENTRANCE, OBSERVER, Entrance
from service.gateways.captcha import captcha
from service.gateways.mail import mail
from service.gateways.outbox import Hinting
from service.gateways.text import text
from service.jobs import Jobs
from service.knob import origins
from service.lane import Lane
from service.limits import limit
from service.limits.limiter import Limiter
from service.observe import Observer, observe
from service.observe.health import Health, vital_pages
from service.origins import share
from service.pages import page_handlers, unrouted
from service.pool import Pool
from service.pour import Pour
from service.proof import Prover
from service.refuse import refuse
from service.reply import Reply
from service.respond import respond
from service.routes import Route
from service.routes.reload import LiveRoutes
from service.source import source
from service.stream import Streams
from service.tiers import hourly
from service.upload import Uploads
from service.waiting import WaitingRoom

GAUGES_EVERY_S = 2.0


def build(config: Config) -> web.Application:
    """The rooms and their lifetime; front.opened puts them behind a socket."""
    observer = Observer(config)
    tell = observer.note
    seconds = float(config.connect_timeout_s)
    room = WaitingRoom(config, lambda: probe(limited_dsn(config, "tideline probe"), seconds), tell)
    pool = Pool(config, room, tell)
    lane = Lane(config, room, tell) if config.fast_lane else None
    fast: Executor = lane or pool
    gatekeeper = captcha(config, tell)
    prover = Prover(config, fast, gatekeeper)
    outbound = {"mail": mail(config, tell), "sms": text(config, tell)}
    courier = Courier(config, pool, lambda: room.is_open, outbound, tell)
    jobs = Jobs(config, room, tell)
    hinting = Hinting(fast, courier.nudge), Hinting(pool, courier.nudge)
    limiter = Limiter(config, tell) if config.ratelimit_enabled else None
    live = LiveRoutes(config, listening_dsn(config), tell)
    health = Health(config, direct_dsn(config, "tideline health"), fast, live)
    listed = origins("CORS_ORIGINS", config.cors_origins)
    entry = door(config, fast, listed)
    own = page_handlers(live) | vital_pages(health, observer, lambda: measure())
    own |= session_page(entry)

    def measure() -> None:
        observer.measure(pool.size(), room.seated, room.is_open, len(live.table.routes))

    async def keep_measured() -> None:
        # Another worker may be the one that is scraped: it shows what was last written here.
        while True:
            measure()
            await asyncio.sleep(GAUGES_EVERY_S)

    def executor(route: Route) -> Executor:
        is_short = route.timeout_ms <= config.lane_timeout_ms
        if not route.is_read:
            return hinting[0 if route.is_fast and is_short else 1]
        return fast if route.is_fast and is_short else pool

    def slow(route: Route) -> Executor:
        return pool if route.is_read else hinting[1]

    corridor: list[Middleware] = [  # outermost first
        partial(observe, observer),
        partial(refuse, tell),
        partial(respond, config),
        partial(identify, entry),
    ]
    if limiter:
        corridor.append(partial(limit, limiter, hourly(config.environment, config.limits)))
    corridor.append(partial(admit, entry))
    if listed:
        corridor.insert(1, partial(share, listed, lambda path: live.table.allowed(path)))
    uploads = Uploads(config, executor)
    routed = dispatch(config, executor, prover.prove, Streams(config, tell), slow)
    handler = fork(routed, uploads.answer, unrouted(live, own))
    for middleware in reversed(corridor):
        handler = middleware(handler)

    async def lifetime(app: web.Application) -> AsyncIterator[None]:
        await pool.open()
        if lane:
            await lane.start()
        if limiter:
            await limiter.start()
        await live.start()
        gauges = asyncio.create_task(keep_measured())
        yield
        gauges.cancel()
        await live.stop()
        await uploads.close()
        prover.close()
        await gatekeeper.close()
        if limiter:
            await limiter.close()
        await health.close()
        if lane:
            await lane.close()
        await pool.close()
        await room.close()
        observer.lines.close()

    app = web.Application()
    app.cleanup_ctx.append(lifetime)
    app.cleanup_ctx.append(courier.lifetime)  # begins later and ends earlier: it needs the pool
    app.cleanup_ctx.append(jobs.lifetime)
    app.on_shutdown.append(jobs.leave)
    app[OBSERVER] = observer
    app[ENTRANCE] = entrance(config, live, observer, frozenset(own), handler)
    return app


def fork(routed: Handler, filed: Handler, other: Handler) -> Handler:
    """A request with a route goes to its function, with a file by way of the room for files."""

    def forked(exchange: Exchange) -> Awaitable[Answer]:
        if exchange.match is None:
            return other(exchange)
        return (routed if exchange.match.route.max_file_bytes is None else filed)(exchange)

    return forked


def entrance(
    config: Config, live: LiveRoutes, observer: Observer, own: frozenset[str], handler: Handler
) -> Entrance:
    """Makes an Exchange of a request, and a response of its Answer."""
    address = source(config.trusted_proxies, config.proxy_header)

    async def enter(request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        match = live.table.find(request.method, path)
        exchange = Exchange(
            request,
            request.method,
            path,
            query,
            match,
            match.route.path if match else path if path in own else "none",
            observer.request_id(request.headers.get("X-Request-ID")),
            client_ip=address(request.remote, request.headers.getall(config.proxy_header, [])),
        )
        answer = await handler(exchange)
        if answer.chunks is not None:
            return Pour(answer, config.stream_timeout_ms / 1000, config.stream_stall_ms / 1000)
        return Reply(answer)

    return enter

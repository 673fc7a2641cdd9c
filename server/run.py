"""Serves an application under waitress: one process, many threads, a clean end.

The options are those that held against slow and half-open connections: enough threads, a short time for a
silent channel, a cap on connections, and room for a whole answer so that a slow reader holds no thread.
"""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import FrameType
from typing import Final

import waitress

from twinld.errors import TwinldError, UsageError
from twinld.settings import Settings
from twinld.store import Store

from .app import close_app, create_app
from .context import NAME, Context, Shared
from .swap import Follow, Watcher
from .watch import Metrics

TRIED_PORTS: Final = 50
THREADS: Final = 32
CHANNEL_TIMEOUT_S: Final = 15
CONNECTION_LIMIT: Final = 1_000


def serve(
    settings: Settings,
    store: Store,
    ready: Callable[[str], None],
    follow: Follow | None = None,
    on_close: Callable[[], None] | None = None,
) -> None:
    """Serve `store` until SIGINT or SIGTERM; `ready` is called with the address once it answers.

    The next free port is taken when the wanted one is in use. With `follow` a new release is served as soon as
    there is one. When the store is served no more, at the end at the latest, its query workers and the store are
    closed and `on_close` is called. Raises UsageError when no address can be listened on.
    """
    listener = listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{port}/"
    settings = replace(settings, port=port, url=settings.url or url)
    with contextlib.ExitStack() as ends:
        first = contextlib.ExitStack()
        ends.callback(first.close)
        if on_close is not None:
            first.callback(on_close)
        first.callback(store.close)
        app = create_app(settings, store)
        ends.callback(close_app, app)
        shared: Shared = app.extensions[NAME]
        shared.current.on_close = first.close
        server = waitress.create_server(
            app,
            sockets=[listener],
            threads=max(THREADS, 2 * settings.workers + settings.queue_max),
            channel_timeout=CHANNEL_TIMEOUT_S,
            cleanup_interval=5,
            connection_limit=CONNECTION_LIMIT,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 65_536,
            outbuf_high_watermark=(settings.result_max_mib + 16) << 20,
            ident="twinld",
            clear_untrusted_proxy_headers=not settings.trusted_hosts,
        )
        ends.callback(server.close)
        if settings.metrics_port:
            ends.callback(Metrics(shared, settings.metrics_port).close)
        if follow is not None and settings.reload_s:
            ends.callback(Watcher(shared, settings, follow).stop)
        threading.Thread(target=_warm, args=(shared.current,), name="warming", daemon=True).start()
        with stopped_by_signals():
            ready(url)
            server.run()


def _warm(context: Context) -> None:
    """Do what would else keep the first client waiting: start the workers, count for the description."""
    with contextlib.suppress(TwinldError, ValueError, OSError):  # whoever asks is told; here nobody is
        context.warm()


def listen(host: str, port: int) -> socket.socket:
    """A socket on `port`, or on the next free one; port 0 is any free one."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise UsageError(f"{host!r} is no address of this machine ({error.strerror}); try 127.0.0.1") from None
    for tried in range(port, min(port + TRIED_PORTS, 65_535) + 1 if port else 1):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address[0], tried, *address[2:]))
            listener.listen(1024)  # only now is the port sure to be ours
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise UsageError(f"cannot listen on {host} port {tried}: {error.strerror}; give another") from None
        else:
            return listener
    raise UsageError(f"no free port of {host} from {port} to {port + TRIED_PORTS}; give another with --port")


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Inside, SIGTERM ends the server as Ctrl-C does; elsewhere than in the main thread nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

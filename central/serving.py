"""`floor central serve` in a terminal or under systemd: starts, says where to look, stops in order at a signal."""

import logging
import signal
from collections.abc import Callable
from contextlib import ExitStack

from central.centre import opened
from central.sending_alerts import Road
from central.settings import Settings
from central.store import accounts
from central.texts import words
from central.watching import Watch
from central.web.app import LARGEST_BODY, create_app
from groundwork.web_server import PortTaken, web_server

Say = Callable[[str], None]
_STOPPING = {signal.SIGINT, signal.SIGTERM}


def serve_until_stopped(settings: Settings, *, host: str, port: int, say: Say, road: Road | None = None) -> int:
    """Blocks until SIGINT or SIGTERM; the exit code. `road`: on which alerts are told. Raises what `open_centre` raises."""
    t = words()
    signal.pthread_sigmask(
        signal.SIG_BLOCK, _STOPPING
    )  # before any thread starts: all of them leave signals to the last line
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(threadName)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # "task queue depth" at every burst says nothing
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with ExitStack() as stack:
        centre = stack.enter_context(opened(settings))
        app = create_app(centre)
        behind_proxy = settings.proxies > 0
        try:
            served = stack.enter_context(
                web_server(app, host, port, behind_proxy=behind_proxy, largest_body=LARGEST_BODY)
            )
        except PortTaken:
            say(t("cli.port_taken", port=port))
            return 1
        watch = Watch(centre, road)
        watch.start()
        stack.callback(watch.stop)
        say(t("cli.serving", url=f"http://{host}:{served}", database=centre.database.url))
        with centre.reading() as db:
            if not accounts.exist(db):
                say(t("cli.no_account"))
        say(t("cli.stop_hint"))
        signal.sigwait(_STOPPING)
    say(t("cli.stopped"))
    return 0

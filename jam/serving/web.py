"""The web process, for pages and sockets: `python -m jam.serving.web ADDRESS`.

ADDRESS is HOST:PORT, or fd:N for a listening socket that the parent has opened.
"""

import contextlib
import resource
import socket
import sys

import uvicorn

from jam.serving.sockets import SocketProtocol


class Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Lets the hub say goodbye first: uvicorn ends the tabs before the application hears of the end.

        And it would not tell them when to come back.
        """
        from live.hub import stop_hub  # needs the settings, which are there with the application

        for server in self.servers:
            server.close()
        await stop_hub()
        await super().shutdown(sockets)


def allow_many_files() -> None:
    """A tab is an open file, and a process that does not ask for more may often have 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS calls it unlimited, and has a limit all the same
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main(application: str = "jam.asgi:application") -> None:
    host, _, number = sys.argv[1].rpartition(":")
    config = uvicorn.Config(
        application,
        host=host.strip("[]"),
        port=int(number),
        loop="uvloop",
        http="httptools",
        ws=SocketProtocol,
        ws_per_message_deflate=False,  # would compress each frame anew for each tab
        lifespan="on",
        access_log=False,
        proxy_headers=False,  # which proxies to believe is TRUSTED_PROXIES' to say
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,  # longer than a proxy in front keeps an idle connection
        ws_ping_interval=40,  # less than the minute that a proxy waits for a silent socket
        ws_max_size=16 * 1024,  # more than a tab ever says
    )
    allow_many_files()
    sockets = [socket.socket(fileno=int(number))] if host == "fd" else None
    Server(config).run(sockets=sockets)


if __name__ == "__main__":
    main()

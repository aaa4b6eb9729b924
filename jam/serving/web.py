"""The web process, for pages and sockets: `python -m jam.serving.web ADDRESS`.

ADDRESS is HOST:PORT, or fd:N for a listening socket that the parent has opened.
"""

import socket
import sys

import uvicorn

from jam.serving.sockets import SocketProtocol


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
        ws_max_size=16 * 1024,  # more than a tab ever says
    )
    sockets = [socket.socket(fileno=int(number))] if host == "fd" else None
    uvicorn.Server(config).run(sockets=sockets)


if __name__ == "__main__":
    main()

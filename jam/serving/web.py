"""The web process: `python -m jam.serving.web FD` serves pages and sockets on a socket that is already open."""

import socket
import sys

import uvicorn


def main() -> None:
    config = uvicorn.Config(
        "jam.asgi:application",
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=16 * 1024,  # nothing is expected from there
        ws_per_message_deflate=False,  # it would compress a frame anew for each tab
        lifespan="on",
        access_log=False,
        proxy_headers=False,  # which proxies to believe is TRUSTED_PROXIES' to say
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=30,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()

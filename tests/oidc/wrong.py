"""A provider that answers as a test wants it to, rightly until told otherwise. It runs in a thread of the test."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "jam", "a secret that the provider gave us"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

Answer = tuple[int, str, bytes]
"""Status, content type, body."""


def in_json(value: Any, status: int = 200) -> Answer:
    return status, "application/json", json.dumps(value).encode()


def jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    return jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {
        "kid": kid,
        "use": "sig",
        "alg": "RS256",
    }


def unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(claims)]
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts) + "."


class Wrong:
    """`answers` has what is said instead at a path; `claims` changes what the ID token claims (None: leaves it out)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.nonce = ""
        self.answers: dict[str, Callable[[], Answer]] = {}
        self.claims: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = lambda claims: jwt.encode(
            claims, KEY, algorithm="RS256", headers={"kid": "one"}
        )
        self.taken: list[str] = []

    def app(self, **settings: Any) -> dict[str, Any]:
        server = {"server_url": self.url, "email_authentication": False} | settings
        names = {"provider_id": "harbour", "name": "Harbour ID", "client_id": CLIENT, "secret": SECRET}
        return names | {"settings": server}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "sub": "u1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonce}
        claims |= {"name": "Wren", "email": "wren@harbour.example", "email_verified": True} | self.claims
        return self.sign({name: value for name, value in claims.items() if value is not None})

    def answer(self, path: str) -> Answer:
        self.taken.append(path)
        if path in self.answers:
            return self.answers[path]()
        right: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": self.discovery,
            "/keys": lambda: {"keys": [jwk(KEY, "one"), jwk(OTHER_KEY, "two")]},
            "/token": lambda: {"access_token": "t", "token_type": "Bearer", "id_token": self.id_token()},
            "/userinfo": lambda: {"sub": "u1", "email": "wren@harbour.example", "email_verified": True},
        }
        return in_json(right[path]()) if path in right else in_json({"error": "not found"}, 404)


@contextmanager
def running() -> Iterator[Wrong]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, body = wrong.answer(urlsplit(self.path).path)
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if status in (301, 302):
                    self.send_header("Location", f"{wrong.url}/elsewhere")
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the site had no more patience

        do_POST = do_GET  # noqa: N815  (the name that the server looks for)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        wrong = Wrong(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield wrong
        server.shutdown()

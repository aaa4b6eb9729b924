"""Runs the provider: `python -m tests.oidc.real PORT`, with the variables that `Provider` sets.

Prints a line when it answers. It ends when its standard input does, so it outlives no test run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from jam.serving.supervisor import listen

CLIENT, SECRET = "jam-of-the-tests", "a secret that the provider gave us"
PASSWORD = "quiet-provider-77"
CALLBACKS = (
    "http://testserver/accounts/oidc/harbour/login/callback/ http://127.0.0.1/accounts/oidc/harbour/login/callback/"
)
PEOPLE: dict[str, dict[str, Any]] = {
    "nour": {"name": "Nour حداد", "email": "Nour@Harbour.example", "email_verified": True},
    "ana": {"name": "Ana of the harbour", "email": "ana@example.org", "email_verified": True},
    "sly": {"name": "Sly", "email": "ana@example.org", "email_verified": False},
    "noel": {"name": "Noel"},
    "anon": {"email": "anon@harbour.example", "email_verified": True},
}


@dataclass
class Provider:
    url: str
    folder: Path

    def tell(self, people: dict[str, dict[str, Any]]) -> None:
        """What it says of people from now on."""
        (self.folder / "people.json").write_text(json.dumps(people))

    def app(self, **settings: Any) -> dict[str, Any]:
        """The site's settings for it, as `Environment.providers` makes them."""
        server = {"server_url": self.url, "email_authentication": False} | settings
        return {
            "provider_id": "harbour",
            "name": "Harbour ID",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": server,
        }


@contextmanager
def running(folder: Path) -> Iterator[Provider]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    with listen("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
    provider = Provider(f"http://127.0.0.1:{port}/o", folder)
    provider.tell(PEOPLE)
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.oidc.real_settings",
        "PROVIDER_FOLDER": str(folder),
        "PROVIDER_ISSUER": provider.url,
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.oidc.real", str(port)],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n", (folder / "log").read_text()
            yield provider
        finally:
            process.communicate()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main(port: int) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User
    from django.core.wsgi import get_wsgi_application
    from oauth2_provider.models import Application

    for name in PEOPLE:
        User.objects.create_user(name, password=PASSWORD)
    Application.objects.create(
        name="Jam",
        client_id=CLIENT,
        client_secret=SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        algorithm=Application.RS256_ALGORITHM,
        redirect_uris=CALLBACKS,
        skip_authorization=True,
    )
    with make_server("127.0.0.1", port, get_wsgi_application(), Server, WSGIRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""`reservas tls --run` in front of a server: Caddy with https for the phones."""

from __future__ import annotations

import hashlib
import shutil
import signal
import ssl
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.servers import WITH_PARENT, Server, free_port, wait_until


class Front:
    """Caddy before `server`, which is started behind it with the settings that were written."""

    def __init__(self, server: Server, host: str = "127.0.0.1") -> None:
        if shutil.which("caddy") is None:
            pytest.skip("caddy is missing: apt-get install caddy")
        self.server = server
        self.port, self.http_port = free_port(), free_port()
        self.url = f"https://{host}:{self.port}"
        self.folder = server.folder / "front"
        self.log = server.folder / "front.log"
        words = ["--address", host, "--port", str(self.port), "--http-port", str(self.http_port)]
        words += ["--folder", str(self.folder), "--run"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", WITH_PARENT, *server.command, "tls", *words],
                env=server.env,
                stdout=log,
                stderr=log,
            )
        wait_until(self._ready, 30, "the page for the staff")
        server.stop()
        for line in (self.folder / "reservas.env").read_text().splitlines()[1:]:
            name, _, value = line.partition("=")
            server.env[name] = value
        server.start()

    def _ready(self) -> bool:
        text = self.log.read_text()
        assert self.process.poll() is None, text
        return "RESERVAS EN LOS TELÉFONOS" in text

    @property
    def root(self) -> Path:
        return self.folder / "caddy/pki/authorities/local/root.crt"

    @property
    def trust(self) -> ssl.SSLContext:
        """What a phone has that installed the certificate."""
        return ssl.create_default_context(cafile=str(self.root))

    @property
    def trusted_key(self) -> str:
        """Return the hash of the authority's key, which Chromium can be told to believe."""
        made = x509.load_pem_x509_certificate(self.root.with_name("intermediate.crt").read_bytes())
        key = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(hashlib.sha256(key).digest()).decode()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)

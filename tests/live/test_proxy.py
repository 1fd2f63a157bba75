"""Behind nginx and Caddy, set up exactly as docs/proxy.md says."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.conftest import MakeServer
from tests.servers import Api, Server, booking, free_port, wait_until

GUIDE = (Path(__file__).parents[2] / "docs" / "proxy.md").read_text()
HOST = "reservas.mibar.ec"
EMAIL, PASSWORD = "ana@mibar.ec", "una clave larga"

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {block}
}}
"""
CADDY = """
{{
    admin off
    skip_install_trust
    auto_https disable_redirects
}}
{block}
"""


def block_of(language: str, **replaced: str) -> str:
    """Return the guide's block, with addresses and paths of this machine; nothing else differs."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.S)
    assert found, language
    text = found[1]
    for old, new in replaced.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


class Proxy:
    """A proxy in front of a server; clients come from an address of their own choice."""

    def __init__(self, port: int, tls: ssl.SSLContext | None) -> None:
        self.port, self.tls = port, tls
        scheme = "https" if tls else "http"
        self.origin = f"{scheme}://{HOST}:{port}"

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        link = socket.create_connection(("127.0.0.1", self.port), 10, (source, 0))
        return link if self.tls is None else self.tls.wrap_socket(link, server_hostname=HOST)

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        link = http.client.HTTPConnection(HOST, self.port)
        link.sock = self.connect()
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            link.request(method, path, None if body is None else json.dumps(body), sent)
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            link.close()

    def log_in(self) -> str:
        """Return the cookie that the page of this origin gets."""
        given = {"email": EMAIL, "password": PASSWORD}
        status, headers, body = self.ask("POST", "/api/login", given, Origin=self.origin)
        assert status == 200, body
        return headers["Set-Cookie"].partition(";")[0]

    def stream(self, token: str, source: str = "127.0.0.1", version: str = "1.1") -> Any:
        link = self.connect(source)
        link.sendall(
            f"GET /api/reservas/events?businessId=1 HTTP/{version}\r\nHost: {HOST}:{self.port}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        return link


@contextmanager
def running(command: list[str], port: int, **env: str) -> Iterator[None]:
    process = subprocess.Popen(command, env=env or None, stderr=subprocess.DEVNULL)

    def listens() -> bool:
        assert process.poll() is None, f"{command[0]} has ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_until(listens, 20, f"{command[0]} on its port")
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def nginx(folder: Path, port: int, block: str) -> Iterator[None]:
    program = shutil.which("nginx")
    if program is None:
        pytest.skip("nginx is missing: apt-get install nginx-light")
    folder.chmod(0o755)
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, block=block))
    with running([program, "-c", str(conf), "-p", str(folder)], port):
        yield


@contextmanager
def documented_nginx(folder: Path, server: Server, version: str = "1.1") -> Iterator[Proxy]:
    authority = trustme.CA()
    made = authority.issue_cert(HOST)
    made.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    made.private_key_pem.write_to_path(folder / "key.pem")
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    port = free_port()
    replaced = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/ssl/reservas.pem": f"{folder}/cert.pem",
        "/etc/ssl/reservas.key": f"{folder}/key.pem",
        "127.0.0.1:8000": f"127.0.0.1:{server.port}",
    }
    if version == "1.0":  # nginx's own default, where that line was left out
        replaced["proxy_http_version 1.1;"] = ""
    with nginx(folder, port, block_of("nginx", **replaced)):
        yield Proxy(port, tls)


@contextmanager
def documented_caddy(folder: Path, server: Server) -> Iterator[Proxy]:
    """With `tls internal`, as the guide says for a house without a name on the internet."""
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("caddy is missing: apt-get install caddy")
    port = free_port()
    block = block_of(
        "caddy",
        **{f"{HOST} {{": f"{HOST}:{port} {{\ntls internal", "127.0.0.1:8000": server.url[7:]},
    )
    (folder / "Caddyfile").write_text(CADDY.format(block=block))
    env = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": "/usr/bin:/bin"}
    with running([program, "run", "--config", str(folder / "Caddyfile")], port, **env):
        root = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        wait_until(root.exists, 20, "Caddy's own authority")
        proxy = Proxy(port, ssl.create_default_context(cafile=str(root)))

        def has_certificate() -> bool:
            try:
                proxy.connect().close()
            except ssl.SSLError:
                return False
            return True

        wait_until(has_certificate, 20, "Caddy's certificate")
        yield proxy


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    server = make_server(workers="1", proxies="1", secure_cookies="1", max_per_address="3")
    options = ("--business", "1", "--role", "owner", "--password-stdin")
    server.cli("user", "add", EMAIL, *options, stdin=PASSWORD)
    return server


@pytest.fixture(params=["nginx", "nginx, 1.0 upstream", "caddy"])
def proxy(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Iterator[Proxy]:
    folder = tmp_path / "proxy"
    folder.mkdir()
    with ExitStack() as stack:
        if request.param == "caddy":
            yield stack.enter_context(documented_caddy(folder, server))
        else:
            version = "1.0" if "1.0" in request.param else "1.1"
            yield stack.enter_context(documented_nginx(folder, server, version))


def test_the_page_books_and_its_stream_tells_at_once(proxy: Proxy, server: Server) -> None:
    cookie, token = proxy.log_in(), server.token("1")
    with proxy.stream(token) as link:
        link.settimeout(5)
        text = b""
        for number in range(3):  # each by itself: none waits in a buffer for the next
            sent = time.monotonic()
            status, _, answer = proxy.ask(
                "POST",
                "/api/reservas?businessId=1",
                booking(mesa=f"M{number}"),
                Cookie=cookie,
                Origin=proxy.origin,
            )
            assert status == 201, answer
            while f'"mesa":"M{number}"'.encode() not in text:
                text += link.recv(65536)
            assert time.monotonic() - sent < 2
    status, _, answer = proxy.ask(
        "POST", "/api/reservas?businessId=1", booking(), Cookie=cookie, Origin="https://evil.ec"
    )
    assert (status, json.loads(answer)["error"]) == (403, "foreign_origin")


def test_the_figures_need_an_owner(proxy: Proxy, server: Server) -> None:
    assert proxy.ask("GET", "/metrics")[0] == 401
    assert proxy.ask("GET", "/metrics", X_Forwarded_For="127.0.0.1")[0] == 401
    door, owner = server.token("1", "door"), server.token("1")
    assert proxy.ask("GET", "/metrics", Authorization=f"Bearer {door}")[0] == 403
    assert b"reservas_" in proxy.ask("GET", "/metrics", Authorization=f"Bearer {owner}")[2]


def test_each_client_has_its_own_address(proxy: Proxy, server: Server) -> None:
    """The share of an address is three streams: a fourth is refused, and another address's not."""
    token = server.token("1")
    with ExitStack() as stack:

        def status(source: str) -> str:
            link = stack.enter_context(proxy.stream(token, source))
            return link.recv(4096).split(b"\r\n")[0].decode()[9:12]

        assert [status("127.0.0.2") for _ in range(4)] == ["200"] * 3 + ["503"]
        assert status("127.0.0.3") == "200"


def test_a_proxy_that_is_set_up_wrong_is_named(make_server: MakeServer, tmp_path: Path) -> None:
    """A plain proxy_pass: it sends its own Host, and Reservas expects no proxy."""
    server = make_server(workers="1")
    options = ("--business", "1", "--role", "owner", "--password-stdin")
    server.cli("user", "add", EMAIL, *options, stdin=PASSWORD)
    login = {"email": EMAIL, "password": PASSWORD}
    port = free_port()
    folder = tmp_path / "proxy"
    folder.mkdir()
    listen = f"listen 127.0.0.1:{port}; location / {{ proxy_pass {server.url}; }}"
    with nginx(folder, port, f"server {{ {listen} }}"):
        proxy = Proxy(port, None)
        cookie = proxy.ask("POST", "/api/login", login)[1]["Set-Cookie"].partition(";")[0]
        status, _, body = proxy.ask(
            "POST", "/api/reservas?businessId=1", booking(), Cookie=cookie, Origin=proxy.origin
        )
        shape = json.loads(body)
        assert (status, shape["error"], shape["header"]) == (403, "foreign_origin", "Host")
        assert f"para {server.url[7:]}" in shape["message"]
        assert "RESERVAS_PROXIES" in shape["message"]
        assert proxy.ask("GET", "/metrics")[0] == 401


def test_the_figures_have_a_listener_of_their_own(make_server: MakeServer) -> None:
    port = free_port()
    server = make_server(metrics_bind=f"127.0.0.1:{port}")
    api = Api(server, "")
    assert api.ask("GET", "/metrics")[0] == 401
    assert api.ask("GET", "/metrics", Host=f"127.0.0.1:{port}")[0] == 401
    api.close()
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    link.request("GET", "/metrics")
    assert b"reservas_" in link.getresponse().read()
    link.request("GET", "/api/session")
    assert b'"success"' not in link.getresponse().read()
    link.close()

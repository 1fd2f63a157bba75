"""The wheel alone, without the source, is the whole product."""

from __future__ import annotations

import http.client
import json
import mimetypes
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reservas import __version__
from tests.cli.conftest import ROOT
from tests.servers import Server

LEFT_OUT = shutil.ignore_patterns(".*", "build", "data", "*.egg-info", "__pycache__")
BUILD_SDIST = "import setuptools.build_meta as it; print(it.build_sdist('../built'))"
PAGE_FILES = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())

pytestmark = pytest.mark.timeout(240)


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy: building leaves folders behind, and a later build packs them again."""
    folder = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT, folder / "copy", ignore=LEFT_OUT)
    (folder / "built").mkdir()
    said = run(sys.executable, "-c", BUILD_SDIST, cwd=folder / "copy")
    return folder / "built" / said.splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(sdist: Path) -> Path:
    """Return the wheel, built from the sdist as an installation from it does."""
    pip = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation")
    run(*pip, "--wheel-dir", sdist.parent, sdist, cwd=sdist.parent)
    return next(sdist.parent.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new environment's programs: the wheel, and what it depends on."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel, cwd=folder)
    paths = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(run(python, "-c", paths, cwd=folder).strip())
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


@pytest.fixture
def server(installed: Path, tmp_path: Path) -> Iterator[Server]:
    """Return a server not yet started, run in an empty folder, with the settings' defaults."""
    server = Server(tmp_path / "reservas")
    server.folder.mkdir()
    server.command, server.root = [str(installed / "reservas")], tmp_path
    del server.env["RESERVAS_DATABASE"]
    server.env.pop("PYTHONPATH", None)
    server.env["XDG_DATA_HOME"] = str(tmp_path)
    yield server
    server.stop()


def get(server: Server, path: str, **headers: str) -> tuple[int, str, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read()
    finally:
        link.close()


def log_in(server: Server, email: str, password: str) -> str:
    """Return the cookie of a person."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        link.request("POST", "/api/login", json.dumps({"email": email, "password": password}))
        answer = link.getresponse()
        assert answer.status == 200, answer.read()
        return answer.headers["Set-Cookie"].partition(";")[0]
    finally:
        link.close()


def test_it_serves_the_page_and_the_evening_from_an_empty_folder(
    server: Server, installed: Path
) -> None:
    where = run(
        installed / "python", "-c", "import reservas; print(reservas.__file__)", cwd=server.folder
    )
    assert Path(where.strip()).is_relative_to(installed.parent)
    assert "applied: 0001_" in server.cli("init")
    said = server.cli("demo")
    server.start()

    status, kind, page = get(server, "/")
    assert (status, kind) == (200, "text/html")
    linked = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page.decode()))
    assert {"main.js", "styles/tokens.css"} <= linked
    assert linked <= {str(path.relative_to(ROOT / "static")) for path in PAGE_FILES}
    for path in PAGE_FILES:
        status, kind, body = get(server, f"/static/{path.relative_to(ROOT / 'static')}")
        assert (status, body == path.read_bytes()) == (200, True), path
        expected = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        assert kind == expected, path

    email, password = said.splitlines()[-1].removeprefix("demo login: ").split(" / ")
    cookie = log_in(server, email, password)
    status, _, body = get(server, "/api/reservas?businessId=demo&limit=100", Cookie=cookie)
    found = json.loads(body)["reservas"]
    assert (status, len(found)) == (200, 60)
    to_come = next(each for each in found if each["estado"] in {"En Progreso", "Activa"})
    path = f"/api/reservas/{to_come['id']}/qr?businessId=demo"
    link = json.loads(get(server, path, Cookie=cookie)[2])["enlace"]
    assert get(server, f"{link}.png")[:2] == (200, "image/png")  # the font came along
    with server.connect() as link:
        asked = "GET /api/reservas/events?businessId=demo HTTP/1.1\r\nHost: x\r\n"
        link.sendall(f"{asked}Cookie: {cookie}\r\n\r\n".encode())
        greeting = read_until(link, b'"type":"connected"')
    assert b"Content-Type: text/event-stream" in greeting


def read_until(link: socket.socket, mark: bytes) -> bytes:
    text = b""
    while mark not in text:
        part = link.recv(65536)
        assert part, text
        text += part
    return text


def test_a_wheel_without_the_page_says_so_in_one_line(server: Server, installed: Path) -> None:
    server.cli("init")
    (top,) = installed.parent.glob("lib/*/site-packages/reservas/toplevel")
    (top / "static").rename(top / "elsewhere")
    try:
        done = subprocess.run(
            [*server.command, "serve"],
            cwd=server.root,
            env=server.env,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    finally:
        (top / "elsewhere").rename(top / "static")
    assert done.returncode == 2
    assert done.stderr == f"reservas: {top / 'static'} is missing: install Reservas again\n"


def test_it_has_the_licence_and_one_version(wheel: Path, installed: Path) -> None:
    assert wheel.name.startswith(f"reservas-{__version__}-")
    assert run(installed / "reservas", "--version", cwd=wheel.parent) == f"reservas {__version__}\n"
    with zipfile.ZipFile(wheel) as packed:
        assert (
            packed.read(f"reservas-{__version__}.dist-info/licenses/LICENSE")
            == (ROOT / "LICENSE").read_bytes()
        )
        tops = {name.split("/")[0] for name in packed.namelist()}
        packaged = {name for name in packed.namelist() if name.endswith(".py")}
    assert tops == {"reservas", f"reservas-{__version__}.dist-info"}
    own = {str(path.relative_to(ROOT)) for path in (ROOT / "reservas").rglob("*.py")}
    entries = {f"reservas/toplevel/{name}" for name in ("wsgi.py", "gunicorn.conf.py")}
    assert packaged == own | entries


def test_the_sdist_has_what_building_and_testing_need(sdist: Path) -> None:
    with tarfile.open(sdist) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert {"setup.py", "setup.cfg", "pyproject.toml", "Makefile", "LICENSE", "README.md"} <= names
    assert {"wsgi.py", "gunicorn.conf.py", "templates/index.html", "tests/conftest.py"} <= names
    assert {str(path.relative_to(ROOT)) for path in PAGE_FILES} <= names

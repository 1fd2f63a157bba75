"""The page as phones install and keep it: an app manifest, and a worker that names every file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path

from tests.http.conftest import Cast


def shell(cast: Cast) -> dict:
    text = cast.nobody.ask("GET", "/sw.js").text
    return json.loads(text.partition("const SHELL = ")[2].partition(";\n")[0])


def content(cast: Cast, path: str) -> bytes:
    with cast.nobody.ask("GET", path) as answer:
        assert answer.status_code == 200
        return answer.data


def test_the_worker_may_serve_all_and_is_asked_for_each_time(cast: Cast) -> None:
    answer = cast.nobody.ask("GET", "/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_each_file_that_the_worker_keeps_is_served_with_the_checksum_it_asks_for(
    cast: Cast,
) -> None:
    files = shell(cast)["files"]
    assert {
        "/",
        "/static/main.js",
        "/static/vendor/idb/index.js",
        "/static/styles/tokens.css",
    } <= set(files)
    for path, checksum in files.items():
        digest = base64.b64encode(hashlib.sha256(content(cast, path)).digest()).decode()
        assert checksum == f"sha256-{digest}", path


def test_all_modules_and_styles_of_the_page_are_kept_and_nothing_that_is_not_served(
    cast: Cast,
) -> None:
    static = Path(cast.app.static_folder)
    code = {path for path in static.rglob("*") if path.suffix in {".js", ".css"}}
    wanted = {f"/static/{path.relative_to(static)}" for path in code} - {"/static/sw.js"}
    files = set(shell(cast)["files"])
    assert wanted <= files
    assert not {path for path in files if "LICENSE" in path or path.endswith("sw.js")}


def test_any_change_of_the_page_is_another_version(cast: Cast, tmp_path: Path) -> None:
    before = shell(cast)["version"]
    assert shell(cast)["version"] == before
    copy = tmp_path / "static"
    shutil.copytree(cast.app.static_folder, copy)
    cast.app.static_folder = copy
    assert shell(cast)["version"] == before
    versions = {before}
    for name in ("door/queue.js", "sw.js", "styles/base.css"):
        with (copy / name).open("a") as file:
            file.write("\n// changed\n")
        versions.add(shell(cast)["version"])
    assert len(versions) == 4


def test_the_page_can_be_installed(cast: Cast) -> None:
    with cast.nobody.ask("GET", "/manifest.webmanifest") as answer:
        assert answer.mimetype == "application/manifest+json"
        app = json.loads(answer.data)
    assert (app["lang"], app["display"], app["start_url"]) == ("es", "standalone", "/")
    assert {"any", "maskable"} == {icon.get("purpose", "any") for icon in app["icons"]}
    for icon in app["icons"]:
        picture = content(cast, icon["src"])
        side = f"{int.from_bytes(picture[16:20])}x{int.from_bytes(picture[20:24])}"
        assert (picture[1:4], side) == (b"PNG", icon["sizes"])
    assert "apple-touch-icon" in content(cast, "/").decode()


def test_the_page_names_every_module_that_it_needs_at_once(cast: Cast) -> None:
    named = re.findall(r'rel="modulepreload" href="([^"]+)"', cast.nobody.ask("GET", "/").text)
    assert named[0] == "/static/main.js"
    assert {"/static/dom.js", "/static/desk.js"} <= {*named}
    # Asked for when they are opened.
    assert not {"/static/door/camera.js", "/static/screens/plan/plan.js"} & {*named}
    assert len(named) == len({*named}) > 30
    for path in named:
        assert content(cast, path)

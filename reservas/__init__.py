"""Reservas: the application factory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reservas.config import Settings, load
from reservas.resources import top_level

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.2.0"

#: A body larger than this is refused with 413; a reservation is about 1 KB.
MAX_BODY = 64 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Return the WSGI application on `settings` (default: the environment)."""
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from reservas.keys import all_keys
    from reservas.services import setup, tickets
    from reservas.store import open_database
    from reservas.web import BLUEPRINTS, credentials, errors, hardening, limits
    from reservas.web.cookies import NoSessions
    from reservas.web.json_provider import CompactJson
    from reservas.web.observed import name_routes

    settings = settings or load()
    folder = top_level()
    app = Flask(
        __name__,
        static_folder=folder / "static",
        template_folder=folder / "templates",
    )
    app.session_interface = NoSessions()
    keys = all_keys(settings)
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=list(keys[1:]),
        MAX_CONTENT_LENGTH=MAX_BODY,
        SEND_FILE_MAX_AGE_DEFAULT=0,
    )
    app.json = CompactJson(app)
    app.extensions["reservas"] = settings
    tickets.use_keys(keys)
    open_database(settings)
    setup.forget()
    errors.register(app)
    name_routes(app)
    app.before_request(credentials.begin)
    limits.register(app, settings)
    hardening.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.proxies:
        trusted = dict.fromkeys(("x_for", "x_proto", "x_host"), settings.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, **trusted)  # type: ignore[method-assign]
    return app

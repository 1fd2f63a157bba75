"""Cookie sessions, for people only."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class PeopleSessions(SecureCookieSessionInterface):
    """A device's request has an empty session: its token says who asks, its cookies nothing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_AUTHORIZATION" in request.environ:
            return self.session_class()
        return super().open_session(app, request)

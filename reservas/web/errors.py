"""Turns every failure into the one error shape."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, request
from gunicorn.util import write_nonblock
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from reservas import metrics
from reservas.encoding import dumps
from reservas.errors import CODES, Problem
from reservas.headers import lines

log = logging.getLogger("reservas.web")

BY_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    500: "internal",
}


#: What limits refuse, by the names at /metrics.
REASONS = {
    "too_many_attempts": "tries",
    "too_large": "size",
    "unsupported_type": "type",
    "foreign_origin": "origin",
}
LIMITS = {"credencial": "credential", "direccion": "address", "anonimo": "stranger"}


def count(problem: Problem) -> None:
    """Count what a limit refused."""
    reason = REASONS.get(problem.code) or LIMITS.get(str(problem.details.get("limite")))
    if reason is not None:
        metrics.REFUSED.labels(reason).inc()


def answer(problem: Problem) -> Response:
    """Return the response of a problem; `retryAfter` (seconds) becomes the header too."""
    count(problem)
    response = jsonify(problem.body())
    response.status_code = problem.status
    if "retryAfter" in problem.details:
        response.headers["Retry-After"] = str(problem.details["retryAfter"])
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def problem_of(error: Exception) -> Problem:
    """Return what is told of any failure; an unexpected one is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestEntityTooLarge):
        most = request.max_content_length or 0
        message = f"La petición es demasiado grande: caben {most // 1024} KB."
        return Problem("too_large", message, maximo=most)
    if isinstance(error, HTTPException):
        return Problem(BY_STATUS.get(error.code or 500, "bad_request"))
    log.error("unexpected error", exc_info=error)
    return Problem("internal")


def _http(error: HTTPException) -> Response:
    response = answer(problem_of(error))
    if error.code is not None and error.code not in {each for each, _ in CODES.values()}:
        return response
    response.status_code = error.code or 500
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    return answer(problem_of(error))


def refuse(sock: Any, status: int, _reason: str, _detail: str) -> None:
    """Answer what gunicorn refuses before the application sees it; instead of its page in HTML."""
    problem = Problem("too_large" if status in {414, 431} else BY_STATUS.get(status, "bad_request"))
    body = dumps(problem.body()).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    write_nonblock(sock, head.encode() + lines() + b"\r\n" + body)


def register(app: Flask) -> None:
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)

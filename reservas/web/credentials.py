"""Who asks, at which venue, and whether the role allows it."""

from __future__ import annotations

from flask import current_app, g, request

from reservas import origin
from reservas.domain.roles import reaches
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.origin import Origin
from reservas.services import devices, login, setup
from reservas.services.accounts import Actor
from reservas.web import cookies

#: For who was logged in; the page shows it at the log-in.
SESSION_ENDED = (
    "Tu sesión terminó: se cerró en otro lado o cambió la contraseña. Inicia sesión otra vez."
)
#: For a phone whose device was taken away.
PHONE_ENDED = "Este teléfono ya no está vinculado. Pide que lo vinculen otra vez."
#: For a server that nobody has set up.
NOT_SET_UP = (
    "Reservas todavía no está instalado: abre el enlace que el servidor mostró al arrancar"
    " («reservas serve»)."
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def actor() -> Actor:
    """Return who asks. Raises Problem("unauthenticated")."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    # Another scheme is a proxy's own, which browsers send along.
    bearer = scheme.lower() == "bearer"
    found = devices.by_secret(secret.strip(), request.remote_addr) if bearer else _by_cookie()
    if found is None:
        raise _unknown()
    identify(found)
    return found


def identify(who: Actor) -> None:
    """Let the request be that of `who`, in the audit trail too."""
    g.actor = who
    asked = origin.current()
    origin.use(Origin(who.key, who.name, asked.address, asked.agent))


def begin() -> None:
    """Know where a request comes from; behind a proxy, what that says (RESERVAS_PROXIES).

    Who asked before on the same connection is forgotten: one greenlet serves all its requests.
    """
    agent = request.headers.get("User-Agent", "")
    origin.use(Origin("", "", request.remote_addr or "", agent))


def _unknown() -> Problem:
    if setup.is_wanted():
        return Problem("unauthenticated", NOT_SET_UP, motivo="not_set_up")
    return Problem("unauthenticated")


def _by_cookie() -> Actor | None:
    """Return the person who is logged in, else the device that this phone was paired as."""
    session, phone = cookies.session_secret(), cookies.phone_secret()
    if session is None and phone is None:
        return None
    same_origin()
    found = None if session is None else _person(session)
    if found is None and phone is not None:
        found = devices.by_secret(phone, request.remote_addr)
    if found is None and session is not None:
        raise Problem("unauthenticated", SESSION_ENDED, motivo="session_ended")
    if found is None:
        raise Problem("unauthenticated", PHONE_ENDED, motivo="phone_ended")
    return found


def _person(session: str) -> Actor | None:
    return login.by_session(session, request.remote_addr, request.user_agent.string[:400])


def same_origin() -> None:
    """Refuse a change that another site's page sends, along with our cookie or to get one."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    # Compared as text: what is no address at all is another page, too.
    if origin and origin.partition("://")[2] != request.host:
        raise foreign_origin(origin)
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        raise foreign_origin(origin or "de otro sitio")


def foreign_origin(origin: str) -> Problem:
    """Return the refusal of another page; where a proxy is to blame, it says what to change."""
    trusted = current_app.extensions["reservas"].proxies
    header = "X-Forwarded-Host" if trusted else "Host"
    return Problem(
        "foreign_origin",
        f"La petición viene de la página {origin}, pero dice ser para {request.host}. Si esa es"
        f" la dirección de Reservas, el proxy no pasa bien la cabecera {header}: debe pasarla sin"
        f" cambios, y RESERVAS_PROXIES decir cuántos proxies hay (ahora {trusted}); docs/proxy.md.",
        header=header,
    )


def venue_for(role: str, *, named: bool = False) -> Venue:
    """Return the venue of the request, when who asks has `role` or more there.

    A venue that is not theirs gets what an absent one gets. With `named`, `businessId` must be
    in the query; else a token of one venue may leave it out. Raises Problem: 401, 400, 404, 403.
    """
    who = actor()
    slug = request.args.get("businessId")
    if not slug and (named or len(who.venues) != 1):
        raise Problem("businessId required", field="businessId")
    for venue, held in who.venues:
        if not slug or venue.slug == slug:
            if not reaches(held, role):
                raise Problem("forbidden")
            return venue
    raise Problem("not_found")


def role_at(venue: Venue) -> str:
    """Return the role that who asks has at a venue of theirs."""
    who: Actor = g.actor
    return next(role for each, role in who.venues if each.id == venue.id)


def usuario() -> str:
    """Return the name that the entry log shows for who asks."""
    who: Actor = g.actor
    return who.name

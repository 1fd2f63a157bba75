"""The guest's page, card and calendar entry: open by the link alone, and nothing else to see."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from reservas.services import clock
from reservas.web import card
from tests.http.conftest import Cast, Member

NONSENSE = "/t/nada"
SECRETS = ("0900000001", "Pérez", "ana@x.test", "Alergia", "VIP", "Mesa 7", "Luis", "cumple")


def guest_of(cast: Cast) -> Any:
    return cast.app.test_client()


def link_of(member: Member, reserva: dict[str, Any]) -> str:
    answer = member.ask("GET", f"/api/reservas/{reserva['id']}/qr")
    link: str = answer.get_json()["enlace"]
    return link


def booked(cast: Cast, **changes: Any) -> tuple[dict[str, Any], str]:
    cliente = {"nombre": "Ana Pérez", "telefono": "0900000001", "email": "ana@x.test"}
    private = {
        "cliente": cliente,
        "detalles": ["Alergia"],
        "beneficiosReserva": "VIP",
        "mesa": "Mesa 7",
        "promotor": {"nombre": "Luis"},
        "razonVisita": "cumple",
    }
    reserva = cast.host.book(**{**private, **changes})
    return reserva, link_of(cast.host, reserva)


def shown(answer: TestResponse) -> tuple[Any, ...]:
    headers = sorted(each for each in answer.headers if each[0] != "Date")
    return answer.status_code, answer.data, headers


def test_a_guest_sees_venue_night_party_and_code_and_nothing_else(cast: Cast) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    reserva, link = booked(cast, fecha=day.isoformat(), hora="21:30", numeroPersonas=6)
    answer = guest_of(cast).get(link)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    for text in ("Uno", "Hola, Ana", f" {day.day} de ", "21:30", "6 personas"):
        assert text in answer.text
    assert reserva["codigoQR"] in answer.text
    assert 'src="data:image/svg+xml' in answer.text
    for secret in SECRETS:
        assert secret not in answer.text, secret
    assert "<script" not in answer.text


def test_the_link_is_for_the_guest_alone(cast: Cast) -> None:
    _, link = booked(cast)
    for path in (link, f"{link}.png", f"{link}.ics", NONSENSE):
        answer = guest_of(cast).get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not {"ETag", "Last-Modified", "Set-Cookie"} & set(answer.headers.keys())


def test_after_midnight_the_night_is_named(cast: Cast) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    _, link = booked(cast, fecha=day.isoformat(), hora="01:30")
    text = guest_of(cast).get(link).text
    assert "noche del " in text
    assert f" {(day - timedelta(days=1)).day} de " in text
    assert ", 01:30 del " in text


def dead(cast: Cast) -> dict[str, str]:
    """Return links that show nothing, by what is the matter with them."""
    cancelled, cancelled_link = booked(cast)
    cast.host.ask("PATCH", f"/api/reservas/{cancelled['id']}", {"estado": "Cancelado"})
    deleted, deleted_link = booked(cast)
    cast.owner.ask("DELETE", f"/api/reservas/{deleted['id']}")
    revived, old_link = booked(cast)
    for estado in ("Cancelado", "En Progreso"):
        cast.host.ask("PATCH", f"/api/reservas/{revived['id']}", {"estado": estado})
    _, good = booked(cast)
    return {
        "cancelled": cancelled_link,
        "deleted": deleted_link,
        "an older code's": old_link,
        "forged": good[:-1] + ("a" if good[-1] != "a" else "b"),
        "another version": good.replace("-1-", "-2-"),
        "cut": good[:-5],
        "upper case": "/t/" + good[3:].upper(),
        "absent": "/t/" + "a" * 16 + good[19:],
        "not ASCII": "/t/ñandú",
    }


@pytest.mark.parametrize("kind", ["", ".png", ".ics"])
def test_a_link_that_shows_nothing_answers_like_nonsense(cast: Cast, kind: str) -> None:
    nonsense = shown(guest_of(cast).get(NONSENSE))
    assert nonsense[0] == 404
    assert "Este enlace ya no muestra ninguna reserva." in nonsense[1].decode()
    for why, link in dead(cast).items():
        assert shown(guest_of(cast).get(link + kind)) == nonsense, why


def test_a_revived_reservation_has_a_new_link(cast: Cast) -> None:
    reserva, old = booked(cast)
    path = f"/api/reservas/{reserva['id']}"
    cast.host.ask("PATCH", path, {"estado": "Cancelado"})
    assert cast.host.ask("GET", f"{path}/qr").get_json()["enlace"] is None
    cast.host.ask("PATCH", path, {"estado": "En Progreso"})
    new = link_of(cast.host, reserva)
    assert new != old
    assert guest_of(cast).get(new).status_code == 200


def test_the_host_gets_the_words_that_go_with_it(cast: Cast) -> None:
    reserva, _ = booked(cast, fecha="2026-11-28", hora="01:30")
    answer = cast.host.ask("GET", f"/api/reservas/{reserva['id']}/qr").get_json()
    assert answer["mensaje"] == (
        "Hola, Ana. Tu reserva en Uno: noche del viernes 27 de noviembre, 01:30 del sábado,"
        " 4 personas. Muestra este código en la puerta:"
    )


def test_only_a_host_of_the_venue_gets_the_link(cast: Cast) -> None:
    reserva, link = booked(cast)
    path = f"/api/reservas/{reserva['id']}/qr"
    assert cast.owner.ask("GET", path).get_json()["enlace"] == link
    assert not {"enlace", "mensaje"} & set(cast.door.ask("GET", path).get_json())
    assert cast.stranger.ask("GET", path).status_code == 404
    assert cast.nobody.ask("GET", path).status_code == 401
    assert "enlace" not in cast.host.ask("GET", path.removesuffix("/qr")).get_json()["reserva"]


def test_another_venues_link_shows_that_venue(cast: Cast) -> None:
    reserva = cast.stranger.book()
    text = guest_of(cast).get(link_of(cast.stranger, reserva)).text
    assert "Diez" in text
    assert "Uno" not in text


@pytest.mark.parametrize("estado", ["Activa", "Reserva Caída"])
def test_a_code_that_the_door_may_take_is_shown(cast: Cast, estado: str) -> None:
    reserva, link = booked(cast)
    cast.host.ask("PATCH", f"/api/reservas/{reserva['id']}", {"estado": estado})
    assert reserva["codigoQR"] in guest_of(cast).get(link).text


def over(cast: Cast, link: str, code: str) -> None:
    page = guest_of(cast).get(link)
    assert page.status_code == 200
    assert "Esta visita ya terminó." in page.text
    assert code not in page.text
    assert "data:image" not in page.text
    assert guest_of(cast).get(f"{link}.png").status_code == 404
    assert guest_of(cast).get(f"{link}.ics").status_code == 404


def test_a_finished_visit_is_thanked_and_has_no_code(cast: Cast) -> None:
    reserva, link = booked(cast)
    cast.door.scan(reserva, "a", increment=1)
    cast.host.ask("PATCH", f"/api/reservas/{reserva['id']}", {"estado": "En Camino"})
    over(cast, link, reserva["codigoQR"])


def test_a_night_that_is_long_over_has_no_code(cast: Cast) -> None:
    reserva, link = booked(cast)
    day = 24 * 3600 * 1000
    with clock.stopped_at(clock.now_ms() + day):
        assert reserva["codigoQR"] in guest_of(cast).get(link).text
    with clock.stopped_at(clock.now_ms() + 3 * day):
        over(cast, link, reserva["codigoQR"])


def test_the_card_is_a_picture_named_after_the_guest(cast: Cast) -> None:
    cliente = {"nombre": 'Ñusta "Núñez"/Ruiz 🌹'}
    _, link = booked(cast, cliente=cliente)
    answer = guest_of(cast).get(f"{link}.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''Reserva%20%C3%91usta%20N%C3%BA%C3%B1ez%20Ruiz" in disposition
    with Image.open(io.BytesIO(answer.data)) as image:
        assert (image.width, image.format) == (1000, "PNG")
        assert 1200 < image.height < 1700


def test_a_crowd_for_cards_is_asked_to_wait(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _, link = booked(cast)
    monkeypatch.setattr(card, "MOST_WAITING", 0)
    answer = guest_of(cast).get(f"{link}.png")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert "vuelve a intentarlo" in answer.text
    assert guest_of(cast).get(link).status_code == 200


def test_the_calendar_entry_is_the_venues_hour_in_utc(cast: Cast) -> None:
    day = date(2026, 12, 31) if date.today() < date(2026, 12, 31) else date(2036, 12, 31)
    reserva, link = booked(cast, fecha=day.isoformat(), hora="21:30")
    answer = guest_of(cast).get(f"{link}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.data.decode().replace("\r\n ", "").split("\r\n")
    assert f"DTSTART:{day.year + 1}0101T023000Z" in lines
    assert f"DTEND:{day.year + 1}0101T043000Z" in lines
    assert f"UID:{reserva['id']}@reservas" in lines
    assert "SUMMARY:Reserva en Uno" in lines
    assert f"URL:http://localhost{link}" in lines
    for secret in SECRETS:
        assert secret not in answer.text, secret

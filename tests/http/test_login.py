"""Log-in: sessions that end when they should, and tries that are counted before they are made."""

from __future__ import annotations

import re
import time
from typing import Any

import gevent
import pytest
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from reservas.services import accounts, clock, login, passwords, tries
from tests.database import sql
from tests.http.conftest import Cast, Member

EMAIL, PASSWORD = "ana@x.test", "una-clave-larga"


@pytest.fixture(autouse=True)
def ana(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "REFUSED_S", 0.0)
    accounts.add_person(EMAIL, "1", "host", PASSWORD)


def browser(cast: Cast) -> Member:
    return Member(cast.app.test_client(), None)


def enter(
    who: Member, password: Any = PASSWORD, email: str = EMAIL, address: str = "192.0.2.1"
) -> TestResponse:
    body = {"email": email, "password": password}
    return who.ask("POST", "/api/login", body, environ_overrides={"REMOTE_ADDR": address})


def cookie(client: FlaskClient, name: str = "reservas") -> str:
    found = client.get_cookie(name)
    assert found is not None
    return found.value


def is_in(who: Member) -> bool:
    return who.ask("GET", "/api/session").status_code == 200


def later(monkeypatch: pytest.MonkeyPatch, milliseconds: int) -> None:
    now = clock.now_ms() + milliseconds
    monkeypatch.setattr(clock, "now_ms", lambda: now)


# -- sessions --------------------------------------------------------------------------------


def test_the_cookie_is_a_random_name_for_what_the_server_keeps(cast: Cast) -> None:
    first, second = browser(cast), browser(cast)
    given = enter(first).headers.getlist("Set-Cookie")
    enter(second)
    assert cookie(first.client) != cookie(second.client)
    for line in given:
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Secure" not in line
    assert re.fullmatch(r"[\w-]{43}", cookie(first.client))
    kept = sql("SELECT secret_hash FROM session")
    assert (accounts.fingerprint(cookie(first.client)),) in kept
    assert (cookie(first.client),) not in kept


def test_a_copied_cookie_dies_with_the_log_out(cast: Cast) -> None:
    ana, thief, other = browser(cast), browser(cast), browser(cast)
    enter(ana)
    enter(other)
    thief.client.set_cookie("reservas", cookie(ana.client))
    assert is_in(thief)
    ana.ask("POST", "/api/logout")
    assert ana.client.get_cookie("reservas") is None
    assert not is_in(thief)
    assert is_in(other)


def test_a_changed_password_ends_the_sessions(cast: Cast) -> None:
    ana = browser(cast)
    enter(ana)
    accounts.add_person(EMAIL, "10", "door", None)
    assert is_in(ana)
    accounts.add_person(EMAIL, "1", "host", PASSWORD + "2")
    assert not is_in(ana)
    assert enter(ana).status_code == 401
    assert enter(ana, PASSWORD + "2").status_code == 200


def test_a_password_that_changes_while_it_is_compared_lets_nobody_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = passwords.compare

    def slowly(stored: str, password: str) -> tuple[bool, str | None]:
        found = compare(stored, password)
        accounts.add_person(EMAIL, "1", "host", PASSWORD + "2")
        return found

    monkeypatch.setattr(passwords, "compare", slowly)
    assert enter(browser(cast)).status_code == 401
    assert sql("SELECT * FROM session") == []


def test_who_logs_in_again_leaves_no_session_behind(cast: Cast) -> None:
    ana = browser(cast)
    for _ in range(3):
        enter(ana)
    assert sql("SELECT COUNT(*) FROM session") == [(1,)]


def test_a_session_ends_by_lying_unused_and_is_swept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = browser(cast)
    enter(ana)
    later(monkeypatch, login.SESSION_MS - 1000)
    assert is_in(ana)
    gevent.sleep(0)  # its use is kept beside the request
    gevent.wait(timeout=5)
    later(monkeypatch, login.SESSION_MS - 1000)
    assert is_in(ana)
    gevent.wait(timeout=5)
    later(monkeypatch, login.SESSION_MS)
    assert not is_in(ana)
    enter(browser(cast))
    assert sql("SELECT COUNT(*) FROM session") == [(1,)]


@pytest.mark.parametrize("path", ["login", "logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_logs_nobody_in_or_out(cast: Cast, path: str, headers: dict[str, str]) -> None:
    ana = browser(cast)
    enter(ana)
    body = {"email": EMAIL, "password": PASSWORD}
    before = cookie(ana.client)
    answer = ana.ask("POST", f"/api/{path}", body, headers=headers)
    assert (answer.status_code, answer.get_json()["error"]) == (403, "foreign_origin")
    assert cookie(ana.client) == before
    assert is_in(ana)
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert ana.ask("POST", f"/api/{path}", body, headers=own).status_code == 200


# -- tries -----------------------------------------------------------------------------------


def test_a_stranger_gets_ten_tries_and_then_even_the_right_password_waits(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = browser(cast)
    codes = [enter(stranger, "no").status_code for _ in range(20)]
    assert codes == [401] * 10 + [429] * 10
    refused = enter(browser(cast), address="192.0.2.99")
    assert (refused.status_code, refused.get_json()["error"]) == (429, "too_many_attempts")
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    later(monkeypatch, tries.SPAN_MS + 1)
    assert enter(browser(cast)).status_code == 200


def test_a_stranger_does_not_lock_out_a_device_that_logged_in_before(cast: Cast) -> None:
    known, stranger = browser(cast), browser(cast)
    enter(known)
    known.ask("POST", "/api/logout")
    for _ in range(20):
        enter(stranger, "no")
    assert enter(stranger).status_code == 429
    assert enter(known).status_code == 200


def test_a_known_device_has_ten_tries_of_its_own(cast: Cast) -> None:
    known, other = browser(cast), browser(cast)
    for each in (known, other):
        enter(each)
    codes = [enter(known, "no").status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    assert enter(other).status_code == 200
    assert enter(browser(cast)).status_code == 200


def test_a_device_is_known_for_the_people_who_logged_in_on_it_only(cast: Cast) -> None:
    accounts.add_person("luis@x.test", "1", "host", PASSWORD)
    shared = browser(cast)
    enter(shared)
    for _ in range(10):
        enter(shared, "no", "luis@x.test")
    assert enter(shared, email="luis@x.test").status_code == 429
    sql("DELETE FROM login_budget")
    assert enter(shared, email="luis@x.test").status_code == 200
    for _ in range(10):
        enter(browser(cast), "no", "luis@x.test")
        enter(browser(cast), "no", address="192.0.2.7")
    for email in (EMAIL, "luis@x.test"):
        assert enter(shared, email=email).status_code == 200


@pytest.mark.parametrize("forged", ["", "x", "[]", "WyJhIixbXV0.c2lnbmF0dXJl"])
def test_a_forged_mark_of_a_device_counts_as_none(cast: Cast, forged: str) -> None:
    stranger = browser(cast)
    stranger.client.set_cookie("reservas_device", forged)
    assert [enter(stranger, "no").status_code for _ in range(11)] == [401] * 10 + [429]


def test_an_address_has_thirty_tries_over_all_emails(cast: Cast) -> None:
    who = browser(cast)
    codes = [enter(who, "no", f"p{n}@x.test").status_code for n in range(31)]
    assert codes == [401] * 30 + [429]
    assert enter(who).status_code == 429
    assert enter(who, address="192.0.2.2").status_code == 200


def test_addresses_of_one_house_count_together(cast: Cast) -> None:
    who = browser(cast)
    for n in range(30):
        enter(who, "no", f"p{n}@x.test", f"2001:db8:0:1::{n:x}")
    assert enter(who, address="2001:db8:0:1:ffff::1").status_code == 429
    assert enter(who, address="2001:db8:0:2::1").status_code == 200


def test_addresses_of_ipv4_that_a_listener_of_ipv6_shows_count_apart(cast: Cast) -> None:
    who = browser(cast)
    for n in range(30):
        enter(who, "no", f"p{n}@x.test", "::ffff:192.0.2.1")
    assert enter(who, address="::ffff:192.0.2.1").status_code == 429
    assert enter(who, address="::ffff:192.0.2.2").status_code == 200


def test_tries_made_before_the_clock_went_back_lock_nobody_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = browser(cast)
    assert [enter(stranger, "no").status_code for _ in range(11)] == [401] * 10 + [429]
    later(monkeypatch, -24 * 3600 * 1000)
    assert enter(stranger).status_code == 200
    codes = [enter(browser(cast), "no").status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_right_passwords_cost_nothing(cast: Cast) -> None:
    for _ in range(31):
        assert enter(browser(cast)).status_code == 200


def test_of_400_tries_at_once_no_more_than_the_budget_are_looked_at(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []

    def look(stored: str, password: str) -> tuple[bool, str | None]:
        looked_at.append(password)
        gevent.sleep(0.05)
        return False, None

    monkeypatch.setattr(passwords, "compare", look)
    tries = [gevent.spawn(enter, browser(cast), f"no{n}") for n in range(400)]
    gevent.joinall(tries, timeout=60, raise_error=True)
    assert len(looked_at) == login.EMAIL_TRIES
    assert {each.value.status_code for each in tries} == {401, 429, 503}


def test_tries_are_kept_in_bounded_space(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_BUDGETS", 20)
    for _ in range(10):
        enter(browser(cast), "no")
    for n in range(60):
        enter(browser(cast), "no", f"p{n}@x.test", f"198.51.100.{n}")
    assert sql("SELECT COUNT(*) <= 22 FROM login_budget") == [(1,)]
    assert enter(browser(cast), address="198.51.100.99").status_code == 429
    later(monkeypatch, tries.SPAN_MS + 1)
    enter(browser(cast), "no")
    assert sql("SELECT COUNT(*) FROM login_budget") == [(2,)]


def test_what_was_typed_into_the_email_is_not_kept(cast: Cast) -> None:
    enter(browser(cast), "no", "mi-clave-secreta")
    assert "secreta" not in str(sql("SELECT * FROM login_budget"))


# -- hashes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["scrypt", "pbkdf2:sha256:1000", "a cheaper argon2"])
def test_a_hash_of_an_earlier_version_is_renewed_by_the_log_in(cast: Cast, method: str) -> None:
    if method.endswith("argon2"):
        earlier = passwords.PasswordHasher(1, 8192, 1).hash(PASSWORD)
    else:
        earlier = generate_password_hash(PASSWORD, method)
    sql("UPDATE person SET password_hash = ?", earlier)
    assert enter(browser(cast), "no").status_code == 401
    together = [gevent.spawn(enter, browser(cast)) for _ in range(3)]
    gevent.joinall(together, timeout=20, raise_error=True)
    assert [each.value.status_code for each in together] == [200] * 3
    ((renewed,),) = sql("SELECT password_hash FROM person")
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert enter(browser(cast)).status_code == 200


def test_an_email_of_nobody_takes_a_comparison_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    compare = passwords.compare

    def look(stored: str, password: str) -> tuple[bool, str | None]:
        seen.append(stored)
        return compare(stored, password)

    monkeypatch.setattr(passwords, "compare", look)
    answers = [enter(browser(cast), "no", email) for email in (EMAIL, "eva@x.test")]
    assert answers[0].data == answers[1].data
    ana, nobody = (each.rpartition("$")[0].rpartition("$")[0] for each in seen)
    assert ana == nobody


@pytest.mark.parametrize("bad", ["\ud800", "a\udfff", "", 5, None, ["x"], "x" * 1001])
def test_a_bad_password_is_named(cast: Cast, bad: Any) -> None:
    answer = enter(browser(cast), bad)
    assert (answer.status_code, answer.get_json()["field"]) == (400, "password")


def test_what_fails_on_the_thread_is_raised_where_it_is_waited_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sql("UPDATE person SET password_hash = '$argon2id$broken'")
    answer = enter(browser(cast))
    assert (answer.status_code, answer.get_json()["error"]) == (500, "internal")
    assert "ThreadPoolWorker" not in capfd.readouterr().err


def test_one_worker_compares_no_more_than_two_passwords_at_a_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most = 0, 0

    def compare(_stored: str, _password: str) -> tuple[bool, str | None]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return False, None

    monkeypatch.setattr(passwords, "compared", compare)
    tries = [
        gevent.spawn(enter, browser(cast), "no", f"{n}@x.test", f"192.0.2.{n}") for n in range(9)
    ]
    gevent.joinall(tries, timeout=20, raise_error=True)
    assert 1 <= most <= 2


def test_more_than_may_wait_are_refused_uncounted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "WAITING", 3 - passwords.AT_A_TIME)
    tries = [gevent.spawn(enter, browser(cast), "no") for _ in range(5)]
    gevent.joinall(tries, timeout=20, raise_error=True)
    codes = sorted(each.value.status_code for each in tries)
    assert codes == [401] * 3 + [503] * 2
    assert sql("SELECT spent FROM login_budget") == [(3,), (3,)]

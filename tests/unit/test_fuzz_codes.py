"""Codes, links and event ids by the thousand: what is not genuine is refused.

FUZZ_CODES chooses how many of each; FUZZ_SEED which.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from reservas.realtime.frames import parse_event_id
from reservas.services import tickets

MANY = int(os.environ.get("FUZZ_CODES", "5000"))
SEED = os.environ.get("FUZZ_SEED", "1")
RESERVATION = "SA4UHOSHBF75W7EV"
#: What is put into a text, beside its own characters: of other writings that look alike, too.
ODD = "ABCXYZabcxyz0123456789.-_=/ \n\t\0\x7fÑñ\u0130\u0131\u017f\u212a\uff21\u0661\u202e\ud800"


@pytest.fixture(autouse=True)
def keys() -> None:
    tickets.use_keys([b"the newest of them", b"an older one of them"])


def mutated(chance: random.Random, text: str) -> str:
    found = list(text)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(5):
            case 0:
                found[at : at + 1] = [chance.choice(ODD)]
            case 1:
                found.insert(at, chance.choice(ODD))
            case 2:
                del found[at : at + chance.choice([1, 2, 10])]
            case 3:
                found[at:at] = found[: chance.randrange(len(found) + 1)]
            case _:
                found = found[at:] + found[:at]
    return "".join(found)


def forged(genuine: str, same: Callable[[str], str], verify: Callable[[str], object]) -> list[str]:
    """Return what passes though it is not `genuine`; `same` brings equal writings together."""
    chance = random.Random(f"{SEED}/{genuine}")
    made = (mutated(chance, genuine) for _ in range(MANY))
    return [each for each in made if verify(each) is not None and same(each) != same(genuine)]


def written(code: str) -> str:
    """Return a code without what scanners add."""
    return code.strip().upper()


def test_no_code_but_the_genuine_one_opens() -> None:
    for version in (1, 17, 999_999_999):
        for code in (
            tickets.issue(1, RESERVATION, version),
            *tickets.issued_before(1, RESERVATION, version),
        ):
            assert tickets.verify(1, code) is not None
            assert tickets.verify(2, code) is None
            assert forged(code, written, lambda text: tickets.verify(1, text)) == []


def test_no_link_but_the_genuine_one_opens() -> None:
    link, waiting = tickets.issue_link(RESERVATION, 3), tickets.issue_waiting_link(RESERVATION)
    assert forged(link, str, tickets.verify_link) == []
    assert forged(waiting, str, tickets.verify_waiting_link) == []


def test_an_event_id_is_read_or_refused() -> None:
    chance = random.Random(SEED)
    read = 0
    for _ in range(MANY):
        text = mutated(chance, chance.choice(["ab12cd34-1", "a-0", "f" * 32 + "-999999999999999"]))
        try:
            epoch, seq = parse_event_id(text)
        except ValueError:
            continue
        read += 1
        assert seq >= 0
        assert f"{epoch}-{seq}" == text, repr(text)
    assert 0 < read < MANY

"""The keys of this installation: the newest one signs, and the older ones still verify.

The older ones lie beside the newest in `secret_key.old`, a line each: the key in hexadecimal
digits, and the day when another took its place. A version that knows nothing of them goes on with
the newest alone.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from reservas import durable
from reservas.config import SHORTEST_KEY, SettingError, Settings, key_file, secret_key

#: How a key that is not plain text stands in RESERVAS_SECRET_KEY_OLD.
HEX = "hex:"


class OldKey(NamedTuple):
    """A key that signs no more, and when it ceased to; None where nobody says."""

    key: bytes
    until: date | None


def all_keys(settings: Settings) -> tuple[bytes, ...]:
    """Return the keys, the newest first. Raises SettingError when one of them is unusable."""
    newest = secret_key(settings)
    return tuple(dict.fromkeys([newest, *(each.key for each in old_keys(settings))]))


def old_keys(settings: Settings) -> list[OldKey]:
    """Return the older ones, newest first: those of the setting, else those in the data folder."""
    if settings.secret_key or settings.secret_key_old:
        parts = filter(None, settings.secret_key_old.split(","))
        return [OldKey(_parsed(each), None) for each in parts]
    path = old_file(settings)
    if not path.exists():
        return []
    try:
        return [_read(line) for line in path.read_text().splitlines() if line.strip()]
    except ValueError:
        raise SettingError(
            f"{path} holds something else than keys: put it back from a copy, or delete it"
            " (then codes and links that older keys have signed are void)"
        ) from None


def _parsed(text: str) -> bytes:
    return bytes.fromhex(text[len(HEX) :]) if text.startswith(HEX) else os.fsencode(text)


def _read(line: str) -> OldKey:
    digits, _, day = line.partition(" ")
    key = bytes.fromhex(digits)
    if len(key.strip()) < SHORTEST_KEY:
        raise ValueError
    return OldKey(key, date.fromisoformat(day.strip()))


def name_of(key: bytes) -> str:
    """Return by what a key is told from others; nothing of it can be learned from that."""
    return hashlib.sha256(b"reservas key|" + key).hexdigest()[:8]


def as_setting(keys: tuple[bytes, ...]) -> str:
    """Return the older ones of `keys` as RESERVAS_SECRET_KEY_OLD takes them."""
    return ",".join(f"{HEX}{key.hex()}" for key in keys[1:])


def old_file(settings: Settings) -> Path:
    return settings.data_dir / "secret_key.old"


def copied(settings: Settings) -> dict[str, bytes]:
    """Return the keys as files that a copy brings along, by their names in the data folder.

    Those of the settings too: without them the codes given out are void on another machine.
    """
    files = (key_file(settings), old_file(settings))
    if settings.secret_key or settings.secret_key_old:
        today = datetime.now(UTC).date()
        lines = (f"{key.hex()} {today}\n" for key in all_keys(settings)[1:])
        return {files[0].name: secret_key(settings), files[1].name: "".join(lines).encode()}
    return {path.name: path.read_bytes() for path in files if path.is_file()}


def put_back(settings: Settings, found: Mapping[str, bytes]) -> dict[Path, bytes]:
    """Return which files are to be written so that what the keys of a copy signed is good again.

    None where the present ones verify it too: a key that was replaced since the copy stays so.
    """
    newest = found.get(key_file(settings).name)
    if newest is None:
        return {}
    with suppress(SettingError, OSError):
        if key_file(settings).exists() and newest in all_keys(settings):
            return {}
    files = (key_file(settings), old_file(settings))
    return {
        path: found.get(path.name, b"") for path in files if path.name in found or path.exists()
    }


def insist_on_file(settings: Settings) -> None:
    """Raise SettingError where the keys come from the environment, which no command can change."""
    if settings.secret_key or settings.secret_key_old:
        raise SettingError(
            "the keys come from RESERVAS_SECRET_KEY: put a new one there, with the present one"
            " first in RESERVAS_SECRET_KEY_OLD (commas between several), and restart the server;"
            " take it out of there again to retire it"
        )


def rotate(settings: Settings) -> None:
    """Let a new key sign from now on. Raises SettingError where the keys are not in the folder.

    The present one is kept as an older one first: whatever happens in between voids nothing.
    """
    insist_on_file(settings)
    present = secret_key(settings)
    known = [each for each in old_keys(settings) if each.key != present]
    _keep(settings, [OldKey(present, datetime.now(UTC).date()), *known])
    durable.write(key_file(settings), secrets.token_hex(32).encode())


def retire(settings: Settings) -> int:
    """Forget the older keys, and return how many there were. Raises as `rotate`."""
    insist_on_file(settings)
    known = old_keys(settings)
    old_file(settings).unlink(missing_ok=True)
    return len(known)


def _keep(settings: Settings, keys: list[OldKey]) -> None:
    lines = (f"{each.key.hex()} {each.until}\n" for each in keys)
    durable.write(old_file(settings), "".join(lines).encode())

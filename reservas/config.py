"""Settings from the environment and a file: read once, checked at the start, loud when wrong."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote

from reservas import outside, places, settings_file
from reservas.settings_file import FileError, Written

PREFIX = "RESERVAS_"
SHORTEST_KEY = 16


class SettingError(ValueError):
    """A setting is unknown or unusable; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `RESERVAS_*` may set; each field is the variable of its name in capitals."""

    #: Where the data lives, as a URL; a relative path begins in `places.home()`.
    database: str = "sqlite:///data/reservas.db"
    #: HOST:PORT to serve on.
    bind: str = "127.0.0.1:8000"
    #: Worker processes.
    workers: int = 2
    #: Signs cookies, QR codes and guests' links; generated into the data folder when absent.
    secret_key: str = ""
    #: Keys that signed before and still verify, newest first, with commas between them.
    secret_key_old: str = ""
    #: 0 turns streams off, and pages poll.
    sse_enabled: bool = True
    #: Seconds between two heartbeats of a stream.
    heartbeat_s: float = 30.0
    #: Streams one worker holds; more are refused with 503.
    max_streams: int = 12_000
    #: Streams one venue may hold on one worker; 0 is no limit.
    max_streams_venue: int = 2000
    #: Streams one person or device may hold on one worker; 0 is no limit.
    max_streams_person: int = 50
    #: Connections, and as many streams, of one address on one worker; 0 is no limit.
    max_per_address: int = 300
    #: Requests a second of one token or session, and of one address, on one worker; 0 is no limit.
    max_requests: float = 200.0
    max_requests_address: float = 1000.0
    #: Proxies in front whose word about addresses, scheme and host is taken.
    proxies: int = 0
    #: HOST:PORT on this machine that gives the figures to whoever asks; empty for none.
    metrics_bind: str = ""
    #: 1 compresses streams with gzip for clients that accept it.
    compress: bool = False
    #: Events the log keeps for each venue; who missed more reads the list again.
    log_events: int = 100_000
    #: Days the log keeps an event.
    log_days: float = 14.0
    #: Days the audit trail keeps a row; 0 keeps all.
    audit_days: float = 730.0
    #: 1 marks the cookie Secure: set it behind TLS.
    secure_cookies: bool = False
    #: The address that phones open, such as https://192.168.1.20; empty for the one that is asked.
    url: str = ""
    #: The folder of the copies that `reservas backup` makes; empty: `backups` beside the database.
    backups: str = ""
    #: How many of them are kept; an older one goes when a newer one was verified.
    backup_keep: int = 14
    #: Addresses that get an e-mail when the box is not well, with commas between them.
    alert_email: str = ""
    #: An address that gets a POST then.
    alert_webhook: str = ""
    #: The server that sends the e-mails: smtp://USER:PASSWORD@HOST:587/?from=ADDRESS.
    smtp_url: str = ""
    #: text, or json for one object a line.
    log_format: str = "text"
    #: 1 logs every request; else those that fail or take over a second.
    access_log: bool = False

    @property
    def database_path(self) -> Path:
        return places.home() / unquote(self.database.removeprefix("sqlite:///"))

    @property
    def data_dir(self) -> Path:
        return self.database_path.parent

    @property
    def backups_dir(self) -> Path:
        return places.home() / self.backups if self.backups else self.data_dir / "backups"


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("must be 0 or 1")
    return text == "1"


def _number(low: float, high: float) -> object:
    def parse(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise ValueError(f"must be between {low:g} and {high:g}")
        return value

    return parse


def _whole(low: int, high: int) -> object:
    def parse(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(f"must be between {low} and {high}")
        return value

    return parse


def _database(text: str) -> str:
    if not text.startswith("sqlite:///") or len(text) < 11 or "\0" in unquote(text):
        raise ValueError("must be sqlite:///relative/path.db or sqlite:////absolute/path.db")
    return text


#: A name or address, one of IPv6 in brackets; and a port.
BIND = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]+(?:%\w+)?\]):([1-9]\d{0,4})", re.ASCII)


def _bind(text: str) -> str:
    found = BIND.fullmatch(text)
    if found is None or int(found[1]) > 65535:
        raise ValueError("must be HOST:PORT, for instance 0.0.0.0:8000 or [::]:8000")
    return text


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[\w.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?", text):
        raise ValueError("must be http(s)://HOST or http(s)://HOST:PORT, with nothing after it")
    return text


def _metrics_bind(text: str) -> str:
    host = _bind(text).rpartition(":")[0].strip("[]")
    if host != "localhost" and not ip_address(host).is_loopback:
        raise ValueError("must be an address of this machine alone, for instance 127.0.0.1:8001")
    return text


def _folder(text: str) -> str:
    if not text or "\0" in text:
        raise ValueError("must be a folder")
    return text


def _secret(text: str) -> str:
    if len(text) < SHORTEST_KEY:
        raise ValueError(f"must have at least {SHORTEST_KEY} characters")
    return text


def _email(text: str) -> str:
    outside.recipients(text)
    return text


def _smtp(text: str) -> str:
    outside.mail_server(text)
    return text


def _log_format(text: str) -> str:
    if text not in {"text", "json"}:
        raise ValueError("must be text or json")
    return text


def _old_secrets(text: str) -> str:
    for each in filter(None, text.split(",")):
        _secret(each)
        if each.startswith("hex:"):
            bytes.fromhex(each[4:])
    return text


PARSERS: dict[str, object] = {
    "database": _database,
    "bind": _bind,
    "workers": _whole(1, 64),
    "secret_key": _secret,
    "secret_key_old": _old_secrets,
    "sse_enabled": _flag,
    "heartbeat_s": _number(0.1, 3600),
    "max_streams": _whole(1, 1_000_000),
    "max_streams_venue": _whole(0, 1_000_000),
    "max_streams_person": _whole(0, 1_000_000),
    "max_per_address": _whole(0, 1_000_000),
    "max_requests": _number(0, 1_000_000),
    "max_requests_address": _number(0, 1_000_000),
    "proxies": _whole(0, 10),
    "metrics_bind": _metrics_bind,
    "compress": _flag,
    "log_events": _whole(100, 100_000_000),
    "log_days": _number(0.01, 3650),
    "audit_days": _number(0, 36500),
    "secure_cookies": _flag,
    "url": _url,
    "backups": _folder,
    "backup_keep": _whole(1, 10_000),
    "alert_email": _email,
    "alert_webhook": outside.webhook,
    "smtp_url": _smtp,
    "log_format": _log_format,
    "access_log": _flag,
}


#: Never shown, and not to be read by everybody where they stand in a file.
SECRETS = frozenset({"secret_key", "secret_key_old", "smtp_url", "alert_webhook"})


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in `environ` and, of what it does not name, those of the file.

    Raises SettingError naming the variable that is unknown or unusable, and the line it stands on.
    """
    known = {PREFIX + field.name.upper(): field.name for field in fields(Settings)}
    chosen: dict[str, object] = {}
    for variable, written in _written(environ).items():
        where = f"{written.where}: " if written.where else ""
        if variable not in known:
            names = ", ".join(sorted(known))
            raise SettingError(f"{where}{variable} is not a setting; known: {names}")
        name = known[variable]
        try:
            chosen[name] = PARSERS[name](written.text)  # type: ignore[operator]
        except ValueError as error:
            shown = variable if name in SECRETS else f"{variable}={written.text!r}"
            raise SettingError(f"{where}{shown} is unusable: {error}") from None
    settings = Settings(**chosen)  # type: ignore[arg-type]
    if settings.metrics_bind.rpartition(":")[2] == settings.bind.rpartition(":")[2]:
        raise SettingError("RESERVAS_METRICS_BIND must have another port than RESERVAS_BIND")
    if settings.alert_email and not settings.smtp_url:
        raise SettingError("RESERVAS_ALERT_EMAIL needs RESERVAS_SMTP_URL, the server that sends it")
    if not settings.database.startswith("sqlite:////"):
        _insist_on_no_earlier_data(settings)
    return settings


def texts(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return what is set by `environ` and the file, by variable. Raises SettingError."""
    return {variable: each.text for variable, each in _written(environ).items()}


def _written(environ: Mapping[str, str]) -> dict[str, Written]:
    try:
        return settings_file.written(environ, PREFIX, {PREFIX + name.upper() for name in SECRETS})
    except FileError as error:
        raise SettingError(str(error)) from None


def _insist_on_no_earlier_data(settings: Settings) -> None:
    """Let nobody begin with an empty database where earlier versions had looked in this folder."""
    earlier = places.earlier_database(settings.database_path)
    if earlier is not None and not settings.database_path.exists():
        raise SettingError(
            f"there is a database in this folder, {earlier}, where earlier versions looked; now it"
            f" is {settings.database_path}, wherever a command is run: move the folder"
            f" {earlier.parent} to {settings.data_dir}, or set"
            f" RESERVAS_DATABASE={settings_file.database_url(earlier)}"
        )


def secret_key(settings: Settings) -> bytes:
    """Return the signing key: the setting, or the one kept in the data folder.

    The first process makes the file: a hard link decides a race and is never half-written.
    Raises SettingError when the file holds no key, as after a disk was full or a power cut.
    """
    if settings.secret_key:
        return os.fsencode(settings.secret_key)
    path = key_file(settings)
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key.strip()) < SHORTEST_KEY or b"\0" in key:
        raise SettingError(
            f"{path} holds no key of {SHORTEST_KEY} characters: put it back from a copy, or delete"
            " it for a new one (then QR codes given out are void)"
        )
    return key


def key_file(settings: Settings) -> Path:
    return settings.data_dir / "secret_key"


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret_key.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its key stays
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)

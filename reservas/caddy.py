"""What Caddy is told: https for the phones in front of a server that only this machine reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from reservas.redaction import SECRET_PATHS

#: Less than the 15 seconds that Reservas waits on a connection (gunicorn.conf.py).
KEEPALIVE_S = 10
#: Where phones that do not trust this machine yet fetch its certificate, over plain http.
ROOT_PATH = "/ca.crt"
#: What phones call the authority; the one that it vouches for has another name, or its
#: certificate would pass for self-signed.
AUTHORITY = "Reservas de este local"

#: Names of houses and machines, which no authority on the internet vouches for.
PRIVATE_ENDS = (".local", ".localhost", ".internal", ".home.arpa", ".lan")


@dataclass(frozen=True, slots=True)
class Front:
    """https on `port` for `hosts`, plain http beside it, and Reservas behind at `upstream`.

    The certificate is `cert` and `key`; without them Caddy's own authority makes it or, where
    `public`, one that all phones know.
    """

    hosts: tuple[str, ...]
    port: int
    http_port: int
    upstream: str
    folder: Path
    cert: Path | None = None
    key: Path | None = None
    public: bool = False

    @property
    def own_authority(self) -> bool:
        return self.cert is None and not self.public

    @property
    def root(self) -> Path:
        """The certificate that phones must trust, where Caddy's own authority makes the others."""
        return self.folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    def root_pem(self) -> str | None:
        """Return it; None where Caddy has made none yet, or only another user may read it."""
        try:
            return self.root.read_text()
        except OSError:
            return None

    @property
    def caddyfile(self) -> Path:
        return self.folder / "Caddyfile"

    @property
    def environment(self) -> Path:
        return self.folder / "reservas.env"

    @property
    def urls(self) -> list[str]:
        return [address("https", host, self.port) for host in self.hosts]

    @property
    def root_urls(self) -> list[str]:
        return [address("http", host, self.http_port) + ROOT_PATH for host in self.hosts]


def address(scheme: str, host: str, port: int) -> str:
    """Return the address as one types it."""
    usual = {"https": 443, "http": 80}[scheme]
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + ("" if port == usual else f":{port}")


def host_of(given: str) -> str:
    """Return a host as browsers ask for it: an IP address, or a name in ASCII.

    Raises ValueError(given) when no phone can open it.
    """
    host = given.lower()
    address = _address(host)
    if address is not None:
        if address.is_unspecified or "%" in host:
            raise ValueError(given)
        return host
    try:
        name = host.encode("idna").decode()
    except UnicodeError:
        raise ValueError(given) from None
    # A last part of digits alone is an address that is wrong.
    if not re.fullmatch(r"([a-z0-9]([a-z0-9._-]*[a-z0-9])?\.)?[a-z0-9_-]*[a-z][a-z0-9_-]*", name):
        raise ValueError(given)
    return name


def is_public(host: str) -> bool:
    """Tell whether an authority on the internet may vouch for a host."""
    return _address(host) is None and "." in host and not host.endswith(PRIVATE_ENDS)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def settings_text(front: Front) -> str:
    """Return the settings of a server behind it, for a shell and for systemd."""
    return f"""\
# Escrito por `reservas tls`. Reservas detrás de Caddy:
RESERVAS_BIND={front.upstream}
RESERVAS_PROXIES=1
RESERVAS_SECURE_COOKIES=1
RESERVAS_URL={front.urls[0]}
"""


def caddyfile_text(front: Front) -> str:
    """Return Caddy's configuration.

    Its log shows no address that is a secret. Who names no host (a phone that opens an IP
    address) gets the first one's certificate.
    """
    sites = ", ".join(front.urls)
    plain = "\n".join(_plain_site(front, host) for host in front.hosts)
    return f"""\
# Escrito por `reservas tls`; al repetirlo se escribe otra vez.
{{
	admin off
	skip_install_trust
	auto_https disable_redirects
	storage file_system {_quoted(front.folder / "caddy")}
	http_port {front.http_port}
	https_port {front.port}
	default_sni {front.hosts[0]}
	ocsp_stapling off
	pki {{
		ca local {{
			name "{AUTHORITY}"
			root_cn "{AUTHORITY}"
			intermediate_cn "{AUTHORITY}, intermedia"
		}}
	}}
	# Las pantallas en vivo no terminan solas: sin esto no se detendría nunca.
	grace_period 2s
	servers {{
		protocols h1 h2
	}}
	log {{
		level ERROR
		format filter {{
			wrap console
			fields {{
				request>uri regexp "({SECRET_PATHS}).*" "$1-"
				request>headers>Referer delete
				request>headers>Cookie delete
				request>headers>Authorization delete
			}}
		}}
	}}
}}

{sites} {{
{_certificate(front)}	# Sin encode: las pantallas en vivo llegarían por tandas.
	reverse_proxy {front.upstream} {{
		transport http {{
			keepalive {KEEPALIVE_S}s
		}}
	}}
}}

{plain}"""


def _plain_site(front: Front, host: str) -> str:
    """Return what sends on to https at the same host: another may be out of a phone's reach."""
    return f"""\
{address("http", host, front.http_port)} {{
{_root_site(front)}	handle {{
		redir {address("https", host, front.port)}{{uri}} 308
	}}
}}
"""


def _certificate(front: Front) -> str:
    if front.public:
        return ""
    if front.cert is None or front.key is None:
        return "\ttls internal\n"
    return f"\ttls {_quoted(front.cert)} {_quoted(front.key)}\n"


def _root_site(front: Front) -> str:
    if not front.own_authority:
        return ""
    return f"""\
	handle {ROOT_PATH} {{
		root * {_quoted(front.root.parent)}
		rewrite * /{front.root.name}
		header Content-Type application/x-x509-ca-cert
		file_server
	}}
"""


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'

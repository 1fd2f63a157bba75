"""The page for the staff: which address phones open, and how each comes to trust it."""

from __future__ import annotations

import hashlib
import io
import ssl

import segno

from reservas.caddy import AUTHORITY, Front

TRUST = """\
La primera vez, cada teléfono tiene que confiar en este equipo. Con el teléfono en el
mismo Wi-Fi, abre la dirección del certificado:

{root}
  {url}
{picture}
iPhone y iPad
  1. Ábrela con Safari y toca «Permitir».
  2. Ajustes › General › VPN y gestión de dispositivos: elige «{name}» y toca «Instalar».
  3. Ajustes › General › Información › Ajustes de confianza de los certificados (abajo del
     todo): activa «{name}». Sin este paso la cámara no funciona.

Android
  1. Ábrela con Chrome; se descarga «ca.crt».
  2. Ajustes › Seguridad › Más ajustes de seguridad › Cifrado y credenciales › Instalar un
     certificado › Certificado de CA › «Instalar de todos modos», y elige «ca.crt».
     (En algunos teléfonos: busca «certificado de CA» en Ajustes.)

Después abre la dirección de Reservas:
"""
PAGE = """\
RESERVAS EN LOS TELÉFONOS

{trust}
  {url}
{picture}
{others}Si el teléfono dice que la conexión no es privada, todavía no confía en este equipo.
"""


def page_text(front: Front) -> str:
    """Return the page; it has the fingerprint of the authority once Caddy has made that."""
    others = [f"  También: {url}\n" for url in front.urls[1:]]
    return PAGE.format(
        trust=_trust(front) if front.own_authority else "Abre esta dirección en el teléfono:\n",
        url=front.urls[0],
        picture=_picture(front.urls[0]),
        others="".join([*others, "\n"] if others else []),
    )


def _trust(front: Front) -> str:
    root = f"  Archivo: {front.root}\n"
    pem = front.root_pem()
    if pem is not None:
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
        pairs = [digest[start : start + 2] for start in range(0, 64, 2)]
        root += f"  SHA-256: {':'.join(pairs[:16])}:\n           {':'.join(pairs[16:])}\n"
    url = front.root_urls[0]
    return TRUST.format(root=root, url=url, picture=_picture(url), name=AUTHORITY)


def _picture(url: str) -> str:
    drawn = io.StringIO()
    segno.make(url, error="l").terminal(out=drawn, border=2, compact=True)
    # White on black whatever the terminal's colours are; where it is none, these are left out.
    return "".join(f"\x1b[97;40m{line}\x1b[0m\n" for line in drawn.getvalue().splitlines())

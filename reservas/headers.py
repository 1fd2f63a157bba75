"""What every answer tells a browser that it must not do, whoever made the answer."""

from __future__ import annotations

#: All that the page is made of comes from here; nothing is written into the page itself.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
#: Of what a browser can do for a page, this one needs the camera.
_FEATURES = ("microphone", "geolocation", "payment", "usb", "serial", "hid", "midi")

SECURITY = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Permissions-Policy": ", ".join(["camera=(self)", *(f"{each}=()" for each in _FEATURES)]),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Browsers come by https alone for so long once they came by it. A venue that goes back to plain
#: http is shut out for these 30 days at the most.
HSTS = ("Strict-Transport-Security", f"max-age={30 * 24 * 3600}")
#: Answers with names and numbers in them: no disk of a phone is to keep them.
NEVER_KEPT = ("/api/", "/metrics")


def lines() -> bytes:
    """Return them as lines of a head, for what is answered without the application."""
    return "".join(f"{name}: {value}\r\n" for name, value in SECURITY.items()).encode()

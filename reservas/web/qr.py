"""How a code is drawn."""

from __future__ import annotations

import segno

#: Modules around it that stay white, as ISO/IEC 18004 asks.
QUIET = 4


def drawn(code: str) -> segno.QRCode:
    """Return the picture of a code. Level M reads it with a thumb on its edge."""
    return segno.make(code, error="m")

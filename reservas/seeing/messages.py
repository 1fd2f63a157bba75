"""What a message about a trouble says, by e-mail and to a webhook."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from reservas.config import Settings
from reservas.domain.alarms import BEGINS, LASTS, OVER, Notice
from reservas.services import clock

_OPENING = {BEGINS: "", LASTS: "Sigue: ", OVER: "Resuelto: "}
#: What a test says.
TEST = Notice(
    BEGINS,
    "test",
    "aviso",
    "Mensaje de prueba: los avisos de Reservas llegan aquí.",
    "No hay nada que hacer.",
    0,
)


@dataclass(frozen=True, slots=True)
class Message:
    """`data` is the webhook's body; all of it is JSON."""

    subject: str
    text: str
    data: dict[str, str]


def compose(settings: Settings, notice: Notice, now_ms: int) -> Message:
    """Return the message of a notice; it names the server, and no venue."""
    server = settings.url or socket.gethostname()
    said = _OPENING[notice.kind] + notice.message
    since = clock.iso(notice.since_ms or now_ms)
    lines = [said]
    if notice.kind != OVER:
        lines.append(notice.advice)
    lines += ["", f"Servidor: {server}", f"Desde: {since} (UTC)"]
    lines.append("El estado completo está en la página, en «Estado».")
    text = "\n".join(lines)
    return Message(
        f"Reservas: {said}",
        text,
        {
            # What Slack, Mattermost and Google Chat show, and what Discord does.
            "text": f"Reservas ({server}): {said}",
            "content": f"Reservas ({server}): {said}",
            "problema": notice.code,
            "nivel": notice.level,
            "estado": notice.kind,
            "mensaje": notice.message,
            "consejo": notice.advice,
            "desde": since,
            "hora": clock.iso(now_ms),
            "servidor": server,
        },
    )

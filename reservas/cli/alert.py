"""`reservas alert-test`: sends a message by every channel that is set."""

from __future__ import annotations

import sys

import click

from reservas.config import load
from reservas.realtime.comings import now_ms
from reservas.seeing.messages import TEST, compose
from reservas.seeing.post import channels, reason


@click.command("alert-test")
def alert_test() -> None:
    """Send a test by e-mail and webhook, as they are set; exit code 1 when one does not go out."""
    settings = load()
    sends = channels(settings)
    if not sends:
        raise click.ClickException(
            "nothing is set: RESERVAS_ALERT_EMAIL with RESERVAS_SMTP_URL, or RESERVAS_ALERT_WEBHOOK"
        )
    message, failed = compose(settings, TEST, now_ms()), False
    for name, send in sends.items():
        try:
            send(message)
        except OSError as error:
            failed = True
            click.echo(f"{name}: NOT sent: {reason(error)}")
        else:
            click.echo(f"{name}: sent")
    sys.exit(1 if failed else 0)

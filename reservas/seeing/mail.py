"""Sends a message by e-mail: SMTP, with TLS wherever a password or the network is at stake."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from reservas.outside import MailServer
from reservas.seeing.messages import Message

#: Each step may take so long, in seconds.
TIMEOUT_S = 10.0


def send(server: MailServer, to: tuple[str, ...], message: Message) -> None:
    """Hand the message to the server. Raises OSError (smtplib's errors are ones)."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, server.sender, ", ".join(to)
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=server.sender.split("@")[1])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    with _connected(server) as link:
        if server.user:
            link.login(server.user, server.password)
        link.send_message(mail)


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.begins_with_tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    link = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        link.ehlo_or_helo_if_needed()
        if link.has_extn("starttls") and not server.is_here:
            link.starttls(context=ssl.create_default_context())
        elif not server.is_here:
            raise smtplib.SMTPNotSupportedError("the mail server offers no STARTTLS")
    except BaseException:
        link.close()
        raise
    return link

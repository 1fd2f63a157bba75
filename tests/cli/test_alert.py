"""`reservas alert-test`: what it sends, and what it says when that does not go out."""

from __future__ import annotations

from tests import receivers
from tests.cli.conftest import Box
from tests.receivers import FAILS


def test_it_sends_by_each_channel_and_says_which_did_not_go_out(empty_box: Box) -> None:
    with receivers.webhook() as hook, receivers.mail_server(FAILS) as mailbox:
        settings = {
            "alert_webhook": f"http://127.0.0.1:{hook.port}/",
            "alert_email": "ana@mibar.ec",
            "smtp_url": f"smtp://ana:geheim@127.0.0.1:{mailbox.port}",
        }
        done = empty_box.run("alert-test", **settings)
        assert done.returncode == 1
        said = "email: NOT sent: SMTPSenderRefused 451\nwebhook: sent\n"
        assert (done.stdout, done.stderr) == (said, "")
        assert hook.received[0]["problema"] == "test"


def test_without_any_channel_it_says_what_to_set(empty_box: Box) -> None:
    empty_box.refuses("alert-test", naming="RESERVAS_ALERT_WEBHOOK")
    empty_box.refuses("alert-test", alert_webhook="geheim", naming="RESERVAS_ALERT_WEBHOOK")

"""The reference: an empty Flask route under the same gunicorn worker."""

from flask import Flask

app = Flask(__name__)


@app.post("/")
def nothing() -> dict[str, bool]:
    return {"success": True}

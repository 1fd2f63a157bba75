"""`reservas export` writes a folder or a zip file, and overwrites nothing."""

from __future__ import annotations

import zipfile

from tests.cli.conftest import Box

WORDS = ("export", "--business", "bar")


def test_it_writes_a_folder_or_a_zip_file_and_overwrites_neither(box: Box) -> None:
    assert box.works(*WORDS, "datos").endswith(": datos\n")
    box.works(*WORDS, "datos.zip")
    folder = {path.name: path.read_bytes() for path in (box.folder / "datos").iterdir()}
    with zipfile.ZipFile(box.folder / "datos.zip") as packed:
        assert sorted(packed.namelist()) == sorted(folder)
        # The trail tells of the first one.
        same = [name for name in folder if name != "LEEME.txt" and not name.startswith("registro")]
        assert all(packed.read(name) == folder[name] for name in same)
    assert b'"slug":"bar"' in folder["local.jsonl"]
    assert not list(box.folder.glob("*.part"))
    box.refuses(*WORDS, "datos.zip", naming="TARGET: datos.zip is there already")

"""Settings come from the environment and from a file, and what is wrong is named by its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reservas import places, resources
from reservas.config import SettingError, Settings, load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reservas.conf"


def test_a_file_sets_what_the_environment_does_not(file: Path) -> None:
    file.write_text(
        "# Reservas\n\n; also a comment\nRESERVAS_WORKERS = 3\n"
        "RESERVAS_BIND='0.0.0.0:9000'\nRESERVAS_HEARTBEAT_S=\"20\"\nRESERVAS_HEARTBEAT_S=10\n"
    )
    named = {"RESERVAS_SETTINGS": str(file)}
    assert load(named) == Settings(workers=3, bind="0.0.0.0:9000", heartbeat_s=10.0)
    assert load({**named, "RESERVAS_WORKERS": "4"}).workers == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nRESERVAS_WORKER=2\n", ":2: RESERVAS_WORKER is not a setting"),
        ("RESERVAS_WORKERS=two\n", ":1: RESERVAS_WORKERS='two' is unusable"),
        ("RESERVAS_SETTINGS=/x\n", ":1: RESERVAS_SETTINGS is not a setting"),
        ("RESERVAS_DATABASE=mysql://x\n", ":1: RESERVAS_DATABASE='mysql://x'"),
        ("serve here\n", ":1: 'serve here' is no NAME=VALUE"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_line(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingError) as error:
        load({"RESERVAS_SETTINGS": str(file)})
    assert str(error.value).startswith(f"{file}{said}")


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    for bad in (file, file.parent):
        with pytest.raises(SettingError, match=f"the settings file {bad} cannot be read"):
            load({"RESERVAS_SETTINGS": str(bad)})
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError, match="no text in UTF-8"):
        load({"RESERVAS_SETTINGS": str(file)})


def test_a_secret_that_all_may_read_is_refused_and_never_shown(file: Path) -> None:
    file.write_text("RESERVAS_SECRET_KEY=0123456789abcdef\n")
    file.chmod(0o644)
    with pytest.raises(SettingError, match=r":1: RESERVAS_SECRET_KEY .*`chmod o= "):
        load({"RESERVAS_SETTINGS": str(file)})
    file.chmod(0o640)
    assert load({"RESERVAS_SETTINGS": str(file)}).secret_key == "0123456789abcdef"
    with pytest.raises(SettingError) as error:
        load({"RESERVAS_SECRET_KEY": "tooshort"})
    assert "tooshort" not in str(error.value)


def test_a_file_that_all_may_change_is_refused(file: Path) -> None:
    file.write_text("RESERVAS_WORKERS=3\n")
    file.chmod(0o646)
    with pytest.raises(SettingError, match="everybody on this machine may change"):
        load({"RESERVAS_SETTINGS": str(file)})


def test_a_relative_database_begins_where_it_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("RESERVAS_DATABASE=sqlite:///mis datos/r%25.db\n")
    monkeypatch.chdir("/")
    found = load({"RESERVAS_SETTINGS": str(file)})
    assert found.database_path == file.parent / "mis datos" / "r%.db"


def test_the_default_database_does_not_follow_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings().database_path == places.home() / "data" / "reservas.db"
    assert places.home() == resources.PACKAGE.parent  # a checkout's own
    monkeypatch.setattr(places, "checkout", lambda: None)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    assert places.home() == tmp_path / "own" / "reservas"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert places.home() == tmp_path / ".local" / "share" / "reservas"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert places.home() == Path("/var/lib/reservas")


def test_a_database_in_the_current_folder_is_not_passed_over_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, own = tmp_path / "venue" / "data" / "reservas.db", tmp_path / "own"
    earlier.parent.mkdir(parents=True)
    earlier.touch()
    monkeypatch.chdir(tmp_path / "venue")
    monkeypatch.setattr(places, "home", lambda: own)
    with pytest.raises(
        SettingError, match=f"there is a database in this folder, {earlier}"
    ) as said:
        load({})
    assert f"move the folder {earlier.parent} to {own / 'data'}" in str(said.value)
    assert load({"RESERVAS_DATABASE": f"sqlite:///{earlier}"}).database_path == earlier
    earlier.parent.rename(tmp_path / "moved")
    own.mkdir()
    (tmp_path / "moved").rename(own / "data")
    assert load({}).database_path.exists()


def test_a_file_is_looked_for_at_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = tmp_path / "usual.conf"
    monkeypatch.setattr("reservas.settings_file.usual_settings_file", lambda: usual)
    assert load({}) == Settings()
    usual.write_text("RESERVAS_WORKERS=5\n")
    assert load({}).workers == 5
    assert load({"RESERVAS_SETTINGS": ""}) == Settings()


def test_the_place_is_the_machines_or_the_checkouts_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert places.usual_settings_file() == resources.PACKAGE.parent / "reservas.conf"
    monkeypatch.setattr(places, "checkout", lambda: None)
    assert places.usual_settings_file() == Path("/etc/reservas/reservas.conf")

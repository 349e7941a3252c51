"""`smssr gimp`: nothing of others is touched, nobody else may write to what GIMP runs, and a kill leaves nothing behind."""

import json
import os
import sys

import pytest

from smssr_infer.cli import main
from smssr_infer.engine import installing


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The commands of engines that were started; none really is."""
    commands = []
    monkeypatch.setattr(installing, "ask", lambda engine: commands.append(engine) or {"version": installing.__version__, "models": []})
    return commands


@pytest.fixture
def user(tmp_path):
    """A user folder of a GIMP."""
    (tmp_path / "3.0" / "plug-ins").mkdir(parents=True)
    return tmp_path / "3.0"


def gimp(what, user):
    return main(["gimp", what, "--dir", str(user)])


def test_it_is_put_in_and_again_and_taken_out(user, capsys):
    plugin = user / "plug-ins/smssr"
    for _ in range(2):
        assert gimp("install", user) == 0
        assert os.access(plugin / "smssr.py", os.X_OK)
        assert [path.name for path in plugin.parent.iterdir()] == ["smssr"]
        (plugin / "of-an-older-version.py").touch()
    assert gimp("status", user) == 0
    assert gimp("uninstall", user) == 0
    assert not plugin.exists()
    capsys.readouterr()
    assert gimp("status", user) == 0
    assert "not installed" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["install", "uninstall"])
@pytest.mark.parametrize(("there", "words"), [("folder", "not smssr's"), ("plug-in", "not smssr's"), ("file", "not smssr's"),
                                              ("link", "is a link"), ("dangling", "is a link")])
def test_what_is_not_ours_is_left_alone(user, tmp_path, capsys, there, words, what):
    plugin, other = user / "plug-ins/smssr", tmp_path / "other"
    if there in ("folder", "plug-in"):
        plugin.mkdir()
        (plugin / ("own.py" if there == "folder" else "smssr.py")).write_text("mine")
    elif there == "file":
        plugin.write_text("mine")
    else:
        if there == "link":
            (other / "smssr_gimp").mkdir(parents=True)
        plugin.symlink_to(other)
    before = sorted(tmp_path.rglob("*"))
    assert gimp(what, user) == 2
    said = capsys.readouterr().err
    assert words in said
    assert str(plugin) in said
    assert said.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("umask", "modes"), [(0, {0o755, 0o644}), (0o022, {0o755, 0o644}), (0o077, {0o700, 0o600})])
def test_nobody_else_may_write_to_it(tmp_path, umask, modes):
    """What it names is a command that GIMP runs."""
    old = os.umask(umask)
    try:
        assert gimp("install", tmp_path) == 0
    finally:
        os.umask(old)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "plug-ins", *(tmp_path / "plug-ins").rglob("*"))} == modes


@pytest.mark.parametrize("moment", ["copytree", "chmod", "rename", "rename again", "rmtree"])
def test_the_next_run_repairs_what_a_killed_one_left(user, monkeypatch, moment):
    class Killed(BaseException):
        """As SIGKILL: nothing is tidied up."""

    plugin = user / "plug-ins/smssr"
    assert gimp("install", user) == 0
    calls = 0

    def die(*_, **__):
        raise Killed

    def second(*arguments):
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Killed
        return rename(*arguments)

    with monkeypatch.context() as patch:
        rename = installing.Path.rename
        if moment in ("copytree", "rmtree"):
            patch.setattr(installing.shutil, moment, die)
        else:
            patch.setattr(installing.Path, moment.split()[0], second if "again" in moment else die)
        with pytest.raises(Killed):
            gimp("install", user)
    whole = plugin.exists()
    assert whole == (moment != "rename again")
    assert not whole or installing.recorded(installing.Home("given", user)) == installing.__version__
    assert gimp("install", user) == 0
    assert [path.name for path in plugin.parent.iterdir()] == ["smssr"]
    assert gimp("status", user) == 0


def test_status_runs_nothing_but_its_own_engine(user, asked, tmp_path, capsys):
    assert gimp("install", user) == 0
    record = user / "plug-ins/smssr/engine.json"
    mine = json.loads(record.read_text())["command"]
    asked.clear()
    other = {"other": ["/usr/bin/touch", str(tmp_path / "run")], "module": [mine[0], "-m", "other"], "more": [*mine, "--x"], "none": [],
             "python": [str(tmp_path / "python"), *mine[1:]], "text": "rm -rf", "number": 5}
    for command in other.values():
        record.write_text(json.dumps({"command": command, "version": "1"}))
        assert gimp("status", user) == 2
    for text in ("", "[" * 100_000, "[]", "null", '{"command": null}', "\0"):
        record.write_text(text)
        assert gimp("status", user) == 2
    assert asked == []
    said = capsys.readouterr()
    assert f"it starts another engine: /usr/bin/touch {tmp_path / 'run'}" in said.out
    record.write_text(json.dumps({"command": [str(installing.Path(sys.executable).with_name("python3")), *mine[1:]], "version": "1"}))
    assert gimp("status", user) == 0
    assert asked == [installing.command("plain")]
    assert "the plug-in is of 1" in capsys.readouterr().out


def test_the_newest_gimp_is_the_last(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(installing.Path, "home", lambda: tmp_path)
    for name in ("3.10", "3.0", "3.2"):
        (tmp_path / "GIMP" / name).mkdir(parents=True)
    assert [home.path.name for home in installing.homes()] == ["3.0", "3.2", "3.10"]


@pytest.fixture
def never_started(tmp_path, monkeypatch):
    """A GIMP 3.2 that was never started: the user's folder of settings."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gimp").write_text("#!/bin/sh\necho GNU Image Manipulation Program version 3.2.6\n")
    (tmp_path / "bin/gimp").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(installing.Path, "home", lambda: tmp_path)
    return tmp_path / "config"


@pytest.mark.skipif(os.name == "nt", reason="the GIMP that is asked is a shell script")
def test_a_gimp_that_was_never_started_gets_its_folder(never_started, capsys):
    assert main(["gimp", "install"]) == 0
    assert (never_started / "GIMP/3.2/plug-ins/smssr/smssr.py").exists()
    assert installing.standing() == [f"GIMP 3.2 (plain) has the plug-in of smssr {installing.__version__}"]


@pytest.mark.skipif(os.name == "nt", reason="the GIMP that is asked is a shell script")
def test_a_first_start_that_takes_over_older_settings_is_not_prevented(never_started, capsys):
    """GIMP looks for those of 2.10 only where it has no folder yet."""
    (never_started / "GIMP/2.10").mkdir(parents=True)
    assert main(["gimp", "install"]) == 2
    assert "start GIMP 3 once" in capsys.readouterr().err
    assert not (never_started / "GIMP/3.2").exists()
    assert "no user folder was found" in installing.standing()[0]


def test_doctor_says_how_gimp_stands(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(installing.Path, "home", lambda: tmp_path)
    (tmp_path / "GIMP/3.0/plug-ins").mkdir(parents=True)
    assert installing.standing() == ["GIMP 3.0 (plain) has no plug-in; smssr gimp install"]
    (tmp_path / "GIMP/3.0/plug-ins/smssr").mkdir()
    assert "cannot be read" in installing.standing()[0]

"""Setting up the plug-in's engine, from an index on this machine, with a small stand-in for the engine."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from dropped import PIP, PLUGIN, VERSION, fault, linux


@linux
def test_it_sets_up_adds_and_removes(setting):
    setting.index.trouble = "cut"
    status, _out, err = setting.run()
    assert status == 0, err
    assert ("/files/tiny-1.0-py3-none-any.whl", None) in setting.index.asked
    assert any(begin for _path, begin in setting.index.asked), "it began again instead of going on after the break"
    python, *rest = setting.recorded()
    assert rest == ["-I", "-m", "smssr_infer.engine"]
    assert sorted(path.name for path in setting.engine.iterdir()) == [VERSION, "lock"]
    asked = len(setting.index.asked)
    assert setting.run()[0] == 0
    assert len(setting.index.asked) == asked, "what is there was fetched again"
    assert subprocess.run([python, "-I", "-c", "import more"], capture_output=True).returncode
    assert setting.run("add", "masks")[0] == 0
    assert subprocess.run([python, "-I", "-c", "import more"]).returncode == 0

    (setting.engine / VERSION / "env/bin/python").unlink()
    assert setting.run()[0] == 0
    assert subprocess.run([setting.recorded()[0], "-I", "-c", "import tiny"]).returncode == 0, "an engine without its Python was not mended"
    assert not (setting.engine / VERSION / "masks").exists(), "a part for another Python was left"

    setting.bring("9.2")
    assert json.loads(setting.run("plan")[1])["others"] == [VERSION]
    assert setting.run()[0] == 0
    assert setting.recorded("9.2")
    assert not (setting.engine / VERSION).exists(), "the older engine was left"

    assert setting.run("remove")[0] == 0
    assert not list(setting.home.rglob("smssr*"))


@linux
def test_each_thing_that_goes_wrong_is_one_sentence(setting):
    setting.index.trouble = "damaged"
    assert "arrived damaged, twice" in fault(setting)[0]
    setting.index.trouble = 404
    line, report = fault(setting)
    assert "does not have tiny-1.0-py3-none-any.whl" in line
    assert "fault: absent" in report
    setting.index.trouble = 403
    assert "proxy 127.0.0.1 refuses" in fault(setting, http_proxy=f"http://zoe:secret@{setting.index.address[7:]}", no_proxy="")[0]
    setting.index.trouble = None
    assert "does not have tiny" in fault(setting, UV_DEFAULT_INDEX=f"{setting.index.address}/empty/")[0]
    assert "cannot be reached" in fault(setting, UV_DEFAULT_INDEX="http://127.0.0.1:9/simple")[0]
    (setting.home / "file").touch()
    assert "not allowed to write to ~/file/smssr" in fault(setting, SMSSR_HOME=str(setting.home / "file/smssr"))[0]
    shutil.rmtree(setting.plugin / "wheels")
    assert "came without its engine" in fault(setting)[0]


@linux
def test_a_mirror_and_a_folder_serve_as_well(setting):
    assert setting.run(UV_DEFAULT_INDEX=f"{setting.index.address}/simple")[0] == 0
    assert ("/simple/tiny/", None) in setting.index.asked
    setting.run("remove")
    setting.index.trouble = 500
    status, _out, err = setting.run("--from", str(setting.index.folder))
    assert status == 0, err


@linux
def test_two_at_once_share_one(setting):
    children = [setting.begin(), setting.begin()]
    assert [child.communicate(timeout=600)[1] for child in children] == ["", ""]
    assert [child.returncode for child in children] == [0, 0]
    assert [path for path, _begin in setting.index.asked] == ["/files/tiny-1.0-py3-none-any.whl"]


@linux
def test_it_ends_with_whoever_started_it(setting):
    child = setting.begin("--json")
    child.stdout.readline()
    child.stdin.close()
    child.stdin = None
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL


@linux
def test_it_comes_to_an_end_while_it_is_listened_to(setting):
    """Its input is open till the end, as the dialog keeps it; waiting there must not abort the interpreter."""
    child = setting.begin("status", "--json")
    assert child.wait(60) == 0
    assert '"finished": true' in child.stdout.read()
    assert child.stderr.read() == ""


@pytest.fixture
def setup(monkeypatch):
    """The package itself."""
    monkeypatch.syspath_prepend(str(PLUGIN))
    for name in [name for name in sys.modules if name.split(".")[0] == "smssr_setup"]:
        monkeypatch.delitem(sys.modules, name)
    import smssr_setup

    return smssr_setup


def test_where_it_lies(setup):
    from smssr_setup.places import data_folder

    for platform, environ, place in (
            ("linux", {"HOME": "/home/zoe"}, "/home/zoe/.local/share/smssr"),
            ("linux", {"HOME": "/home/zoe", "XDG_DATA_HOME": "/data"}, "/data/smssr"),
            ("linux", {"HOME": "/home/zoe/snap/gimp/7", "XDG_DATA_HOME": "/home/zoe/snap/gimp/7/.local/share",
                       "SNAP_USER_COMMON": "/home/zoe/snap/gimp/common"}, "/home/zoe/snap/gimp/common/smssr"),
            ("darwin", {"HOME": "/Users/zoe"}, "/Users/zoe/Library/Application Support/smssr"),
            ("win32", {"USERPROFILE": "/zoe", "LOCALAPPDATA": "/zoe/AppData/Local"}, "/zoe/AppData/Local/smssr"),
            ("win32", {"USERPROFILE": "/zoe"}, "/zoe/AppData/Local/smssr"),
            ("linux", {"HOME": "/home/zoe", "SMSSR_HOME": "/elsewhere"}, "/elsewhere")):
        assert data_folder(environ, platform) == Path(place)


def test_what_is_gimps_own_is_not_inherited(setup):
    """As the AppImage sets it: all of its libraries preloaded, its programs first."""
    from smssr_setup.surroundings import clean

    app = "/tmp/.mount_GIMP-3a1b2c"
    environ = {"APPDIR": app, "LD_PRELOAD": f"{app}/usr/lib/libgtk-3.so:{app}/usr/lib/libbabl.so", "PYTHONHOME": f"{app}/usr",
               "PATH": f"{app}/usr/bin:/usr/bin:/bin", "GI_TYPELIB_PATH": f"{app}/usr/lib/girepository-1.0", "HOME": "/home/zoe",
               "XDG_DATA_DIRS": f"{app}/usr/share:/usr/share", "SSL_CERT_FILE": "/etc/company.pem", "GTK_PATH": f"{app}/usr/lib/gtk-3.0",
               "GIO_MODULE_DIR": f"{app}/usr/lib/gio", "GDK_PIXBUF_MODULE_FILE": f"{app}/usr/lib/loaders.cache", "GTK_THEME": "Adwaita"}
    kept = {"APPDIR": app, "PATH": "/usr/bin:/bin", "HOME": "/home/zoe", "XDG_DATA_DIRS": "/usr/share", "SSL_CERT_FILE": "/etc/company.pem",
            "GTK_THEME": "Adwaita"}
    assert clean(environ) == kept
    assert clean({key: value for key, value in environ.items() if key != "APPDIR"}) == {k: v for k, v in kept.items() if k != "APPDIR"}
    assert clean({"PATH": "/usr/bin", "GTK_PATH": "/usr/lib/gtk"}) == {"PATH": "/usr/bin", "GTK_PATH": "/usr/lib/gtk"}


def chosen(python, system):
    if PIP is None:
        pytest.skip("this Python brings no wheel of pip")
    done = subprocess.run([sys.executable, "-I", PLUGIN / "smssr_setup/choose.py", PIP, PLUGIN / "packages.json", python, system],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("system", ["win_amd64", "win_arm64", "manylinux_2_28_x86_64", "manylinux_2_28_aarch64", "macosx_14_0_arm64"])
@pytest.mark.parametrize("python", ["3.11", "3.14"])
def test_the_list_serves_every_system(system, python):
    """pip's own rules say which wheels a system takes; what a machine here is not, is asked for by its tag."""
    told = chosen(python, system)
    learning = {wheel["package"] for wheel in told["wheels"] if wheel["part"] == "learning"}
    assert told["lacking"] == (["torch", "torchvision"] if system == "win_arm64" else [])
    assert {"torch", "torchvision", "onnx"} <= learning | set(told["lacking"])
    first = {wheel["package"] for wheel in told["wheels"] if wheel["part"] == "first"}
    assert {"numpy", "onnxruntime", "pillow"} <= first
    assert "scipy" not in first
    assert not told["absent"]


def test_the_first_download_is_small():
    told = chosen("3.13", "manylinux_2_28_x86_64")
    assert sum(wheel["size"] for wheel in told["wheels"] if wheel["part"] == "first") < 60_000_000


def test_the_list_has_what_the_package_requires():
    """With the bounds of setup.cfg, and nothing that is not in the lock of the tests."""
    import configparser

    from packaging.requirements import Requirement

    config = configparser.ConfigParser()
    config.read(PLUGIN.parent.parent / "setup.cfg")
    packages = json.loads((PLUGIN / "packages.json").read_text())["packages"]
    known = {}
    for package in packages:
        known.setdefault(package["name"], []).append(package["version"])
    for line in config["options"]["install_requires"].split():
        requirement = Requirement(line)
        assert all(requirement.specifier.contains(version) for version in known[requirement.name])
    locked = (PLUGIN.parent.parent / "requirements/test.txt").read_text()
    for package in packages:
        if package["part"] in ("first", "masks"):
            assert f"{package['name']}=={package['version']} " in locked

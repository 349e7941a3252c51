"""The zip for GIMP, dropped into a GIMP with neither pip nor venv nor engine: Set Up in the window, and what is said without one."""

import os
import shutil
import subprocess
import sys

import pytest
import sandbox as boxes
from talking import INSIDE, told

PACKAGES = "gimp,python3,python3-gi,ca-certificates,xvfb,xauth,xdotool,imagemagick,openbox,dbus-x11"


class Bare(boxes.Sandbox):
    """A GIMP as users have it: what is in the zip is all there is of ours."""

    def __init__(self, release):
        self.release, self.version = release, boxes.RELEASES[release]
        self.path = boxes.tree(release, PACKAGES, "-bare")
        self.exchange = self.path / "opt/exchange"

    @property
    def plugin(self):
        return self.path / f"root/.config/GIMP/{self.version}/plug-ins/smssr"

    @property
    def engine(self):
        return self.path / "root/.local/share/smssr"

    def install(self):
        """Unpack the zip, with the run bits that it keeps, as `unzip` does."""
        shutil.rmtree(self.plugin, ignore_errors=True)
        shutil.rmtree(self.engine, ignore_errors=True)
        self.plugin.parent.mkdir(parents=True, exist_ok=True)
        archive, = (path for path in (boxes.ROOT / "dist").glob("smssr-gimp-*.zip") if "everything" not in path.name)
        subprocess.run(["unzip", "-q", archive, "smssr/*", "-d", self.plugin.parent], check=True)
        (self.plugin.parent.parent / "gimprc").write_text("(show-welcome-dialog no)\n(check-updates no)\n")


@pytest.fixture(scope="module", params=boxes.RELEASES)
def bare(request):
    reason = boxes.possible() or (None if shutil.which("unzip") else "needs unzip")
    if reason:
        if os.environ.get("SMSSR_NEED_GIMP"):
            pytest.fail(f"no GIMP to test in: {reason}")
        pytest.skip(f"NO REAL GIMP WAS TESTED: {reason}")
    if not list((boxes.ROOT / "dist").glob("smssr-gimp-*.zip")):
        (boxes.ROOT / "dist").mkdir(exist_ok=True)
        subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", boxes.ROOT / "dist",
                        boxes.ROOT], check=True)
        subprocess.run([sys.executable, boxes.ROOT / "release/zips.py"], check=True)
    with Bare(request.param) as box:
        yield box


def test_without_a_window_it_says_what_to_run(bare):
    facts = told(bare, """
image = new(40, 30)
one = layer(image, "one", 40, 30)
tell(upscale=call("smssr-upscale", image, [one], factor=2.0)[1], width=image.get_width(),
     set_up=call("smssr-set-up", run_mode=Gimp.RunMode.NONINTERACTIVE)[1])
""")
    for words in (facts["upscale"], facts["set_up"]):
        assert f'python3 "/root/.config/GIMP/{bare.version}/plug-ins/smssr/set_up.py"' in words
    assert facts["width"] == 40


def test_the_first_filter_sets_up_and_goes_on(bare):
    """The Enter key presses Set Up, then the OK of Upscale…"""
    printed = bare.window(INSIDE + """
import subprocess, threading, time
def seen(title, seconds):
    for _ in range(int(4 * seconds)):
        if subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title], capture_output=True).stdout:
            return True
        time.sleep(0.25)
    return False
def press():
    if not seen("^Set Up Super-Resolution", 60):
        return
    time.sleep(8)  # it looks for Python first
    subprocess.run("import -window root /opt/exchange/set-up.png", shell=True)
    subprocess.run(["xdotool", "key", "Return"])
    if seen("^Upscale$", 500):
        time.sleep(8)
        subprocess.run(["xdotool", "key", "Return"])
image = new(40, 30)
one = layer(image, "one", 40, 30)
Gimp.Display.new(image)
thread = threading.Thread(target=press)
thread.start()
procedure = pdb.lookup_procedure("smssr-upscale")
config = procedure.create_config()
config.set_property("run-mode", Gimp.RunMode.INTERACTIVE)
config.set_property("image", image)
config.set_core_object_array("drawables", [one])
procedure.run(config)
thread.join()
tell(width=image.get_width())
""", seconds=700, manager="openbox")
    assert '"width": 80' in printed, printed
    assert list(bare.engine.glob("engine/*/engine.json"))
    assert bare.run("python3", str(bare.plugin / "set_up.py").removeprefix(str(bare.path)), "remove").returncode == 0
    assert not bare.engine.exists()

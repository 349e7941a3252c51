"""The zip for GIMP, dropped into a GIMP with neither pip nor venv nor engine: Set Up in the window, and what is said without one."""

import hashlib
import json
import threading
import time

import sandbox as boxes
from dropped import Answers, Index, wheel
from talking import INSIDE, complaints, told


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


def test_it_speaks_every_language(bare):
    """The zip holds what gettext reads, though the checkout that it is made in may not."""
    wanted = {path.stem for path in (boxes.ROOT / "po").glob("*.po")}
    assert {path.parent.parent.name for path in bare.plugin.glob("locale/*/LC_MESSAGES/smssr.mo")} == wanted
    assert (bare.plugin / "locale/forms.json").exists()


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


class Waiting(Answers):
    """Sends the first half of a wheel, and the rest once there is a file `go`, which stands for the test's hand."""

    def do_GET(self):  # noqa: N802 - what http.server calls
        if not self.headers.get("Range"):
            body = (self.server.folder / self.path.rpartition("/")[2]).read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:len(body) // 2])
            self.wfile.flush()
        while not self.server.go.exists():
            time.sleep(0.1)
        if self.headers.get("Range"):
            super().do_GET()


def test_pytorch_by_its_button(bare, tmp_path):
    """Add PyTorch…, cancelled half way; gone on with from there; taken away again, and the engine stays."""
    bare.run("python3", str(bare.plugin / "set_up.py").removeprefix(str(bare.path)), seconds=600)
    index = Index(tmp_path, Waiting)
    index.go = bare.exchange / "go"
    index.go.unlink(missing_ok=True)
    large = wheel(tmp_path / "large-1.0-py3-none-any.whl", "large", "1.0", {"large.py": "# " + "x" * 100_000})
    listed = json.loads((bare.plugin / "packages.json").read_text())
    listed["packages"] = [package for package in listed["packages"] if package["part"] != "learning"] + [
        {"name": "large", "version": "1.0", "part": "learning", "files": [
            {"name": large.name, "size": large.stat().st_size, "sha256": hashlib.sha256(large.read_bytes()).hexdigest(),
             "url": f"{index.address}/files/{large.name}"}]}]
    (bare.plugin / "packages.json").write_text(json.dumps(listed))
    threading.Thread(target=index.serve_forever, daemon=True).start()
    printed = bare.window(INSIDE + """
import glob, threading
def key(name):
    time.sleep(3)
    xdotool("key", "--clearmodifiers", name)
def working():
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path) as file:
                found += [os.path.samefile(os.path.dirname(path) + "/root", "/") and "plug-ins/smssr/set_up.py" in file.read()]
        except OSError:  # it has just ended
            pass
    return any(found)
def there(pattern):
    return glob.glob(f"/root/.local/share/smssr/engine/{pattern}")
def hand():
    tell(opened=until(lambda: windows("^Set Up Super-Resolution") != []))
    key("alt+p")
    time.sleep(1)
    tell(planned=until(lambda: not working()))
    key("alt+u")
    tell(half=until(lambda: any(os.path.getsize(path) for path in there("downloads/large*.part"))))
    key("alt+c")
    tell(ended=until(lambda: not working()), half_of_it=there("*/learning*"))
    open(HERE + "/go", "w").close()
    key("alt+u")
    tell(added=until(lambda: there("*/learning/large.py")) and until(lambda: not working()))
    key("alt+t")
    tell(removed=until(lambda: not there("*/learning")) and until(lambda: not working()))
    key("alt+c")
thread = threading.Thread(target=hand)
thread.start()
worked, why, _ = call("smssr-set-up", run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
tell(worked=worked, why=why)
""", seconds=900, manager="openbox")
    index.go.touch()
    index.shutdown()
    facts = {}
    for line in printed.splitlines():
        if line.startswith("TELL "):
            facts |= json.loads(line[5:])
    assert facts == {"opened": True, "planned": True, "half": True, "ended": True, "half_of_it": [], "added": True, "removed": True,
                     "worked": True, "why": None}, printed
    assert index.asked and all(begin for _path, begin in index.asked)  # gone on with, not begun again
    assert list(bare.engine.glob("engine/*/engine.json"))
    assert complaints(bare) == []

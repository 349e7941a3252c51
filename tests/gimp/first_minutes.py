"""A newcomer's first minutes, by mouse alone: the zip unpacked, GIMP started on a picture, Upscale…, Set Up, OK. Timed and photographed.

    python tests/gimp/first_minutes.py [RELEASE [FOLDER]]      (`make dist` first)

RELEASE: of Debian, trixie if no other is given; the pictures go to FOLDER, or to the temporary one. The tree has GIMP and Python as Debian
has them, and neither pip nor venv, and its user has never started GIMP. It needs the Python index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bare import Bare
from PIL import Image
from skimage import data

FILTERS = 427, 13
"""Where *Filters* lies in GIMP's window, in English."""

CLOSE = -56, -30
"""Where the button lies that closes GIMP's welcome; below nought it counts from the right and from below."""

ENTRY = 13
"""Half the height of a menu's entry."""

SET_UP = 0.51, -43
"""Where the button lies in the dialog, across as a share of its width."""

OK = -68, -41
"""Where Upscale's button lies."""


class Mouse:
    """A hand with a mouse on a sandbox's screen, and a watch; GIMP is closed when it leaves."""

    def __init__(self, box: Bare, folder: Path):
        self.box, self.folder, self.clicks, self._pictures, self._programs = box, folder, 0, 0, []
        self.display = f":{100 + os.getpid() % 20000}"
        self.began = time.monotonic()

    def __enter__(self) -> Mouse:
        for words in (["Xvfb", self.display, "-screen", "0", "1280x800x24"], ["openbox"]):
            self.start(*words)
            time.sleep(2)
        return self

    def __exit__(self, *_) -> None:
        for program in reversed(self._programs):
            program.kill()
            program.wait()

    def start(self, *words: str) -> None:
        """Start a program on the screen."""
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin", "HOME": "/root", "LANG": "C.UTF-8", "DISPLAY": self.display}
        with open(self.box.exchange / f"{words[0]}.log", "w") as log:
            self._programs.append(subprocess.Popen(["chroot", self.box.path, *words], env=environment, stdout=log, stderr=log))

    def xdotool(self, *words: object) -> str:
        return self.box.run("xdotool", *map(str, words), check=False, DISPLAY=self.display).stdout.strip()

    def size(self, window: str) -> tuple[int, int]:
        """A window's width and height; noughts where it is gone."""
        told = dict(word.split("=") for word in self.xdotool("getwindowgeometry", "--shell", window).split())
        return int(told.get("WIDTH", 0)), int(told.get("HEIGHT", 0))

    def seen(self, *search: str, besides: tuple[str, ...] = (), seconds: float = 300) -> str:
        """The window that a search finds, as soon as it is there. Raises TimeoutError."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = [window for window in self.xdotool("search", "--onlyvisible", *search).split() if window not in besides]
            if found:
                return found[-1]
            time.sleep(0.2)
        self.photograph("not-seen")
        raise TimeoutError(f"no window as {search} within {seconds} s")

    def move(self, window: str, x: float, y: float) -> None:
        """To a place in a window, as a hand does it, by way of others; below nought it counts from the right and from below."""
        width, height = self.size(window)
        x, y = (round(place if place >= 0 else place + whole) for place, whole in ((x, width), (y, height)))
        for short in (9, 3, 0):
            self.xdotool("mousemove", "--window", window, x - short, y)

    def click(self, window: str, x: float, y: float, what: str) -> None:
        self.move(window, x, y)
        time.sleep(0.3)
        self.xdotool("click", 1)
        self.clicks += 1
        self.say(f"click {self.clicks}: {what}")

    def say(self, what: str) -> None:
        print(f"{time.monotonic() - self.began:6.1f} s  {what}", flush=True)

    def photograph(self, name: str) -> None:
        self._pictures += 1
        self.box.run("import", "-window", "root", "/opt/exchange/screen.png", DISPLAY=self.display)
        with Image.open(self.box.exchange / "screen.png") as picture:
            picture.convert("RGB").save(self.folder / f"first-{self.box.version}-{self._pictures}-{name}.png", optimize=True)


def walk(box: Bare, mouse: Mouse) -> None:
    """All of it."""
    box.install()
    mouse.say("unpacked")
    mouse.start("gimp", "--no-splash", "/opt/exchange/cat.png")
    window = mouse.seen("--name", "451x300.*GIMP")
    mouse.say("GIMP shows the picture")
    welcome = mouse.seen("--name", "^Welcome to GIMP")
    time.sleep(2)
    mouse.photograph("welcome")
    mouse.click(welcome, *CLOSE, "Close, of GIMP's welcome")
    time.sleep(1)
    mouse.click(window, *FILTERS, "Filters")
    menu = mouse.seen("--class", "gimp", besides=(window, welcome), seconds=20)
    mouse.move(menu, 80, -ENTRY)  # Super-Resolution opens by itself below the pointer
    submenu = mouse.seen("--class", "gimp", besides=(window, welcome, menu), seconds=20)
    time.sleep(1)
    mouse.photograph("menu")
    mouse.move(submenu, 20, ENTRY)
    mouse.click(submenu, 80, ENTRY, "Upscale…")
    dialog = mouse.seen("--name", "^Set Up Super-Resolution$")
    small, until = mouse.size(dialog)[1], time.monotonic() + 10
    while mouse.size(dialog)[1] <= small and time.monotonic() < until:  # it finds out what is needed, and grows
        time.sleep(0.2)
    time.sleep(2)  # to read it takes longer
    mouse.photograph("set-up")
    mouse.click(dialog, SET_UP[0] * mouse.size(dialog)[0], SET_UP[1], "Set Up")
    for name in ("fetching", "installing"):
        time.sleep(4)
        mouse.photograph(name)
    upscale = mouse.seen("--name", "^Upscale$")
    mouse.say("set up; Upscale is there")
    time.sleep(5)  # its preview
    mouse.photograph("upscale")
    mouse.click(upscale, *OK, "OK")
    mouse.seen("--name", "902x600.*GIMP")
    mouse.say("enlarged")
    time.sleep(3)
    mouse.photograph("enlarged")


def main() -> None:
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.gettempdir())
    with Bare(sys.argv[1] if len(sys.argv) > 1 else "trixie") as box:
        for module in ("pip", "ensurepip"):
            assert box.run("python3", "-c", f"import {module}", check=False).returncode, f"{module} is there"
        Image.fromarray(data.chelsea()).save(box.exchange / "cat.png")
        shutil.rmtree(box.path / "root")  # a GIMP that was never started
        with Mouse(box, folder) as mouse:
            walk(box, mouse)
        print("clicks", mouse.clicks)


if __name__ == "__main__":
    main()

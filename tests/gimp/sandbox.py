"""Real GIMPs to test in: Debian trees made by mmdebstrap, kept in `.gimp/` (or where
SMSSR_GIMP_TREES says), with this checkout's package and plug-in installed.

    python tests/gimp/sandbox.py     makes or refreshes them
"""

from __future__ import annotations

import os
import shutil
import subprocess
import zlib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TREES = Path(os.environ.get("SMSSR_GIMP_TREES") or ROOT / ".gimp")
RELEASES = {"trixie": "3.0", "forky": "3.2"}
"""Debian's release and the GIMP in it."""

PACKAGES = "gimp,python3,python3-gi,python3-venv,xvfb,xauth,xdotool,imagemagick,openbox,metacity,dbus-x11"
PATIENCE = float(os.environ.get("SMSSR_PATIENCE", "1"))
"""So many times as long may everything take before it counts as hung: more than 1 for a machine that does other things besides."""

LINKS = ("/opt/pypi", "/opt/pypi-more", "/opt/wheels")
"""Where a machine may keep its own package index; bound into the tree where they are there."""

ENGINE = "/opt/engine/bin/python"


def possible() -> str | None:
    """Why no sandbox can be made here, or None where one can."""
    if os.geteuid() != 0:
        return "needs root"
    if not shutil.which("mmdebstrap"):
        return "needs mmdebstrap (apt-get install mmdebstrap)"
    return None


def tree(release: str, packages: str = PACKAGES, kind: str = "") -> Path:
    """The folder of a release's tree, created if it does not exist yet, or with other packages. Raises CalledProcessError.

    `kind`: the end of the folder's name, for trees with packages of their own.
    """
    path = TREES / f"{release}{kind}"
    made = path / f"made-{zlib.crc32(packages.encode()):08x}"
    if not made.exists():
        shutil.rmtree(path, ignore_errors=True)
        TREES.mkdir(exist_ok=True)
        subprocess.run(["mmdebstrap", "--variant=minbase", "--aptopt=Acquire::Check-Valid-Until \"false\"", f"--include={packages}",
                        release, path], check=True, capture_output=True)
        made.touch()
    return path


class Sandbox:
    """A tree with its mounts; use it as a context."""

    def __init__(self, release: str):
        self.release, self.version = release, RELEASES[release]
        self.path = tree(release)
        self.exchange = self.path / "opt/exchange"
        """A folder of the tree for pictures and answers; `/opt/exchange` inside."""

    def __enter__(self) -> Sandbox:
        self._mounted = []
        for source in ("/proc", "/dev", *LINKS):
            target = self.path / source.lstrip("/")
            if Path(source).exists() and not os.path.ismount(target):
                target.mkdir(parents=True, exist_ok=True)
                subprocess.run(["mount", "--bind", source, target], check=True)
                self._mounted.append(target)
        for name in ("/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt", "/etc/pip.conf"):
            if Path(name).exists():
                (self.path / name.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(name, self.path / name.lstrip("/"))
        shutil.rmtree(self.exchange, ignore_errors=True)
        self.exchange.mkdir(parents=True)
        self.install()
        return self

    def __exit__(self, *_) -> None:
        for target in reversed(self._mounted):
            subprocess.run(["umount", "-l", target], check=False)

    def run(self, *command: str, check: bool = True, seconds: float = 120, **environment: str) -> subprocess.CompletedProcess:
        """Run a command inside."""
        keep = {key: value for key, value in os.environ.items() if key.startswith("PIP_")}
        return subprocess.run(["chroot", self.path, *command], check=check, capture_output=True, text=True, timeout=PATIENCE * seconds,
                              env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", "LANG": "C.UTF-8", **keep, **environment})

    def install(self) -> None:
        """The package from this checkout in an environment of its own, and the plug-in in GIMP, by the command that users run."""
        source = self.path / "opt/source"
        shutil.rmtree(source, ignore_errors=True)
        source.mkdir(parents=True)
        for name in ("smssr_infer", "weights", "export", "plugin", "po"):
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("setup.cfg", "setup.py", "pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, source)
        if not (self.path / ENGINE.lstrip("/")).exists():
            self.run("python3", "-m", "venv", "/opt/engine")
        self.run("/opt/engine/bin/pip", "install", "--quiet", "--no-deps", "--force-reinstall", "/opt/source", seconds=300)
        if self.run("/opt/engine/bin/pip", "check", check=False).returncode:  # in a fresh tree, or where the requirements have changed
            self.run("/opt/engine/bin/pip", "install", "--quiet", "/opt/source", seconds=600)
        settings = self.path / f"root/.config/GIMP/{self.version}"
        settings.mkdir(parents=True, exist_ok=True)
        version = self.run("gimp-console", "--version").stdout.split()[-1]  # if it is new, GIMP welcomes its user
        (settings / "gimprc").write_text(f'(show-welcome-dialog no)\n(check-updates no)\n(config-version "{version}")\n')
        self.run("/opt/engine/bin/smssr", "gimp", "install")

    def gimp(self, code: str, seconds: float = 300, **environment: str) -> str:
        """Run Python code in gimp-console; what it printed."""
        (self.exchange / "code.py").write_text(code)
        done = self.run("gimp-console", "-id", "--batch-interpreter=python-fu-eval", "-b", "exec(open('/opt/exchange/code.py').read())",
                        "--quit", check=False, seconds=seconds, **environment)
        return done.stdout + done.stderr

    def speak(self, language: str) -> dict[str, str]:
        """What `run`, `gimp` and `window` take for a language such as `de` or `pt_BR`: a locale, which is made if need be."""
        place = {"ja": "JP", "uk": "UA", "ko": "KR", "he": "IL"}.get(language, language.upper())
        locale = language if "_" in language else f"{language}_{place}"
        if not (self.path / "usr/share/i18n/locales").exists():
            self.run("apt-get", "update", "-o", "Acquire::Check-Valid-Until=false", seconds=300)
            self.run("apt-get", "install", "-y", "--no-install-recommends", "locales", "fonts-noto-cjk", seconds=300,
                     DEBIAN_FRONTEND="noninteractive")
        if f"{locale}.utf8" not in self.run("locale", "-a").stdout.split():
            self.run("localedef", "-i", locale, "-f", "UTF-8", f"{locale}.UTF-8")
        return {"LANG": f"{locale}.UTF-8", "LANGUAGE": language}

    def window(self, code: str, seconds: float = 120, screen: str = "1280x800x24", manager: str = ":", **environment: str) -> str:
        """Run Python code in a GIMP with its window, under Xvfb; it may use xdotool and `import`. What it printed.

        `manager`: the window manager's command; without one, windows get the keyboard by other rules than users' do. `environment`:
        variables that GIMP gets besides.
        """
        (self.exchange / "code.py").write_text(code + "\nopen('/opt/exchange/done', 'w').close()\n")
        number = 100 + os.getpid() % 20000  # screens of other sandboxes are seen in here, too
        (self.exchange / "window.sh").write_text(f"""
export DISPLAY=:{number}
rm -f /tmp/.X{number}-lock /tmp/.X11-unix/X{number}
Xvfb :{number} -screen 0 {screen} >/dev/null 2>&1 & X=$!
for i in $(seq 100); do xdotool getmouselocation >/dev/null 2>&1 && break; sleep 0.1; done
{manager} >/dev/null 2>&1 &
sleep 1
gimp --no-splash -n --batch-interpreter=python-fu-eval -b "exec(open('/opt/exchange/code.py').read())" >/opt/exchange/log 2>&1 & G=$!
for i in $(seq {int(4 * PATIENCE * seconds)}); do [ -f /opt/exchange/done ] && break; kill -0 $G 2>/dev/null || break; sleep 0.25; done
kill -9 $G $X 2>/dev/null
cat /opt/exchange/log
""")
        (self.exchange / "done").unlink(missing_ok=True)
        done = self.run("bash", "/opt/exchange/window.sh", check=False, seconds=seconds + 30, **environment)
        return done.stdout + done.stderr


if __name__ == "__main__":
    for name in RELEASES:
        with Sandbox(name) as sandbox:
            print(sandbox.run("gimp-console", "--version").stdout.strip(), sandbox.path)

"""A GIMP with neither pip nor venv nor engine, as users have it, and the zip dropped into it."""

import shutil
import subprocess

import sandbox as boxes

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

"""The site: `make site` puts it into `build/site`, out of docs/, README.md, CONTRIBUTING.md, CHANGELOG.md and the models' cards.

    python website/build.py

What mkdocs is given is made anew in `build/pages`: the pages, with links that stay on the site where what they name is on it and lead to
the repository where it is not; and `home.html`, whose pictures are the two halves of those in docs/.
"""

from __future__ import annotations

import configparser
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
ROOT = HERE.parent
PAGES = ROOT / "build/pages"
SHOWN = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
PICTURES = (".jpg", ".png", ".svg", ".webp")
LINK = re.compile(r"(\]\()([^)#\s]+)(#[^)\s]*)?(\))")
HALVES = {"enlarged": ("docs/before-after.jpg", (0, 30, 886, 310)), "materials": ("docs/gallery/drawing-scene.jpg", None),
          "painted": ("docs/gallery/painted-coffee.jpg", None)}
"""Pictures that show before | after with a gap between, and which part of them is taken."""

GAP = 6


def repository() -> str:
    """Where the code is, as setup.cfg says."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return settings["metadata"]["url"].rstrip("/")


def place(path: str) -> str | None:
    """Where on the site a file of the repository is; None where it is not."""
    folder, name = posixpath.split(path)
    if path in SHOWN:
        return name.lower()
    if folder == "weights" and name.endswith(".md"):
        return f"models/{name}"
    if folder in ("docs", "docs/gallery") and name.endswith((".md", *PICTURES)):
        return path.removeprefix("docs/")
    return None


def linked(text: str, path: str) -> str:
    """A page with its links as they are on the site."""
    here = posixpath.dirname(place(path) or "")

    def renew(found: re.Match[str]) -> str:
        before, target, anchor, after = found.groups(default="")
        if ":" in target:
            return found[0]
        full = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        there = place(full)
        address = posixpath.relpath(there, here or ".") if there else f"{repository()}/blob/main/{full}"
        return f"{before}{address}{anchor}{after}"

    return LINK.sub(renew, text)


def halves(folder: Path) -> None:
    """The pictures of the first page, before and after, each by itself."""
    folder.mkdir()
    for name, (path, part) in HALVES.items():
        with Image.open(ROOT / path) as picture:
            both = picture.crop(part) if part else picture
            width = (both.width - GAP) // 2
            for which, left in (("before", 0), ("after", both.width - width)):
                both.crop((left, 0, left + width, both.height)).save(folder / f"{name}-{which}.jpg", quality=90)


def pages() -> None:
    """What mkdocs is given."""
    shutil.rmtree(PAGES, ignore_errors=True)
    PAGES.mkdir(parents=True)
    for path in subprocess.run(["git", "ls-files", "docs", "weights", *SHOWN], cwd=ROOT, capture_output=True, text=True,
                               check=True).stdout.splitlines():
        there = place(path)
        if there:
            target = PAGES / there
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.endswith(".md"):
                target.write_text(linked((ROOT / path).read_text(encoding="utf-8"), path), encoding="utf-8")
            else:
                shutil.copy(ROOT / path, target)
    halves(PAGES / "home")
    for name in ("home.css", "home.js"):
        shutil.copy(HERE / name, PAGES / "home")
    (PAGES / "index.md").write_text(
        (HERE / "home.md").read_text(encoding="utf-8").replace("REPOSITORY", repository()), encoding="utf-8")


if __name__ == "__main__":
    pages()
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--config-file", HERE / "mkdocs.yml"], check=True)
    print(ROOT / "build/site/index.html")

"""What Set Up fetches, from lock files (PEP 751) into the plug-in's own list: python release/packages.py PYLOCK LEARNING_PYLOCK PACKAGES

The second lock is that of PyTorch; what it has and the first has not is the part called learning.
"""

import json
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

PYTHON = "3.13"
"""The Python that is fetched where there is none: one that every package has wheels for."""

TOOLS = ("pip", "uv")
LATER = {"scipy": "masks"}
"""What is fetched only once it is needed, and the name of the part that needs it."""

PYTHONS = re.compile(r"py3|py2\.py3|cp3(?:11|12|13|14)")
SYSTEMS = re.compile(r"any|.*manylinux.*_(?:x86_64|aarch64)|macosx_\d+_\d+_(?:arm64|x86_64|universal2)|win_(?:amd64|arm64)")


def wanted(wheel: str) -> bool:
    """Whether a wheel is for CPython 3.11 to 3.14 on a system that GIMP 3 is made for."""
    python, abi, system = wheel.removesuffix(".whl").split("-")[-3:]
    return (SYSTEMS.fullmatch(system) is not None
            and (abi == "abi3" or (abi in ("none", python) and PYTHONS.fullmatch(python) is not None)))


def files(package: dict) -> list[dict]:
    """The wheels of a package that somebody may need."""
    found = []
    for wheel in package.get("wheels", []):
        name = wheel.get("name") or urlsplit(wheel["url"]).path.rsplit("/", 1)[1]
        if wanted(name):
            found.append({"name": name, "size": wheel["size"], "sha256": wheel["hashes"]["sha256"], "url": wheel["url"]})
    return found


def main(source: str, learning: str, target: str) -> None:
    first, more = (tomllib.loads(Path(path).read_text(encoding="utf-8"))["packages"] for path in (source, learning))
    known = {package["name"] for package in first}
    packages = []
    for package in first + [package for package in more if package["name"] not in known]:
        name = package["name"]
        part = "tool" if name in TOOLS else LATER.get(name, "first") if name in known else "learning"
        packages.append({"name": name, "version": package["version"], "part": part,
                         **({"marker": package["marker"]} if "marker" in package else {}), "files": files(package)})
        if not packages[-1]["files"]:
            raise SystemExit(f"{name} {package['version']} has no wheel")
    lines = ",\n".join(json.dumps(package) for package in packages)
    Path(target).write_text(f'{{"python": "{PYTHON}", "packages": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

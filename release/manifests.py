"""The recipes for conda-forge, Flathub and the Snap Store, out of what `make dist` has made, into dist/manifests."""

import ensurepip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
DIST, PLUGIN = ROOT / "dist", ROOT / "plugin/smssr"
PYTHON = "3.13"
"""The one of the runtime of GIMP's Flatpak."""

MACHINES = {"x86_64": "manylinux_2_28_x86_64", "aarch64": "manylinux_2_28_aarch64"}


def summed(path: Path) -> str:
    """A file's sha256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wheels(pip: Path) -> str:
    """The wheels that the engine needs there, SciPy among them, as sources of a Flatpak."""
    found: dict[str, list[str]] = {}
    known = {}
    for machine, system in MACHINES.items():
        answer = subprocess.run([sys.executable, "-I", PLUGIN / "smssr_setup/choose.py", pip, PLUGIN / "packages.json", PYTHON, system],
                                check=True, capture_output=True, text=True).stdout
        for wheel in json.loads(answer)["wheels"]:
            if wheel["part"] not in ("tool", "learning"):
                known[wheel["name"]] = wheel
                found.setdefault(wheel["name"], []).append(machine)
    lines = []
    for name, machines in sorted(found.items()):
        only = "" if len(machines) == len(MACHINES) else f"        only-arches: [{machines[0]}]\n"
        lines.append(f"      - type: file\n        dest: wheels\n{only}        url: {known[name]['url']}\n"
                     f"        sha256: {known[name]['sha256']}\n")
    return "".join(lines).rstrip()


def main() -> None:
    sdist, = DIST.glob("smssr-*.tar.gz")
    version = sdist.name.removeprefix("smssr-").removesuffix(".tar.gz")
    pip = next(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))
    filled = {"@VERSION@": version, "@SHA256@": summed(sdist), "@ZIP@": summed(DIST / f"smssr-gimp-{version}.zip"), "@WHEELS@": wheels(pip)}
    (DIST / "manifests").mkdir(exist_ok=True)
    for source in sorted((ROOT / "release").glob("*.yaml.in")):
        text = source.read_text(encoding="utf-8")
        for mark, words in filled.items():
            text = text.replace(mark, words)
        (DIST / "manifests" / source.stem).write_text(text, encoding="utf-8")
        print(f"dist/manifests/{source.stem}")


if __name__ == "__main__":
    main()

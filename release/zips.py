"""The zips for GIMP, out of the wheel: python release/zips.py [--everything SYSTEM …]

`smssr-gimp-VERSION.zip` is the plug-in's folder with the wheel of its engine, to be dropped into any plug-ins folder, on any system;
`smssr-gimp-VERSION.gex` the same as GIMP's own kind of extension. The zips "with everything" hold all wheels that a system may take, too.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "plugin/smssr"))
from smssr_setup.download import fetch  # noqa: E402

DIST = ROOT / "dist"
ID = "org.gimp.GIMP.Plugin.smssr"
SYSTEMS = {"linux-x86_64": "manylinux_2_28_x86_64", "windows-amd64": "win_amd64", "macos-arm64": "macosx_14_0_arm64"}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
RUNS = ("smssr/smssr.py", "smssr/set_up.py")
"""What must keep its run bit: GIMP passes over a plug-in without."""


def listed() -> list[dict]:
    """The packages of the plug-in's list."""
    return json.loads((ROOT / "plugin/smssr/packages.json").read_text(encoding="utf-8"))["packages"]


def plugin(folder: Path, wheel: Path) -> Path:
    """The plug-in's folder as it is dropped into GIMP."""
    with zipfile.ZipFile(wheel) as packages:  # which has the translations, too; a checkout has them only where it was tested
        packages.extractall(folder / "wheel")
    made = folder / "smssr"
    shutil.move(folder / "wheel/smssr_infer/plugin/smssr", made)
    for name in ("engine/protocol.py", "sentences.py"):
        shutil.copy(folder / "wheel/smssr_infer" / name, made / "smssr_gimp")
    shutil.copy(ROOT / "plugin/smssr/packages.json", made)
    shutil.rmtree(folder / "wheel")
    (made / "wheels").mkdir()
    shutil.copy(wheel, made / "wheels")
    pip = next(package for package in listed() if package["name"] == "pip")["files"][0]
    fetch(pip | {"package": "pip"}, made / "wheels", lambda _bytes: None)
    return made


def packed(target: Path, folder: Path, committed: float) -> None:
    """A zip of a folder's contents, the same bytes for each commit, run bits kept.

    `committed`: when, in seconds since 1970. GIMP asks a plug-in anew only where its file's time has changed: each release has its own.
    """
    date = time.gmtime(committed)[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            entry = zipfile.ZipInfo(name, date)
            entry.external_attr = (0o100755 if name.endswith(RUNS) else 0o100644) << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.1f} MB, sha256 {hashlib.sha256(target.read_bytes()).hexdigest()}")


def metainfo(version: str, date: str) -> str:
    """The AppStream description."""
    return (ROOT / f"release/{ID}.metainfo.xml.in").read_text(encoding="utf-8").replace("@VERSION@", version).replace("@DATE@", date)


def everything(wheels: Path, system: str) -> None:
    """Add all the wheels that a system may take under any Python, but those for learning by network, which would be gigabytes."""
    pip, = wheels.glob("pip-*.whl")
    wanted = {}
    for python in PYTHONS:
        told = json.loads(subprocess.run([sys.executable, "-I", ROOT / "plugin/smssr/smssr_setup/choose.py", pip,
                                          ROOT / "plugin/smssr/packages.json", python, SYSTEMS[system]],
                                         check=True, capture_output=True, text=True).stdout)
        if told["absent"]:
            raise SystemExit(f"there is no {', '.join(told['absent'])} for Python {python} on {system}")
        wanted |= {wheel["name"]: wheel for wheel in told["wheels"] if wheel["part"] != "learning"}
    for wheel in wanted.values():
        fetch(wheel, wheels, lambda _bytes: None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--everything", nargs="*", choices=list(SYSTEMS), default=[])
    wish = parser.parse_args()
    wheel = max(DIST.glob("smssr-*-py3-none-any.whl"), key=lambda path: path.stat().st_mtime)
    version = wheel.name.split("-")[1]
    committed = float(subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, check=True).stdout)
    date = time.strftime("%Y-%m-%d", time.gmtime(committed))
    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary, "whole")
        whole.mkdir()
        made = plugin(whole, wheel)
        shutil.copy(ROOT / "LICENSE", made)
        (whole / "README.txt").write_text((ROOT / "release/README.txt").read_text(encoding="utf-8"), encoding="utf-8", newline="\r\n")
        (whole / f"{ID}.metainfo.xml").write_text(metainfo(version, date), encoding="utf-8")
        packed(DIST / f"smssr-gimp-{version}.zip", whole, committed)
        extension = Path(temporary, "extension")
        shutil.copytree(whole, extension / ID)
        packed(DIST / f"smssr-gimp-{version}.gex", extension, committed)
        for system in wish.everything:
            everything(made / "wheels", system)
            packed(DIST / f"smssr-gimp-{version}-everything-{system}.zip", whole, committed)
            for path in set((made / "wheels").iterdir()) - {made / "wheels" / wheel.name, *(made / "wheels").glob("pip-*")}:
                path.unlink()


if __name__ == "__main__":
    main()

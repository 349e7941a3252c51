"""Which wheels a Python takes. Run by that very Python, as a script: choose.py PIP_WHEEL PACKAGES [PYTHON [SYSTEM]]

Prints JSON: the wheels, in the order of the list, what there is none of (absent), and what learning by network lacks (lacking).
PYTHON ("3.13") and SYSTEM ("win_amd64") ask for another one: GIMP's own on Windows knows itself as MinGW's, and
cannot say what python.org's takes.
"""

import json
import re
import sys
import sysconfig


def taken_by(system):
    """The tags of the wheels that a system of that tag takes: older ones, too."""
    from pip._vendor.packaging.tags import mac_platforms

    if named := re.fullmatch(r"macosx_(\d+)_(\d+)_(\w+)", system):
        return list(mac_platforms((int(named[1]), int(named[2])), named[3]))
    if named := re.fullmatch(r"manylinux_2_(\d+)_(\w+)", system):
        aliases = {17: ["manylinux2014"], 12: ["manylinux2010"], 5: ["manylinux1"]}
        return [f"{name}_{named[2]}" for minor in range(int(named[1]), 4, -1) for name in (f"manylinux_2_{minor}", *aliases.get(minor, []))]
    return [system]


def main(pip, packages, other=None, system=None):
    """Print the answer."""
    sys.path.insert(0, pip)  # a wheel is a zip, which Python reads modules from
    from pip._vendor.packaging.markers import Marker
    from pip._vendor.packaging.tags import compatible_tags, cpython_tags, sys_tags
    from pip._vendor.packaging.utils import parse_wheel_filename

    if other is None:
        if sys.version_info < (3, 11) or sys.implementation.name != "cpython" or sysconfig.get_platform().startswith("mingw"):
            raise SystemExit("not a CPython 3.11 or newer that wheels are made for")
        import ssl  # noqa: F401
        import venv  # noqa: F401
        tags, environment = list(sys_tags()), {}
    else:
        numbers, systems = tuple(map(int, other.split("."))), taken_by(system) if system else None
        tags = [*cpython_tags(numbers, platforms=systems), *compatible_tags(numbers, f"cp{numbers[0]}{numbers[1]}", systems)]
        environment = {"python_version": other, "python_full_version": f"{other}.0"}
        if system:
            environment["sys_platform"] = {"win": "win32", "macosx": "darwin"}.get(system.split("_")[0], "linux")
            environment["platform_machine"] = system.removeprefix("win_") if system.startswith("win") else re.search(
                "arm64|aarch64|x86_64", system)[0]
    rank = {tag: place for place, tag in reversed(list(enumerate(tags)))}
    with open(packages, encoding="utf-8") as file:
        known = json.load(file)["packages"]
    chosen, absent, lacking = [], [], []
    for package in known:
        if package["name"] == "pip" or (package["name"] == "uv" and other is None):
            continue
        if "marker" in package and not Marker(package["marker"]).evaluate(environment):
            continue
        places = {wheel["name"]: [rank[tag] for tag in parse_wheel_filename(wheel["name"])[3] if tag in rank] for wheel in package["files"]}
        fitting = [wheel for wheel in package["files"] if places[wheel["name"]]]
        if fitting:
            best = min(fitting, key=lambda wheel, places=places: min(places[wheel["name"]]))
            chosen.append({"package": package["name"], "part": package["part"], **best})
        else:
            (lacking if package["part"] == "learning" else absent).append(package["name"])
    print(json.dumps({"wheels": chosen, "absent": absent, "lacking": lacking, "python": other or ".".join(map(str, sys.version_info[:3])),
                      "system": system or sysconfig.get_platform(), "path": sys.executable}))


if __name__ == "__main__":
    main(*sys.argv[1:])

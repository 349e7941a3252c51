"""`python tests/pythons.py 3.14 WORDS`: the tests under another Python, WORDS being what pytest is given.

Debian has several: each is run in the tree of its release that tests/gimp/sandbox.py makes, with the versions of requirements/test.txt. One
that Debian has not is run where it is on the PATH.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "gimp"))

import sandbox  # noqa: E402

RELEASES = {"3.13": "trixie", "3.14": "forky"}

SCRIPT = """
set -e
cd {root}
test -e {environment}/bin/pip || {python} -m venv {environment}
{environment}/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/test.txt
{environment}/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
{environment}/bin/python --version
exec {environment}/bin/python -B -m pytest -p no:cacheprovider "$@"
"""


class Tree(sandbox.Sandbox):
    """A release's tree with a copy of this checkout in it."""

    def install(self) -> None:
        """The checkout as it is, without what git ignores. Not mounted: `rm -rf .gimp` must never reach it."""
        place = self.path / "opt/checkout"
        shutil.rmtree(place, ignore_errors=True)
        files = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                               capture_output=True).stdout.split(b"\0")
        for file in filter(None, files):
            path = ROOT / os.fsdecode(file)
            if path.exists():
                target = place / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target)


def main(version: str, *words: str) -> int:
    """Run them; returns pytest's exit status."""
    if version in RELEASES:
        if reason := sandbox.possible():
            sys.exit(f"Python {version} is run in a tree of Debian's: {reason}")
        script = SCRIPT.format(root="/opt/checkout", environment=f"/opt/tests-{version}", python=f"python{version}")
        with Tree(RELEASES[version]) as tree:
            keep = {key: value for key, value in os.environ.items() if key.startswith("PIP_")}
            return subprocess.run(["chroot", tree.path, "bash", "-c", script, "bash", *words], check=False,
                                  env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", "LANG": "C.UTF-8", **keep}).returncode
    python = shutil.which(f"python{version}")
    if not python or subprocess.run([python, "--version"], capture_output=True).returncode:  # a shim may stand there for one that is not
        print(f"NOT TESTED: there is no Python {version} here, nor in Debian")
        return 0
    script = SCRIPT.format(root=f"'{ROOT}'", environment=f".venv-{version}", python=python)
    return subprocess.run(["bash", "-c", script, "bash", *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

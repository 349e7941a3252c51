"""A wheel built from here works where nothing of the checkout is."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from smssr_infer import CoarseCard, TextureCard
from smssr_infer.networks import manifest

ROOT = Path(__file__).parent.parent


def test_the_wheel_is_all_one_needs(tmp_path):
    source = tmp_path / "source"  # a copy, so that no build folder is left behind or reused
    for name in ("smssr_infer", "weights", "export", "plugin"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--disable-pip-version-check", "-w", tmp_path, source],
                   check=True)
    wheel, = tmp_path.glob("smssr-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    for card in manifest.models():
        assert f"smssr_infer/weights/{card.file}" in names
        assert not isinstance(card, (TextureCard, CoarseCard)) or f"smssr_infer/weights/{card.name}.png" in names
    assert {"smssr_infer/weights/manifest.json", "smssr_export/learn_style.py", "smssr_export/data/styles.toml",
            "smssr_infer/plugin/smssr/smssr.py", "smssr_infer/plugin/smssr/smssr_gimp/procedures/upscale.py"} <= names
    assert not [n for n in names if n.startswith(("export/", "tests/"))]
    done = subprocess.run([sys.executable, "-m", "smssr_infer.cli", "doctor"], cwd=tmp_path, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(tmp_path / "site")})
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "site") in done.stdout


@pytest.mark.parametrize("file", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda file: file.stem)
def test_every_requirement_is_pinned_and_hashed(file):
    """What CI and releases install is what was tested, to the byte."""
    entries = [entry for entry in file.read_text().replace("\\\n", " ").splitlines() if entry and not entry.lstrip().startswith("#")]
    assert entries
    for entry in entries:
        assert "==" in entry.split()[0], entry
        assert "--hash=sha256:" in entry, entry

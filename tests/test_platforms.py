"""What is different on Windows and macOS, with the platform simulated where a real one is not to be had."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from smssr_infer import files
from smssr_infer.batch.existing import Choice, Summary
from smssr_infer.batch.spec import BatchSpec, Job
from smssr_infer.checks import usage
from smssr_infer.commands.recipe_options import strength
from smssr_infer.commands.style_options import coarse_style, style
from smssr_infer.io import targets
from smssr_infer.recipe import Recipe
from smssr_infer.steps import Enlarge

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("mask", [r"C:\pictures\mask.png", r"\\server\share\mask.png", "C:/a b/m.png", r"\\?\C:\very\long.png"])
def test_masks_may_have_drive_letters(mask):
    assert style(f"fur={mask}:0.8")[:3] == ("fur", Path(mask), 0.8)
    assert style(f"fur={mask},size=2")[:4] == ("fur", Path(mask), None, 2)
    assert coarse_style(f"starry-night={mask}:.5")[:3] == ("starry-night", Path(mask), 0.5)
    assert strength(f"{mask}:0.6") == (Path(mask), 0.6)
    assert strength(mask) == (Path(mask), 1.0)


def test_names_that_windows_takes_for_devices_are_refused(monkeypatch, tmp_path):
    for name in ("aux.png", "CON", "con.tar.gz", "Nul.tif", "COM1.png", "lpt9", "a:b.png", "what?.png", "ends.", "ends "):
        assert files.reserved(name), name
    for name in ("auxiliary.png", "console.png", "com10.png", "a.aux", "été.png", "COM.png", "-x2.png"):
        assert not files.reserved(name), name
    targets.check(tmp_path / "aux.png", False)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(ValueError, match="Windows reserves that name"):
        targets.check(tmp_path / "aux.png", False)


def todo(folder):
    spec = BatchSpec(source=folder, target=folder, recipe=Recipe(Enlarge(2)), pattern="{name}-x2")
    summary = Summary()
    jobs = [Job(folder / name, folder / target) for name, target in (("Cat.png", "Cat-x2.png"), ("cat.png", "cat-x2.png"))]
    return list(Choice(spec, summary).todo(jobs)), summary


def test_results_that_differ_in_case_are_one_file_on_some_systems(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    assert len(todo(tmp_path)[0]) == 2
    for platform in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", platform)
        done, summary = todo(tmp_path)
        assert len(done) == 1
        assert "as Cat.png does" in summary.failures[0][1]


def test_a_file_that_an_indexer_holds_is_replaced_a_moment_later(monkeypatch, tmp_path):
    (tmp_path / "new").write_text("new")
    (tmp_path / "old").write_text("old")
    real, held = Path.replace, [PermissionError(13, "in use"), PermissionError(13, "in use")]

    def replace(self, target):
        if held:
            raise held.pop()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(sys, "platform", "win32")
    files.replace(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"
    held[:] = [PermissionError(13, "in use")]
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "new").write_text("newer")
    with pytest.raises(PermissionError):
        files.replace(tmp_path / "new", tmp_path / "old")


WITHOUT = """
import importlib, pkgutil, sys
import distributed, filelock, PIL.Image, platformdirs.unix, scipy.ndimage, tempfile, zarr  # theirs, which know what system they are on
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
import os, signal, select
for module, names in ((os, ("geteuid", "getuid", "fork", "fchown", "fchmod", "chown", "killpg", "setsid", "posix_fallocate", "sync",
                            "sched_getaffinity", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")),
                      (signal, ("SIGKILL", "pthread_kill", "SIGALRM", "SIGUSR1")), (select, ("poll",))):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
import smssr_infer
failed = []
for module in pkgutil.walk_packages(smssr_infer.__path__, "smssr_infer."):
    if module.name.startswith(("smssr_infer.plugin", "smssr_infer.weights")) or module.name.endswith("__main__"):
        continue
    try:
        importlib.import_module(module.name)
    except Exception as error:
        failed.append(f"{module.name}: {error!r}")
import numpy as np
from pathlib import Path
from PIL import Image
Image.fromarray(np.arange(3 * 20 * 20, dtype=np.uint8).reshape(20, 20, 3)).save(sys.argv[1] + "/in.png")
from smssr_infer import cli
for words in (["upscale", "in.png", "out.png"], ["upscale", "in.png", "out.tif", "--scale", "2"], ["models"]):
    words = [sys.argv[1] + "/" + word if "." in word else word for word in words]
    failed += [f"{words}: {status}"] if (status := cli.main(words)) else []
sys.exit(", ".join(failed) or 0)
"""


def test_everything_is_imported_and_pictures_are_enlarged_without_what_windows_lacks(tmp_path):
    done = subprocess.run([sys.executable, "-c", WITHOUT, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "out.png").stat().st_size
    assert (tmp_path / "out.tif").stat().st_size


def test_the_linter_refuses_what_one_system_alone_has():
    for code in ("import fcntl", "from fcntl import flock", "import os\nos.geteuid()", "import signal\nprint(signal.SIGKILL)"):
        for path in ("smssr_infer/api.py", "plugin/smssr/smssr_gimp/engine.py"):
            told = subprocess.run([sys.executable, "-m", "ruff", "check", "--stdin-filename", ROOT / path, "-"], input=f"{code}\n",
                                  text=True, cwd=ROOT, capture_output=True).stdout
            assert "TID251" in told


def test_memory_and_processors_are_told_or_it_is_said_why_not(monkeypatch):
    assert usage.peak() > 10_000_000
    monkeypatch.setattr(usage, "resource", None)
    with pytest.raises(ValueError, match="Windows does not tell"):
        usage.of_children()


def without_encoding(tree):
    """The lines of a module that open a text file in whatever encoding the system has."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or any(word.arg == "encoding" for word in node.keywords):
            continue
        modes = [argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
        modes += [word.value.value for word in node.keywords if word.arg == "mode" and isinstance(word.value, ast.Constant)]
        opened = isinstance(node.func, ast.Name) and node.func.id == "open" and not any("b" in mode for mode in modes)
        if opened or (isinstance(node.func, ast.Attribute) and node.func.attr in ("read_text", "write_text")):
            yield node.lineno


def test_text_files_are_read_in_an_encoding_that_is_named():
    """Windows would take its own code page."""
    assert list(without_encoding(ast.parse("open(a); open(a, 'rb'); b.read_text(); open(a, encoding='ascii')"))) == [1, 1]
    found = [f"{path.relative_to(ROOT)}:{line}" for folder in ("smssr_infer", "plugin/smssr")
             for path in sorted((ROOT / folder).rglob("*.py")) for line in without_encoding(ast.parse(path.read_text(encoding="utf-8")))]
    assert not found

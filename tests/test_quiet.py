"""Libraries say nothing beside our one line, and nobody else is silenced for that."""

import struct
import subprocess
import sys

import numpy as np
from PIL import Image
from test_blocks import boasting


def test_tifffiles_own_words_do_not_come_before_ours(tmp_path):
    boasting(tmp_path / "a.tif", 2000, 2000, {270: 0})
    data = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(data.replace(struct.pack("<HH", 270, 4), struct.pack("<HH", 270, 99)))  # there is no kind 99
    done = subprocess.run([sys.executable, "-m", "smssr_infer.cli", "upscale", tmp_path / "a.tif", tmp_path / "b.png"], capture_output=True,
                          text=True)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and done.stderr.startswith("smssr: ")


def test_reading_leaves_standard_error_and_warnings_alone(tmp_path):
    """What another thread says meanwhile arrives, and no filter of warnings is left behind."""
    Image.fromarray(np.zeros((300, 300, 3), np.uint8)).save(tmp_path / "a.tif", compression="tiff_lzw")
    code = (f"import os, sys, threading, warnings; from smssr_infer.io.reading import read; before = list(warnings.filters)\n"
            f"threads = [threading.Thread(target=lambda: [read({str(tmp_path / 'a.tif')!r}) for _ in range(20)]) for _ in range(4)]\n"
            "for thread in threads: thread.start()\n"
            "n = 0\n"
            "while any(thread.is_alive() for thread in threads): os.write(2, b'x'); n += 1\n"
            "print(n, before == list(warnings.filters))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said, same = done.stdout.split()
    assert done.stderr == "x" * int(said) and int(said) > 0 and same == "True"


def test_odd_metadata_warns_nobody_at_the_command_line(tmp_path):
    """Pillow's warnings would come before our line."""
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(tmp_path / "a.tif", tiffinfo={270: "x"})
    data = (tmp_path / "a.tif").read_bytes()
    at = data.index(struct.pack("<HH", 270, 2))
    (tmp_path / "a.tif").write_bytes(data[:at + 4] + struct.pack("<II", 10**6, 10**8) + data[at + 12:])
    done = subprocess.run([sys.executable, "-m", "smssr_infer.cli", "upscale", tmp_path / "a.tif", tmp_path / "b.png"], capture_output=True,
                          text=True)
    assert (done.returncode, done.stderr) == (0, "")

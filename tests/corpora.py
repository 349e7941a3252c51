"""Folders of other projects' test pictures, each enlarged: no traceback, and nothing lost in silence.

    python tests/corpora.py pillow-13.0.0/Tests/images libtiff-v4.5.0/test/images

Every file goes to where `smssr batch` would write it, and again into TIFF; what came of it is compared with what Pillow sees in both
files. Exit status: 1 where a file is neither written nor named, or differs in something that was not said.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import csv
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from fuzz_work import command
from PIL import Image, ImageOps, UnidentifiedImageError

from smssr_infer.batch.spec import BatchSpec, jobs
from smssr_infer.io import exif as exif_
from smssr_infer.io import formats, metadata
from smssr_infer.recipe import Recipe
from smssr_infer.steps import Enlarge

PATIENCE = 300
"""Seconds that a file may take."""

APART = 0.08
"""Mean difference, of 0 … 1, above which a result reduced again looks otherwise than its picture."""

BACKGROUND = 0.5
LARGEST = 1 << 23
"""Pixels of a picture that is compared; larger ones are only written."""


class Slow(Exception):
    """A file took longer than it may."""


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """Raises `Slow` where what is inside takes too long."""

    def late(*_: object) -> None:
        raise Slow(f"takes more than {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def seen(picture: Image.Image) -> np.ndarray | None:
    """A picture as Pillow sees it, upright on grey, H×W×3 in 0 … 1; None of samples that Pillow has no colours for."""
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I;16", "F", "I")) or picture.mode in ("CMYK", "LAB", "YCbCr"):
        return None
    array = np.asarray(picture.convert("RGBA"), np.float32) / 255
    return array[..., :3] * array[..., 3:] + BACKGROUND * (1 - array[..., 3:])


def reduced(array: np.ndarray) -> np.ndarray:
    """An array of twice the size, by means of 2×2."""
    return array.reshape(array.shape[0] // 2, 2, array.shape[1] // 2, 2, 3).mean((1, 3))


def beside(picture: Image.Image) -> dict[str, Any]:
    """What Pillow finds beside the pixels, by the words that are said of what cannot go over."""
    info, exif = picture.info, {}
    with contextlib.suppress(Exception):  # Pillow raises what it likes on damaged EXIF
        exif = dict(picture.getexif())
    found = {"colour profile": info.get("icc_profile"), "XMP": info.get("xmp"), "comment": info.get("comment") or info.get("Comment"),
             "EXIF": {tag: value for tag, value in exif.items() if tag in (270, 271, 272, 305, 306, 315, 0x8298) and value}}
    if str(found["EXIF"].get(270, "")).encode().startswith(exif_.MACHINES):
        del found["EXIF"][270]
    made = str(found["comment"]).lstrip("b'")
    if made.startswith(tuple(words.decode() for words in metadata.ENCODERS)):
        del found["comment"]
    return {name: value for name, value in found.items() if value}


def pictures(picture: Image.Image) -> int:
    """How many pictures Pillow finds in a file; of a TIFF without reduced ones and masks."""
    count = getattr(picture, "n_frames", 1)
    if picture.format != "TIFF":
        return count
    kinds = []
    for number in range(count):
        picture.seek(number)
        kinds.append(picture.tag_v2.get(254, 0))
    picture.seek(0)
    return max(1, sum(not kind & 5 for kind in kinds))


def moves(picture: Image.Image) -> bool:
    """Whether any frame or page of a file differs from the first: where none does, one is all that can be seen."""
    seen_ = set()
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        seen_.add(picture.convert("RGBA").tobytes())
    picture.seek(0)
    return len(seen_) > 1


def faults(source: Path, target: Path, said: str) -> list[str]:
    """What a result has lost in silence."""
    with Image.open(source) as before:
        many, alone = pictures(before), before.format in metadata.LAYERED
        if before.info.get("default_image"):
            before.seek(1)
        before.load()
        with Image.open(target) as after:
            frames = getattr(after, "n_frames", 1)
            after.load()
            found = []
            said_or_apart = alone or "frames" in said or before.info.get("default_image")
            if many > 1 and frames != many and not said_or_apart and moves(before):
                found.append(f"{many} frames became {frames}")
            kept = beside(after)
            found += [f"no {name}" for name in beside(before) if name not in kept and name not in said
                      and not (name == "comment" and "texts" in said)]
            if before.width * before.height > LARGEST:
                return found
            old, new = seen(before), seen(after)
    if old is None or new is None:
        return found
    if new.shape != (2 * old.shape[0], 2 * old.shape[1], 3):
        return [*found, f"{old.shape[1]}×{old.shape[0]} became {new.shape[1]}×{new.shape[0]}"]
    difference = float(np.abs(reduced(new) - old).mean())
    return [*found, f"looks otherwise: {difference:.3f}"] if difference > APART else found


def repeating(path: Path) -> Path:
    """A network that repeats every pixel twice across and down: soon done, and its result is easily compared."""
    info, node = onnx.helper.make_tensor_value_info, onnx.helper.make_node
    kernel = onnx.numpy_helper.from_array(np.ones((4, 1, 1, 1), np.float32), "k")
    nodes = [node("Conv", ["x", "k"], ["m"]), node("DepthToSpace", ["m"], ["y"], blocksize=2)]
    graph = onnx.helper.make_graph(nodes, "net", [info("x", 1, [1, 1, "h", "w"])], [info("y", 1, [1, 1, "H", "W"])], [kernel])
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def tried(source: Path, target: Path, model: Path) -> tuple[str, str, str]:
    """What came of a picture: `written` or `refused`, what was said, and what is wrong."""
    words = ["upscale", str(source), str(target), "--scale", "2", "--model", str(model)]
    if (format_ := formats.named(target.suffix)) and not format_.alpha:
        words += ["--background", "#808080"]
    try:
        with patience():
            status, said = command(words, model.with_name("said"))
    except Slow:
        return "slow", "", ""
    lines = said.splitlines()
    if status == 143:  # `main` has taken the alarm for the end
        return "slow", said, ""
    if status not in (0, 2) or any(bad in said for bad in ("Traceback", "internal error")):
        return "broken", said, f"{status} {said[-200:]}"
    if not all(line.startswith("smssr: ") for line in lines):
        return "broken", said, "not in lines of ours"
    if status == 2:
        return "refused", said, "" if lines and (source.name in lines[-1] or target.name in lines[-1]) else "it is not named"
    try:
        return "written", said, ", ".join(faults(source, target, said))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        return "written", said, "" if target.stat().st_size else f"nothing is in it: {error}"


def overlooked(folder: Path, named: set[Path]) -> list[Path]:
    """Files that Pillow knows and nobody named."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path in named or not path.is_file() or (path.suffix and not formats.pictured(path.suffix)):
            continue  # what does not look like a picture by its name is left alone
        with contextlib.suppress(Exception), Image.open(path):
            found.append(path)
    return found


def run(folders: list[Path], report: Path | None) -> int:
    """Try all; how many are wrong."""
    rows: list[tuple[str, str, str, str]] = []
    with tempfile.TemporaryDirectory() as place:
        model = repeating(Path(place, "repeating.onnx"))
        for folder in folders:
            spec = BatchSpec(source=folder, target=Path(place, "out"), recipe=Recipe(Enlarge(scale=2)), recursive=True)
            todo = jobs(spec)
            for job in todo:
                for ending in dict.fromkeys([job.target.suffix, ".tif"]):
                    target = Path(place, f"out{ending}")
                    target.unlink(missing_ok=True)
                    state, said, wrong = tried(job.source, target, model)
                    rows.append((f"{job.source} → {ending}", state, " | ".join(said.splitlines()), wrong))
                    if wrong:
                        print(f"{job.source} → {ending}: {wrong}", flush=True)
            for path in overlooked(folder, {job.source for job in todo}):
                rows.append((str(path), "overlooked", "", "it is a picture, and nobody named it"))
                print(f"{path}: {rows[-1][3]}", flush=True)
    if report:
        with open(report, "w", newline="") as stream:
            csv.writer(stream).writerows([("file", "state", "said", "wrong"), *rows])
    counts = collections.Counter(state for _, state, _, _ in rows)
    wrong = sum(bool(words) for *_, words in rows)
    print(f"{len(rows)} results: {', '.join(f'{count} {state}' for state, count in sorted(counts.items()))}; {wrong} wrong")
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--report", type=Path, metavar="FILE.csv", help="what was said of each")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    sys.exit(run(arguments.folders, arguments.report) > 0)

"""The demo of a batch over Dask: a scheduler, two workers and a client as real processes, one worker killed on the way.

    python docs/dask_demo.py FOLDER

Writes the pictures (`in`), what a batch makes of them without Dask (`plain`) and over Dask (`dask`), and compares them byte for byte.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from skimage import data

from smssr_infer.checks.machines import Machines, batch, contents, finished, wait_for

PICTURES = 12


def draw(folder: Path) -> None:
    """Crops of photographs that come with scikit-image."""
    folder.mkdir(parents=True)
    sources = [data.astronaut(), data.chelsea(), data.coffee()]
    for number in range(PICTURES):
        picture, at = sources[number % 3], 16 * number
        crop = Image.fromarray(picture[at // 2:at // 2 + 200, at:at + 240])
        crop.save(folder / f"{number:02}.{'png' if number % 2 else 'jpg'}", quality=92)


def main() -> int:
    folder = Path(sys.argv[1])
    for name in ("in", "plain", "dask"):
        shutil.rmtree(folder / name, ignore_errors=True)
    draw(folder / "in")
    print("without Dask:", finished(batch(folder / "in", folder / "plain")).strip(), flush=True)
    with tempfile.TemporaryDirectory() as scratch, Machines(Path(scratch), 2) as machines:
        print(f"a scheduler at {machines.address}, two workers of one thread", flush=True)
        client = batch(folder / "in", folder / "dask", "--dask", machines.address)
        wait_for(lambda: client.poll() is not None or len(list((folder / "dask").glob("[0-9]*"))) >= PICTURES // 3)
        before = len(list((folder / "dask").glob("[0-9]*")))
        machines.workers[0].kill()
        print(f"a worker killed (SIGKILL) after {before} answers", flush=True)
        print("over Dask:", finished(client).strip())
        finished(batch(folder / "in", folder / "dask", "--dask", machines.address))  # takes away what the dead worker was writing
    same = contents(folder / "dask") == contents(folder / "plain")
    print(f"the {PICTURES} answers over Dask are those without, byte for byte" if same else "the answers differ")
    return 0 if same else 2


if __name__ == "__main__":
    sys.exit(main())

"""What the engine does for the plug-in, request by request; what they say is in the package's own words."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from .. import __version__
from ..analysis.drawn_lines import Along
from ..analysis.specks import specks
from ..arrays import stopping, tiling
from ..batch.run import run
from ..batch.spec import BatchSpec, Job, jobs
from ..io.picture_file import PictureFile
from ..io.writing import write
from ..networks import manifest
from ..networks.cards import Card
from ..networks.places import home, learnt, shipped
from ..nodes.enlarge import EnlargeNode
from ..nodes.material_layer import layer_of
from ..nodes.style_layer import TILE
from ..recipe import Recipe
from ..select.strokes import painted
from ..steps import Coarse, Enlarge, Fill, Restore, check_size
from ..textures import learning
from ..textures.style import Style
from .frames import write_frame
from .pictures import Pictures

Request = dict[str, Any]

FOR_THE_FILES = ("file", "sha256", "dog", "params", "receptive_field", "training_data", "loss", "metrics", "licence", "built",
                 "mean", "covariance", "source")
"""What of a card's row no plug-in needs."""


class Engine:
    """The pictures that were put here, and the one job under way."""

    def __init__(self, answers: BinaryIO):
        self._answers = answers
        self._lock = threading.Lock()
        self._pictures = Pictures()
        self._job: tuple[int, stopping.Scope] | None = None
        """The last request that was begun."""
        self._cancelled = -1
        """Requests up to this id are not wanted any more."""

    def cancel(self, number: int) -> None:
        """End every request up to this id, under way or waiting. From any thread."""
        self._cancelled = max(self._cancelled, number)
        if self._job and self._job[0] <= self._cancelled:
            self._job[1].stop()

    def answer(self, request: Request, header: dict[str, Any], payload: bytes | memoryview = b"") -> None:
        """Send one answer to a request; from any thread."""
        with self._lock:
            write_frame(self._answers, {"id": request.get("id"), **header}, payload)

    def serve(self, request: Request, payload: bytes) -> None:
        """Do one request, whatever comes of it."""
        at_once: dict[str, Callable[[], None]] = {  # never dropped, or the next answer would be computed without these rows
            "hello": lambda: self.hello(request), "put": lambda: self._pictures.put(request, payload),
            "forget": lambda: self._pictures.forget(request["picture"])}
        jobs: dict[str, Callable[[Request], None]] = {
            "upscale": self.upscale, "restore": self.restore, "specks": self.specks, "mask": self.mask, "style": self.style,
            "coarse": self.coarse, "batch": self.batch, "learn": self.learn}
        wish = request.get("do")
        try:
            if wish in at_once:
                at_once[wish]()
            elif wish in jobs:
                self._do(jobs[wish], request)
            else:
                raise ValueError(f"the engine does not know how to {wish!r}")
        except stopping.Stopped:
            self.answer(request, {"cancelled": True})
        except MemoryError:
            self.answer(request, {"error": "not enough memory; try a smaller picture or scale"})
        except Exception as error:  # whatever it is, the plug-in has to say it in words, and the engine to go on
            words = str(error).splitlines() or [type(error).__name__]
            self.answer(request, {"error": words[0] if isinstance(error, (ValueError, OSError)) else f"{type(error).__name__}: {words[0]}"})

    def _do(self, job: Callable[[Request], None], request: Request) -> None:
        """Do a job that can be cancelled."""
        number = request.get("id") or 0
        with stopping.Scope() as scope:
            self._job = number, scope  # set before the look below, as a cancel sets its mark before it looks here: one sees the other
            if number <= self._cancelled:
                raise stopping.Stopped
            scope.run(job, request)

    def hello(self, request: Request) -> None:
        """Who is here, what models there are, and what is wrong with the user's own ones."""
        cards, trouble = manifest.read(shipped()), None
        try:
            cards += manifest.own()
        except ValueError as error:
            trouble = str(error)
        self.answer(request, {"version": __version__, "models": [self._told(card) for card in cards], "home": str(home() or ""),
                              "python": sys.executable, "trouble": trouble, "missing": learning.missing()})

    @staticmethod
    def _told(card: Card) -> dict[str, Any]:
        row = {key: value for key, value in card.row().items() if key not in FOR_THE_FILES}
        return row | {"own": card.folder == learnt(), "thumbnail": str(card.path.with_suffix(".png"))}

    def _tiles(self, request: Request, work: Callable[[tiling.Tile], np.ndarray], whole: tuple[int, int], most: int, margin: int,
               channels: int, **told: Any) -> None:
        """Send `work(tile)`, planes `[C, h, w]`, for every tile of the wanted window, as soon as it is there.

        `most`, `margin`: as of `tiling.plan`. `told`: what the last answer says.
        """
        top, bottom, left, right = request.get("window") or (0, whole[0], 0, whole[1])
        if not (0 <= top < bottom <= whole[0] and 0 <= left < right <= whole[1]):
            raise ValueError(f"the window does not lie inside {whole[1]}×{whole[0]}")
        threads = tiling.cores()
        todo = [(top + a, top + b, left + c, left + d)
                for a, b, c, d in tiling.plan(bottom - top, right - left, most, margin, threads)]
        done: list[tiling.Tile] = []

        def send(tile: tiling.Tile) -> None:
            planes = work(tile)[:channels]
            stopping.check()
            done.append(tile)
            self.answer(request, {"tile": tile, "done": len(done), "tiles": len(todo), "channels": len(planes)},
                        np.ascontiguousarray(planes.transpose(1, 2, 0), np.float32).data.cast("B"))

        tiling.run(send, todo, threads, None)
        self.answer(request, {"end": True, **told})

    def _run(self, request: Request, recipe: Recipe, shown: Callable[[np.ndarray, tiling.Tile], np.ndarray] | None = None) -> None:
        """Send the wanted window of what a recipe makes of a picture. `shown`: what to send instead of the planes of a tile."""
        key = request["picture"]
        picture, measured = self._pictures.picture(key), self._pictures.measured(key)
        result = recipe.build(picture, measured.runtime, measured)

        def work(tile: tiling.Tile) -> np.ndarray:
            out = picture.blank(tile[1] - tile[0], tile[3] - tile[2])
            result.write(tile, out, 0, 0)
            planes = out.reshape(*out.shape[:2], -1).transpose(2, 0, 1)
            return shown(planes, tile) if shown else planes

        try:
            self._tiles(request, work, result.shape, result.largest_tile, result.margin, picture.array.shape[2],
                        photo=any(isinstance(node, EnlargeNode) and node.degradation is not None for node in result.nodes))
        finally:
            result.release()

    def upscale(self, request: Request) -> None:
        """Enlarge a picture, or compute one window of what it would be."""
        height, width = check_size(request.get("height"), request.get("width"))
        plain, model = bool(request.get("plain")), request.get("model")
        kind = "auto" if plain or model else request.get("kind") or "auto"
        self._run(request, Recipe(Enlarge(model=model, picture=kind, best=bool(request.get("best")), height=height, width=width,
                                          plain=plain)))

    def restore(self, request: Request) -> None:
        """Restore a picture, or compute one window of what it would be."""
        picture = self._pictures.picture(request["picture"])
        fill = request.get("fill")
        steps = [] if fill is None else [Fill(self._pictures.picture(fill).array[..., 0])]
        restore = Restore(request.get("clean") or 0, request.get("chroma"), request.get("sharpen") or 0)

        def added(planes: np.ndarray, tile: tiling.Tile) -> np.ndarray:
            return (planes - picture.window(*tile).transpose(2, 0, 1))[:picture.colours] + np.float32(0.5)

        self._run(request, Recipe(*steps, restore), added if request.get("residual") else None)

    def coarse(self, request: Request) -> None:
        """A picture painted anew by a coarse style, or one window of what it would be."""
        wish = Style(1.0, size=request.get("size") or None, seed=request.get("seed"))
        self._run(request, Recipe(Coarse({request["style"]: wish})))

    def specks(self, request: Request) -> None:
        """Where dust and scratches may be, as a mask of the whole picture."""
        picture = self._pictures.picture(request["picture"])
        self._plane(request, specks(picture, request["sensitivity"], request["size"]))

    def mask(self, request: Request) -> None:
        """The mask of what strokes mean, those of the picture `strokes`."""
        guide = self._pictures.guide(request["picture"])
        stopping.check()
        here, not_here = painted(self._pictures.picture(request["strokes"]).array[..., 0])
        self._plane(request, guide.mask(here, not_here, connected=request.get("connected", True)))

    def _plane(self, request: Request, plane: np.ndarray) -> None:
        """Send the wanted window of a plane of the whole picture, in one piece."""
        stopping.check()
        top, bottom, left, right = window = request.get("window") or (0, plane.shape[0], 0, plane.shape[1])
        part = np.ascontiguousarray(plane[top:bottom, left:right], np.float32)
        self.answer(request, {"tile": window, "done": 1, "tiles": 1, "channels": 1}, part.data.cast("B"))
        self.answer(request, {"end": True})

    def style(self, request: Request) -> None:
        """A texture's residual at β = 1, `gain` times, plus an offset: in as many channels as the picture has colours."""
        measured = self._pictures.measured(request["picture"])
        direction = request.get("direction")
        wish = Style(size=request.get("size") or None, direction=Along(direction) if isinstance(direction, list) else direction,
                     sharpness=None if request.get("sharpness", True) else False, seed=request.get("seed"))
        texture = layer_of(request["style"], wish, measured, measured.runtime.backend)
        gain, offset, colours = np.float32(request.get("gain", 1)), np.float32(request.get("offset", 0)), measured.source.colours

        def residual(tile: tiling.Tile) -> np.ndarray:
            planes = gain * texture.residual(tile) + offset
            return np.broadcast_to(planes, (colours, *planes.shape[-2:]))

        try:
            self._tiles(request, residual, measured.source.shape, TILE, texture.margin, colours)
        finally:
            texture.release()

    def batch(self, request: Request) -> None:
        """Enlarge a folder of pictures."""
        restore = Restore(clean=request.get("clean") or 0, sharpen=request.get("sharpen") or 0)
        enlarge = Enlarge(request["scale"], request.get("model"), picture=request.get("kind") or "auto", best=bool(request.get("best")))
        steps = [restore] * bool(restore.clean or restore.sharpen) + [enlarge] * (request["scale"] != 1)
        spec = BatchSpec(source=Path(request["input"]), target=Path(request["output"]), recipe=Recipe(*steps),
                         pattern=request.get("names") or "", ending=request.get("format"), existing=request.get("existing") or "skip",
                         recursive=bool(request.get("recursive")))
        todo = jobs(spec)
        if not todo:
            raise ValueError(f"{spec.source} holds no pictures")
        number = {job.source: i for i, job in enumerate(todo)}

        def progress(job: Job, share: float) -> None:
            stopping.check()
            self.answer(request, {"file": job.source.name, "index": number[job.source], "files": len(todo), "share": share})

        summary = run(spec, todo, progress)
        self.answer(request, {"end": True, "summary": str(summary), "written": summary.written, "skipped": summary.skipped,
                              "failures": [[str(path), reason] for path, reason in summary.failures]})

    def learn(self, request: Request) -> None:
        """Learn a style from a picture."""
        pixels = self._pictures.picture(request["picture"]).array
        told = time.monotonic()

        def progress(share: float) -> None:
            nonlocal told
            stopping.check()
            if time.monotonic() - told > 0.2:
                told = time.monotonic()
                self.answer(request, {"file": request["name"], "share": share})

        with tempfile.TemporaryDirectory() as folder:
            picture = Path(folder, "selection.png")
            write(picture, PictureFile(np.clip(pixels, 0, 1)))
            wish = {key: request[key] for key in ("name", "minutes", "replace", "coarse")}
            learning.learn_style(learning.Wish(picture=picture, title=request["title"] or None, **wish), progress)
        self.answer(request, {"end": True})

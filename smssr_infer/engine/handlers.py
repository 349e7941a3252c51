"""What the engine does for the plug-in, request by request; what they say is in the package's own words."""

from __future__ import annotations

import contextlib
import functools
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from .. import __version__, files, own_styles, parts
from ..analysis.drawn_lines import Along
from ..analysis.rims import with_rims
from ..analysis.specks import specks
from ..analysis.treatment import Treatment
from ..arrays import stopping, tiling
from ..arrays.large import in_memory
from ..arrays.pixels import Picture
from ..io.picture_file import PictureFile
from ..io.temporary_file import write_bytes
from ..io.writing import write
from ..networks import manifest
from ..networks.cards import Card, MaterialCard, TextureCard
from ..networks.places import home, learnt, shipped
from ..nodes.enlarge import EnlargeNode
from ..nodes.fill import FILLED_FROM, depth
from ..nodes.guides import BlurGuide, NoiseGuide, QualityGuide
from ..nodes.material_layer import layer_of
from ..nodes.restore import RestoreNode
from ..nodes.result import Result
from ..nodes.style_layer import TILE
from ..recipe import Recipe
from ..select.strokes import drawn, painted
from ..steps import Coarse, Enlarge, Fill, Grain, Restore, Step
from ..textures import learning
from ..textures.style import Style
from . import lessons, protocol
from .folders import Folders
from .frames import write_frame
from .pictures import Pictures

Id = int | None


PATIENCE = 3.0
"""Seconds that a job has to end in once nobody listens any more."""

AROUND = 200
"""Pixels around a window in which specks are looked for, too, so that their surroundings and lengths are seen."""

FOR_THE_FILES = ("file", "sha256", "dog", "params", "receptive_field", "training_data", "loss", "metrics", "licence", "built",
                 "mean", "covariance", "source")
"""What of a card's row no plug-in needs."""


def _found(result: Result) -> dict[str, Any]:
    """What was found out of a picture on the way to a result: whether it is enlarged as a photograph, what a network was told."""
    found: dict[str, Any] = {}
    for node in result.nodes:
        if isinstance(node, EnlargeNode):
            found["photo"] = node.treatment is not Treatment.CLEAN
        elif isinstance(node, RestoreNode):
            for guide in node.guides:
                if isinstance(guide, NoiseGuide):
                    found["noise"] = round(guide.noise.luma, 1)
                elif isinstance(guide, QualityGuide) and guide.quality:
                    found["jpeg"] = round(guide.quality)
                elif isinstance(guide, BlurGuide):
                    found["blur"] = round(guide.sigma, 2)
    return found


def _direction(asked: Any) -> Any:
    """A request's direction as a `Style` has it."""
    return Along(asked) if isinstance(asked, list) else asked


class Engine:
    """The pictures that were put here, and the one job under way."""

    def __init__(self, answers: BinaryIO):
        self._answers = answers
        self._lock = threading.Lock()
        self._pictures = Pictures()
        self._folders = Folders()
        self._job: tuple[int, stopping.Scope] | None = None
        """The last request that was begun."""
        self._trying = contextlib.ExitStack()
        """Holds the style that is tried before it is kept."""
        self._grown: tuple[Picture, Picture, np.ndarray] | None = None
        """A picture, what was marked in it, and that with its rims: asked for once."""
        self.patience = PATIENCE
        """Seconds that the job under way has to end in."""
        self._cancelled = -1
        """Requests up to this id are not wanted any more."""

    def cancel(self, number: int) -> None:
        """End every request up to this id, under way or waiting. From any thread."""
        self._cancelled = max(self._cancelled, number)
        if self._job and self._job[0] <= self._cancelled:
            self._job[1].stop()

    def answer(self, number: int | None, header: dict[str, Any], payload: bytes | memoryview = b"") -> None:
        """Send one answer to the request of that id; from any thread."""
        with self._lock:
            write_frame(self._answers, {"id": number, **header}, payload)

    def serve(self, header: dict[str, Any], payload: bytes) -> None:
        """Do one request, whatever comes of it."""
        number = header.get("id")
        try:
            request = protocol.read(header)
            if isinstance(request, protocol.Put):  # at once, never dropped, or the next result would be computed without these rows
                self._pictures.put(request, payload)
            elif isinstance(request, protocol.Forget):
                self._pictures.forget(request.picture)
            elif isinstance(request, protocol.Hello):
                self.answer(number, self.hello())
            else:
                self._do(number, request)
        except stopping.Stopped:
            self.answer(number, {"cancelled": True})
        except MemoryError:
            self.answer(number, {"error": "not enough memory; try a smaller picture or scale"})
        except Exception as error:  # whatever it is, the plug-in has to say it in words, and the engine to go on
            if lacked := parts.lacked(error):
                self.answer(number, {"error": lacked[1], "part": lacked[0]})
                return
            words = files.said(error).splitlines() or [type(error).__name__]
            expected = isinstance(error, (ValueError, OSError))
            self.answer(number, {"error": words[0] if expected else f"{type(error).__name__}: {words[0]}"})

    def _do(self, number: int | None, request: protocol.Request) -> None:
        """Do a request that can be cancelled: the method of its name."""
        handler = getattr(self, request.do)
        with stopping.Scope() as scope:
            # Set before the look below, as a cancel sets its mark before it looks here: one sees the other.
            self._job = number or 0, scope
            if (number or 0) <= self._cancelled:
                raise stopping.Stopped
            scope.run(handler, number, request)

    def hello(self) -> dict[str, Any]:
        """Who is here, what models there are, and what is wrong with the user's own ones."""
        cards, trouble = manifest.read(shipped()), None
        try:
            cards += manifest.own()
        except ValueError as error:
            trouble = str(error)
        return {"version": __version__, "models": [self._told(card) for card in cards], "home": str(home() or ""),
                "python": sys.executable, "trouble": trouble, "missing": learning.missing(weights=learning.weights_kept()),
                "parts": parts.missing()}

    @staticmethod
    def _told(card: Card) -> dict[str, Any]:
        row = {key: value for key, value in card.row().items() if key not in FOR_THE_FILES}
        return row | {"own": card.folder == learnt(), "thumbnail": str(card.path.with_suffix(".png"))}

    def _tiles(self, number: Id, wanted: protocol.Window | None, work: Callable[[tiling.Tile], np.ndarray], whole: tuple[int, int],
               most: int, margin: int, channels: int, **told: Any) -> None:
        """Send `work(tile)`, planes `[C, h, w]`, for every tile of the `wanted` window, as soon as it is there.

        `most`, `margin`: as of `tiling.plan`. `told`: what the last answer says.
        """
        top, bottom, left, right = wanted or (0, whole[0], 0, whole[1])
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
            self.answer(number, {"tile": tile, "done": len(done), "tiles": len(todo), "channels": len(planes)},
                        np.ascontiguousarray(planes.transpose(1, 2, 0), np.float32).data.cast("B"))

        tiling.run(send, todo, threads, None)
        self.answer(number, {"end": True, **told})

    def _run(self, number: Id, key: int, window: protocol.Window | None, recipe: Recipe,
             shown: Callable[[np.ndarray, tiling.Tile], np.ndarray] | None = None) -> None:
        """Send a window of what a recipe makes of a picture. `shown`: what to send instead of the planes of a tile."""
        picture, measured = self._pictures.picture(key), self._pictures.measured(key)
        recipe.size(picture.shape)  # before anything is computed
        result = recipe.build(picture, measured.runtime, measured)

        def work(tile: tiling.Tile) -> np.ndarray:
            out = picture.blank(tile[1] - tile[0], tile[3] - tile[2])
            result.write(tile, out, 0, 0)
            planes = out.reshape(*out.shape[:2], -1).transpose(2, 0, 1)
            return shown(planes, tile) if shown else planes

        try:
            self._tiles(number, window, work, result.shape, result.largest_tile, result.margin, picture.array.shape[2],
                        **_found(result))
        finally:
            result.release()

    def upscale(self, number: Id, request: protocol.Upscale) -> None:
        """Enlarge a picture, or compute one window of what it would be."""
        kind = "auto" if request.plain or request.model else request.kind
        step = Enlarge(model=request.model, picture=kind, best=request.best, plain=request.plain, height=request.height,
                       width=request.width, detail=request.detail)
        self._run(number, request.picture, request.window, Recipe(step, Grain()) if request.grain else Recipe(step))

    def restore(self, number: Id, request: protocol.Restore) -> None:
        """Restore a picture, or compute one window of what it would be."""
        picture = self._pictures.picture(request.picture)
        holes = None if request.fill is None else self._marked(request.picture, request.fill, request.rims)
        steps: list[Step] = [] if holes is None else [Fill(holes)]
        noise, jpeg, blur = ("auto" if value is None else value for value in (request.noise, request.jpeg, request.blur))
        steps.append(Restore(clean=request.clean, chroma=request.chroma, sharpen=request.sharpen, noise=noise, jpeg=jpeg, blur=blur))
        if request.grain and holes is not None:  # as much of it as cleaning leaves around the holes
            steps.append(Grain(beta=np.float32(1 - request.clean) * (holes >= FILLED_FROM)))

        def added(planes: np.ndarray, tile: tiling.Tile) -> np.ndarray:
            return (planes - picture.window(*tile).transpose(2, 0, 1))[:picture.colours] + np.float32(0.5)

        self._run(number, request.picture, request.window, Recipe(*steps), added if request.residual else None)

    def _marked(self, picture: int, fill: int, rims: bool) -> np.ndarray:
        """What a picture marks to be filled in another one; with the soft rims there, unless that would be too wide."""
        marks = self._pictures.picture(fill)
        mask = marks.array[..., 0]
        source = self._pictures.picture(picture)
        if not rims or mask.shape != source.shape:
            return mask
        if self._grown is None or self._grown[0] is not source or self._grown[1] is not marks:
            grown = with_rims(source, mask >= FILLED_FROM)
            with contextlib.suppress(ValueError):
                depth(grown)
                mask = grown.astype(np.float32)
            self._grown = source, marks, mask
        return self._grown[2]

    def rims(self, number: Id, request: protocol.Rims) -> None:
        """What a picture marks to be filled in another one, with the soft rims there."""
        self._plane(number, request.window, self._marked(request.picture, request.fill, rims=True))

    def coarse(self, number: Id, request: protocol.Coarse) -> None:
        """A picture painted anew by a painting or another coarse style, or one window of what it would be."""
        wish = Style(1.0, size=request.size or None, direction=_direction(request.direction), seed=request.seed, colour=request.colour,
                     detail=request.detail)
        self._run(number, request.picture, request.window, Recipe(Coarse({request.style: wish})))

    def specks(self, number: Id, request: protocol.Specks) -> None:
        """Where dust and scratches may be, as a mask; of a window, what is seen from it and around it."""
        picture = self._pictures.picture(request.picture)
        top, bottom, left, right = window = request.window or (0, picture.shape[0], 0, picture.shape[1])
        if not (0 <= top < bottom <= picture.shape[0] and 0 <= left < right <= picture.shape[1]):
            raise ValueError(f"the window does not lie inside {picture.shape[1]}×{picture.shape[0]}")
        up, start = max(0, top - AROUND), max(0, left - AROUND)
        part = in_memory(np.ascontiguousarray(picture.array[up:bottom + AROUND, start:right + AROUND]))
        measured = self._pictures.measured(request.picture)
        found = specks(part, request.sensitivity, request.size, request.kind, request.longest, measured)
        self._send(number, window, found[top - up:bottom - up, left - start:right - start])

    def mask(self, number: Id, request: protocol.Grow) -> None:
        """The mask of what strokes mean, painted in a picture or drawn."""
        from ..select.guide import without_holes  # SciPy takes a quarter of a second to import

        guide = self._pictures.guide(request.picture)
        stopping.check()
        planes = () if request.strokes is None else painted(self._pictures.picture(request.strokes).array[..., 0])
        mask = guide.grown(drawn(request.drawn, guide.shape, guide.step, *planes), request.connected)
        self._plane(number, request.window, without_holes(mask) if request.solid else mask)

    def _plane(self, number: Id, wanted: protocol.Window | None, plane: np.ndarray) -> None:
        """Send the wanted window of a plane of the whole picture, in one piece."""
        top, bottom, left, right = window = wanted or (0, plane.shape[0], 0, plane.shape[1])
        self._send(number, window, plane[top:bottom, left:right])

    def _send(self, number: Id, window: protocol.Window, plane: np.ndarray) -> None:
        """Send a window's plane in one piece."""
        stopping.check()
        part = np.ascontiguousarray(plane, np.float32)
        self.answer(number, {"tile": window, "done": 1, "tiles": 1, "channels": 1}, part.data.cast("B"))
        self.answer(number, {"end": True})

    def style(self, number: Id, request: protocol.Style) -> None:
        """A texture's residual at β = 1, `gain` times, plus an offset: in as many channels as the picture has colours."""
        measured = self._pictures.measured(request.picture)
        coloured = isinstance(manifest.find(request.style, TextureCard), MaterialCard)
        wish = Style(size=request.size or None, direction=_direction(request.direction),
                     sharpness=None if request.sharpness else False, seed=request.seed, colour=request.colour if coloured else None)
        texture = layer_of(request.style, wish, measured, measured.runtime.backend)
        gain, offset, colours = np.float32(request.gain), np.float32(request.offset), measured.source.colours

        def residual(tile: tiling.Tile) -> np.ndarray:
            planes = gain * texture.residual(tile) + offset
            return np.broadcast_to(planes, (colours, *planes.shape[-2:]))

        try:
            self._tiles(number, request.window, residual, measured.source.shape, TILE, texture.margin, colours)
        finally:
            texture.release()

    def batch(self, number: Id, request: protocol.Batch) -> None:
        """Do a folder of pictures."""
        self._folders.do(request, functools.partial(self.answer, number))

    def foresee(self, number: Id, request: protocol.Foresee) -> None:
        """Tell what doing a folder would come to."""
        self._folders.foresee(request, functools.partial(self.answer, number))

    def report(self, number: Id, request: protocol.Report) -> None:
        """Write the report of the folder that was done last."""
        self._folders.report(request, functools.partial(self.answer, number))

    def learn(self, number: Id, request: protocol.Learn) -> None:
        """Learn a style from a picture. Where it is cancelled, or nobody is there any more, what was learnt is kept."""
        pixels = self._pictures.picture(request.picture).array

        def begun() -> None:
            self.patience = lessons.KEEPING

        with tempfile.TemporaryDirectory() as folder, stopping.Scope() as scope:
            picture = Path(folder, "selection.png")
            write(picture, PictureFile(np.clip(pixels, 0, 1)))
            wish = learning.Wish(picture=picture, title=request.title or None, name=request.name, minutes=request.minutes,
                                 replace=request.replace, coarse=request.coarse)
            try:
                lessons.learn(wish, lambda share: self.answer(number, {"file": request.name, "share": share}), begun, lambda: scope.stopped)
            finally:
                self.patience = PATIENCE
        self.answer(number, {"end": True})

    def example(self, number: Id, request: protocol.Example) -> None:
        """Make a material or a painting from a picture: try it, or keep it under a title."""
        picture = self._pictures.picture(request.picture)
        sample = own_styles.as_sample(picture.array[..., :picture.colours].transpose(2, 0, 1))
        make = own_styles.painting if request.painting else own_styles.material
        warning = "" if request.painting else own_styles.small(sample)
        if request.title is None:
            self._trying.close()
            into = Path(self._trying.enter_context(tempfile.TemporaryDirectory(prefix="smssr-")))
            card, data = make(sample, "", into, f"tried-{uuid.uuid4().hex[:12]}")
            card.path.write_bytes(data)
            self._trying.enter_context(manifest.tried(card))
        else:
            own_styles.check_name(own_styles.name_of(request.title), request.replace)
            card, data = make(sample, request.title, own_styles.folder())
            own_styles.keep(card, data, replace=request.replace)
        self.answer(number, {"end": True, "name": card.name, "warning": warning})

    def own(self, number: Id, request: protocol.Own) -> None:
        """Rename, remove, export or import a style of the user's own."""
        name = request.name
        if request.action == "rename":
            name = own_styles.rename(name, request.title).name
        elif request.action == "remove":
            own_styles.remove(name)
        elif request.action == "export":
            write_bytes(Path(request.file), own_styles.handed_on(name))
        elif request.action == "import":
            name = own_styles.take(own_styles.read(Path(request.file))).name
        else:
            raise ValueError(f"a style is renamed, removed, exported or imported, not {request.action!r:.60}")
        self.answer(number, {"end": True, "name": name})

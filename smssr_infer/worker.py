"""The engine as a process of its own, for the GIMP plug-in: requests on standard input, answers on standard output.

A frame is `<IQ` (length of a JSON header, length of what follows), the header, then raw bytes. A picture goes over as interleaved
float32 rows, an answer as tiles of them, so neither side holds a second copy. Requests carry an `id`, which their answers repeat:

    {"do": "hello"}                                            → {"version", "models": [cards], "home"}
    {"do": "put", "picture", "height", "width", "channels", "top", "rows"} + rows       (the first, top = 0, makes it; no answer)
    {"do": "upscale", "picture", "height", "width", "model", "window"}                  → tiles, {"end": true}
    {"do": "style", "picture", "style", "seed", "window", "offset"}                     → tiles of one channel, {"end": true}
    {"do": "batch", "input", "output", "scale", …}                                      → {"file", "share"} …, {"end", "summary", …}
    {"do": "learn", "picture", "name", "title", "minutes", "replace"}                   → {"file", "share"} …, {"end": true}
    {"do": "forget", "picture"}                                → no answer
    {"do": "cancel"}                                           → no answer; every request with this id or a lower one, under way or waiting,
                                                                 ends with {"cancelled": true}

What is wrong comes back as {"error": one line}. The process ends when its input does.
"""

from __future__ import annotations

import json
import os
import queue
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import BinaryIO

import numpy as np

from . import __version__, backends, batch, files, learning, manifest, tiling
from .pixels import Picture
from .stylize import TILE, Canvas, margin
from .stylize import network as style_network
from .upscale import MOST_PIXELS, Enlargement

HEAD = struct.Struct("<IQ")

PATIENCE = 3.0
"""Seconds that a job has to end in once nobody listens any more."""


class Cancelled(Exception):
    """The job is not wanted any more."""


def read_frame(stream: BinaryIO) -> tuple[dict, bytes] | None:
    """The next frame's header and bytes; None at the end of the stream."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    length, more = HEAD.unpack(head)
    header = stream.read(length)
    payload = stream.read(more) if more else b""
    return (json.loads(header), payload) if len(header) == length and len(payload) == more else None


def write_frame(stream: BinaryIO, header: dict, payload: bytes | memoryview = b"") -> None:
    """Write one frame and flush it."""
    text = json.dumps(header).encode()
    stream.write(HEAD.pack(len(text), len(payload)) + text)
    stream.write(payload)
    stream.flush()


class Engine:
    """The pictures that were put here, and the one job under way."""

    def __init__(self, answers: BinaryIO):
        self._answers = answers
        self._lock = threading.Lock()
        self._pictures: dict[int, np.ndarray] = {}
        self._canvases: dict[int, Canvas] = {}
        self._request = 0
        self.cancelled = -1
        """Requests up to this id are not wanted any more."""

    def answer(self, request: dict, header: dict, payload: bytes | memoryview = b"") -> None:
        """Send one answer to a request; from any thread."""
        with self._lock:
            write_frame(self._answers, {"id": request.get("id"), **header}, payload)

    def serve(self, request: dict, payload: bytes) -> None:
        """Do one request, whatever comes of it."""
        try:
            self._request = request.get("id") or 0
            self._check()
            jobs = {"hello": self.hello, "put": self.put, "upscale": self.upscale, "style": self.style, "batch": self.batch,
                    "learn": self.learn, "forget": self.forget}
            job = jobs.get(request.get("do"))
            if job is None:
                raise ValueError(f"the engine does not know how to {request.get('do')!r}")
            job(request, payload)
        except Cancelled:
            self.answer(request, {"cancelled": True})
        except MemoryError:
            self.answer(request, {"error": "not enough memory; take a smaller picture or scale"})
        except Exception as error:  # whatever it is, the plug-in has to say it in words, and the engine to go on
            words = str(error).splitlines() or [type(error).__name__]
            self.answer(request, {"error": words[0] if isinstance(error, (ValueError, OSError)) else f"{type(error).__name__}: {words[0]}"})

    def hello(self, request: dict, _: bytes) -> None:
        """Who is here and what models there are."""
        keys = ("name", "task", "title", "scale", "strength", "kappa", "seed", "sha256")
        cards = [{key: getattr(card, key) for key in keys if hasattr(card, key)}
                 | {"default": getattr(card, "default", False), "own": card.folder == manifest.learnt(),
                    "thumbnail": str(card.path.with_suffix(".png"))} for card in manifest.models()]
        self.answer(request, {"version": __version__, "models": cards, "home": str(manifest.home()), "python": sys.executable})

    def put(self, request: dict, payload: bytes) -> None:
        """Take some rows of a picture."""
        key, shape = request["picture"], (request["height"], request["width"], request["channels"])
        if request["top"] == 0:
            self.forget(request, b"")
            self._pictures[key] = np.empty(shape, np.float32)
        rows = np.frombuffer(payload, np.float32).reshape(request["rows"], *shape[1:])
        self._pictures[key][request["top"]:request["top"] + request["rows"]] = rows

    def forget(self, request: dict, _: bytes) -> None:
        """Give a picture's memory back."""
        self._pictures.pop(request["picture"], None)
        self._canvases.pop(request["picture"], None)

    def _canvas(self, request: dict) -> Canvas:
        key = request["picture"]
        if key not in self._pictures:
            raise ValueError("the engine has no such picture")
        if key not in self._canvases:
            self._canvases[key] = Canvas(Picture(self._pictures[key]), tiling.cores(), self._check)
        return self._canvases[key]

    def _check(self, *_) -> None:
        if self._request <= self.cancelled:
            raise Cancelled

    def _tiles(self, request: dict, work, whole: tuple[int, int], most: int, margin: int, channels: int) -> None:
        """Send `work(tile)`, planes `[C, h, w]`, for every tile of the wanted window, as soon as it is there.

        `most`, `margin`: as of `tiling.plan`.
        """
        top, bottom, left, right = request.get("window") or (0, whole[0], 0, whole[1])
        if not (0 <= top < bottom <= whole[0] and 0 <= left < right <= whole[1]):
            raise ValueError(f"the window does not lie inside {whole[1]}×{whole[0]}")
        threads = tiling.cores()
        todo = [(top + a, top + b, left + c, left + d)
                for a, b, c, d in tiling.plan(bottom - top, right - left, most, margin, threads)]
        done = []

        def send(tile: tiling.Tile) -> None:
            self._check()
            planes = work(tile)[:channels]
            done.append(tile)
            self.answer(request, {"tile": tile, "done": len(done), "tiles": len(todo), "channels": len(planes)},
                        np.ascontiguousarray(planes.transpose(1, 2, 0), np.float32).data.cast("B"))

        tiling.run(send, todo, threads, self._check)
        self.answer(request, {"end": True})

    def upscale(self, request: dict, _: bytes) -> None:
        """Enlarge a picture, or compute one window of what it would be."""
        picture = self._canvas(request).picture
        size = request["height"], request["width"]
        if size[0] * size[1] > MOST_PIXELS:
            raise ValueError(f"{size[1]}×{size[0]} is over {MOST_PIXELS >> 20} Mpx; take a smaller scale")
        enlargement = Enlargement(picture, *size, request.get("model"))
        channels = picture.array.shape[2]

        def work(tile: tiling.Tile) -> np.ndarray:
            out = picture.blank(tile[1] - tile[0], tile[3] - tile[2])
            enlargement.write(tile, out, 0, 0)
            return out.reshape(*out.shape[:2], -1).transpose(2, 0, 1)

        try:
            self._tiles(request, work, size, enlargement.largest_tile, enlargement.margin, channels)
        finally:
            enlargement.release()

    def style(self, request: dict, _: bytes) -> None:
        """A style's residual at β = 1, plus an offset."""
        canvas = self._canvas(request)
        card = manifest.find(request["style"], "style")
        net = style_network(card.name, card.sha256, backends.choose())
        canvas.contrast(card)
        seed = request.get("seed")
        seed = card.seed if seed is None else seed
        try:
            offset = np.float32(request.get("offset", 0))
            self._tiles(request, lambda tile: canvas.residual(net, tile, seed)[None] + offset, canvas.picture.shape, TILE, margin(net), 1)
        finally:
            net.graph.release()

    def batch(self, request: dict, _: bytes) -> None:
        """Enlarge a folder of pictures."""
        scale, model = request["scale"], request.get("model")
        jobs = batch.jobs(Path(request["input"]), Path(request["output"]), scale=scale, model=model,
                          pattern=request.get("names") or batch.PATTERN, format_=request.get("format"),
                          recursive=bool(request.get("recursive")))
        if not jobs:
            raise ValueError(f"{request['input']} holds no pictures")
        number = {job.source: i for i, job in enumerate(jobs)}

        def progress(job: batch.Job, share: float) -> None:
            self._check()
            self.answer(request, {"file": job.source.name, "index": number[job.source], "files": len(jobs), "share": share})

        summary = batch.run(jobs, scale=scale, model=model, existing=request.get("existing") or "skip", progress=progress)
        self.answer(request, {"end": True, "summary": str(summary), "written": summary.written, "skipped": summary.skipped,
                              "failures": [[str(path), reason] for path, reason in summary.failures]})

    def learn(self, request: dict, _: bytes) -> None:
        """Learn a style from a picture."""
        pixels = self._canvas(request).picture.array
        told = time.monotonic()

        def progress(share: float) -> None:
            nonlocal told
            self._check()
            if time.monotonic() - told > 0.2:
                told = time.monotonic()
                self.answer(request, {"file": request["name"], "share": share})

        with tempfile.TemporaryDirectory() as folder:
            picture = Path(folder, "selection.png")
            files.write(picture, files.PictureFile(np.clip(pixels, 0, 1)))
            learning.learn_style(progress, picture=picture, **{key: request[key] for key in ("name", "title", "minutes", "replace")})
        self.answer(request, {"end": True})


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else prints must not get into the frames
    engine, requests = Engine(answers), queue.Queue()

    def listen() -> None:
        while frame := read_frame(sys.stdin.buffer):
            if frame[0].get("do") == "cancel":
                engine.cancelled = frame[0]["id"]
            else:
                requests.put(frame)
        engine.cancelled = sys.maxsize
        requests.put(None)
        threading.Timer(PATIENCE, os._exit, [1]).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        while frame := requests.get():
            engine.serve(*frame)
    except BrokenPipeError:
        pass
    os._exit(0)


if __name__ == "__main__":
    main()

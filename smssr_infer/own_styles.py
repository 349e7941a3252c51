"""Styles of the user's own by example: a material or a painting from any picture, in a second; renamed, removed, handed on in one file."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
import uuid
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from . import files
from .analysis.palette import Palette
from .api import stylize
from .arrays.scale_space import smooth
from .networks import manifest
from .networks.cards import Card, CoarseCard, MaterialCard, PaintingCard, TextureCard, from_row
from .networks.places import learnt, shipped
from .residuals import style_residual
from .textures import preparing
from .textures.style import Style

QUALITY = 85
"""Of the samples' WebP files: some 60 to 100 kB each."""

STRENGTH = 0.8
"""β of a material where the user asks for none."""

SIDE = 96
"""Of thumbnails, in pixels."""

SPREAD = 0.13
"""Standard deviation of the texture in a thumbnail."""

SHOWN = 4
"""The thumbnail of a painting is made so many times as large, and reduced."""

SUFFIX = ".smssr"
"""Ending of the file in which a style is handed on: a ZIP archive of its row, its file and its thumbnail."""

PNG = b"\x89PNG\r\n\x1a\n"

MOST_BYTES = 64 << 20
"""A style's file has at most so many."""


def name_of(title: str) -> str:
    """The name of a style that is called so: letters, digits, - and _. Raises ValueError where nothing is left of it."""
    name = re.sub(r"[^\w]+", "-", title).strip("-_")[:40]
    if not name:
        raise ValueError(f"a style needs a name with letters or digits in it, unlike {title!r:.60}")
    return name


def _named(title: str) -> str | None:
    """The name of a style that is called so; None where it cannot be."""
    try:
        return name_of(title)
    except ValueError:
        return None


def folder() -> Path:
    """The user's folder of styles. Raises ValueError where there is no home."""
    found = learnt()
    if found is None:
        raise ValueError("there is no home folder to keep a style in; say in SMSSR_HOME which folder is to hold yours")
    return found


def check_name(name: str, replace: bool) -> None:
    """Raises ValueError for a name that is taken: by what ships, or, unless it is to be replaced, by a style of the user's own."""
    if any(card.name == name for card in manifest.read(shipped())):
        raise ValueError(f"{name} is the name of a style or model that ships with smssr; choose another")
    if not replace and any(card.name == name for card in manifest.own()):
        raise ValueError(f"you have a style {name} already; choose another name, or rename or replace that one")


def webp(pixels: np.ndarray, quality: int = QUALITY) -> bytes:
    """A sample `[h, w, 3]` uint8 as a file."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "WEBP", quality=quality, method=6)
    return stream.getvalue()


def as_sample(planes: np.ndarray) -> np.ndarray:
    """Planes `[1 or 3, h, w]` as the picture that a style is made of: `[h, w, 3]` uint8."""
    return np.rint(255 * np.broadcast_to(np.clip(planes, 0, 1), (3, *planes.shape[1:])).transpose(1, 2, 0)).astype(np.uint8)


def material(picture: np.ndarray, title: str, into: Path, name: str | None = None) -> tuple[MaterialCard, bytes]:
    """A material made from a picture `[h, w, 3]` uint8, 64 pixels a side or more: its card in a folder, and its file; nothing is written.

    Of a picture larger than 320 pixels a side it is the middle. `name`: None makes one of the title. Raises ValueError, in one line, for a
    name that cannot be, and for a picture without structure.
    """
    prepared = preparing.prepare(picture, preparing.lighting(picture))
    data = webp(prepared.pixels)
    name = name or name_of(title)
    return MaterialCard(name=name, file=file_name(into, name, ".webp"), sha256=hashlib.sha256(data).hexdigest(), title=title,
                        licence="your own", source="a picture of your own", folder=into, seed=1, strength=STRENGTH,
                        steerable=prepared.coherence >= preparing.TURNS, reference_angle=round(prepared.lies, 1),
                        cell=round(prepared.cell, 1), contrast=round(prepared.contrast, 4)), data


def painting(picture: np.ndarray, title: str, into: Path, name: str | None = None) -> tuple[PaintingCard, bytes]:
    """A painting's hand, from a picture of one, `[h, w, 3]` uint8: its card and its file, as `material`."""
    palette = Palette.of(picture.astype(np.float32) / 255)
    data = webp(preparing.prepare_painting(picture))
    name = name or name_of(title)
    return PaintingCard(name=name, file=file_name(into, name, ".webp"), sha256=hashlib.sha256(data).hexdigest(), title=title,
                        licence="your own", source="a painting of your own", folder=into, seed=1,
                        mean=tuple(palette.mean.round(6).tolist()), covariance=tuple(palette.covariance.ravel().round(8).tolist()),
                        stroke=preparing.STROKE, length=2.6, softness=1.5, raggedness=1.0), data


def file_name(into: Path, name: str, suffix: str) -> str:
    """A name for a style's file, in whose place nothing lies: until the new row is written, the old one needs the old file."""
    return f"{name}.{uuid.uuid4().hex[:12]}{suffix}" if (into / f"{name}{suffix}").exists() else f"{name}{suffix}"


def keep(card: Card, data: bytes, thumbnail: bytes | None = None, *, replace: bool = False) -> None:
    """Put a style into the user's list, with its file and its thumbnail. Raises ValueError for a name that is taken."""
    check_name(card.name, replace)
    before = next((old for old in manifest.own() if old.name == card.name), None)
    card.folder.mkdir(parents=True, exist_ok=True)
    manifest.write(card, data)
    if before is not None and before.path != card.path:
        manifest.remove_files(before)
    manifest.replace(card.path.with_suffix(".png"), thumbnail or _png(card))


def _png(card: Card) -> bytes:
    stream = io.BytesIO()
    thumbnail(card).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def own(name: str) -> Card:
    """The user's own style of that name. Raises ValueError where there is none."""
    found = next((card for card in manifest.own() if card.name in (name, _named(name))), None)
    if found is None:
        names = ", ".join(card.name for card in manifest.own()) or "none yet"
        raise ValueError(f"you have no style {name!r:.60}; yours: {names}")
    return found


def remove(name: str) -> None:
    """Remove a style of the user's own. Raises ValueError where there is none of that name."""
    manifest.remove(own(name))


def rename(name: str, title: str) -> Card:
    """Call a style of the user's own otherwise; a title of its own stays. Raises ValueError for a name that cannot be or is taken."""
    card = own(name)
    new = name_of(title)
    title = title if name_of(card.title) == card.name else card.title
    data, picture = manifest.load(card), card.path.with_suffix(".png")
    renamed = dataclasses.replace(card, name=new, title=title, file=file_name(card.folder, new, card.path.suffix))
    keep(renamed, data, files.read_bytes(picture) if picture.exists() else None, replace=new == name)
    if new != name:
        manifest.remove(card)
    return renamed


def handed_on(name: str) -> bytes:
    """A style of the user's own as one file for others (SUFFIX). Raises ValueError where there is none of that name."""
    card = own(name)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", json.dumps(card.row(), indent=1, ensure_ascii=False))
        archive.writestr("style", manifest.load(card))
        if (picture := card.path.with_suffix(".png")).exists():
            archive.writestr("thumbnail.png", files.read_bytes(picture))
    return stream.getvalue()


def read(path: Path) -> bytes:
    """A file of somebody's style. Raises ValueError, in one line, for one that cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("it is too large for a style")
        return files.read_bytes(path)
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error


def take(data: bytes, *, replace: bool = False) -> Card:
    """Take in a style that somebody handed on. Raises ValueError, in one line, for a file that is none, or whose name is taken."""
    into = folder()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {part.filename: part for part in archive.infolist()}
            if {"card.json", "style"} - set(parts) or any(part.file_size > MOST_BYTES for part in parts.values()):
                raise ValueError("it holds no style")
            row, content = json.loads(archive.read("card.json")), archive.read("style")
            picture = archive.read("thumbnail.png") if "thumbnail.png" in parts else None
        card = from_row(row, into)
        if not isinstance(card, (TextureCard, CoarseCard)):
            raise ValueError(f"it holds a {card.noun}, not a style")
        if hashlib.sha256(content).hexdigest() != card.sha256:
            raise ValueError("it is damaged: its sha256 differs")
    except (zipfile.BadZipFile, OSError, RuntimeError, UnicodeError, ValueError, NotImplementedError, zlib.error) as error:
        raise ValueError(f"this is not a style that can be taken in: {error}") from error
    card = dataclasses.replace(card, file=file_name(into, card.name, Path(card.file).suffix))
    keep(card, content, picture if picture and picture.startswith(PNG) else None, replace=replace)
    return card


def small(picture: np.ndarray) -> str:
    """A warning where a sample `[h, w, 3]` is so small that what stands out in it is seen again; else empty."""
    height, width = picture.shape[:2]
    if min(height, width) >= preparing.ENOUGH:
        return ""
    return (f"the sample is only {width}×{height} pixels: what stands out in it will be seen again and again; "
            f"{preparing.ENOUGH} a side or more are better")


def thumbnail(card: Card) -> Image.Image:
    """What a style looks like, 96×96: a texture on a grey ball, a painting as a landscape."""
    return _landscape(card.name) if isinstance(card, CoarseCard) else _ball(card.name)


def _ball(name: str) -> Image.Image:
    down, across = np.mgrid[:SIDE, :SIDE].astype(np.float32) / (SIDE - 1) * 2 - 1
    height = np.maximum(0.85 - down**2 - across**2, 0)
    light = np.sqrt(height) - 0.35 * (down + across)
    picture = np.where(height > 0, 0.22 + 0.45 * light, 0.6).astype(np.float32)
    picture = np.repeat(smooth(picture, 0.7)[..., None], 3, -1)
    residual = style_residual(picture, name)
    residual = residual if residual.ndim == 3 else residual[..., None]
    styled = picture + residual * (SPREAD / residual.std())
    return Image.fromarray((255 * np.clip(styled, 0, 1) + 0.5).astype(np.uint8))


def _landscape(name: str) -> Image.Image:
    side = SIDE * SHOWN
    down, across = np.mgrid[:side, :side].astype(np.float32) / side
    picture = np.stack([0.45 + 0.4 * down, 0.6 + 0.2 * down, 0.9 - 0.2 * down])
    sun = np.hypot(down - 0.25, across - 0.68) < 0.12
    picture[:, sun] = np.array([[1.0], [0.9], [0.5]])
    for far, (height, swing, turns, colour) in enumerate(((0.52, 0.10, 1.3, (0.35, 0.45, 0.55)), (0.68, 0.07, 2.1, (0.25, 0.42, 0.22)),
                                                          (0.85, 0.05, 3.2, (0.45, 0.35, 0.15)))):
        picture[:, down > height + swing * np.sin(2 * np.pi * turns * across + far)] = np.array(colour)[:, None]
    picture = smooth(picture.astype(np.float32), 2.0).transpose(1, 2, 0)
    painted = stylize(np.ascontiguousarray(picture), coarse={name: Style(1.0, size=1)})
    return Image.fromarray((255 * np.clip(painted, 0, 1) + 0.5).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)

"""The lists of models: reading them, writing a row, looking a model up, verifying its file.

`weights/manifest.json` lists a card for each model and style that ships; the styles that a user has learnt are listed in the same way in
the user's own folder. A new model or style is a new row and a file; no code.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import filelock

from .. import files
from ..arrays import numbers
from .cards import CARDS, Card, EnlargingCard, Purpose, RestoringCard, from_row
from .places import learnt, shipped

FILE = "manifest.json"
LOCK = ".manifest.lock"

Kind = TypeVar("Kind", bound=Card)


def read(folder: Path) -> list[Card]:
    """The cards of a folder's `manifest.json`. Raises ValueError for one that is missing, broken or has a row that does not fit."""
    path = folder / FILE
    try:
        state = os.stat(path)
        return list(_cards(folder, (state.st_ino, state.st_size, state.st_mtime_ns)))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        remedy = "install smssr again" if folder == shipped() else "mend it, or move it away and learn its styles again"
        raise ValueError(f"cannot read the model list {path} ({getattr(error, 'strerror', None) or error}); {remedy}") from error


@functools.lru_cache(maxsize=4)
def _cards(folder: Path, _state: tuple[int, ...]) -> tuple[Card, ...]:
    """The cards of a folder, for as long as the file is as it was: a frame of an animation asks several times."""
    rows = json.loads(files.read_bytes(folder / FILE))
    return tuple(from_row(row, folder) for row in (rows if isinstance(rows, list) else [rows]))


def own() -> list[Card]:
    """The cards of the user's own styles. Raises ValueError where their list is broken."""
    folder = learnt()
    return read(folder) if folder and os.path.exists(folder / FILE) else []  # false, not an error, in a home that may not be entered


MENTIONED = 12
"""So many names, at most, are in an error's line."""
OTHERS = "… (smssr models)"
"""Where the others are."""

_tried: dict[str, Card] = {}
"""Styles that are tried before they are kept, by their names; of this process alone."""


@contextlib.contextmanager
def tried(card: Card) -> Iterator[None]:
    """Within it the card is found like any other, though no list has it: a style that is shown before it is kept."""
    _tried[card.name] = card
    try:
        yield
    finally:
        _tried.pop(card.name, None)


def models() -> list[Card]:
    """All cards, in the manifest's order, then those of the user's own styles. Read anew where the list has changed."""
    return read(shipped()) + own()


def find(name: str, kind: type[Kind] = Card) -> Kind:  # type: ignore[assignment]
    """The card of that name (and kind). Raises ValueError naming those that exist.

    The user's own list is looked into last, so a broken one troubles nobody who asks for a model that ships.
    """
    if not isinstance(name, str):
        raise ValueError(f"a {kind.noun} is chosen by its name, not {numbers.shown(name)}")
    if isinstance(card := _tried.get(name), kind):
        return card
    hyphened = "-".join(name.split())  # as it is called, and a style of one's own was named: "worn wood"
    fitting: list[Kind] = []
    for cards in (read(shipped()), None):
        part = [card for card in (own() if cards is None else cards) if isinstance(card, kind)]
        for card in part:
            if card.name in (name, hyphened):
                return card
        fitting += part
    other = next((card for card in models() if card.name == name), None)
    if other:
        is_ = f"a {other.noun}, not a {kind.noun}" if other.noun != kind.noun else f"a {other.noun} for another task"
        raise ValueError(f"{name} is {is_}; choose from: {_some([card.name for card in fitting])}")
    names = [card.name for card in fitting]
    like = difflib.get_close_matches(name.lower(), names, 1)
    raise ValueError(f"there is no {kind.noun} {name!r}; {f'did you mean {like[0]!r}? There are' if like else 'choose from'}: "
                     f"{_some(names)}")


def _some(names: list[str]) -> str:
    """Names for an error's one line: all, or the first MENTIONED and where the others are."""
    return ", ".join(names if len(names) <= MENTIONED else [*names[:MENTIONED], OTHERS])


def defaults(photo: bool = False) -> dict[int, EnlargingCard]:
    """The enlarging model to take for each scale where the user names none: for clean pictures, or for photographs as they come."""
    return {card.scale: card for card in read(shipped()) if isinstance(card, EnlargingCard) and card.default and card.photo == photo}


def restorers() -> list[RestoringCard]:
    """All restoring models."""
    return [card for card in read(shipped()) if isinstance(card, RestoringCard)]


def restorer(purpose: Purpose, name: str | None = None, blocks: bool = False) -> RestoringCard:
    """The model of that name, or the default one for a purpose, for pictures with or without JPEG blocks. All of them ship.

    Raises ValueError for a name of another purpose, or that there is not.
    """
    fitting = [card for card in restorers() if card.purpose is purpose]
    for card in fitting:
        if card.default and card.blocks == blocks if name is None else card.name == name:
            return card
    raise ValueError(f"there is no model {numbers.shown(name)} to {purpose.value}; choose from: {', '.join(card.name for card in fitting)}")


def load(card: Card) -> bytes:
    """The bytes of a card's file. Raises ValueError where it is missing or its sha256 differs from the card's."""
    remedy = "install smssr again" if card.folder == shipped() else f"learn {card.name} again: smssr learn-style --replace"
    try:
        data = files.read_bytes(card.path)
    except OSError as error:
        raise ValueError(f"cannot read the weights {card.path} ({error.strerror}); {remedy}") from error
    if hashlib.sha256(data).hexdigest() != card.sha256:
        raise ValueError(f"the weights {card.path} are damaged (sha256 differs from the model list); {remedy}")
    return data


def write(card: Card, graph: bytes | None = None) -> None:
    """Put a card, and its file if there is a `graph`, into the card's folder, in place of the one of the same name if there is one.

    The list is replaced in one piece, by one process and thread after the other, so that no row of another gets lost.
    """
    path = card.folder / FILE
    with _alone(card.folder):
        if graph is not None:
            _replace(card.path, graph)
        rows = json.loads(files.read_bytes(path)) if path.exists() else []
        names = [row["name"] for row in rows]
        if card.name in names:
            rows[names.index(card.name)] = card.row()
        else:
            rows.append(card.row())
            rows.sort(key=lambda row: list(CARDS).index(row["task"]))
        _replace(path, (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))


def remove(card: Card) -> None:
    """Take a card out of its folder's list, and remove its files."""
    with _alone(card.folder):
        rows = json.loads(files.read_bytes(card.folder / FILE))
        kept = [row for row in rows if row["name"] != card.name]
        _replace(card.folder / FILE, (json.dumps(kept, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))
    remove_files(card)


def remove_files(card: Card) -> None:
    """Remove the files of a card that is in no list any more."""
    for path in (card.path, card.path.with_suffix(".png"), card.path.with_suffix(".md")):
        path.unlink(missing_ok=True)


def replace(path: Path, data: bytes) -> None:
    """Write a file into a folder of models; it appears whole or not at all."""
    with _alone(path.parent):
        _replace(path, data)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else writes to that folder of models. What a killed writer left there is removed."""
    with filelock.FileLock(folder / LOCK):
        for left in folder.glob(".*.partial"):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
        yield


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}-{uuid.uuid4().hex}.partial")
    try:
        with files.create(partial) as stream:
            files.take_rights(partial, path)
            stream.write(data)
            files.sync(stream)
        partial.replace(path)
        files.sync_path(path.parent)
    finally:
        partial.unlink(missing_ok=True)

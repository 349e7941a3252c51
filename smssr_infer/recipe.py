"""A recipe: what is to be done to a picture, step after step. Built once, it is what every door runs.

    recipe = Recipe(Restore(clean=0.6), Enlarge(scale=4), Stylize({"fur": mask}))
    larger = recipe.run(in_memory(image))

Steps that read each other in one pass are one part of it (holes are filled and the picture is restored; a texture lies on a coarse style);
between two parts a picture is held, rounded to its own depth, since what follows reads it again and again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import numbers
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from .analysis.drawn_lines import Along
from .analysis.measurements import Measurements
from .arrays.pixels import Picture
from .networks import external, manifest
from .networks.cards import Card
from .nodes.held import held
from .nodes.model_choice import MOST_PIXELS
from .nodes.result import Result
from .nodes.task_node import TaskNode
from .runtime import Runtime
from .steps import Beta, Coarse, Enlarge, Fill, Grain, Origin, Restore, Shape, Step, Stylize
from .textures.style import Style

IN_ONE_PASS = (Fill, Restore), (Fill, Grain), (Restore, Grain), (Enlarge, Grain), (Coarse, Stylize), (Coarse, Grain), (Stylize, Grain)
"""Which steps read the one before them without its being held."""


class Recipe:
    """An immutable sequence of steps. Two recipes with the same steps, settings, models and masks are equal.

    Parameters
    ----------
    *steps : Fill, Restore, Enlarge, Grain, Coarse or Stylize
        What is to be done, in that order.

    Examples
    --------
    >>> from smssr_infer import Enlarge, Recipe, Restore
    >>> Recipe(Restore(clean=0.6), Enlarge(scale=4)) == Recipe(Restore(clean=0.6), Enlarge(scale=4))
    True
    """

    def __init__(self, *steps: Step):
        """Raises ValueError, in one line, for what is no step."""
        for step in steps:
            if not isinstance(step, Step):
                raise ValueError(f"a recipe is made of steps such as Restore(clean=0.6), not {step!r:.60}")
        self.steps = steps

    def __repr__(self) -> str:
        return f"Recipe({', '.join(map(repr, self.steps))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def find(self, kind: type[Step]) -> Any:
        """The first step of a kind; None where there is none."""
        return next((step for step in self.steps if isinstance(step, kind)), None)

    def parts(self) -> list[Recipe]:
        """The recipe in parts between which the picture is held."""
        found: list[list[Step]] = []
        for before, step in zip((None, *self.steps), self.steps, strict=False):
            if (type(before), type(step)) in IN_ONE_PASS:
                found[-1].append(step)
            else:
                found.append([step])
        return [Recipe(*steps) for steps in found]

    def with_betas(self, change: Callable[[Beta], Beta]) -> Recipe:
        """The same with every β changed: read from its file, say."""
        return Recipe(*(step.with_betas(change) for step in self.steps))

    def resolved(self, measured: Measurements) -> Recipe:
        """The same with what its steps take from the picture that it is given; `measured`: of that."""
        return Recipe(*(step.resolved(measured) for step in self.steps))

    def size(self, shape: Shape, most: int = MOST_PIXELS) -> Shape:
        """The size that comes of a picture's. Raises ValueError for one that cannot be, or has over `most` pixels."""
        for step in self.steps:
            shape = step.size(shape, most)
        return shape

    def check(self, shape: Shape, runtime: Runtime) -> None:
        """Raises ValueError, in one line, for whatever does not fit a picture of that size, before any work is done."""
        for step in self.steps:
            step.check(shape, runtime.backend)
            shape = step.size(shape, 1 << 62)

    @property
    def fingerprint(self) -> str:
        """A hash of all that decides what it makes of a picture: settings, masks, and the models that it names, by what they hold."""
        found = hashlib.sha256()
        for word in _words(self.steps):
            found.update(word.encode("utf-8", "surrogatepass") if isinstance(word, str) else word)
            found.update(b"\0")
        return found.hexdigest()

    def build(self, picture: Picture, runtime: Runtime | None = None, measured: Measurements | None = None,
              origin: Origin | None = None) -> Result:
        """What the last part makes of the picture; all parts before it are computed now.

        `measured`: what was measured of the picture, where it was already; `origin`: what the first part knows of where the picture comes
        from. Raises ValueError, in one line, for what does not fit, before any work is done.
        """
        runtime = runtime or Runtime()
        if not self.steps:
            raise ValueError("the recipe is empty; it takes at least one step, such as Enlarge(scale=4)")
        measured = measured or Measurements(picture, runtime)
        parts = self.resolved(measured).parts()
        if len(parts) > 1:
            self.check(picture.shape, runtime)
        result: Result | None = None
        for number, part in enumerate(parts):
            share = runtime.share(number, len(parts))
            if result:
                picture = held(result)
                measured = Measurements(picture, share)
            origin = origin or Origin(measured, cleaned=False)
            result = Result(picture, part.chain(picture, measured, origin, share), share, result.parts if result else ())
            origin = part.origin_after(origin)
        assert result
        return result

    def origin_after(self, origin: Origin) -> Origin | None:
        """What is known after these steps of where the picture comes from; None where that is its own pixels alone."""
        for step in self.steps:
            if isinstance(step, Enlarge):
                return None
            if isinstance(step, Restore) and step.cleans:
                origin = Origin(origin.measured, cleaned=True)
        return origin

    def chain(self, picture: Any, measured: Measurements, origin: Origin, runtime: Runtime) -> TaskNode:
        """The nodes of one part, chained from the picture on: the last of them."""
        node = picture
        for step in self.steps:
            node = step.node(node, measured, origin, runtime)
            if isinstance(step, Coarse):
                measured = Measurements(node, runtime)
        return node

    def run(self, picture: Picture, runtime: Runtime | None = None) -> np.ndarray:
        """All that it makes of a picture, in one array. What the runtime's progress raises cancels the work."""
        return self.build(picture, runtime).whole()


def _words(value: Any) -> Iterator[str | bytes | memoryview]:
    """What tells two settings apart."""
    if isinstance(value, (Step, Style)):
        yield type(value).__name__
        for field in dataclasses.fields(value):  # type: ignore[arg-type]
            yield field.name
            setting = getattr(value, field.name)
            if field.name == "model" and setting is not None:
                yield _of_model(setting)
            elif field.name == "styles":
                for name, wish in setting.items():
                    yield _of_model(name)
                    yield from _words(wish)
            else:
                yield from _words(setting)
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype} {value.shape}"
        yield np.ascontiguousarray(value).reshape(-1).view(np.uint8).data
    elif isinstance(value, Along):
        yield from _words(vars(value))
    elif isinstance(value, Mapping):
        yield from _words(list(value.items()))
    elif isinstance(value, (list, tuple)):
        yield f"{len(value)}"
        for part in value:
            yield from _words(part)
    elif isinstance(value, (numbers.Real, np.generic)) and not isinstance(value, (bool, np.bool_)):
        yield repr(float(value))
    else:
        yield repr(value)


def _of_model(name: Any) -> str:
    """What a named model holds: a card's constants and weights, or an ONNX file's bytes and what is said beside it."""
    if isinstance(name, str) and not external.is_file(name):
        found: Card = manifest.find(name)
        return found.fingerprint
    return external.examine(str(name)).fingerprint

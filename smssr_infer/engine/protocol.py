"""What the plug-in asks of the engine. A request is one of these; the header of its frame is its fields, with `do` and an `id`.

The one home of the protocol: `smssr gimp install` copies this file into the plug-in, so it imports the standard library alone. What a field
means, the handler of that name in `handlers.py` says.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar

Window = tuple[int, int, int, int]
"""(top, bottom, left, right) of the result, half-open."""


@dataclasses.dataclass(frozen=True)
class Request:
    """Something asked of the engine."""

    do: ClassVar[str] = ""

    def header(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"do": self.do, **{field.name: getattr(self, field.name) for field in dataclasses.fields(self)}}


@dataclasses.dataclass(frozen=True)
class Hello(Request):
    """Version, models and styles → {"version", "models": [cards], "home", "python", "trouble", "missing", "parts"}.

    `missing`: packages that learning lacks; `parts`: those of `parts.py` that are not here.
    """

    do = "hello"


@dataclasses.dataclass(frozen=True)
class Cancel(Request):
    """Every request up to this one's id, under way or waiting, ends with {"cancelled": true}; pictures are still taken. No answer."""

    do = "cancel"


@dataclasses.dataclass(frozen=True)
class Put(Request):
    """Rows of a picture, interleaved float32, from the top down; the first, top = 0, make the picture anew. No answer."""

    do = "put"
    picture: Any = None
    height: Any = None
    width: Any = None
    channels: Any = None
    top: Any = None
    rows: Any = None


@dataclasses.dataclass(frozen=True)
class Forget(Request):
    """Give a picture's memory back. No answer."""

    do = "forget"
    picture: int


@dataclasses.dataclass(frozen=True)
class Upscale(Request):
    """→ tiles, {"end": true, "photo"}. `plain`: by bicubic alone; `kind`: auto, clean or photo; `grain`: as the picture has it;
    `detail`: how much of what a model invents, None for what it was trained for."""

    do = "upscale"
    picture: int
    height: int
    width: int
    model: str | None = None
    kind: str = "auto"
    best: bool = False
    plain: bool = False
    grain: bool = False
    detail: float | None = None
    window: Window | None = None


@dataclasses.dataclass(frozen=True)
class Restore(Request):
    """→ tiles, {"end": true, "noise", "jpeg", "blur"}: what the network was told, where it was. `fill`: the picture that is the mask;
    `noise`: σ of luma in levels, `jpeg`: the quality, 1 … 100, `blur`: σ in pixels, None to estimate it. `grain`: as the picture has it,
    where it was filled or cleaned. `residual`: what is added, plus a half, instead of all. `rims`: what is to be filled is grown as of
    `Rims` first.
    """

    do = "restore"
    picture: int
    clean: float = 0
    chroma: float | None = None
    sharpen: float = 0
    fill: int | None = None
    noise: float | None = None
    jpeg: float | None = None
    blur: float | None = None
    grain: bool = False
    residual: bool = False
    rims: bool = False
    window: Window | None = None


@dataclasses.dataclass(frozen=True)
class Rims(Request):
    """What the picture `fill` marks of a picture, with the soft rims of the scratches there → one tile of one channel, {"end": true}."""

    do = "rims"
    picture: int
    fill: int
    window: Window | None = None


@dataclasses.dataclass(frozen=True)
class Specks(Request):
    """Where dust and scratches may be → one tile of one channel, {"end": true}. `kind`: all, lines or specks; `longest`: 0 for any."""

    do = "specks"
    picture: int
    sensitivity: float
    size: int
    kind: str = "all"
    longest: int = 0
    window: Window | None = None


@dataclasses.dataclass(frozen=True)
class Grow(Request):
    """The mask of what strokes mean, those of the picture `strokes` and the drawn ones → one tile of one channel, {"end": true}.

    `drawn`: [whether it lies on what is meant, radius, [[x, y], …]] each, the later one over the earlier. `solid`: holes in it are filled.
    """

    do = "mask"
    picture: int
    strokes: int | None = None
    connected: bool = True
    drawn: Any = ()
    solid: bool = False
    window: Window | None = None


@dataclasses.dataclass(frozen=True)
class Style(Request):
    """A style's residual at β = 1, `gain` times, plus `offset` → tiles of as many channels as the picture has colours, {"end": true}.

    `size`: 0 in proportion to the picture; `direction`: degrees, "follow", lines of points, or None. `colour`: how much is shown of a
    material's own colours, 0 … 1; what has none does not know it.
    """

    do = "style"
    picture: int
    style: str
    seed: int | None = None
    size: float = 0
    direction: Any = None
    sharpness: bool = True
    colour: float = 1
    gain: float = 1
    offset: float = 0
    window: Window | None = None


@dataclasses.dataclass(frozen=True)
class Coarse(Request):
    """A picture painted anew by a painting or another coarse style → tiles, {"end": true}.

    `size`: 0 in proportion to the picture; `direction`: as of `Style`; `colour`, `detail`: 0 … 1, None for a coarse style that knows none.
    """

    do = "coarse"
    picture: int
    style: str
    seed: int | None = None
    size: float = 0
    direction: Any = None
    colour: float | None = None
    detail: float | None = None
    window: Window | None = None


@dataclasses.dataclass(frozen=True)
class Folder(Request):
    """What is wanted of a folder of pictures.

    `scale`, `width`, `height`, `long_edge`, `megapixels`: one of them; `recipe`: a file that says instead what is to be done;
    `background`: `#rrggbb`, or None to keep transparency; `instead`: what it is laid on where the format cannot hold it, or None to refuse
    it there.
    """

    input: str
    output: str
    scale: float | None = None
    width: int | None = None
    height: int | None = None
    long_edge: int | None = None
    megapixels: float | None = None
    recipe: str | None = None
    quality: int | None = None
    background: str | None = None
    instead: str | None = None
    keep_date: bool = False
    model: str | None = None
    kind: str = "auto"
    best: bool = False
    clean: float = 0
    sharpen: float = 0
    names: str = ""
    format: str | None = None
    existing: str = "skip"
    recursive: bool = False


@dataclasses.dataclass(frozen=True)
class Batch(Folder):
    """A folder → {"file", "index", "files", "share", "done"} …, {"end", "summary", "written", "skipped", "failures", "rows"}.

    `share`: of that file; `done`: of all pixels. `rows`: name, state and remarks (a list) of each picture, files by their
    names within the folders; `thumbnails`: whether a report of it may show the pictures.
    """

    do = "batch"
    thumbnails: bool = False


@dataclasses.dataclass(frozen=True)
class Foresee(Folder):
    """What doing a folder would come to → {"end", "pictures", "todo", "skipped", "seconds", "bytes", "failures"}; nothing is written."""

    do = "foresee"


@dataclasses.dataclass(frozen=True)
class Report(Request):
    """The report of the folder that was done last, into a file that ends in .csv or .html → {"end": true}."""

    do = "report"
    file: str


@dataclasses.dataclass(frozen=True)
class Learn(Request):
    """A style learnt from a picture → {"file", "share"} …, {"end": true}."""

    do = "learn"
    picture: int
    name: str
    title: str = ""
    minutes: float = 8
    replace: bool = False
    coarse: bool = False


@dataclasses.dataclass(frozen=True)
class Example(Request):
    """A material, or a painting, made from a picture → {"end": true, "name", "warning"}.

    `title`: what to call it; None: it is only tried, until the next one, under the name that the answer says.
    """

    do = "example"
    picture: int
    title: str | None = None
    painting: bool = False
    replace: bool = False


@dataclasses.dataclass(frozen=True)
class Own(Request):
    """Something done to a style of the user's own → {"end": true, "name"}.

    `action`: rename (to `title`), remove, export or import (`file`).
    """

    do = "own"
    action: str
    name: str = ""
    title: str = ""
    file: str = ""


KINDS: Sequence[type[Request]] = (Hello, Cancel, Put, Forget, Upscale, Restore, Rims, Specks, Grow, Style, Coarse, Batch, Foresee, Report,
                                  Learn, Example, Own)
REQUESTS: dict[str, type[Request]] = {kind.do: kind for kind in KINDS}


def read(header: dict[str, Any]) -> Request:
    """The request that a header is. Raises ValueError for one that there is not, and for fields that it lacks or has too many."""
    kind = REQUESTS.get(header.get("do", ""))
    if kind is None:
        raise ValueError(f"the engine does not know how to {header.get('do')!r:.60}")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    told = {name: value for name, value in header.items() if name not in ("do", "id")}
    for name in told:
        if name not in fields:
            raise ValueError(f"{kind.do} has no {name!r:.60}; there are {', '.join(fields)}")
    for name, field in fields.items():
        if field.default is dataclasses.MISSING and name not in told:
            raise ValueError(f"{kind.do} needs {name}")
    return kind(**told)

"""Photograph the dialogs in other languages on a small screen (1280 × 800), to be looked at: is anything cut off, or still in English?

    python tests/gimp/photograph_languages.py FOLDER [LANGUAGE …]      (all there are, and the pseudo-language, if none is given)

The pseudo-language, `he`, runs from right to left and is half as long again as English.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import photograph
import polib
import sandbox as boxes
from PIL import Image
from skimage import data

sys.path.insert(0, str(boxes.ROOT / "po"))
import catalogues  # noqa: E402

PSEUDO = "he"
ACCENTS = str.maketrans("aeiouncsy", "äéîöüñçšý")
DIALOGS = ("upscale", "batch", "restore", "repaint", "stylize")


def pseudo() -> polib.POFile:
    """Every text accented and lengthened, in brackets: what is in braces and underlined stays."""
    catalogue = polib.pofile(str(catalogues.TEMPLATE))
    catalogue.metadata = {**catalogues.HEADER, "Language": PSEUDO, "Plural-Forms": "nplurals=2; plural=(n != 1);"}

    def longer(text: str) -> str:
        words = "".join(part if part.startswith("{") else part.translate(ACCENTS) for part in re.split(r"(\{+[^}]*\}+)", text))
        end = re.search(r"[….]?$", words)[0]
        return f"[{words.removesuffix(end)} {('~~~~~ ' * len(text))[:len(text) // 2]}]{end}"

    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: longer(entry.msgid), 1: longer(entry.msgid_plural)}
        else:
            entry.msgstr = longer(entry.msgid)
    return catalogue


def pretend(box: boxes.Sandbox) -> None:
    """Give the installed plug-in the pseudo-language."""
    for plugin in (box.path / f"root/.config/GIMP/{box.version}/plug-ins").glob("smssr*"):
        folder = plugin / f"locale/{PSEUDO}/LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        pseudo().save_as_mofile(str(folder / "smssr.mo"))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with boxes.Sandbox("trixie") as box:
        for language in sys.argv[2:] or [*(path.stem for path in catalogues.languages()), PSEUDO]:
            Image.fromarray(data.chelsea()).save(box.exchange / "cat.png")
            photograph.dusty().save(box.exchange / "dusty.png")
            (box.exchange / "pictures").mkdir(exist_ok=True)
            if language == PSEUDO:
                pretend(box)
            texts = pseudo() if language == PSEUDO else polib.pofile(str(catalogues.FOLDER / f"{language}.po"))
            titles = {entry.msgid: re.escape(entry.msgstr).replace("\\ ", " ") for entry in texts}
            code = photograph.CODE.replace("TITLES = {}", f"TITLES = {titles!r}").partition('photograph("broken"')
            print(box.window(photograph.INSIDE + code[0] + 'photograph("batch"' + code[2].partition('photograph("batch"')[2], seconds=400,
                             **box.speak(language)))
            for name in (*DIALOGS, "layers"):
                with Image.open(box.exchange / f"{name}.png") as picture:
                    if name != "layers" and (picture.width > 1280 or picture.height > 760):
                        print(f"{language}: {name} is {picture.width} × {picture.height}")
                    picture.convert("RGB").save(folder / f"{language}-{name}.png")


if __name__ == "__main__":
    main()

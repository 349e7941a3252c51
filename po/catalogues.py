"""The catalogues of translations: python po/catalogues.py update (after a text has changed), compile (what `make` and the build do).

`po/smssr.pot` holds every text that users read: what `_`, `N_` and `ngettext` mark in the plug-in and the command, the titles of models and
styles, and the forms of errors (see `smssr_infer/sentences.py`). Needs polib alone.
"""

from __future__ import annotations

import ast
import errno
import json
import os
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "po"
TEMPLATE = FOLDER / "smssr.pot"
COMPILED = ROOT / "plugin/smssr/locale"
MARKED = ("plugin/smssr", "smssr_infer")
"""Where texts are marked."""

FORMED = ("smssr_infer",)
"""Where errors are raised, or remarks returned, that users meet in GIMP or at the command line."""

UNFORMED = tuple(f"smssr_infer/{place}" for place in (
    "__init__.py", "api.py", "arrays/masks.py", "batch/forecast.py", "checks/bench.py", "checks/cluster.py", "checks/machines.py",
    "checks/usage.py", "engine/frames.py", "lazy/", "residuals.py", "runtime.py"))
"""Where they are for whoever writes a program, or developers' checks, and stay English."""

PROGRAMS = frozenset((FOLDER / "programs.txt").read_text(encoding="utf-8").splitlines()[1:])
"""Forms elsewhere that are for programs, too, or that are no errors at all."""

COMMANDS = ("smssr_infer/cli.py", "smssr_infer/commands")
"""Where the command's helps are."""

TOLD = frozenset(("remark", "remarks", "lost", "left", "said"))
"""What the code calls what it tells of a picture: how it was read and treated, what its result cannot hold."""

SYSTEM = ("EACCES", "ENOENT", "ENOSPC", "EROFS", "EISDIR", "ENOTDIR", "ENAMETOOLONG", "EIO", "EBUSY", "EDQUOT", "EMFILE", "EFBIG")
"""What an operating system says most often of a file, by its name in `errno`."""

LEAST = 6
"""So many letters a form has at least that are always the same."""

HEADER = {"Project-Id-Version": "smssr", "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
          "Content-Transfer-Encoding": "8bit"}


def fields(text: str) -> list[str]:
    """The names in braces of a text, sorted. Raises ValueError where a brace is not closed."""
    return sorted(name for _literal, name, *_more in string.Formatter().parse(text) if name is not None)


def _name(value: ast.expr) -> str:
    """What a field of a form is called: after what stands there in the code."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(args=[first, *_rest]):
            return _name(first)
        case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.IfExp(body=inner) | ast.BinOp(left=inner):
            return _name(inner)
        case ast.Constant(value=str(words)) if words.isidentifier():
            return words
    return "words"


class Form(str):
    """A form, and the names of its fields that are numbers: what the code writes as `{share:.2%}`, say."""

    numbers: tuple[str, ...] = ()


def form(value: ast.expr) -> Form | None:
    """The form of a text in the code; None for what is no text."""
    if isinstance(value, ast.Constant):
        return Form(value.value.replace("{", "{{").replace("}", "}}")) if isinstance(value.value, str) else None
    if not isinstance(value, ast.JoinedStr):
        return None
    made, taken, numbers = "", set(), []
    for part in value.values:
        if isinstance(part, ast.Constant):
            made += part.value.replace("{", "{{").replace("}", "}}")
            continue
        name = stem = _name(part.value)
        number = 2
        while name in taken:
            name, number = f"{stem}{number}", number + 1
        taken.add(name)
        made += f"{{{name}}}"
        if part.format_spec and ast.unparse(part.format_spec).rstrip("'\"").endswith(("f", "g", "%")):
            numbers.append(name)
    whole = Form(made)
    whole.numbers = tuple(numbers)
    return whole


def letters(form: str) -> int:
    """How many letters of a form are always the same."""
    return sum(map(str.isalpha, "".join(words for words, *_field in string.Formatter().parse(form))))


def _appends(call: ast.expr) -> bool:
    """Whether a call adds to what is told of a picture."""
    return isinstance(call, ast.Attribute) and call.attr == "append" and ast.unparse(call.value).rpartition(".")[2] in TOLD


def forms(tree: ast.AST) -> Iterator[Form]:
    """The forms of the errors and remarks of a module: of what it raises, answers or keeps as a constant, and functions return as words."""
    roots: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            roots.append(node.exc)
        elif isinstance(node, ast.Call) and (getattr(node.func, "id", "") == "say" or _appends(node.func)):
            roots += node.args
        elif isinstance(node, ast.FunctionDef):
            inside = list(ast.walk(node))
            if node.returns is not None and "str" in ast.unparse(node.returns):
                roots += [inner.value for inner in inside if isinstance(inner, ast.Return) and inner.value]
            said = {name.id for inner in inside if isinstance(inner, ast.Raise) for name in ast.walk(inner) if isinstance(name, ast.Name)}
            roots += [inner.value for inner in inside if isinstance(inner, ast.Assign) and ast.unparse(inner.targets[0]) in said]
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and node.value:
            target = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            if target.rpartition(".")[2] in TOLD or (target.isupper() and isinstance(node.value, ast.Constant)):
                roots.append(node.value)
        elif isinstance(node, ast.Dict):
            roots += [value for key, value in zip(node.keys, node.values, strict=True) if key and ast.unparse(key) == "'error'"]
    for root in roots:
        pieces = {part for node in ast.walk(root) if isinstance(node, ast.JoinedStr) for part in node.values}
        pieces |= {part for node in ast.walk(root) if isinstance(node, ast.Compare) for part in ast.walk(node)}  # looked for, not said
        for node in ast.walk(root):
            made = form(node) if isinstance(node, ast.expr) and node not in pieces else None
            if made and " " in made and not made.startswith("<") and "\n" not in made and letters(made) >= LEAST:
                yield made


def nouns(tree: ast.AST) -> Iterator[str]:
    """What errors and remarks call things: the `noun` of the classes of a module, and what is in its `WORDS`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and ast.unparse(node.targets[0]) == "WORDS":
            yield from (word.value for word in node.value.values if isinstance(word, ast.Constant))
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Constant):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target) == "noun":
                yield str(node.value.value)


def helps(tree: ast.AST) -> Iterator[str]:
    """The forms of the helps of a command: what argparse is given as `help` and `description`, and what it says itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for word in node.keywords:
                if word.arg in ("help", "description"):
                    either = [word.value.body, word.value.orelse] if isinstance(word.value, ast.IfExp) else [word.value]
                    yield from filter(None, map(form, either))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("ARGPARSE", "USAGE"):
            yield from (word.value for word in ast.walk(node.value) if isinstance(word, ast.Constant))


def _texts(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    """The marked texts of a module, with their plurals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "ngettext"):
            texts = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            if texts:
                yield texts[0], texts[1] if node.func.id == "ngettext" else None


def _sources(places: tuple[str, ...]) -> Iterator[tuple[str, ast.AST]]:
    for place in places:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def errors() -> Iterator[tuple[str, Form]]:
    """The forms that users meet, and those in `PROGRAMS`, each with its file."""
    for where, tree in _sources(FORMED):
        if not where.startswith(UNFORMED):
            for text in forms(tree):
                yield where, text


def extracted() -> polib.POFile:
    """The template as the code has it now."""
    template = polib.POFile(wrapwidth=110)
    template.metadata = HEADER
    entries: dict[str, polib.POEntry] = {}

    def add(text: str, plural: str | None, where: str) -> None:
        entry = entries.setdefault(text, polib.POEntry(msgid=text))
        if plural:
            entry.msgid_plural, entry.msgstr_plural = plural, {0: "", 1: ""}
        if (where, "") not in entry.occurrences:
            entry.occurrences.append((where, ""))
        if fields(text) and "python-brace-format" not in entry.flags:
            entry.flags.append("python-brace-format")

    for where, tree in _sources(MARKED):
        for text, plural in _texts(tree):
            add(text, plural, where)
    for row in json.loads((ROOT / "weights/manifest.json").read_text(encoding="utf-8")):
        if row["task"] != "restore":
            for key in ("title", "about"):
                if row.get(key):
                    add(row[key], None, "weights/manifest.json")
    for where, tree in _sources(COMMANDS):
        for text in helps(tree):
            add(text, None, f"{where} (help)")
    for where, text in errors():
        if text not in PROGRAMS:
            add(text, None, f"{where} (error)")
    for where, tree in _sources(("smssr_infer/networks/cards.py", "smssr_infer/io/keeps.py", "smssr_infer/batch/report.py")):
        for noun in nouns(tree):
            add(noun, None, f"{where} (error)")
    for name in SYSTEM:
        add(os.strerror(getattr(errno, name)), None, "the system (error)")
    template.extend(entries.values())
    return template


def languages() -> list[Path]:
    """The catalogues there are."""
    return sorted(FOLDER.glob("*.po"))


def update() -> None:
    """Write the template, and into every catalogue what is new, still without words; what is gone goes."""
    template = extracted()
    template.save(str(TEMPLATE))
    for path in languages():
        catalogue = polib.pofile(str(path), wrapwidth=110)
        catalogue.merge(template)
        for entry in catalogue.obsolete_entries():
            catalogue.remove(entry)
        count = int(catalogue.metadata["Plural-Forms"].partition("nplurals=")[2][0])
        for entry in catalogue:  # `merge` takes the template's two for as many as there must be
            if entry.msgid_plural:
                entry.msgstr_plural = {form: entry.msgstr_plural.get(form, "") for form in range(count)}
        catalogue.save()
        missing = len(catalogue.untranslated_entries())
        print(f"{path.name}: {missing} of {len(catalogue)} are missing" if missing else f"{path.name}: complete")


def compile_all(folder: Path = COMPILED) -> None:
    """Write what gettext reads, beside the plug-in, and the forms of errors, each with the names of its fields that are numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in languages():
        target = folder / path.stem / "LC_MESSAGES"
        target.mkdir(parents=True, exist_ok=True)
        polib.pofile(str(path)).save_as_mofile(str(target / "smssr.mo"))
    numbers = {str(text): list(text.numbers) for _where, text in errors() if text.numbers}
    known = {entry.msgid: numbers.get(entry.msgid, []) for entry in polib.pofile(str(TEMPLATE))
             if any(where.endswith(("(error)", "(help)")) for where, _line in entry.occurrences)}
    (folder / "forms.json").write_text(json.dumps(known, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()

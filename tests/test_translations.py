"""The texts that users read: all of them are marked, every language has all of them, and what is in braces and underlined survives."""

import argparse
import ast
import re
import string
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import polib
import pytest

from smssr_infer import cli, translations
from smssr_infer.commands.arguments import USAGE
from smssr_infer.sentences import ADDED, EXAMPLE, Sentences, number

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "po"))
import catalogues  # noqa: E402

PLUGIN = ROOT / "plugin/smssr/smssr_gimp"
LANGUAGES = {path.stem: polib.pofile(str(path)) for path in catalogues.languages()}
MARKS = {"_", "N_", "ngettext"}

NO_WORDS = re.compile(r"R'G'B'A float|Y'? (float|u8)|Y'A float|R'G'B' .*|Change Brightness|\S+")
"""What has two words and is none for users: names of pixel formats."""


def words_of(tree):
    """The texts of a module with at least two words, or that end in …, that are neither marked nor docstrings."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or isinstance(above[node], ast.Expr):
            continue
        if not re.search(r"[^\W\d_]{2,} [^\W\d_]|[^\W\d_]{2,}…|[^\W\d_]{2,}\. ", node.value) or NO_WORDS.fullmatch(node.value):
            continue
        upper = node
        while upper in above and not (isinstance(upper, ast.Call) and isinstance(upper.func, ast.Name) and upper.func.id in MARKS):
            upper = above[upper]
        if upper not in above:
            yield node.value


def test_every_text_of_the_plug_in_is_marked():
    """Whatever looks like words is in a call of `_`, `N_` or `ngettext`."""
    found = [(path.name, text) for path in [*PLUGIN.rglob("*.py"), PLUGIN.parent / "smssr_setup/words.py"]
             for text in words_of(ast.parse(path.read_text()))]
    assert not found


def labels_of(path):
    """The texts that a file of the plug-in gives to what users see: arguments' labels, titles, buttons; those that are not marked."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        shown = [word.value for word in node.keywords if word.arg in ("label", "title", "text", "tooltip_text", "placeholder_text")]
        if re.fullmatch(r"add_\w+_(aux_)?argument|add_\w+_value", name):
            shown += node.args[1:3]
        if name in ("set_text", "set_label", "set_title", "add_button", "message", "EngineError", "labelled", "caption"):
            shown += node.args[:1]
        yield from (word.value for word in shown if isinstance(word, ast.Constant) and isinstance(word.value, str) and word.value)


def test_no_label_of_one_word_is_forgotten():
    assert not [(path.name, text) for path in PLUGIN.rglob("*.py") for text in labels_of(path)]


def test_nothing_is_translated_before_the_catalogue_is_bound():
    """libgimp binds it after the modules were imported: what they hold is marked by `N_`, and translated where it is shown."""
    for path in PLUGIN.rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Expr)):
                calls = [call.func.id for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)]
                assert not {"_", "ngettext"} & set(calls), path


def test_the_template_is_what_the_code_has():
    """`make catalogues` makes it so."""
    fresh, kept = catalogues.extracted(), polib.pofile(str(catalogues.TEMPLATE))
    assert {(entry.msgid, entry.msgid_plural) for entry in fresh} == {(entry.msgid, entry.msgid_plural) for entry in kept}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete(language):
    catalogue = LANGUAGES[language]
    template = polib.pofile(str(catalogues.TEMPLATE))
    assert {entry.msgid for entry in catalogue} == {entry.msgid for entry in template}
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []
    count = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])
    assert all(len(entry.msgstr_plural) == count for entry in catalogue if entry.msgid_plural)


def pairs(catalogue):
    """Every text, and what it became."""
    for entry in catalogue:
        if entry.msgid_plural:
            yield from ((entry.msgid_plural, text) for text in entry.msgstr_plural.values())
        else:
            yield entry.msgid, entry.msgstr


@pytest.mark.parametrize("language", LANGUAGES)
def test_fields_and_ends_survive(language):
    """What is in braces is filled in, with the same format; an ellipsis still promises a dialog."""
    for text, became in pairs(LANGUAGES[language]):
        told = [sorted((name, spec) for _words, name, spec, _conversion in string.Formatter().parse(words) if name is not None)
                for words in (text, became)]
        if not (text == "{0} minutes" or text == "{0} seconds") or told[1]:  # "one second" needs no number
            assert told[0] == told[1], (text, became)
        end = became.rstrip("“”»」』’")
        assert text.endswith("…") == end.endswith("…"), (text, became)
        assert text.endswith(".") <= end.endswith((".", "。")), (text, became)
        assert text[:1].isspace() == became[:1].isspace() and text.endswith("\n") == became.endswith("\n"), (text, became)
        for kept in ("NAME", "--dir", "{{name}}", "smssr gimp install", "SMSSR_HOME"):
            assert (kept in text) <= (kept in became), (text, became)


def mnemonic(text):
    """The letter that is underlined; None."""
    found = re.search(r"_(\w)", text)
    return found[1].lower() if found else None


DIALOGS = {
    "upscale": ("procedures/upscale", "dialogs/upscale_dialog", "dialogs/sizes", "procedures/common", "previews/side_by_side",
                "dialogs/preset_row"),
    "restore": ("procedures/restore", "dialogs/restore_dialog", "previews/side_by_side", "dialogs/preset_row"),
    "stylize": ("procedures/stylize", "dialogs/stylize_dialog", "previews/side_by_side", "dialogs/preset_row"),
    "repaint": ("procedures/repaint", "dialogs/repaint_dialog", "previews/side_by_side", "dialogs/preset_row"),
    "grow": ("procedures/grow", "dialogs/grow_dialog"),
    "specks": ("procedures/specks",), "batch": ("procedures/batch", "dialogs/batch_dialog", "procedures/common", "dialogs/preset_row"),
    "batch's results": ("dialogs/batch_results",),
    "material": ("procedures/material",), "learn": ("procedures/learn",), "own styles": ("dialogs/own_styles_dialog",),
    "set up": ("dialogs/setup_dialog",), "missing": ("dialogs/learn_dialog",)}
"""The files that have the labels of a dialog."""

EVERYWHERE = ("dialogs/widgets",)
"""Those of every dialog of GIMP's kind: Help."""

ONE_OR_THE_OTHER = ({"Copy R_eport", "Copi_ed"}, {"Set _Up", "_Upgrade"}, {"Set _Up", "Try _Again"}, {"_Upgrade", "Try _Again"},
                    {"_Cancel", "_Close"}, {"_Copy the Command", "_Close"}, {"_Cancel", "Copy R_eport"}, {"_Cancel", "Copi_ed"},
                    {"_Open", "_Remove"}, {"Pict_ure", "_Save Report…"})
"""What is never seen at once; a column's title shows no letter."""


def in_dialog(name):
    """The labels of a dialog that have a mnemonic, without those of the menu."""
    files = [*DIALOGS[name], *(EVERYWHERE if name not in ("set up", "missing", "own styles", "batch's results") else ())]
    found = set()
    for file in files:
        tree = ast.parse((PLUGIN / f"{file}.py").read_text())
        menu = {node.args[1] for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "described"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and node not in menu:
                text = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
                if mnemonic(text) and "smssr" not in text and "_ " not in text and not text.startswith("{"):
                    found.add(text)
    return found


def menu():
    """The labels of our menu."""
    return {node.args[1].args[0].value for path in (PLUGIN / "procedures").glob("*.py") for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "described"}


def clashes(labels, translate):
    """The labels that have the same letter underlined, and those that have lost it."""
    for one, other in combinations(sorted(labels), 2):
        if mnemonic(translate(one)) == mnemonic(translate(other)) and {one, other} not in ONE_OR_THE_OTHER:
            yield one, other
    yield from (label for label in labels if not mnemonic(translate(label)))


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("dialog", [*DIALOGS, "the menu"])
def test_mnemonics_do_not_clash(language, dialog):
    became = {} if language == "en" else {entry.msgid: entry.msgstr for entry in LANGUAGES[language]}
    labels = menu() if dialog == "the menu" else in_dialog(dialog)
    assert not list(clashes(labels, lambda label: became.get(label, label)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_work(language, tmp_path):
    """gettext itself takes the form that a number wants."""
    import gettext

    catalogues.compile_all(tmp_path)
    spoken = gettext.translation("smssr", tmp_path, [language])
    for one, many in (("{0} second", "{0} seconds"), ("{0} minute", "{0} minutes")):
        entry = next(entry for entry in LANGUAGES[language] if entry.msgid == one)
        said = {number: spoken.ngettext(one, many, number) for number in (1, 2, 5, 11, 21, 22, 25, 100, 101)}
        assert set(said.values()) == set(entry.msgstr_plural.values())
        if language in ("ru", "uk"):
            assert said[1] == said[21] == said[101] != said[2] == said[22] != said[5] == said[11] == said[25] == said[100]
        if language == "pl":
            assert said[1] != said[21] == said[5] == said[11] != said[2] == said[22]


FORMS = ["{path} is not a folder", "cannot read {path}: {error}", "it is {what}, not a file", "there is no {noun} {name}; {words}: {names}",
         "did you mean {like}? There are", "a pattern must contain {{name}}, unlike {pattern}", "not kept: {lost}", "colour profile",
         "EXIF", "{words} (too long)"]
GERMAN = {FORMS[0]: "{path} ist kein Ordner", FORMS[1]: "{path} lässt sich nicht lesen: {error}", FORMS[2]: "es ist {what} und keine Datei",
          FORMS[3]: "{noun} {name} gibt es nicht; {words}: {names}", FORMS[4]: "vielleicht {like}? Es gibt",
          FORMS[5]: "ein Muster muss {{name}} enthalten, anders als {pattern}", FORMS[6]: "nicht übernommen: {lost}",
          FORMS[7]: "Farbprofil", FORMS[9]: "{words} (zu lang)"}


@pytest.mark.parametrize("words, became", [
    ("/a b/c is not a folder", "/a b/c ist kein Ordner"),
    ("cannot read x.png: it is a link, not a file", "x.png lässt sich nicht lesen: es ist a link und keine Datei"),
    ("there is no style 'fir'; did you mean 'fur'? There are: fur, bark",
     "style 'fir' gibt es nicht; vielleicht 'fur'? Es gibt: fur, bark"),
    ("a pattern must contain {name}, unlike {x}", "ein Muster muss {name} enthalten, anders als {x}"),
    ("a.png: {odd} is not a folder", "a.png: {odd} ist kein Ordner"),
    ("a.jpg not kept: EXIF, colour profile", "a.jpg nicht übernommen: EXIF, Farbprofil"),
    ("not kept: EXIF (too long), colour profile", "nicht übernommen: EXIF (zu lang), Farbprofil"),
    ("not kept: EXIF, something else", "nicht übernommen: EXIF, something else"),
    ("nothing of that kind", "nothing of that kind"), ("", "")])
def test_an_error_is_said_by_its_form(words, became):
    assert Sentences(FORMS).said(words, lambda form: GERMAN.get(form, form)) == became


def test_numbers_are_said_as_the_language_writes_them():
    """What is a number by the code, and nothing else: a folder may be called 2.5."""
    tree = ast.parse("""def f():\n  raise ValueError(f"{path} holds {share:.1%} of {most:g}")""")
    made, = catalogues.forms(tree)
    german = {made: "{path} enthält {share} von {most}", EXAMPLE: "12,5\u00a0%"}
    assert Sentences({str(made): made.numbers}).said("2.5 holds 1.5% of 0.25", german.get) == "2.5 enthält 1,5\u00a0% von 0,25"
    assert number(1234.5, ".1f", "12,5\u00a0%") == "1234,5" and number(0.5, ".0%", "12.5%") == "50%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_a_language_writes_numbers(language):
    shown = LANGUAGES[language].find(EXAMPLE).msgstr
    assert re.fullmatch(r"12[.,]5[\u00a0\u202f]?%", shown)
    assert ("." in shown) == (language in ("ja", "ko", "zh_CN"))


def test_forms_are_read_from_the_code():
    """Names come from what stands there; what is the same in braces stays in braces."""
    tree = ast.parse("""def f(path, n):\n  raise ValueError(f"{path!r} has {len(n)} rows{'' if n else '; leave out the {braces}'}")""")
    assert list(catalogues.forms(tree)) == ["{path} has {n} rows{words}", "; leave out the {{braces}}"]


def test_what_is_told_of_a_picture_has_a_form():
    """Remarks, by what the code calls them; what it looks for in words is none, nor is anything else that is appended."""
    tree = ast.parse("""def f(self, n):\n  self.remark = f"was {n} pixels wide"\n  lost.append("an unknown colour")\n"""
                     """  remarks += ("is too dark to see",)\n  rows.append("nothing to say here")""")
    assert sorted(catalogues.forms(tree)) == ["an unknown colour", "is too dark to see", "was {n} pixels wide"]


def forms():
    """Those that are told apart by what they say: errors, and helps of the command."""
    return [entry.msgid for entry in polib.pofile(str(catalogues.TEMPLATE))
            if any(where.endswith(("(error)", "(help)")) or line.endswith(("(error)", "(help)")) for where, line in entry.occurrences)]


def test_what_stays_english_is_in_the_code():
    """Everything else that is raised, returned as words or said has a form, and so a translation in every catalogue."""
    found = {text for _where, text in catalogues.errors()}
    assert found >= catalogues.PROGRAMS
    assert not catalogues.PROGRAMS & set(forms())


def test_errors_have_a_form():
    """Each as it is raised is recognised: no form of another takes it for its own. Some only follow an error."""
    known = forms()
    assert len(known) > 200
    for form in known:
        words = form.format(**{name: f"‹{number}›" for number, name in enumerate(catalogues.fields(form))})
        before = "what was wrong" if form.startswith(ADDED) else ""
        said = Sentences(known).said(before + words, lambda found: f"<{found}>", 1)
        assert said.startswith(f"{before}<") and said.endswith(">"), form


def parsers(parser):
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from parsers(one)


def test_every_help_of_the_command_is_translated():
    spoken = Sentences(forms())
    texts = {USAGE, "options", "positional arguments"}
    for parser in parsers(cli.parser()):
        actions = [*parser._actions, *(choice for action in parser._actions if isinstance(action, argparse._SubParsersAction)
                                       for choice in action._choices_actions)]
        texts |= {parser.description, *(action.help for action in actions)} - {None, argparse.SUPPRESS}
    assert len(texts) > 90
    assert not [text for text in texts if not spoken.said(text, lambda form: "<" + form).startswith("<")]
    every = [entry.msgid + entry.msgstr for catalogue in LANGUAGES.values() for entry in catalogue
             if entry.msgid != EXAMPLE]
    assert not [text for text in every if "%" in text.replace("%%04d", "").replace("%04d", "")]


@pytest.mark.parametrize("language, words, missing", [
    ("de", "den Befehl 'upscal' gibt es nicht; vielleicht upscale? (siehe 'smssr --help')", "nix.png lässt sich nicht lesen"),
    ("ja", "コマンド 'upscal' はありません。もしかして upscale? ('smssr --help' を参照)", "nix.png を読めません"),
    ("xx", "there is no command 'upscal'; did you mean upscale? (see 'smssr --help')", "cannot read nix.png")])
def test_the_command_speaks_the_users_language(language, words, missing, tmp_path, monkeypatch, capsys):
    """Errors and help; exit statuses and names stay."""
    monkeypatch.setenv("LANGUAGE", language)
    translations._spoken.cache_clear()
    catalogues.compile_all()
    try:
        assert cli.main(["upscal"]) == 2
        assert words in capsys.readouterr().err
        assert cli.main(["upscale", "nix.png", str(tmp_path / "out.png")]) == 2
        assert missing in capsys.readouterr().err
        with pytest.raises(SystemExit):
            cli.main(["upscale", "--help"])
        helped = capsys.readouterr().out
        assert ("ein Bild vergrößern" in helped or "Vergrößert ein Bild" in helped) == (language == "de")
        assert "--scale S" in helped
    finally:
        translations._spoken.cache_clear()


def test_a_damaged_catalogue_keeps_no_error_from_being_said(tmp_path, monkeypatch):
    (tmp_path / "de/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "de/LC_MESSAGES/smssr.mo").write_bytes(b"no catalogue")
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setattr(translations, "folder", lambda: tmp_path)
    translations._spoken.cache_clear()
    assert translations.said("it is damaged") == "it is damaged"
    translations._spoken.cache_clear()


def test_help_pages_are_there_and_have_the_same_sections():
    """Each language names its page; those that have none of their own take the English one."""
    pages = {entry.msgstr for catalogue in LANGUAGES.values() for entry in catalogue if entry.msgid == "index.html"}
    assert {"index.html", "de.html"} <= pages
    english, *others = ((PLUGIN.parent / "help" / page).read_text() for page in ["index.html", *(pages - {"index.html"})])
    for other in others:
        for shape in (r'id="[^"]*"', r'data-name="[^"]*"', r"<(?:h1|h2|p|figure|nav)\b", r"(?s)<style>.*?</style>"):
            assert re.findall(shape, english) == re.findall(shape, other)


def test_the_wheel_has_all_catalogues():
    """What `setup.cfg` packs is what `compile` writes."""
    catalogues.compile_all()
    done = subprocess.run([sys.executable, "-c", "import setuptools.config.setupcfg as s; "
                           "print(s.read_configuration('setup.cfg')['options']['package_data']['smssr_infer.plugin'])"],
                          cwd=ROOT, capture_output=True, text=True, check=True)
    patterns = ast.literal_eval(done.stdout)
    packed = {path for pattern in patterns for path in (ROOT / "plugin").glob(pattern)}
    assert packed >= {ROOT / f"plugin/smssr/locale/{language}/LC_MESSAGES/smssr.mo" for language in LANGUAGES}
    assert ROOT / "plugin/smssr/locale/forms.json" in packed

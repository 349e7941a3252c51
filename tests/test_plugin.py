"""The plug-in without GIMP: what it imports, and how it talks to its engine. (tests/gimp runs it in real GIMPs.)"""

import ast
import json
import sys
import threading
import types
from pathlib import Path

import pytest

import smssr_infer as smssr
from smssr_infer import own_styles
from smssr_infer.engine import installing

PLUGIN = Path(__file__).parent.parent / "plugin/smssr"


def test_it_imports_the_standard_library_and_gi_alone():
    """GIMP's own Python has nothing else on Windows, macOS and Flatpak."""
    found = set()
    for path in PLUGIN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    assert "gi" in found
    assert found - sys.stdlib_module_names == {"gi", "smssr_gimp", "smssr_setup", "pip"}  # pip's wheel comes with the plug-in


@pytest.fixture
def engine(monkeypatch, tmp_path):
    """The plug-in's `engine` module, with a stand-in for GLib, and a way to say what the engine's program is."""
    repository = types.ModuleType("gi.repository")
    repository.GLib = types.SimpleNamespace(dgettext=lambda _domain, text: text)
    monkeypatch.setitem(sys.modules, "gi", types.ModuleType("gi"))
    monkeypatch.setitem(sys.modules, "gi.repository", repository)
    installing.copy_to(tmp_path / "smssr")
    monkeypatch.syspath_prepend(str(tmp_path / "smssr"))
    for name in [name for name in sys.modules if name.split(".")[0] in ("smssr_gimp", "smssr_setup")]:
        monkeypatch.delitem(sys.modules, name)
    from smssr_gimp import engine

    def program(code):
        (tmp_path / "engine.json").write_text(json.dumps({"command": [sys.executable, "-c", code]}))

    monkeypatch.setattr(engine, "RECORD", str(tmp_path / "engine.json"))
    engine.program = program
    return engine


REAL = "import runpy; runpy.run_module('smssr_infer.engine', run_name='__main__')"


def test_it_talks_to_the_engine(engine):
    engine.program(REAL)
    with engine.Engine() as running:
        hello = running.hello()
        assert "smssr-x4" in {card["name"] for card in hello["models"]}
        with pytest.raises(engine.EngineError, match="does not know how to 'dance'"):
            list(running.answers(running.send(types.SimpleNamespace(header=lambda: {"do": "dance"}))))


def test_an_engine_that_says_much_on_standard_error_does_not_stop(engine):
    """A progress bar wrote there without end, into a pipe that nobody read: learning hung after some 870 steps."""
    engine.program("import sys; sys.stderr.write('x' * 10**6)\n" + REAL)
    with engine.Engine() as running:
        assert running.hello()["version"]


def test_an_engine_that_dies_is_said_with_its_last_words(engine):
    engine.program("import sys; sys.stderr.write('first\\nthe disk is full\\n'); sys.exit(3)")
    with engine.Engine() as running, pytest.raises(engine.EngineError, match="the disk is full"):
        running.hello()


def test_a_plug_in_without_its_engine_says_what_to_do(engine, tmp_path):
    (tmp_path / "engine.json").unlink(missing_ok=True)
    with pytest.raises(engine.EngineError, match="smssr gimp install"):
        engine.Engine()
    (tmp_path / "engine.json").write_text(json.dumps({"command": ["/nowhere/python"]}))
    with pytest.raises(engine.EngineError, match="does not start"):
        engine.Engine()


def test_an_engine_that_is_not_set_up_or_broken_is_told_apart(engine, monkeypatch, tmp_path):
    """So that a filter offers Set Up… instead of an error: none yet, one of an older plug-in, one whose Python has gone."""
    from smssr_setup import places

    home = tmp_path / "home"
    monkeypatch.setenv("SMSSR_HOME", str(home))
    monkeypatch.setattr(places, "version", lambda: "9.1")
    with pytest.raises(engine.NotSetUp, match="not set up yet.*set_up.py"):
        engine.Engine()

    def recorded(version, command):
        (home / "engine" / version).mkdir(parents=True, exist_ok=True)
        (home / "engine" / version / "engine.json").write_text(json.dumps({"command": command, "version": version}))

    recorded("9.0", [sys.executable])
    with pytest.raises(engine.NotSetUp, match="needs version 9.1"):
        engine.Engine()
    recorded("9.1", [str(home / "gone")])
    with pytest.raises(engine.NotSetUp, match="does not start.*set up again"):
        engine.Engine()
    recorded("9.1", [sys.executable, "-c", "import of_another_python"])
    with pytest.raises(engine.NotSetUp, match="does not start.*No module named.*set up again"), engine.Engine() as running:
        running.hello()
    recorded("9.1", [sys.executable, "-c", REAL])
    with engine.Engine() as running:
        running.need("masks")
        monkeypatch.setattr(running, "hello", lambda: {"parts": ["masks"]})
        with pytest.raises(engine.NotSetUp, match="SciPy") as raised:
            running.need("masks")
    assert raised.value.part == "masks"
    (tmp_path / "engine.json").write_text(json.dumps({"command": [sys.executable, "-c", REAL], "version": "9.1"}))
    assert engine.recorded() == ([sys.executable, "-c", REAL], False), "what 'smssr gimp install' put there comes first"


def test_one_that_is_killed_is_noticed_and_followed_by_a_fresh_one(engine):
    engine.program("import time; time.sleep(600)")
    with engine.Engine() as running:
        gone = []

        def listen():
            try:
                running.next()
            except engine.EngineError as error:
                gone.append(error)

        reader = threading.Thread(target=listen)
        reader.start()
        running.kill()
        reader.join(60)
        assert "exit status -9" in str(gone[0])
        engine.program(REAL)
        running._command = json.loads(Path(engine.RECORD).read_text())["command"]
        running.start()
        assert running.hello()["version"]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not in groups there")
def test_the_engine_has_nothing_of_gimps_own(engine, monkeypatch):
    """Neither what is set for GIMP's libraries and Python, nor the terminal's process group, to which Ctrl-C goes."""
    from smssr_setup.surroundings import ALWAYS

    for name in ALWAYS:
        monkeypatch.setenv(name, "")
    assert {"PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LD_PRELOAD"} <= set(ALWAYS)
    engine.program(f"import os, sys; sys.exit(str([os.getpgrp() == os.getpid(), set({ALWAYS}) & set(os.environ)]))")
    with engine.Engine() as running, pytest.raises(engine.EngineError, match=r"\[True, set\(\)\]"):
        running.hello()


def test_the_engine_asks_for_huge_pages_unless_the_user_has_a_wish_of_his_own(engine, monkeypatch):
    engine.program("import os, sys; sys.exit(os.environ['GLIBC_TUNABLES'])")
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    for wanted in ("glibc.malloc.hugetlb=1", "glibc.malloc.perturb=7"):
        with engine.Engine() as running, pytest.raises(engine.EngineError, match=wanted):
            running.hello()
        monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.perturb=7")


def test_a_batch_speaks_the_dialogs_words_in_the_users_language(engine, monkeypatch):
    """A sentence is translated as the shell has it, and its options become the dialog's labels after that."""
    sys.modules["gi.repository"].Gimp = types.SimpleNamespace()
    from smssr_gimp.operations import folders

    monkeypatch.setattr(folders, "said", lambda words: words.replace("say with --background what to lay it on",
                                                                     "sagen Sie mit --background, worauf"))
    assert folders.in_words("a.jpg: say with --background what to lay it on") == "a.jpg: sagen Sie mit “Transparency”, worauf"
    assert folders.in_words("is noisy: cleaned (--cleaner restore-jpeg: of JPEG artefacts alone); x") == "is noisy: cleaned; x"
    assert "--" not in folders.in_words("has noise (--picture clean leaves it); --existing replace makes them again")


def test_the_pattern_for_names_goes_with_the_size(engine):
    sys.modules["gi.repository"].Gimp = types.SimpleNamespace()
    from smssr_gimp.operations.folders import named

    assert named("factor", "{name}-{scale}") == named("factor", "{name}-x{scale}") == "{name}-x{scale}"
    assert named("width", "{name}-{scale}") == named("megapixels", "{name}-x{scale}") == "{name}-{scale}"
    assert named("width", "large {name}") == named("factor", "large {name}") == "large {name}"


def test_sizes_and_numbers_are_written_as_the_language_wants(engine, monkeypatch):
    """Sizes are isolated where a text runs from right to left, and nowhere else; a decimal mark is the language's."""
    from smssr_gimp import i18n

    assert i18n.isolated("451 × 300") == "451 × 300"
    assert i18n.duration(9000) == "2.5 hours" and i18n.number(0.125, ".1%") == "12.5%"
    monkeypatch.setattr(i18n.GLib, "dgettext", lambda _domain, text: {"default:LTR": "default:RTL", "12.5%": "12,5 %"}.get(text, text))
    assert i18n.isolated("of 451 × 300 (×2.5)") == "of \u2066451 × 300\u2069 (\u2066×2.5\u2069)"
    assert i18n.duration(9000) == "2,5 hours" and i18n.number(0.125, ".1%") == "12,5 %"


@pytest.mark.parametrize("title", ["Chelsea's coat", "  Größe: 5/8 ", "猫の毛", "a" * 50, "- _ -"])
def test_a_name_that_is_taken_is_known_before_the_engine_is_asked(engine, title):
    """The dialog of a material derives a name from its title as the engine does."""
    from smssr_gimp.dialogs import naming

    try:
        cards = [{"name": own_styles.name_of(title), "own": True}]
    except ValueError:
        with pytest.raises(engine.EngineError, match="any words will do"):
            naming.check_title(title, [], False)
        return
    naming.check_title(title, [], False)
    naming.check_title(title, cards, True)
    with pytest.raises(engine.EngineError, match="already"):
        naming.check_title(title, cards, False)
    with pytest.raises(engine.EngineError, match="ships with smssr"):
        naming.check_title(title, [cards[0] | {"own": False}], True)


def test_styles_are_found_by_what_they_suit(engine):
    from smssr_gimp.dialogs.everyday_words import words_of

    for style, word in (("stockinette", "pullover"), ("short-fur", "dog"), ("boards", "fence"), ("roof-tiles", "house")):
        assert word in words_of(style).split()
    assert words_of("my-own") == ""
    styles = {name.value for node in ast.walk(ast.parse((PLUGIN / "smssr_gimp/dialogs/everyday_words.py").read_text()))
              if isinstance(node, ast.Tuple) for name in node.elts if isinstance(name, ast.Constant)}
    assert styles <= {card.name for card in smssr.models()}

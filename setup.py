"""Compiles the catalogues of translations before the packages are built. All else is in setup.cfg."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).parent / "po"))
from catalogues import compile_all  # noqa: E402


class Build(build_py):
    """The packages, with what gettext reads."""

    def run(self) -> None:
        compile_all()
        super().run()


setup(cmdclass={"build_py": Build})

"""What the system, or another program, says is wrong, as one of our sentences; and the report that a user may send."""

import errno
import getpass
import os
import platform
import re
import shutil
import sys

from .places import data_folder, version
from .words import SILENT, Fault

FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
DEEP = {errno.ENAMETOOLONG}
UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR}
SAYS_FULL = re.compile(r"No space left on device|Disk quota exceeded|\[WinError 112\]|not enough space on the disk", re.IGNORECASE)
SAYS_DEEP = re.compile(r"File name too long|\[WinError 206\]|Long Path support", re.IGNORECASE)
SAYS_UNWRITABLE = re.compile(r"Permission denied|Read-only file system|\[WinError 5\]|Access is denied", re.IGNORECASE)
SAYS_NO_NETWORK = re.compile(r"dns error|error \(Connect\)|timed out|Connection refused|Failed to download", re.IGNORECASE)
ADDRESS = re.compile(r"https?://([^/\s`'\")]+)")
NEEDED = 300
"""Megabytes for the engine and what it is made of."""


def full(details="", megabytes=NEEDED):
    """The fault of a disk that is full."""
    return Fault("full", details, place=tilde(str(data_folder())), megabytes=megabytes)


def deep(details=""):
    """The fault of paths that are too long."""
    return Fault("deep", details, place=tilde(str(data_folder())))


def of_disk(error, details=""):
    """The fault that an OSError of a disk stands for; None for any other."""
    if not isinstance(error, OSError):
        return None
    if error.errno in FULL or getattr(error, "winerror", None) == 112:
        return full(details or str(error))
    if error.errno in DEEP or getattr(error, "winerror", None) == 206:
        return deep(details or str(error))
    if error.errno in UNWRITABLE:
        return Fault("unwritable", details or str(error), place=tilde(str(error.filename or data_folder())), reason=error.strerror)
    return None


def of_words(said, kind, **fields):
    """The fault that the last words of another program stand for; `kind` where they tell nothing better."""
    if SAYS_FULL.search(said):
        return full(said)
    if SAYS_DEEP.search(said):
        return deep(said)
    if match := SAYS_UNWRITABLE.search(said):
        return Fault("unwritable", said, place=tilde(str(data_folder())), reason=match[0])
    if kind == "python" and SAYS_NO_NETWORK.search(said) and (address := ADDRESS.search(said)):
        return Fault("network", said, host=address[1])
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return Fault(kind, said, reason=tilde(lines[-1].removeprefix("ERROR: ")) if lines else SILENT, **fields)


def tilde(text):
    """A text without the user's home folder."""
    home = os.path.expanduser("~")
    return text.replace(home, "~") if len(home) > 1 else text


def private(text):
    """A text without personal paths, the user's name, the computer's, and passwords in addresses."""
    text = re.sub(r"(?<=//)[^/@\s]+@", "", tilde(text).replace(os.path.expanduser("~").replace("\\", "/"), "~"))
    text = re.sub(r"(?i)((?:/home/|/Users/|\\Users\\|/media/|/run/media/))[^/\\\s'\"]+", r"\1USER", text)
    names = [name() for name in (getpass.getuser, platform.node)]
    for name, instead in zip(names, ("USER", "COMPUTER")):  # noqa: B905 - Python 3.9 knows no strict
        if len(name) > 2 and name not in ("root", "localhost"):
            text = re.sub(rf"(?<![\w]){re.escape(name)}(?![\w])", instead, text)
    return text


def report(fault, steps=()):
    """What helps whoever is asked for help: the fault, the system, what was done."""
    try:
        free = f"{shutil.disk_usage(_there(str(data_folder()))).free / 1e6:.0f} MB free"
    except (OSError, Fault):
        free = "unknown"
    lines = [f"smssr {version() or '(no engine came along)'}, Set Up", f"fault: {fault.kind}: {fault}",
             f"system: {platform.platform()}, {platform.machine()}", f"Python: {sys.version.split()[0]} in {sys.prefix}", f"disk: {free}",
             *steps, "", fault.details.strip()[-4000:]]
    return private("\n".join(lines)).strip() + "\n"


def _there(path):
    """The nearest folder above that exists."""
    while not os.path.isdir(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path

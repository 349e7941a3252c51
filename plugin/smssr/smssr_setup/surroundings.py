"""The environment of a program that is not GIMP's: without what is set there for GIMP and its own Python."""

import os
import sys
from pathlib import Path

PYTHON_S = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")
LOADER_S = ("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "DYLD_FALLBACK_LIBRARY_PATH")
ALWAYS = (*PYTHON_S, *LOADER_S)
"""What no other program may inherit. The AppImage, for one, has LD_PRELOAD name all of GIMP's libraries."""

WHERE_GIMP_S = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS",
                "FONTCONFIG_FILE", "FONTCONFIG_PATH", "GI_TYPELIB_PATH", "GSETTINGS_SCHEMA_DIR")
BEGINNINGS = ("GIO_", "GDK_PIXBUF_", "GTK_", "GEGL_", "BABL_")
"""What is cleared as far as it points into GIMP."""


def gimp_s_own(environ=None):
    """The folders of a GIMP that brings all it needs along: AppImage, snap, macOS bundle, Windows. Empty for one of the system's."""
    environ = os.environ if environ is None else environ
    found = [environ[name] for name in ("APPDIR", "SNAP") if environ.get(name)]
    prefix = Path(sys.base_prefix)
    if sys.platform == "win32":
        found.append(str(prefix))
    bundle = next((part for part in (prefix, *prefix.parents) if part.suffix == ".app" or part.name.startswith(".mount_")), None)
    if bundle:
        found.append(str(bundle))
    for entry in environ.get("LD_PRELOAD", "").replace(" ", ":").split(":"):  # an AppImage that was unpacked sets no APPDIR
        above = entry.partition("/usr/lib")[0]
        if "/usr/lib" in entry and above:
            found.append(above)
    return [os.path.normcase(folder) for folder in dict.fromkeys(found)]


def inside(path, folders):
    """Whether a path is one of the folders or lies below one."""
    path = os.path.normcase(path)
    return any(path == folder or path.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)


def clean(environ=None):
    """The environment for programs that are not GIMP's."""
    environ = os.environ if environ is None else environ
    folders = gimp_s_own(environ)
    kept = {}
    for name, value in environ.items():
        if name in ALWAYS:
            continue
        if folders and (name in WHERE_GIMP_S or name.startswith(BEGINNINGS)):
            entries = [entry for entry in value.split(os.pathsep) if not inside(entry, folders)]
            if not any(entries):
                continue
            value = os.pathsep.join(entries)
        kept[name] = value
    return kept

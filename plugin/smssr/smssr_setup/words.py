"""What users read of setting up. The dialog translates it; in a terminal it is printed as it is."""


def N_(text):  # noqa: N802 - what xgettext looks for
    """Marks a text for translation."""
    return text


SILENT = N_("it says nothing")
"""The reason where a program that failed gave none."""

FAULTS = {
    "network": N_("The network cannot be reached: {host} does not answer. Check the connection, then try again."),
    "proxy": N_("The proxy {proxy} refuses the connection to {host}. Ask whoever runs it to let {host} through, or use the zip "
                "“with everything”."),
    "certificate": N_("The connection to {host} is not trusted ({reason}). Is the computer's clock right? Some antivirus programs and "
                      "company networks also cause this."),
    "absent": N_("{host} does not have {file}. If that is a mirror, ask whoever runs it to add the file."),
    "damaged": N_("{file} arrived damaged, twice. A proxy or an antivirus program may have changed it."),
    "full": N_("The disk with {place} is full. About {megabytes} MB must be free."),
    "deep": N_("The path of {place} is too long for this system. Name a shorter folder in the environment variable SMSSR_HOME."),
    "unwritable": N_("smssr is not allowed to write to {place} ({reason})."),
    "taken": N_("{file} disappeared right after it was saved. An antivirus program may have quarantined it: allow it there, "
               "then try again."),
    "system": N_("There is no {package} for this computer ({system}). The engine runs on Windows 10 and macOS 14 (Apple silicon) or "
                 "newer, and on Linux with glibc 2.28 or newer."),
    "lacking": N_("There is no {package} for this computer ({system}), so this cannot be added."),
    "python": N_("No Python 3.11 or newer was found, and downloading one failed: {reason}"),
    "environment": N_("The engine could not be installed: {reason}"),
    "version": N_("The engine that was installed is version {found}, not {version}."),
    "silent": N_("The engine was installed but does not answer: {reason}"),
    "busy": N_("Another GIMP is setting the engine up. Wait until it is done, then try again."),
    "nowhere": N_("There is no home folder to keep the engine in. Name a folder in the environment variable SMSSR_HOME."),
    "bare": N_("This copy of the plug-in came without its engine. Unpack smssr-gimp-….zip again."),
    "internal": N_("Setting up failed ({reason}). Please report it."),
}
"""A sentence for each thing that goes wrong."""

STEPS = {
    "wait": N_("Waiting for another GIMP, which is setting the engine up"),
    "look": N_("Looking for Python"),
    "python": N_("Downloading Python"),
    "fetch": N_("Downloading {name}: {done} of {all} MB"),
    "environment": N_("Creating the engine's folder"),
    "install": N_("Installing"),
    "ask": N_("Checking that the engine works"),
    "remove": N_("Removing"),
}
"""What is said of each step."""


class Fault(Exception):
    """Something that went wrong, in one sentence of `FAULTS`. `details` are for the report."""

    def __init__(self, kind, details="", **fields):
        super().__init__(FAULTS[kind].format(**fields))
        self.kind, self.details, self.fields = kind, details, fields

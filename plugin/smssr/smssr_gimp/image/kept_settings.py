"""Settings for the next time that a dialog opens: those of one that was cancelled, and those that another of our dialogs suggests.

GIMP itself keeps those of a dialog that went on.
"""

import json

from gi.repository import Gimp, Gio


def _name(procedure):
    return f"{procedure}-cancelled"


def _settings(config, names):
    """Settings as JSON has them; a file by its address."""
    values = {name: config.get_property(name) for name in names}
    return {name: {"file": value.get_uri()} if isinstance(value, Gio.File) else value for name, value in values.items()}


def recall(procedure, config, names):
    """Set the settings that were there when the dialog was cancelled, if it begins as it did then. Returns how it begins."""
    begun = _settings(config, names)
    parasite = Gimp.get_parasite(_name(procedure))
    before, after = json.loads(bytes(parasite.get_data()).rstrip(b"\0")) if parasite else (None, {})
    if before == begun:
        for name, value in after.items():
            if value is not None:  # as of an entry that was emptied
                config.set_property(name, Gio.File.new_for_uri(value["file"]) if isinstance(value, dict) else value)
    return begun


def keep(procedure, config, names, begun):
    """Keep the settings of a dialog that began so and was cancelled."""
    data = json.dumps([begun, _settings(config, names)]).encode()
    Gimp.attach_parasite(Gimp.Parasite.new(_name(procedure), Gimp.PARASITE_PERSISTENT, data))


def forget(procedure):
    """Keep nothing: the dialog went on."""
    Gimp.detach_parasite(_name(procedure))


def suggest(procedure, **settings):
    """Have the next dialog of a procedure begin with these settings: what it is called with counts for less than those of last time."""
    Gimp.attach_parasite(Gimp.Parasite.new(_suggestion(procedure), 0, json.dumps(settings).encode()))


def suggested(procedure):
    """The settings that were suggested, once: {name: value}."""
    parasite = Gimp.get_parasite(_suggestion(procedure))
    if not parasite:
        return {}
    Gimp.detach_parasite(_suggestion(procedure))
    return json.loads(bytes(parasite.get_data()).rstrip(b"\0"))


def _suggestion(procedure):
    return f"{procedure}-suggested"

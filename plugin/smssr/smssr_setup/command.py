"""`python3 set_up.py`: the same in a terminal; and for the dialog, which reads JSON, a line each, and ends it by closing its input."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback

from . import faults, places, steps
from .words import STEPS, Fault

OFTEN = 0.1
"""Seconds between two lines about the same file."""


def main(arguments=None):
    """Returns the exit status: 0; 2 with one line where something is wrong."""
    parser = argparse.ArgumentParser(prog="set_up.py", description="Sets up the engine of smssr's GIMP plug-in, or removes it.")
    parser.add_argument("do", nargs="?", default="install", choices=("install", "add", "remove", "plan", "status"))
    parser.add_argument("part", nargs="?", choices=places.PARTS, help="what to add, plan or remove: masks (SciPy), learning (PyTorch)")
    parser.add_argument("--from", dest="folders", action="append", default=[], metavar="FOLDER",
                        help="a folder of wheels, to be looked through before the network")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--report", action="store_true", help="print a report that may be sent where something goes wrong")
    wish = parser.parse_args(arguments)
    if wish.json:
        threading.Thread(target=_end_with_input, daemon=True).start()
    said, told = [], 0.0

    def say(step, share=None, **fields):
        nonlocal told
        new = not said or said[-1] != (step, fields.get("name"))
        if new:
            said.append((step, fields.get("name")))
        if wish.json and (new or time.monotonic() - told > OFTEN):
            told = time.monotonic()
            _print({"step": step, "share": share, **fields})
        elif new and not wish.json:
            print(STEPS[step].format(**fields), flush=True)

    try:
        answer = _done(wish, say)
    except Fault as fault:
        return _failed(wish, fault, said)
    except Exception as error:
        return _failed(wish, Fault("internal", traceback.format_exc(), reason=f"{type(error).__name__}: {error}"), said)
    if wish.json:
        _print({"finished": True, **(answer or {})})
    elif answer:
        print(json.dumps(answer, indent=1))
    return 0


def _done(wish, say):
    if wish.do == "plan":
        planned = steps.plan(wish.folders, wish.part or "first")
        told = {key: planned[key] for key in ("bytes", "place", "version", "others", "number")}
        return {**told, "brings_python": planned["python"] is None}
    if wish.do == "status":
        version = places.version()
        return {"version": version, "there": bool(version and places.record(version)), "others": places.others(version or ""),
                "parts": places.parts(version)}
    if wish.do == "install":
        steps.install(say, wish.folders)
    elif wish.do == "add":
        steps.add(wish.part or places.PARTS[0], say, wish.folders)
    elif wish.part:
        steps.remove_part(wish.part, say)
    else:
        steps.remove(say)
    return None


def _failed(wish, fault, said):
    report = faults.report(fault, [f"step: {step} {name or ''}".rstrip() for step, name in said])
    if wish.json:
        _print({"fault": fault.kind, "fields": fault.fields, "report": report})
    else:
        print(f"smssr: {fault}", file=sys.stderr)
        if wish.report:
            print(report, file=sys.stderr)
    return 2


def _print(line):
    try:
        print(json.dumps(line), flush=True)
    except BrokenPipeError:  # GIMP has gone
        os._exit(1)


def _end_with_input():
    """GIMP has gone, or the user has cancelled: end this process and all that it started."""
    while os.read(0, 1):  # not through `sys.stdin`: a thread that waits in there aborts the interpreter when it is taken down
        pass
    end_group(os.getpid())


def end_group(process):
    """End a process of ours that leads a group, and all that it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process)], capture_output=True, creationflags=0x08000000)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)  # noqa: TID251 - not on Windows

"""Files of the Python index, each checked against the plug-in's own list; what a break left is gone on with."""

import errno
import hashlib
import html
import http.client
import json
import os
import re
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from . import faults
from .places import WHEELS
from .words import Fault

SECONDS = 20
"""Of silence before a connection counts as broken."""

TRIES = 4
PIECE = 1 << 16
MIRRORS = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
"""Where the user may have named an index of their own."""

ANSWERS = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
AUTHORITIES = ("/etc/ssl/cert.pem", "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
"""Certificates of the system, for a Python that was built for another one."""

PASSING = (ConnectionError, TimeoutError, http.client.IncompleteRead, http.client.BadStatusLine)
"""What a second try may mend."""


def is_it(path, wheel):
    """Whether a file is there and is that wheel, to the last bit."""
    try:
        if os.path.getsize(path) != wheel["size"]:
            return False
        summed = hashlib.sha256()
        with open(path, "rb") as file:
            while piece := file.read(1 << 20):
                summed.update(piece)
        return summed.hexdigest() == wheel["sha256"]
    except OSError:
        return False


def here(wheel, folders):
    """A wheel in the first of the folders that has it, or beside the plug-in; None."""
    return next((Path(folder, wheel["name"]) for folder in (*folders, WHEELS) if is_it(Path(folder, wheel["name"]), wheel)), None)


def mirror():
    """The index that the user named, or None for the Python index itself."""
    return next((os.environ[name].rstrip("/") for name in MIRRORS if os.environ.get(name)), None)


def host():
    """Where everything comes from, for words."""
    return urllib.parse.urlsplit(mirror() or "https://pypi.org").hostname or mirror()


def fetch(wheel, folder, tell):
    """The path of a wheel in a folder, fetched as far as it is not there. `tell` is told its bytes so far. Raises Fault."""
    target = Path(folder, wheel["name"])
    part = target.with_name(f"{target.name}.part")
    if is_it(target, wheel):
        return target
    for damaged in range(2):
        address = _address(wheel)
        for attempt in range(1, TRIES + 1):
            try:
                _continue(address, part, wheel, tell)
                break
            except (OSError, http.client.HTTPException) as error:
                passing = isinstance(getattr(error, "reason", error), PASSING)
                if not passing or attempt == TRIES:
                    raise _fault(error, address, wheel) from error
                time.sleep(attempt)
        if is_it(part, wheel):
            os.replace(part, target)
            return target
        if not part.exists():
            raise Fault("taken", file=wheel["name"])
        part.unlink()
        if damaged:
            raise Fault("damaged", file=wheel["name"])
    return None


def _continue(address, part, wheel, tell):
    """Fetch what is missing of a part. Raises OSError and HTTPException."""
    with open(part, "ab") as file:
        done = file.tell()
        if done > wheel["size"]:
            file.truncate(0)
            done = 0
        if done == wheel["size"]:
            return
        with _open(address, {"Range": f"bytes={done}-"} if done else {}) as answer:
            if done and answer.status != 206:  # a server that cannot go on begins again
                file.truncate(0)
                done = 0
            while piece := answer.read1(PIECE):
                file.write(piece)
                done += len(piece)
                tell(min(done, wheel["size"]))
                if done > wheel["size"]:
                    break
        file.flush()
        os.fsync(file.fileno())
    if done < wheel["size"]:
        raise ConnectionResetError(errno.ECONNRESET, "the connection ended early")


def _open(address, headers):
    """An answer of a server. Raises OSError."""
    request = urllib.request.Request(address, headers={"User-Agent": "smssr-set-up", **headers})
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=_trusting()))
    return opener.open(request, timeout=SECONDS)


def _trusting():
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        for path in AUTHORITIES:
            if os.path.exists(path):
                context.load_verify_locations(path)
                break
    return context


def _address(wheel):
    """Where a wheel lies: as listed, or what the user's own index says. Raises Fault."""
    index = mirror()
    if not index:
        return wheel["url"]
    page = f"{index}/{re.sub(r'[-_.]+', '-', wheel['package']).lower()}/"
    try:
        with _open(page, {"Accept": ANSWERS}) as answer:
            page, text, kind = answer.geturl(), answer.read().decode(), answer.headers.get_content_type()
    except (OSError, http.client.HTTPException) as error:
        raise _fault(error, page, wheel) from error
    links = ([file["url"] for file in json.loads(text)["files"]] if kind.endswith("json") else
             [html.unescape(link) for link in re.findall(r"""<a\b[^>]*?\bhref\s*=\s*["']([^"']+)["']""", text)])
    for link in links:
        address = urllib.parse.urljoin(page, link)
        if urllib.parse.unquote(urllib.parse.urlsplit(address).path).endswith(f"/{wheel['name']}"):
            return address.partition("#")[0]
    raise Fault("absent", host=host(), file=wheel["name"])


def _fault(error, address, wheel):
    """The fault that an exception stands for."""
    where = urllib.parse.urlsplit(address)
    proxy = urllib.request.getproxies().get(where.scheme)
    if proxy and urllib.request.proxy_bypass(where.hostname or ""):
        proxy = None
    proxy = urllib.parse.urlsplit(proxy).hostname or proxy if proxy else None
    reason = getattr(error, "reason", error)
    details = f"{address}: {type(error).__name__}: {error}"
    if isinstance(error, urllib.error.HTTPError):
        if proxy and error.code in (403, 407):
            return Fault("proxy", details, proxy=proxy, host=where.hostname)
        return Fault("absent" if error.code in (403, 404, 410) else "network", details, host=where.hostname, file=wheel["name"])
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Fault("certificate", details, host=where.hostname, reason=reason.verify_message)
    if proxy and (not isinstance(reason, OSError) or reason.errno is None or isinstance(reason, ConnectionError)):
        return Fault("proxy", details, proxy=proxy, host=where.hostname)
    return faults.of_disk(reason, details) or Fault("network", details, host=where.hostname)

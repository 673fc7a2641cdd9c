"""Name and password for a server that asks for them: Digest (RFC 7616) and Basic (RFC 7617) authentication."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import secrets
import threading
from dataclasses import dataclass, field
from email.message import Message
from typing import Final
from urllib.parse import urlsplit
from urllib.request import parse_http_list, parse_keqv_list

from twinld.errors import OutsideError, UsageError

_HASHES: Final = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass
class Credentials:
    """A name and a password, and what the server that asked for them wants to see; never shown or logged.

    They are sent to the one server that a client asks, and not before it asks for them.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    _challenge: dict[str, str] = field(default_factory=dict, repr=False)
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def learn(self, headers: Message, url: str) -> bool:
        """Take note of what a 401 asks for; whether there is something new to try.

        Raises OutsideError when name or password are wrong or of a kind that is not known, and when the password
        would go readable over a network.
        """
        if not self.user:
            return False
        wanted = [_parsed(value) for value in headers.get_all("WWW-Authenticate", [])]
        host = urlsplit(url).netloc
        with self._lock:
            for scheme in ("digest", "basic"):
                found = next((row for row in wanted if row["scheme"] == scheme and _known(row)), None)
                if found is None:
                    continue
                stale = found.get("stale", "").lower() == "true"
                if self._challenge and self._count <= 1 and not stale:
                    break  # its first use was refused
                if scheme == "basic" and not _private(url):
                    raise UsageError(f"{host} wants the password in plain text; ask it by https")
                self._challenge, self._count = found, 0
                return True
        raise OutsideError(f"{host} refuses this name and password; check TWINLD_STORE_USER and TWINLD_STORE_PASSWORD")

    def header(self, method: str, path: str) -> dict[str, str]:
        """The header for a request, empty when the server has not asked yet."""
        with self._lock:
            if not self._challenge:
                return {}
            self._count += 1
            if self._challenge["scheme"] == "basic":
                token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
                return {"Authorization": f"Basic {token}"}
            return {"Authorization": digest(self.user, self.password, self._challenge, method, path, self._count)}


def digest(
    user: str, password: str, challenge: dict[str, str], method: str, path: str, count: int, cnonce: str = ""
) -> str:
    """The value of an Authorization header that answers a Digest challenge (RFC 7616, section 3.4)."""
    algorithm = challenge.get("algorithm", "MD5")
    cnonce = cnonce or secrets.token_hex(16)
    realm, nonce = challenge.get("realm", ""), challenge.get("nonce", "")

    def hashed(*parts: str) -> str:
        return hashlib.new(_HASHES[algorithm.upper()], ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    secret, what = hashed(user, realm, password), hashed(method, path)
    values = {"username": user, "realm": realm, "nonce": nonce, "uri": path}
    plain = {"algorithm": algorithm}
    if "auth" in [word.strip() for word in challenge.get("qop", "").split(",")]:
        plain |= {"qop": "auth", "nc": f"{count:08x}"}
        values |= {"cnonce": cnonce}
        values["response"] = hashed(secret, nonce, plain["nc"], cnonce, "auth", what)
    else:
        values["response"] = hashed(secret, nonce, what)
    if "opaque" in challenge:
        values["opaque"] = challenge["opaque"]
    quoted = [f'{name}="{_escaped(value)}"' for name, value in values.items()]
    return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in plain.items())])


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _parsed(value: str) -> dict[str, str]:
    scheme, _, rest = value.strip().partition(" ")
    return {**parse_keqv_list([part for part in parse_http_list(rest) if "=" in part]), "scheme": scheme.lower()}


def _known(challenge: dict[str, str]) -> bool:
    return challenge["scheme"] == "basic" or challenge.get("algorithm", "MD5").upper() in _HASHES


def _private(url: str) -> bool:
    """Whether nobody on the way can read what is sent: over TLS, or to this machine."""
    parts = urlsplit(url)
    try:
        return parts.scheme == "https" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"

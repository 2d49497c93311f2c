"""Passwords of sources: in the keyring of this person where there is one, else until the desk closes.

They are never in the operation, its journal, a package, a log or a file of ours.
"""

import logging
from threading import Lock
from typing import Any, Protocol

log = logging.getLogger(__name__)
SERVICE = "kentongan"


class Ring(Protocol):
    """A keyring of the operating system."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def usual_ring() -> Ring | None:
    """The keyring of this user; None where there is none, or only one that writes passwords down openly."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        return None
    none = (fail.Keyring, null.Keyring)
    try:
        ring: Any = keyring.get_keyring()
        usable = not issubclass(type(ring), none) and ring.priority > 0
    except Exception:  # an edge: a keyring is a program of others, and may fail in any way
        log.info("the keyring of this computer cannot be asked", exc_info=True)
        return None
    return ring if usable and not type(ring).__module__.startswith("keyrings.alt") else None


class Secrets:
    """One password per source, by its id. From any thread; the keyring may ask its person, and then waits."""

    def __init__(self, ring: Ring | None) -> None:
        self._ring, self._held, self._one = ring, dict[str, str](), Lock()

    def get(self, source_id: str) -> str:
        """The password of this source; empty where none is known."""
        with self._one:
            if source_id in self._held:
                return self._held[source_id]
        found = self._asked(source_id)
        with self._one:
            self._held.setdefault(source_id, found)
        return found

    def keep(self, source_id: str, password: str) -> bool:
        """Use it from now on; False where it is known only until the desk closes."""
        with self._one:
            self._held[source_id] = password
        if self._ring is None:
            return False
        try:
            self._ring.set_password(SERVICE, source_id, password)
        except Exception:  # an edge: a locked or broken keyring must not cost the source
            log.info("the keyring of this computer did not keep a password", exc_info=True)
            return False
        return True

    def forget(self, source_id: str) -> None:
        """The source is gone, and so is its password."""
        with self._one:
            self._held.pop(source_id, None)
        if self._ring is None:
            return
        try:
            self._ring.delete_password(SERVICE, source_id)
        except Exception:  # an edge: there was none, or the keyring is locked
            log.info("the keyring of this computer held no password to forget", exc_info=True)

    def _asked(self, source_id: str) -> str:
        if self._ring is None:
            return ""
        try:
            return self._ring.get_password(SERVICE, source_id) or ""
        except Exception:  # an edge: as if there were none; the source then says what it lacks
            log.info("the keyring of this computer gave no password", exc_info=True)
            return ""

    @property
    def lasting(self) -> bool:
        """True where passwords are kept beyond this sitting."""
        return self._ring is not None

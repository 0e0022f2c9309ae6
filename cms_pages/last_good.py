"""The last good rendering of public pages on disk, for a start while the database is away."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
from pathlib import Path

from cms_pages.kept_page import KeptPage

log = logging.getLogger("kelisim.pages")


class LastGood:
    """A folder with one file per public page, named by the hash of its key; never more than `limit` bytes."""

    def __init__(self, folder: Path, limit: int) -> None:
        """Look at what an earlier process left; a missing folder is made with the first page."""
        self.folder, self.limit = folder, limit
        self.digests: dict[str, str] = dict.fromkeys(self._names(), "")

    def __contains__(self, key: tuple[str, ...]) -> bool:
        return _name(key) in self.digests

    def load(self, key: tuple[str, ...]) -> KeptPage | None:
        """Return the page kept for this key; None when there is none or its file is damaged."""
        try:
            return KeptPage.from_stored((self.folder / _name(key)).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            log.warning("pages.file_unreadable")
            return None

    def keep(self, key: tuple[str, ...], page: KeptPage) -> None:
        """Write the page, whole or not at all; a full disk is logged and does not matter to the reader."""
        name = _name(key)
        if self.digests.get(name) == page.digest or page.size > self.limit:
            return
        try:
            self._write(name, page.stored())
            self._prune()
        except OSError as error:
            log.warning("pages.file_not_written", extra={"data": {"errno": error.errno}})
        else:
            self.digests[name] = page.digest

    def forget(self, key: tuple[str, ...]) -> None:
        """Remove a page that is public no longer."""
        if self.digests.pop(_name(key), None) is not None:
            with contextlib.suppress(OSError):
                (self.folder / _name(key)).unlink(missing_ok=True)

    def _write(self, name: str, stored: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(stored)
            Path(part).replace(self.folder / name)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    def _prune(self) -> None:
        """Remove the files written longest ago until the rest fits; other processes write and prune here too."""
        with os.scandir(self.folder) as entries:
            files = sorted(((entry.stat(), entry.path) for entry in entries), key=lambda item: -item[0].st_mtime_ns)
        total = 0
        for stat, path in files:
            total += stat.st_size
            if total > self.limit:
                Path(path).unlink(missing_ok=True)
                self.digests.pop(Path(path).name, None)

    def _names(self) -> list[str]:
        try:
            return [file.name for file in self.folder.iterdir()]
        except OSError:
            return []


def _name(key: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(key).encode("utf-8", "surrogatepass")).hexdigest()

"""The renderings of public pages on disk: shared by the processes of this machine, and the last good ones of all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cms_pages.kept_page import KeptPage, Key

log = logging.getLogger("kelisim.pages")


class LastGood:
    """A folder with one file per public page, named by the hash of its key; never more than `limit` bytes.

    Each tells by its tag what it shows, so nobody need trust that it is the newest. The folder is ours alone (0700).
    """

    def __init__(self, folder: Path, limit: int) -> None:
        """Take the folder; a missing one is made with the first page."""
        self.folder, self.limit = folder, limit

    def __contains__(self, key: Key) -> bool:
        return self._file(key).exists()

    def __iter__(self) -> Iterator[Key]:
        """Return the pages there are, those written last first; a damaged file is passed over."""
        for path in self._newest_first():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError), path.open("rb") as file:
                scheme, host, script_name, address = json.loads(file.readline())["key"]
                yield scheme, host, script_name, address

    def load(self, key: Key) -> KeptPage | None:
        """Return the page kept for this key; None when there is none or its file is damaged."""
        try:
            return KeptPage.from_stored(self._file(key).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError):
            log.warning("pages.file_unreadable")
            return None

    def keep(self, key: Key, page: KeptPage) -> None:
        """Write the page, whole or not at all, unless it is there; a full disk is logged and does not matter."""
        there = self.load(key)
        if page.size > self.limit or (there and (there.digest, there.source_tag) == (page.digest, page.source_tag)):
            return
        try:
            self._write(self._file(key), page.stored(key))
            self._prune()
        except OSError as error:
            log.warning("pages.file_not_written", extra={"data": {"errno": error.errno}})

    def forget(self, key: Key) -> None:
        """Remove a page that is public no longer."""
        with contextlib.suppress(OSError):
            self._file(key).unlink(missing_ok=True)

    def _file(self, key: Key) -> Path:
        return self.folder / hashlib.sha256("\n".join(key).encode("utf-8", "surrogatepass")).hexdigest()

    def _write(self, file: Path, stored: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(stored)
            Path(part).replace(file)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    def _prune(self) -> None:
        """Remove the files written longest ago until the rest fits; other processes write and prune here too."""
        total = 0
        for path in self._newest_first():
            with contextlib.suppress(FileNotFoundError):
                total += path.stat().st_size
            if total > self.limit:
                path.unlink(missing_ok=True)

    def _newest_first(self) -> list[Path]:
        found = []
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    found.append((entry.stat().st_mtime_ns, entry.path))
        return [Path(path) for _written, path in sorted(found, reverse=True)]

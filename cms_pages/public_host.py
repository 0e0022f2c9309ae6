"""Under which host a public page is kept: one spelling of each name that is ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from cms_pages.answer import Environ

OTHER_NAMES = 8  # names kept besides those the settings spell out, where they allow any or all below one


class PublicHosts:
    """Reads the Host header: “LOCALHOST.:1” is localhost, and so shares its pages."""

    def __init__(self) -> None:
        """Take the names from ALLOWED_HOSTS and SITE_URL."""
        site = urlsplit(settings.SITE_URL)
        self.site_port = str(site.port or "")
        spelt = {name.lower() for name in settings.ALLOWED_HOSTS if name[:1] not in {"*", "."}}
        self.names = spelt | {site.netloc.removesuffix(f":{self.site_port}").lower()}
        self.others: set[str] = set()
        self.spelt_well: set[str] = set()  # headers read before, so that most requests need one look
        self.patterns = [name for name in settings.ALLOWED_HOSTS if name.lower() not in spelt]

    def canonical(self, environ: Environ) -> str | None:
        """Return the one spelling of the request's host; None when pages are not kept under it."""
        host = environ.get("HTTP_HOST", "")
        if host in self.spelt_well:
            return host
        name, port = _parted(host)
        if name not in self.names and not self._is_another(name):
            return None
        # Any other port is one that nobody serves us on: it may not become an entry of its own.
        found = f"{name}:{port}" if port and port in {self.site_port, environ.get("SERVER_PORT")} else name
        if found == host:
            self.spelt_well.add(found)
        return found

    def _is_another(self, name: str) -> bool:
        if name in self.others:
            return True
        if len(self.others) >= OTHER_NAMES or not name or not validate_host(name, self.patterns):
            return False
        self.others.add(name)
        return True


def _parted(host: str) -> tuple[str, str]:
    name, colon, port = host.lower().rpartition(":")
    if not colon or not port.isdigit():
        return host.lower().removesuffix("."), ""
    return name.removesuffix("."), port

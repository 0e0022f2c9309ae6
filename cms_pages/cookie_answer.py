"""What a browser remembers of a visitor's choice: the package's cookie, with a receipt's number and what was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from cookie_consent.conf import settings
from cookie_consent.util import get_cookie_dict_from_request, set_cookie_dict_to_response
from django.http import HttpRequest, HttpResponse

from cms_pages.models.cookies import RESERVED

LONGEST = 2000  # characters; a browser keeps at most 4,096 bytes a cookie, and ours has some 150
DECLINED = settings.COOKIE_CONSENT_DECLINE

State = Literal["due", "again", "gpc", "decided"]


@dataclass
class Answer:
    """A version for each group (DECLINED: refused), the version asked for, the receipt's number.

    `gpc` says that the choice was made while the browser signalled Global Privacy Control, and so overrules it.
    """

    groups: dict[str, str] = field(default_factory=dict)
    asked: str = ""
    receipt: str = ""
    gpc: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> Answer:
        """Read the request's cookie; one that is broken or too long says nothing."""
        if len(request.COOKIES.get(settings.COOKIE_CONSENT_NAME, "")) > LONGEST:
            return cls()
        said = get_cookie_dict_from_request(request)
        groups = {name: version for name, version in said.items() if name not in RESERVED}
        return cls(groups, said.get("asked", ""), said.get("receipt", ""), said.get("gpc") == "1")

    def write(self, response: HttpResponse) -> None:
        """Have the browser remember this for twelve months."""
        said = {**self.groups, "asked": self.asked, "receipt": self.receipt}
        set_cookie_dict_to_response(response, {**said, "gpc": "1"} if self.gpc else said)

    def allows(self, group: dict[str, Any], *, signal: bool = False) -> bool:
        """Say whether the group may be loaded: allowed, not changed since to ask for more, not overruled by GPC."""
        version = self.groups.get(group["varname"], DECLINED)
        return version != DECLINED and version >= group["version"] and (self.gpc or not signal)

    def state(self, asked: str, *, signal: bool) -> State:
        """Return what the banner has to do, by the rule of templates/cms_pages/cookie_state.html."""
        decided = self.asked >= asked
        allowed = any(version != DECLINED for version in self.groups.values())
        if signal and not self.gpc and (allowed or not decided):
            return "gpc"
        if decided:
            return "decided"
        return "again" if self.asked else "due"

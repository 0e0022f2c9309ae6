"""Embeds that wait: a placeholder in the page, the other site only once the visitor has said yes."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.template.loader import render_to_string
from django.utils.translation import get_language
from wagtail.embeds.exceptions import EmbedNotFoundException
from wagtail.embeds.finders.base import EmbedFinder
from wagtail.embeds.rich_text import MediaEmbedHandler

from cms_pages.cookies import is_asked, latest
from cms_pages.models import CookieGroup

VIDEO = re.compile(r"^[\w-]{6,20}$")
YOUTUBE = "www.youtube-nocookie.com"  # the player that sets nothing before it is started


def frame_address(url: str) -> str:
    """Return the https address to show in a frame for a page's address, such as a video's; empty when it is none."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.port or parts.username:
        return ""
    video = {
        "youtu.be": parts.path[1:],
        "www.youtube.com": parse_qs(parts.query).get("v", [""])[0],
    }.get(parts.hostname, "")
    return f"https://{YOUTUBE}/embed/{video}" if VIDEO.match(video) else url


class DeclaredHosts(EmbedFinder):
    """Takes addresses on hosts that a cookie group declares, and asks nobody about them: our server calls no one."""

    def accept(self, url: str) -> bool:
        """Take every address, so that what is refused is refused here."""
        return True

    def find_embed(self, url: str, max_width: int | None = None, max_height: int | None = None) -> dict[str, Any]:
        """Return what Wagtail keeps of it; raise EmbedNotFoundException for a host that no group declares."""
        host = urlsplit(frame_address(url)).hostname
        groups = CookieGroup.objects.filter(is_required=False)
        if not host or not any(host in group.host_names for group in groups):
            raise EmbedNotFoundException
        return {"title": host, "provider_name": host, "type": "rich", "html": "", "width": 640, "height": 360}


class WaitingEmbed(MediaEmbedHandler):
    """Renders an embed of rich text as a placeholder, the same for everybody."""

    @staticmethod
    def expand_db_attributes(attrs: dict[str, Any]) -> str:
        """Return the placeholder; a link where no group asks about the host; nothing for what is no https address."""
        url = attrs.get("url", "")
        frame = frame_address(url)
        if not frame:
            return ""
        host = urlsplit(frame).hostname or ""
        found = latest(get_language() or "")
        groups = found["content"]["groups"] if found else []
        group = next((one for one in groups if is_asked(one) and host in one["hosts"]), None)
        number = found["number"] if found else 0
        return render_to_string(
            "cms_pages/embed.html",
            {"url": url, "frame": frame, "host": host, "group": group, "number": number, "language": get_language()},
        )

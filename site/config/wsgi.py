"""The WSGI application: public pages from memory, everything else from Django; letters, events and jobs beside it."""

from __future__ import annotations

import gc
import os

gc.disable()  # until all is loaded: walking it meanwhile takes a sixth of a start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

django_application = get_wsgi_application()

# Only now: their models exist once Django has loaded its apps.
from cabinet.exchange.courier import courier  # noqa: E402
from cabinet.jobs.workman import workman  # noqa: E402
from cabinet.notices.postman import postman  # noqa: E402
from cms_pages.page_cache import PageCache  # noqa: E402
from cms_pages.page_store import beside_requests  # noqa: E402

application = PageCache(django_application, later=beside_requests())
postman.start()
workman.start()
courier.start()

# What was loaded to start with never becomes garbage: the collector need not walk it between requests (4 % of a page).
gc.collect()
gc.freeze()
gc.enable()

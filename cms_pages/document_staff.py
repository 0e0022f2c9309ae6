"""How documents are edited in Wagtail's admin: one who saves or publishes after another."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet

from cms_pages.models import LegalDocumentPage
from cms_pages.refusals import Refused


class DocumentEditView(EditView):
    """Wagtail's editor; what it compares with the stored page still holds when it publishes."""

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        """Hold the page's row while a form is taken, so that of two the second sees what the first has published.

        A refusal to publish leaves the draft saved.
        """
        if request.method != "POST":
            return super().dispatch(request, page_id, **kwargs)  # type: ignore[no-any-return]
        with transaction.atomic():
            LegalDocumentPage.objects.select_for_update(of=("self",)).filter(pk=page_id).first()
            try:
                return super().dispatch(request, page_id, **kwargs)  # type: ignore[no-any-return]
            except Refused as error:
                refused = error
        raise refused


class DocumentViewSet(PageViewSet):
    """Wagtail's screens of a page, with an editor of our own."""

    model = LegalDocumentPage
    edit_view_class = DocumentEditView
    parent_models: list[type] = []  # the explorer stays Wagtail's


document_viewset = DocumentViewSet("documents")

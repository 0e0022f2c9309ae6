"""What may not be deleted is told as a sentence, not as a failure (trust.md, f17)."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.db.models import ProtectedError
from django.urls import reverse

from cabinet.customers.models import User
from cms_pages.refusals import TellRefusals


@pytest.mark.parametrize("way", ["one", "bulk"])
def test_f17_a_colleague_with_editions_stays_and_the_administrator_reads_why(
    admin_client, make_document, publish, dana, way
):
    publish(make_document(), user=dana)
    one = reverse("wagtailusers_users:delete", args=(dana.pk,))
    bulk = f"{reverse('wagtail_bulk_action', args=('customers', 'user', 'delete'))}?id={dana.pk}&next=/admin/users/"
    answer = admin_client.post(one if way == "one" else bulk)
    assert answer.status_code == 302
    (message,) = get_messages(answer.wsgi_request)
    assert "ссылаются" in str(message) and "редакции" in str(message)
    assert User.objects.filter(pk=dana.pk).exists()


def test_f17_a_colleague_without_editions_goes(admin_client, dana):
    admin_client.post(reverse("wagtailusers_users:delete", args=(dana.pk,)))
    assert not User.objects.filter(pk=dana.pk).exists()


def test_outside_the_admin_a_protected_row_is_a_failure_of_ours(rf):
    told = TellRefusals(lambda request: None).process_exception(rf.post("/ru/"), ProtectedError("kept", set()))
    assert told is None

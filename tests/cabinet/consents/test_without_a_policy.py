"""The pages about consents where there is nothing yet that somebody could agree to."""

from __future__ import annotations

import pytest

from cabinet.consents.composing import Composer, NotReady
from tests.cabinet.consents.test_pages import PAGES


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_where_the_shop_cannot_take_consents_yet(site_ru, customer_client, page):
    with pytest.raises(NotReady):
        Composer("ru")
    assert customer_client.get(page).status_code == 200

"""An order by phone where there is nothing a caller could agree to."""

from __future__ import annotations


def test_without_a_policy_no_order_is_taken(site_ru, timurs):
    assert timurs.get("/admin/orders/new/").status_code == 503

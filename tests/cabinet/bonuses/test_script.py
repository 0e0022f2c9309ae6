"""The script in docs/integrator.md does what it says, word for word as it stands there."""

from __future__ import annotations

import io
import re
import urllib.request

from allauth.account.models import EmailAddress

from cabinet.bonuses.actions import balance_of
from cabinet.orders.claiming import claim_by_email
from tests.cabinet.exchange.shop import Shop
from tests.conftest import signed_in
from tests.databases import ROOT

SCRIPT = re.compile(r"<!-- tests/cabinet/bonuses/test_script.py runs it -->\n```python\n(.*?)```", re.DOTALL)


def test_a_person_an_order_and_bonuses_are_told_by_the_script(aigerim, agree, monkeypatch, capsys):
    agree(aigerim, "bonuses")
    EmailAddress.objects.create(user=aigerim, email=aigerim.email, verified=True, primary=True)
    run = script_of(Shop(), aigerim.email, monkeypatch)
    run()
    assert "customer_unknown" in capsys.readouterr().out
    assert claim_by_email(customer=aigerim.customer) == 1
    for _time in range(2):
        run()
        assert "/ru/cabinet/orders/TRY-1001/" in capsys.readouterr().out
    assert balance_of(aigerim.customer) == 1014
    hers = signed_in(aigerim)
    assert "TRY-1001" in hers.get("/ru/cabinet/orders/TRY-1001/").text
    assert 'href="/ru/cabinet/orders/TRY-1001/"' in hers.get("/ru/cabinet/bonuses/").text


def script_of(shop, email, monkeypatch):
    """Return a function that runs the script, whose requests reach the site without a network."""
    (text,) = SCRIPT.findall((ROOT / "docs" / "integrator.md").read_text())
    monkeypatch.setenv("KELISIM_SECRET", shop.secret)
    monkeypatch.setenv("KELISIM_EMAIL", email)

    def urlopen(request, timeout):
        headers = dict(request.header_items())
        kind = headers.pop("Content-type")
        answer = shop.client.post(request.selector, request.data, content_type=kind, headers=headers)
        assert answer.status_code == 200, answer.text
        return io.BytesIO(answer.content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return lambda: exec(compile(text, "try_kelisim.py", "exec"), {"__name__": "__main__"})

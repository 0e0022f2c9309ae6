"""The description of the interface is true: whatever is sent, each answer is one that it tells of, and no failure."""

from __future__ import annotations

import json
import uuid

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cabinet.exchange.handlers import handlers
from cabinet.exchange.openapi import name_of, whole_description
from cabinet.exchange.sending import sent
from tests.cabinet.exchange.conftest import bills, registered, shop  # noqa: F401  (fixtures)
from tests.cabinet.exchange.shop import EVENTS

TRUE = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ANSWERS = {200, 413, 422}


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
def test_s15_schemathesis_finds_no_answer_that_is_not_described(bills, shop, mode):  # noqa: F811
    (operation,) = (found.ok() for found in schemathesis.openapi.from_dict(whole_description()).get_all_operations())
    answered = set()

    @FEW
    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode[mode]))
    def send(case):
        response = shop.post(json.dumps(case.body, default=str).encode(), uuid.uuid4().hex)
        answered.add(response.status_code)
        case.validate_response(as_schemathesis_has_it(response), checks=TRUE)

    send()
    assert answered <= ANSWERS
    assert (200 if mode == "POSITIVE" else 422) in answered


def as_schemathesis_has_it(response):
    """Django's answer; what was asked is told by its address alone."""
    headers = {name.lower(): [value] for name, value in response.headers.items()}
    asked = requests.Request("POST", f"http://testserver{EVENTS}").prepare()
    return schemathesis.Response(response.status_code, headers, response.content, asked, 0.0, False)


def test_the_description_names_each_event_with_its_schema(bills, visitor):  # noqa: F811
    told = visitor.get("/api/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    body = told["paths"][EVENTS]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["discriminator"]["mapping"]) == set(handlers) >= {"bill.paid", "bill.lost"}
    paid = told["components"]["schemas"][name_of("bill.paid")]
    assert paid["properties"]["type"]["const"] == "bill.paid" and paid["additionalProperties"] is False
    assert paid["properties"]["data"]["$ref"].rpartition("/")[2] in told["components"]["schemas"]


def test_the_description_names_what_we_send(visitor):
    told = visitor.get("/api/openapi.json").json()["webhooks"]
    assert set(told) == set(sent) >= {"customer.updated", "customer.erased", "consent.given", "consent.withdrawn"}


def test_the_page_for_programmers_loads_our_own_files_and_no_inline_script(visitor):
    page = visitor.get("/api/docs")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "nonce-" not in policy
    assert "<script>" not in page.text and 'src="http' not in page.text and 'href="http' not in page.text
    assert "/static/ninja/swagger-ui-bundle.js" in page.text and "/api/openapi.json" in page.text

"""Our signatures are those of Standard Webhooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from cabinet.exchange.signing import is_signed, is_timely, key_of, new_secret, sign

# Published with the specification, and in its reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def headers(signature=SIGNATURE, at=AT, id=ID):
    return {"webhook-id": id, "webhook-timestamp": str(at), "webhook-signature": signature}


def test_the_published_vector_is_signed_so():
    assert sign(key_of(SECRET), ID, AT, BODY) == SIGNATURE
    assert is_signed(key_of(SECRET), headers(), BODY)


@pytest.mark.parametrize("secret", [SECRET, SECRET.removeprefix("whsec_"), "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])
def test_the_reference_library_signs_alike(secret):
    theirs = Webhook(secret).sign(ID, datetime.fromtimestamp(AT, UTC), BODY.decode())
    assert sign(key_of(secret), ID, AT, BODY) == theirs


def test_the_reference_library_takes_what_we_sign():
    secret, now = new_secret(), int(datetime.now(UTC).timestamp())
    body = json.dumps({"name": "Айгүл"}, ensure_ascii=False).encode()
    signed = headers(sign(key_of(secret), ID, now, body), now)
    assert Webhook(secret).verify(body, signed) == {"name": "Айгүл"}


@pytest.mark.parametrize(
    "signature",
    [
        f"v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= {SIGNATURE}",
        f"v2,xxxx {SIGNATURE} v1,",
    ],
)
def test_one_right_signature_among_others_is_enough(signature):
    assert is_signed(key_of(SECRET), headers(signature), BODY)


@pytest.mark.parametrize(
    ("wrong", "body"),
    [
        ({"webhook-signature": SIGNATURE.replace("v1", "v2")}, BODY),
        ({"webhook-signature": ""}, BODY),
        ({"webhook-signature": "v1,"}, BODY),
        ({"webhook-signature": "Жv1,é"}, BODY),
        ({"webhook-signature": " ".join(["v1,x"] * 8 + [SIGNATURE])}, BODY),  # nobody rotates nine secrets
        ({"webhook-id": "msg_other"}, BODY),
        ({"webhook-id": ""}, BODY),
        ({"webhook-timestamp": str(AT + 1)}, BODY),
        ({"webhook-timestamp": f"+{AT}"}, BODY),
        ({"webhook-timestamp": "९"}, BODY),
        ({"webhook-timestamp": ""}, BODY),
        ({}, BODY + b" "),
    ],
)
def test_anything_else_is_not(wrong, body):
    assert not is_signed(key_of(SECRET), {**headers(), **wrong}, body)


def test_the_time_may_be_five_minutes_off_and_no_more():
    now = datetime.fromtimestamp(AT, UTC)
    for seconds, fine in ((0, True), (300, True), (-300, True), (301, False), (-301, False)):
        assert is_timely(headers(), now + timedelta(seconds=seconds)) is fine
    assert not is_timely(headers(at="9" * 11), now)


@pytest.mark.parametrize("secret", ["whsec_", "", "whsec_not base64!", "ключ"])
def test_what_is_no_secret_is_refused(secret):
    with pytest.raises(ValueError, match="secret"):
        key_of(secret)


def test_secrets_are_random_and_long():
    assert len({new_secret() for _each in range(50)}) == 50
    assert len(key_of(new_secret())) == 32

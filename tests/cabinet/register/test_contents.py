"""What one account holds, in words: all of it, nobody else's, no secret, in a constant number of queries."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.customers.models import Customer
from cabinet.register.categories import register
from cabinet.register.contents import contents
from tests.cabinet.register.conftest import open_session


def lines_of(account, language="en"):
    """Every line of an account, by category."""
    kept = contents(account, language=language)
    return {one.category.key: [line for row in one.rows for line in row.lines] for one in kept}


def told(account, key, language="en"):
    return {line.label: line.value for line in lines_of(account, language)[key]}


def test_aigerim_reads_her_address_in_words(full_account):
    assert (
        told(full_account, "customers.addresses").items()
        >= {"City": "Алматы", "Street and house": "Абай даңғылы, 10"}.items()
    )


def test_dates_phones_and_choices_are_written_as_people_write_them(full_account):
    assert told(full_account, "customers.birth_date") == {"Birth date": "21 March 1990"}
    assert told(full_account, "customers.birth_date", "kk").popitem()[1] == "1990 ж. 21 наурыз"
    assert told(full_account, "customers.phone") == {"Phone": "+7 701 123 4567"}
    assert told(full_account, "customers.language") == {"Language of letters": "Kazakh"}


def test_every_category_of_the_room_has_something_to_show(full_account):
    kept = lines_of(full_account)
    assert [key for key in kept if key.startswith("customers.") and not kept[key]] == []


def test_secrets_are_named_and_never_shown(full_account):
    lines = [line for found in lines_of(full_account).values() for line in found]
    shown = " ".join(line.value for line in lines)
    session_key = full_account.usersession_set.get().session_key
    for secret in (full_account.password, "TOTPSECRET", "SESSIONSECRET", "SEALEDSECRET", session_key, "f0"):
        assert secret not in shown.split()
    assert {line.field for line in lines if line.secret} >= {
        "customers.User.password",
        "mfa.Authenticator.data",
        "sessions.Session.session_data",
        "usersessions.UserSession.session_key",
        "customers.EmailChange.token_sha256",
    }
    assert {line.value for line in lines if line.secret} == {"kept, not shown"}


def test_boris_sees_nothing_of_aigerims(full_account, boris):
    shown = " ".join(line.value for found in lines_of(boris).values() for line in found)
    assert "boris@customer.example" in shown
    for hers in ("aigerim", "Айгерім", "Алматы", "203.0.113.7"):
        assert hers not in shown


def test_an_account_of_nobody_yet_is_told_without_an_error(boris):
    assert "customers.account" in lines_of(boris)
    assert lines_of(boris)["customers.addresses"] == []


def test_empty_fields_are_not_lines(full_account):
    assert "Apartment or office" not in told(full_account, "customers.addresses")


def test_no_stays_a_line(full_account):
    full_account.emailaddress_set.update(verified=False)
    assert told(full_account, "customers.account")["E-mail confirmed"] == "no"


def test_the_number_of_queries_is_that_of_the_models_whatever_the_number_of_rows(full_account):
    contents(full_account, language="kk")
    with CaptureQueriesContext(connection) as few:
        contents(full_account, language="kk")
    customer = Customer.objects.get(user=full_account)
    for number in range(30):
        customer.addresses.create(city="Астана", street=f"Мәңгілік Ел, {number}")
        open_session(full_account)
    with CaptureQueriesContext(connection) as many:
        kept = contents(full_account, language="kk")
    ways = {(held.model, held.owner) for category in register for held in category.held if held.fields}
    assert len(many) == len(few) == len(ways) + 1  # the log is searched by the customer's mark, asked for first
    assert sum(len(one.rows) for one in kept if one.category.key == "customers.addresses") == 31


def test_it_is_told_in_the_language_asked_for(full_account):
    from django.utils import translation

    with translation.override("en"):
        assert "Тегі" in told(full_account, "customers.name", "kk")
        assert "Фамилия" in told(full_account, "customers.name", "ru")
        assert "Last name" in told(full_account, "customers.name", None)

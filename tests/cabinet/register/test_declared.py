"""The check that nothing of a customer goes undeclared: it sees what is added, and says what to write."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

from cabinet.customers.models import Address, Customer, User
from cabinet.register.categories import Basis, Category, End, Held, Over, Purpose, Register, Term, register
from cabinet.register.checks import everything_is_declared
from cabinet.register.declared import problems
from cms_pages.models import Edition


@pytest.fixture
def isolated():
    """Let a test make models that nobody else sees."""
    with isolate_apps("cabinet.customers"):
        yield


def found(*added, of=register):
    """What the check says when these models stand among the project's."""
    labels = {model._meta.label for model in added}
    others = [model for model in apps.get_models() if model._meta.label not in labels]
    return problems(of, User, [*others, *added])


def ids(errors):
    return [error.id for error in errors]


def copy_of(of=register):
    return Register(dict(of.by_key), dict(of.exempt))


def category(*held, key="customers.trial"):
    return Category(key, "Trial", "To try.", (Purpose.ORDER,), Basis.CONSENT, Term("a day"), held)


def test_the_project_itself_is_clean():
    assert everything_is_declared(None) == []


def test_the_check_runs_with_every_other(capsys):
    call_command("check", fail_level="WARNING")


def test_the_check_is_fast():
    everything_is_declared(None)
    begun = time.process_time()
    everything_is_declared(None)
    assert time.process_time() - begun < 2  # some twenty milliseconds; a walk of all rows or paths would take minutes


def test_a_field_nobody_declared_is_an_error_that_says_what_to_write(isolated):
    class WiderAddress(models.Model):
        customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
        city = models.CharField(max_length=9)
        door_code = models.CharField(max_length=9)

        class Meta:
            app_label = "customers"

    mine = copy_of()
    mine.add(category(Held("customers.WiderAddress", owner="customer__user", fields={"city": End.ERASE})))
    [error] = found(WiderAddress, of=mine)
    assert error.id == "kelisim.register.E001"
    assert "customers.WiderAddress.door_code" in error.msg
    assert "cabinet/customers/personal_data.py" in error.hint
    assert '"door_code": End.ERASE' in error.hint


def test_a_field_taken_out_of_a_declaration_is_missed():
    mine = copy_of()
    addresses = mine.by_key["customers.addresses"]
    [held] = addresses.held
    fewer = replace(held, fields={name: end for name, end in held.fields.items() if name != "note"})
    mine.by_key["customers.addresses"] = replace(addresses, held=(fewer,))
    assert [error.msg for error in found(of=mine)] == ["No category of personal data declares customers.Address.note."]


def test_a_model_nobody_declared_is_an_error_that_says_what_to_write(isolated):
    class Allergy(models.Model):
        customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "customers"

    [error] = found(Allergy)
    assert error.id == "kelisim.register.E003"
    assert """Held('customers.Allergy', owner="customer__user", fields={"name": End.ERASE})""" in error.hint
    assert 'register.leave_out("the reason", "customers.Allergy")' in error.hint


def test_what_the_hint_says_to_write_mends_it(isolated):
    class Allergy(models.Model):
        customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "customers"

    declared, left_out = copy_of(), copy_of()
    declared.add(category(Held("customers.Allergy", owner="customer__user", fields={"name": End.ERASE})))
    left_out.leave_out("a trial", "customers.Allergy")
    assert found(Allergy, of=declared) == found(Allergy, of=left_out) == []


def test_one_to_one_many_to_many_and_generic_keys_are_ways_too(isolated):
    class Diet(models.Model):
        user = models.OneToOneField(User, models.CASCADE, related_name="+")

        class Meta:
            app_label = "customers"

    class Club(models.Model):
        members = models.ManyToManyField(Customer, related_name="+")

        class Meta:
            app_label = "customers"

    class Note(models.Model):
        content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
        object_id = models.PositiveBigIntegerField()
        about = GenericForeignKey()

        class Meta:
            app_label = "customers"

    errors = found(Diet, Club, Note)
    assert ids(errors) == ["kelisim.register.E003"] * 3
    assert {error.obj for error in errors} == {Diet, Club, Note}


def test_many_to_many_fields_of_a_customer_lead_on(isolated):
    class Hobby(models.Model):
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "customers"

    class Tastes(models.Model):
        customer = models.OneToOneField(Customer, models.CASCADE, related_name="+")
        hobbies = models.ManyToManyField(Hobby)

        class Meta:
            app_label = "customers"

    mine = copy_of()
    mine.add(category(Held("customers.Tastes", owner="customer__user", fields={"hobbies": End.ERASE})))
    assert [error.obj for error in found(Hobby, Tastes, of=mine)] == [Hobby]


def test_the_way_leads_on_through_what_belongs_to_the_customer(isolated):
    class Visit(models.Model):
        address = models.ForeignKey(Address, models.CASCADE, related_name="+")

        class Meta:
            app_label = "customers"

    class Photo(models.Model):
        visit = models.ForeignKey(Visit, models.CASCADE, related_name="+")

        class Meta:
            app_label = "customers"

    errors = found(Visit, Photo)
    assert {error.obj for error in errors} == {Visit, Photo}
    assert 'owner="visit__address__customer__user"' in " ".join(error.hint for error in errors)


def test_the_way_ends_at_what_is_left_out(isolated):
    class Remark(models.Model):
        edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")

        class Meta:
            app_label = "customers"

    assert found(Remark) == []


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (Held("customers.Horse", owner="user", fields={}), "no model customers.Horse"),
        (Held("customers.Address", owner="customer__user", fields={"tree": End.ERASE}), "no field “tree”"),
        (Held("customers.Address", owner="customer__user", fields={}, technical=("bush",)), "no field “bush”"),
        (Held("customers.Address", owner="customer", fields={}), "“customer” does not lead"),
        (Held("customers.Address", owner="horse__user", fields={}), "“horse__user” does not lead"),
        (Held("customers.Address", owner="pk", fields={}), "“pk” does not lead"),
        (Held("customers.Address", owner="customer__user", fields={}, secret=("city",)), "customers.Address.city"),
        (Held("customers.Address", owner="customer__user", fields={}, aside=("city",)), "customers.Address.city"),
    ],
)
def test_a_declaration_of_what_is_not_there_is_an_error(held, words):
    mine = copy_of()
    mine.add(category(held))
    [error] = found(of=mine)
    assert error.id == "kelisim.register.E002"
    assert words in error.msg


def test_nothing_is_both_declared_and_left_out_or_left_out_and_not_there():
    mine = copy_of()
    mine.leave_out("a trial", "customers.Address", "customers.Horse")
    assert ids(found(of=mine)) == ["kelisim.register.E002"] * 2


def test_a_category_is_declared_once():
    mine = copy_of()
    with pytest.raises(ValueError, match=r"customers\.phone"):
        mine.add(category(key="customers.phone"))


def test_everything_left_out_has_its_reason():
    assert all(reason.strip() for reason in register.exempt.values())


@pytest.mark.parametrize(
    ("over", "word"),
    [
        (Over("city"), "is no moment"),
        (Over("customer__gone_at"), "is no moment"),
        (Over("removed_at", "NO_SUCH_LIFETIME"), "is no span of time"),
        (Over("removed_at", "LETTER_LIFETIME"), "source does not name"),
    ],
)
def test_r7_a_term_that_cannot_be_executed_or_is_not_told_is_an_error(over, word):
    mine = copy_of()
    held = Held("customers.Address", owner="customer__user", fields={"city": End.ERASE}, over=(over,))
    mine.add(category(held))
    assert word in " ".join(error.msg for error in found(of=mine))

"""Whether the declarations fit the models: what is undeclared, what is declared but not there, and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.sql import Query

from cabinet.register.categories import Category, End, Held, Over, Register
from cabinet.register.reach import Model, Reached, own_fields, reached


def problems(register: Register, account: Model, among: Iterable[Model]) -> list[CheckMessage]:
    """Return an error for every field, model and lookup in which the register and the models disagree."""
    known = {model._meta.label_lower: model for model in among}
    wrong = [*_wrong_declarations(register, account, known)]
    if wrong:  # what cannot be looked up says nothing about the rest
        return wrong
    return [
        error
        for found in reached(account, known.values(), stop=register.exempt)
        for error in _undeclared(register, found)
    ]


# E001, E003: there and not declared ----------------------------------------------------------------------------------


def _undeclared(register: Register, found: Reached) -> Iterator[CheckMessage]:
    label = found.model._meta.label
    declarations = [(c, h) for c in register for h in c.held if h.model.lower() == label.lower()]
    if label.lower() in {name.lower() for name in register.exempt}:
        return
    if not declarations:
        yield _undeclared_model(found)
        return
    told = {name for _category, held in declarations for name in (*held.fields, *held.technical, _first_step(held))}
    for field in own_fields(found.model):
        if field.name not in told and not field.primary_key:
            yield _undeclared_field(field, *declarations[0])


def _first_step(held: Held) -> str:
    return held.owner.split("__")[0]


def _undeclared_field(field: Any, category: Category, held: Held) -> CheckMessage:
    return Error(
        f"No category of personal data declares {held.model}.{field.name}.",
        hint=(
            f"In {_file_of(category)}, write “{field.name}” into the fields of the Held for {held.model} in the "
            f'category that it belongs to (as in {category.key}: fields={{…, "{field.name}": End.ERASE}}), '
            f'or, if it says nothing about the person, into its technical=(…, "{field.name}").'
        ),
        obj=field,
        id="kelisim.register.E001",
    )


def _undeclared_model(found: Reached) -> CheckMessage:
    label = found.model._meta.label
    way = f'owner="{found.lookup}"' if found.lookup else 'owner="", found_by=…'
    step = (found.lookup or "").split("__")[0]
    names = [field.name for field in own_fields(found.model) if not field.primary_key and field.name != step]
    fields = ", ".join(f'"{name}": End.ERASE' for name in names)
    return Error(
        f"{label} can be reached from a customer (by {found.by}), and no category of personal data declares it.",
        hint=(
            f"In {_file_for(found.model)}, add to a category “Held({label!r}, {way}, fields={{{fields}}})” and move "
            f"into technical=(…) what says nothing about the person; or, if nothing of a customer stands there, "
            f'write “register.leave_out("the reason", "{label}")”. docs/integrator.md tells more.'
        ),
        obj=found.model,
        id="kelisim.register.E003",
    )


def _file_of(category: Category) -> str:
    return f"cabinet/{category.key.split('.')[0]}/personal_data.py"


def _file_for(model: Model) -> str:
    name = apps.get_app_config(model._meta.app_label).name
    is_ours = name.startswith("cabinet.") or name == "cms_pages"
    return f"{name.replace('.', '/')}/personal_data.py" if is_ours else "the personal_data.py of the room that uses it"


# E002: declared and not there ----------------------------------------------------------------------------------------


def _wrong_declarations(register: Register, account: Model, known: dict[str, Model]) -> Iterator[CheckMessage]:
    for category in register:
        for held in category.held:
            for what in (*_wrong(held, account, known), *_unsaid(category, held)):
                yield _wrong_declaration(f"{category.key}: {what}", _file_of(category))
    declared = {held.model for category in register for held in category.held}
    for label in register.exempt:
        if label.lower() not in known:
            yield _wrong_declaration(f"leave_out: there is no model {label}.", "the call of register.leave_out")
        if label in declared:
            yield _wrong_declaration(f"{label} is both declared and left out.", "the call of register.leave_out")


def _wrong(held: Held, account: Model, known: dict[str, Model]) -> Iterator[str]:
    model = known.get(held.model.lower())
    if model is None:
        yield f"there is no model {held.model}."
        return
    there = {field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete}
    for name in sorted({*held.fields, *held.technical} - there):
        yield f"{held.model} has no field “{name}”."
    for name in sorted({*held.secret, *held.aside, *held.labels} - set(held.fields)):
        yield f"{held.model}.{name} has a label, is secret or set aside, but is not among the declared fields."
    yield from (f"{held.model}: {what}" for over in held.over for what in _wrong_over(held, model, over))
    if not held.found_by and not _leads_to_account(model, held.owner, account):
        yield f"the lookup “{held.owner}” does not lead from {held.model} to the account."


def _wrong_over(held: Held, model: Model, over: Over) -> Iterator[str]:
    try:
        names = Query(model).names_to_path(over.since.split("__"), model._meta, fail_on_missing=True)[1]
    except FieldError:
        names = None
    if not isinstance(names, models.DateTimeField):
        yield f"“{over.since}”, at which a term begins, is no moment."
    if isinstance(over.lasts, str) and not isinstance(getattr(settings, over.lasts, None), timedelta):
        yield f"the setting {over.lasts}, by which a term lasts, is no span of time."
    if End.ANONYMISE in held.fields.values() and not held.anonymise:
        yield "rows with a term are anonymised, and `anonymise` does not say how."


def _unsaid(category: Category, held: Held) -> Iterator[str]:
    """Compare what is done with what people are told: a span that a setting decides stands beside the words."""
    for over in held.over:
        if isinstance(over.lasts, str) and over.lasts not in category.term.source:
            yield f"rows of {held.model} go after {over.lasts}, which the term's source does not name."


def _leads_to_account(model: Model, lookup: str, account: Model) -> bool:
    if lookup == "pk":
        return model is account
    try:
        _path, last, _targets, rest = Query(model).names_to_path(lookup.split("__"), model._meta, fail_on_missing=True)
    except FieldError:
        return False
    target: Any = last.related_model if isinstance(last, models.Field) or last.is_relation else None
    return target is account and not rest


def _wrong_declaration(message: str, place: str) -> CheckMessage:
    return Error(message, hint=f"Mend it in {place}.", id="kelisim.register.E002")

"""Who may do what with documents, and the way a text takes: lawyer, then privacy officer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext, override
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowPage, WorkflowTask

from cms_pages.models import GivenPermission

# Names are data, not screen words: the demo people and a shop's own scripts find groups by them.
EDITORS, LAWYERS, OFFICERS = "Editors", "Lawyers", "Privacy officers"
ORDER_STAFF, ACCOUNTANTS = "Order staff", "Accountants"
PAGE_PERMISSIONS = {
    EDITORS: ("add_page", "change_page", "publish_page", "lock_page"),
    LAWYERS: ("change_page",),
    OFFICERS: ("change_page", "publish_page", "lock_page", "unlock_page"),
}
READS = (
    "wagtailadmin.access_admin",
    "cms_pages.view_edition",
    "cms_pages.view_banneredition",
    "notices.preview_letter",  # with sample data; whom the shop has written to only officers may know
)
MODEL_PERMISSIONS = {
    EDITORS: (
        *READS,
        *(f"cms_pages.{action}_cookiegroup" for action in ("view", "add", "change", "delete")),
        *(f"cms_pages.{action}_cookiebanner" for action in ("view", "add", "change")),
        "consents.view_cookiereceipt",  # how many said what; whose receipts these are only officers may know
    ),
    LAWYERS: READS,
    OFFICERS: (
        *READS,
        "cms_pages.change_operatorcard",
        "cms_pages.view_cookiegroup",
        "cms_pages.view_cookiebanner",
        "consents.view_cookiereceipt",
        "consents.view_receiptowner",
        "consents.view_consentreceipt",
        *(f"consents.{action}_recipient" for action in ("view", "add", "change", "delete")),
        "notices.view_letter",
        "notices.resend_letter",
        "audit.view_event",
        "jobs.view_parkedjob",
        "jobs.retry_parkedjob",
        "orders.break_glass",
        "orders.view_breakglass",
        "privacy.read_restricted",
        "desk.answer_request",
    ),
    # Giving orders to colleagues (orders.assign_order) is nobody's until the shop says whose.
    ORDER_STAFF: ("wagtailadmin.access_admin", "orders.carry_out_order", "orders.take_phone_order"),
    ACCOUNTANTS: ("wagtailadmin.access_admin", "orders.pay_refund"),
}


def make_roles(homes: list[Page]) -> None:
    """Make the groups, their permissions below the front pages, and the workflow; twice changes nothing."""
    for name, permissions in MODEL_PERMISSIONS.items():
        group, _made = Group.objects.get_or_create(name=name)
        _give(group, permissions)
        for home in homes:
            _permit(group, home, PAGE_PERMISSIONS.get(name, ()))
    _workflow(homes)


def give_what_is_new(sender: AppConfig, using: str, apps: Apps = installed, **_signal: Any) -> None:
    """Give the roles that stand what this release brought for an app: after each migration, each permission once."""
    if not {"cms_pages.GivenPermission", "auth.Permission"} <= {model._meta.label for model in apps.get_models()}:
        return  # before these tables: a migration that goes a part of the way
    create_permissions(sender, verbosity=0, using=using)  # Django makes them after us
    remembered = GivenPermission.objects.values("group")
    for group in Group.objects.filter(name__in=MODEL_PERMISSIONS, pk__in=remembered):
        _give(group, [name for name in MODEL_PERMISSIONS[group.name] if name.startswith(f"{sender.label}.")])


def _give(group: Group, names: Iterable[str]) -> None:
    """Give what the group was never given; what a shop has taken away stays taken away."""
    given = set(GivenPermission.objects.filter(group=group).values_list("name", flat=True))
    new = [name for name in names if name not in given]
    group.permissions.add(*_permissions(new))
    GivenPermission.objects.bulk_create(GivenPermission(group=group, name=name) for name in new)


def _permissions(names: Iterable[str]) -> list[Permission]:
    """Return the permissions of these names, app and codename; one that its app does not know is an error."""
    pairs = [name.split(".") for name in names]
    return [Permission.objects.get(content_type__app_label=app, codename=codename) for app, codename in pairs]


def _permit(group: Group, home: Page, codenames: tuple[str, ...]) -> None:
    if not codenames or GroupPagePermission.objects.filter(group=group, page=home).exists():
        return
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames):
        GroupPagePermission.objects.create(group=group, page=home, permission=permission)


def _workflow(homes: list[Page]) -> None:
    with override(settings.LANGUAGE_CODE):
        name, tasks = (
            gettext("Lawyer, then privacy officer"),
            {
                LAWYERS: gettext("Read by the lawyer"),
                OFFICERS: gettext("Released by the privacy officer"),
            },
        )
    workflow, made = Workflow.objects.get_or_create(name=name)
    if made:
        for order, (group, task_name) in enumerate(tasks.items()):
            task = GroupApprovalTask.objects.create(name=task_name)
            task.groups.add(Group.objects.get(name=group))
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    for home in homes:
        WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})

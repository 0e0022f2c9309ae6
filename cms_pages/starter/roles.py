"""Who may do what with documents, and the way a text takes: lawyer, then privacy officer."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext, override
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowPage, WorkflowTask

# Names are data, not screen words: the demo people and a shop's own scripts find groups by them.
EDITORS, LAWYERS, OFFICERS = "Editors", "Lawyers", "Privacy officers"
PAGE_PERMISSIONS = {
    EDITORS: ("add_page", "change_page", "publish_page", "lock_page"),
    LAWYERS: ("change_page",),
    OFFICERS: ("change_page", "publish_page", "lock_page", "unlock_page"),
}
MODEL_PERMISSIONS = {
    EDITORS: ("access_admin", "view_edition"),
    LAWYERS: ("access_admin", "view_edition"),
    OFFICERS: ("access_admin", "view_edition", "change_operatorcard"),
}


def make_roles(homes: list[Page]) -> None:
    """Make the groups, their permissions below the front pages, and the workflow; twice changes nothing."""
    for name, codenames in PAGE_PERMISSIONS.items():
        group, _made = Group.objects.get_or_create(name=name)
        if not GroupPagePermission.objects.filter(group=group, page__in=homes).exists():
            # Wagtail brings a group of editors along; what a shop takes away later stays taken away.
            group.permissions.add(*Permission.objects.filter(codename__in=MODEL_PERMISSIONS[name]))
        for home in homes:
            _permit(group, home, codenames)
    _workflow(homes)


def _permit(group: Group, home: Page, codenames: tuple[str, ...]) -> None:
    if GroupPagePermission.objects.filter(group=group, page=home).exists():
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

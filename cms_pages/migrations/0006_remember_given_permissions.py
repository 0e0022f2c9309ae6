"""Remember what the roles of a site that exists already were given, by the releases before there was a memory."""

import django.db.models.deletion
from django.db import migrations, models

# What the roles got first, with the documents; then with the cookies, which a site that stood before never got.
FIRST = {
    "Editors": ["wagtailadmin.access_admin", "cms_pages.view_edition"],
    "Lawyers": ["wagtailadmin.access_admin", "cms_pages.view_edition"],
    "Privacy officers": ["wagtailadmin.access_admin", "cms_pages.view_edition", "cms_pages.change_operatorcard"],
}
THEN = {
    "Editors": [
        "cms_pages.view_banneredition",
        "cms_pages.view_cookiegroup",
        "cms_pages.add_cookiegroup",
        "cms_pages.change_cookiegroup",
        "cms_pages.delete_cookiegroup",
        "cms_pages.view_cookiebanner",
        "cms_pages.add_cookiebanner",
        "cms_pages.change_cookiebanner",
        "consents.view_cookiereceipt",
    ],
    "Lawyers": ["cms_pages.view_banneredition"],
    "Privacy officers": [
        "cms_pages.view_banneredition",
        "cms_pages.view_cookiegroup",
        "cms_pages.view_cookiebanner",
        "consents.view_cookiereceipt",
        "consents.view_receiptowner",
    ],
}


def remember(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    GivenPermission = apps.get_model("cms_pages", "GivenPermission")
    homes = apps.get_model("cms_pages", "HomePage").objects.values("pk")
    permitted = apps.get_model("wagtailcore", "GroupPagePermission").objects.filter(page__in=homes)
    # Only where the starter has made the roles: Wagtail brings a group of editors along everywhere.
    for group in Group.objects.filter(name__in=FIRST, pk__in=permitted.values("group")):
        held = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}
        then = THEN[group.name]
        # Who holds one of the later ones was given all of them; what is missing was taken away.
        given = FIRST[group.name] + (then if held & set(then) else [])
        GivenPermission.objects.bulk_create(GivenPermission(group=group, name=name) for name in given)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
        ("cms_pages", "0005_table_of_personal_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="GivenPermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="auth.group"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("group", "name"), name="given_once")],
            },
        ),
        migrations.RunPython(remember, migrations.RunPython.noop, elidable=False),
    ]

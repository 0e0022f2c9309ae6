"""The row that opens a receipt's commitment belongs to a mark, so that who has no account can be named, too."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill_marks(apps, schema_editor):
    """Put the customer's mark in the place of the customer."""
    customers = apps.get_model("customers", "Customer").objects.filter(pk=OuterRef("customer_id"))
    apps.get_model("consents", "SignedName").objects.update(subject=Subquery(customers.values("subject")[:1]))


def fill_customers(apps, schema_editor):
    """Put the customer back; names of those without an account have none and go."""
    names = apps.get_model("consents", "SignedName").objects
    customers = apps.get_model("customers", "Customer").objects.filter(subject=OuterRef("subject"))
    names.update(customer=Subquery(customers.values("pk")[:1]))
    names.filter(customer=None).delete()
    if schema_editor.connection.vendor == "postgresql":  # which alters no table while foreign keys wait to be checked
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('consents', '0002_consent_ledger'),
        ('customers', '0004_end_sessions_by_a_salt'),
    ]

    operations = [
        migrations.AddField(
            model_name='signedname',
            name='subject',
            field=models.UUIDField(null=True, verbose_name='mark of the person'),
        ),
        migrations.AlterField(
            model_name='signedname',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=models.CASCADE, related_name='+', to='customers.customer'),
        ),
        migrations.RunPython(fill_marks, fill_customers),
        migrations.RemoveConstraint(model_name='signedname', name='one_commitment_per_name'),
        migrations.RemoveField(model_name='signedname', name='customer'),
        migrations.AlterField(
            model_name='signedname',
            name='subject',
            field=models.UUIDField(verbose_name='mark of the person'),
        ),
        migrations.AddConstraint(
            model_name='signedname',
            constraint=models.UniqueConstraint(fields=('subject', 'full_name'), name='one_commitment_per_name'),
        ),
    ]

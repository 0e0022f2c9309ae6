"""The chain of events, which the database itself refuses to change, and what each tells, which may be forgotten."""

import django.db.models.deletion
from django.db import migrations, models

from cabinet.audit.append_only import append_only_triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('sequence', models.PositiveBigIntegerField(db_column='id', primary_key=True, serialize=False, verbose_name='number')),
                ('at', models.DateTimeField(db_index=True, verbose_name='time')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('actor', models.CharField(blank=True, max_length=40, verbose_name='by whom')),
                ('subject', models.CharField(blank=True, max_length=36, verbose_name='about whom')),
                ('commitment', models.CharField(max_length=64, verbose_name='SHA-256 of what it tells')),
                ('previous', models.CharField(max_length=64, verbose_name='SHA-256 of the event before')),
                ('hash', models.CharField(max_length=64, verbose_name='SHA-256')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'abstract': False,
                'default_permissions': ('view',),
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Payload',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='payload', serialize=False, to='audit.event')),
                ('salt', models.CharField(max_length=64)),
                ('text', models.TextField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['subject', '-sequence'], name='audit_event_of_subject'),
        ),
        append_only_triggers('audit_event'),
    ]

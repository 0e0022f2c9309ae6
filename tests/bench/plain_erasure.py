"""The anchor of p8: what a good administrator of databases would type to have the same effect, and to search it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

HOLD_FREE = """
    o.customer_id = %(customer)s AND o.ended_at IS NOT NULL
    AND (o.objections_until IS NULL OR o.objections_until <= %(now)s)
    AND NOT EXISTS (SELECT 1 FROM orders_refund r WHERE r.order_id = o.id AND r.state = 'requested')
"""
RANDOM = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
ORDERS = (
    "DELETE FROM orders_refunddetails WHERE refund_id IN"
    " (SELECT r.id FROM orders_refund r JOIN free ON free.id = r.order_id)",
    "UPDATE orders_refund SET reason = '' WHERE reason <> '' AND order_id IN (SELECT id FROM free)",
    "DELETE FROM orders_orderperson WHERE order_id IN (SELECT id FROM free)",
    "UPDATE orders_order SET customer_id = NULL, guest_id = NULL, consent_id = NULL, call_reference = '',"
    " taken_by = '', told_by = '', anonymised_at = %(now)s, subject = {random} WHERE id IN (SELECT id FROM free)",
)
OTHERS = (
    "DELETE FROM customers_address WHERE customer_id = %(customer)s",
    "DELETE FROM notices_letter WHERE account_id = %(user)s OR recipient = %(email)s",
    "UPDATE audit_payload SET text = '{{}}', salt = '' WHERE event_id IN"
    " (SELECT id FROM audit_event WHERE subject = %(subject)s)",
    "DELETE FROM bonuses_movement WHERE customer_id = %(customer)s",
    "DELETE FROM bonuses_account WHERE customer_id = %(customer)s",
    "DELETE FROM customers_customer WHERE id = %(customer)s",
    "DELETE FROM customers_user WHERE id = %(user)s",
)
WORDS = """
    SELECT p.name, o.tax_until FROM orders_orderperson p JOIN free ON free.id = p.order_id
    JOIN orders_order o ON o.id = p.order_id WHERE o.tax_until > %(now)s AND p.name <> '' GROUP BY 1, 2
"""
REFERENCES = """
    INSERT INTO privacy_restrictedreference (restricted_id, reference)
    SELECT w.restricted, o.number FROM orders_orderperson p JOIN free ON free.id = p.order_id
    JOIN orders_order o ON o.id = p.order_id JOIN words w ON w.name = p.name AND w.until = o.tax_until
"""


@transaction.atomic
def _all(customer: Any) -> None:
    told = {
        "customer": customer.pk,
        "user": customer.user_id,
        "email": customer.user.email,
        "subject": str(customer.subject),
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE free AS SELECT o.id FROM orders_order o WHERE {HOLD_FREE}", told)
        cursor.execute("CREATE UNIQUE INDEX free_by_id ON free (id)")
        _lock_away(cursor, told)
        for statement in (*ORDERS, *OTHERS):
            cursor.execute(statement.format(random=RANDOM[connection.vendor]), told)
        cursor.execute("DROP TABLE free")
        cursor.execute("DROP TABLE words")


def _lock_away(cursor: Any, told: dict[str, Any]) -> None:
    from cabinet.privacy.restricting import Restricted

    kind = {"sqlite": "datetime", "postgresql": "timestamptz"}[connection.vendor]
    cursor.execute(f"CREATE TEMPORARY TABLE words (restricted bigint, name text, until {kind})")
    cursor.execute(WORDS, told)
    for name, until in cursor.fetchall():
        aware = until if until.tzinfo else until.replace(tzinfo=UTC)
        made = Restricted(erasure="plain", category="orders.people", law="Tax Code", until=aware)
        made.words = {"name": name}
        made.save(force_insert=True)
        cursor.execute("INSERT INTO words VALUES (%s, %s, %s)", [made.pk, name, until])
    cursor.execute(REFERENCES, told)


def erase(customer: Any) -> None:
    """Do it in one transaction, and empty SQLite's log as ours does."""
    from cabinet.customers.models import Customer

    _all(customer)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if Customer.objects.filter(pk=customer.pk).exists():
        raise RuntimeError("The customer is still there.")


# The search ----------------------------------------------------------------------------------------------------------


def values_of(customer: Any) -> list[str]:
    """Return the words that the re-scan looks for, in every way they are written."""
    from cabinet.privacy.looking_for import spellings
    from cabinet.privacy.looking_for import values_of as known

    return sorted({word for value in known(customer.user) for word in spellings(value)})


def scan(words: list[str]) -> None:
    """Look for the words in every text of every table, one pass each; raise RuntimeError where one stands."""
    # The bound that bounds nothing has the texts put together once, and not for each word anew.
    place, fence = {"sqlite": ("instr", "LIMIT -1 OFFSET 0"), "postgresql": ("strpos", "OFFSET 0")}[connection.vendor]
    quote = connection.ops.quote_name
    kinds = (models.CharField, models.TextField, models.JSONField)
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            texts = [field.column for field in model._meta.local_concrete_fields if isinstance(field, kinds)]
            if texts and model._meta.managed and not model._meta.proxy:
                text = " || ' ' || ".join(f"coalesce(CAST({quote(name)} AS text), '')" for name in texts)
                found = " OR ".join([f"{place}(t, %s) > 0"] * len(words))
                table = quote(model._meta.db_table)
                cursor.execute(f"SELECT count(*) FROM (SELECT {text} AS t FROM {table} {fence}) x WHERE {found}", words)
                cursor.fetchone()

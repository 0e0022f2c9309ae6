"""A ledger full of other people, written by the database itself."""

from __future__ import annotations

from django.db import connection

from cabinet.consents.models import ConsentText

UUID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
NUMBER = {"sqlite": "lower(hex(randomblob(9)))", "postgresql": "substr(md5(random()::text || i::text), 1, 18)"}
COLUMNS = (
    "public_id, subject, purpose, medium, given, at, channel, recorded_by, text_id, text_sha256, language, "
    "follows_id, name_commitment, digest"
)
# Half want news of prices by e-mail, a quarter by SMS, a quarter has agreed to bonuses.
GIVEN = """
INSERT INTO consents_consentreceipt ({columns})
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
SELECT {number}, {uuid}, CASE WHEN i % 4 = 0 THEN 'bonuses' ELSE 'news.prices' END,
    CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN 'sms' ELSE 'email' END,
    {yes}, CURRENT_TIMESTAMP, 'site', '', {text}, '', 'ru', NULL, '', '' FROM n
"""
# A third of them changed their mind.
WITHDRAWN = """
INSERT INTO consents_consentreceipt ({columns})
SELECT {number}, subject, purpose, medium, {no}, CURRENT_TIMESTAMP, 'site', '', text_id, '', 'ru', i, '', ''
FROM (SELECT *, id AS i FROM consents_consentreceipt) AS r WHERE i % 3 = 0 AND i > {after}
"""


def add_crowd(text: ConsentText, count: int) -> None:
    """Add `count` people with one consent each, a third of which are withdrawn, and tell the database of it."""
    vendor = connection.vendor
    yes, no = ("1", "0") if vendor == "sqlite" else ("true", "false")
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM consents_consentreceipt")
        facts = {"after": cursor.fetchone()[0], "columns": COLUMNS, "count": count, "text": text.pk}
        words = {**facts, "number": NUMBER[vendor], "uuid": UUID[vendor], "yes": yes, "no": no}
        cursor.execute(GIVEN.format(**words))
        cursor.execute(WITHDRAWN.format(**words))
        cursor.execute("ANALYZE")

"""Orders from a file: every table a shop may have, twice without harm, refusals with their reasons."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from cabinet.orders.models import Order
from tests.cabinet.orders.conftest import order

HEAD = "number;placed_at;status;status_at;name;phone;city;item;quantity;price;delivery_cost"
ROWS = (
    "A-1;02.03.2026 09:30;delivered;04.03.2026 15:00;Айгерім;8 701 123 45 67;Алматы;Икра;2;24 500,00;1500\n"
    "A-1;;;;;;;Көксерке;0,350;9900;\n"
    "A-2;2026-03-02 10:00;;;Борис;;Караганда;Рыба;1;100;\n"
)
CSV = f"{HEAD}\n{ROWS}"


@pytest.fixture
def run(db, tmp_path, capsys):
    """Return a function that imports a file of this content; what the command said."""

    def act(content, name="orders.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_orders", str(path), **options)
        return capsys.readouterr()

    act.folder = tmp_path
    return act


def check():
    first = Order.objects.get(number="A-1")
    assert (first.total, first.status, first.lines.count(), first.person.city) == (53965, "delivered", 2, "Алматы")
    assert (first.person.name, str(first.person.phone)) == ("Айгерім", "+77011234567")
    assert first.placed_at.isoformat() == "2026-03-02T04:30:00+00:00"
    assert Order.objects.get(number="A-2").total == 100


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        CSV.encode("utf-8-sig"),
        CSV.replace("Айгерім", "Айгерим").encode("cp1251", "ignore").replace("Айгерим".encode("cp1251"), b"X"),
        CSV.replace(",", ".").replace(";", ","),
        CSV.replace("\n", "\r\n"),
    ],
    ids=["utf-8", "utf-8-sig", "cp1251", "comma", "crlf"],
)
def test_a_table_of_any_spreadsheet_is_read(run, content):
    assert "Orders taken: 2" in run(content).out
    assert Order.objects.get(number="A-1").person.city == "Алматы"
    if b"X" not in (content if isinstance(content, bytes) else content.encode()):
        check()


def test_a_workbook_is_read(run):
    book = Workbook()
    for line in CSV.replace("24 500,00", "24500").replace("0,350", "0.35").strip().split("\n"):
        book.active.append(line.split(";"))
    book.save(run.folder / "book.xlsx")
    run((run.folder / "book.xlsx").read_bytes(), "orders.xlsx")
    check()


def test_json_lines_are_events_as_they_are(run):
    lines = [order(number=number, placed_at="2026-03-02T09:30:00+05:00", status="packed") for number in ("1", "2")]
    run("\n".join(json.dumps(line) for line in lines), "orders.jsonl")
    assert list(Order.objects.order_by("number").values_list("number", "status")) == [("1", "packed"), ("2", "packed")]


def test_twice_changes_nothing(run):
    run(CSV)
    before = list(Order.objects.values())
    assert "Orders taken: 2" in run(CSV).out
    assert list(Order.objects.values()) == before


def test_a_dry_run_keeps_nothing(run):
    assert "would be taken: 2" in run(CSV, dry_run=True).out
    assert not Order.objects.exists()


def test_what_is_refused_is_told_with_its_row_and_reason_and_the_rest_is_taken(run):
    wrong = f"{CSV}=1+1;2026-03-02 10:00;;;;;;Рыба;0;100;\nA-4;soon;;;;;;Рыба;1;100;\n"
    told = run(wrong)
    assert "Orders taken: 2, refused: 2" in told.out
    report = (run.folder / "orders.csv.refused.csv").read_text("utf-8-sig").splitlines()
    assert report[1].startswith("5;'=1+1;") and "quantity" in report[1]  # s06
    assert report[2].startswith("6;A-4;") and "placed_at" in report[2]


def test_a_cost_that_is_not_told_is_rounded_as_a_till_does(run):
    head = CSV.splitlines()[0]
    assert "Orders taken: 1" in run(f"{head}\nA-9;2026-03-02 10:00;;;;;;Рыба;0,350;12345,50;\n").out
    assert Order.objects.get().total == Decimal("4320.93")


def test_a_file_that_is_no_table_of_orders_is_refused_whole(run):
    for content, name in (("a;b\n1;2\n", "x.csv"), (b"PK nonsense", "x.xlsx")):
        with pytest.raises(CommandError):
            run(content, name)


def test_the_source_keeps_numbers_of_two_shops_apart(run):
    run(CSV)
    run(CSV, source="till")
    assert Order.objects.count() == 4

"""The starter's policy in force states every demand of docs/demands.md, in each language."""

from __future__ import annotations

import re

import pytest

from cms_pages.models import LegalDocumentPage
from cms_pages.starter.load import load_starter
from cms_pages.starter.texts import LANGUAGES
from tests.databases import ROOT

ROW = re.compile(r"^\| (R\d+) \| .+ \| ((?:`[a-z-]+` ?)+)\|$", re.MULTILINE)
CLAUSES = {
    demand: re.findall(r"`([a-z-]+)`", names) for demand, names in ROW.findall((ROOT / "docs/demands.md").read_text())
}

# Beginnings of the words without which the clauses would not say what is demanded.
SPEAKS_OF = {
    "ru": {
        "R1": "заказ сайте регистр телефон записан",
        "R2": "имя фамили доставки телефон почт рождения покупок стоимость бонус",
        "R3": "финансов конфиденциальн договор третьим",
        "R4": "страниц долго отказаться",
        "R5": "только нужно продажи",
        "R6": "разделены узнать доставить сообщать новости ассортимент цен",
        "R7": "только зарегистрированы",
        "R8": "согласились закон оферту защищаем",
        "R9": "только сотрудник заказ",
        "R10": "изменить дополнить время",
        "R11": "кабинет удал",
        "R12": "письм info@caviar.com.kz",
        "R13": "доступ уничтож измен блокир копир распростран",
        "R14": "заказ кабинете сами",
        "R15": "исполняется возражени удаля",
        "R16": "меняться обновления размещ",
        "R17": "право республики казахстан",
        "R18": "вопросы предложения info@caviar.com.kz",
    },
    "kk": {
        "R1": "тапсырыс сайт тіркел телефон жазыл",
        "R2": "аты тег жеткізу телефон пошта туған сатып құны бонус",
        "R3": "қаржылық құпия шарт үшінші",
        "R4": "беттерді уақыт тартуға",
        "R5": "ғана қажет сатуға",
        "R6": "мақсат тану жеткізу хабарлау жаңалық ассортимент баға",
        "R7": "ғана тіркеліп",
        "R8": "келіс заң оферта қорға",
        "R9": "ғана қызметкер тапсырыс",
        "R10": "өзгерт толықтыр уақыт",
        "R11": "кабинет жой",
        "R12": "хат info@caviar.com.kz",
        "R13": "қол жеткіз жою өзгерт бұғатта көшір тарат",
        "R14": "тапсырыс кабинетте өзіңіз",
        "R15": "орындалып қарсылық жой",
        "R16": "өзгеру жаңарт орналастыр",
        "R17": "қазақстан республикасының құқығы",
        "R18": "сұрақтар ұсыныс info@caviar.com.kz",
    },
    "en": {
        "R1": "order site registering phone recorded",
        "R2": "first last delivery phone e-mail birth purchase cost bonuses",
        "R3": "financial confidential contract third",
        "R4": "pages long refuse",
        "R5": "only needed sell",
        "R6": "apart identify deliver messages news assortment prices",
        "R7": "only registered",
        "R8": "agreed law offer defending",
        "R9": "only staff order",
        "R10": "change complete any time",
        "R11": "cabinet delete",
        "R12": "letter info@caviar.com.kz",
        "R13": "access destruction change blocking copying spreading",
        "R14": "order cabinet yourself",
        "R15": "carried objection delete",
        "R16": "change update posted",
        "R17": "law republic kazakhstan",
        "R18": "questions proposals info@caviar.com.kz",
    },
}


@pytest.fixture(scope="module")
def in_force(scenery):
    """The clauses of the policy in force, by language and name in the link."""
    load_starter(history=True, say=lambda text: None)
    pages = LegalDocumentPage.objects.filter(slug="privacy")
    texts = {page.language: page.editions.in_force().clauses for page in pages}
    return {code: {item["name"]: item["text"] for item in clauses} for code, clauses in texts.items()}


def test_every_demand_has_its_row():
    assert list(CLAUSES) == [f"R{number}" for number in range(1, 19)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("demand", CLAUSES)
def test_the_policy_in_force_states_the_demand(in_force, demand, language):
    said = " ".join(in_force[language][name] for name in CLAUSES[demand]).lower()
    assert [word for word in SPEAKS_OF[language][demand].split() if word not in said] == []

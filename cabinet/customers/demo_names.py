"""Names, cities and streets of which the crowd of the demo is made: in Cyrillic, and in Latin for addresses."""

from __future__ import annotations

Pair = tuple[str, str]


def _pairs(words: str) -> list[Pair]:
    """Return what stands as “Айжан:aizhan” as pairs."""
    return [(name, latin) for name, _colon, latin in (word.partition(":") for word in words.split())]


GIVEN: dict[str, list[Pair]] = {
    "kk f": _pairs(
        "Айжан:aizhan Айнұр:ainur Ақбота:akbota Алтынай:altynai Аружан:aruzhan Әйгерім:aigerim Әлия:aliya "
        "Бибігүл:bibigul Гүлнәр:gulnar Дана:dana Динара:dinara Жанар:zhanar Жұлдыз:zhuldyz Қарлығаш:karlygash "
        "Ләззат:lazzat Мадина:madina Меруерт:meruert Назым:nazym Сәуле:saule Толғанай:tolganai Шолпан:sholpan"
    ),
    "kk m": _pairs(
        "Азамат:azamat Айдос:aidos Алмас:almas Арман:arman Асхат:askhat Әділ:adil Бауыржан:bauyrzhan Бекзат:bekzat "
        "Дәурен:dauren Ерлан:yerlan Жандос:zhandos Қайрат:kairat Мұрат:murat Нұрлан:nurlan Олжас:olzhas "
        "Рүстем:rustem Санжар:sanzhar Серік:serik Тимур:timur Шыңғыс:shyngys"
    ),
    "ru f": _pairs(
        "Анна:anna Вера:vera Галина:galina Дарья:darya Елена:elena Ирина:irina Ксения:ksenia Людмила:lyudmila "
        "Марина:marina Наталья:natalya Ольга:olga Светлана:svetlana Татьяна:tatyana Юлия:yulia"
    ),
    "ru m": _pairs(
        "Алексей:alexey Виктор:viktor Георгий:georgy Дмитрий:dmitry Евгений:evgeny Иван:ivan Константин:konstantin "
        "Михаил:mikhail Николай:nikolay Павел:pavel Сергей:sergey Фёдор:fyodor"
    ),
}

_KAZAKH = (
    "Ахметов:akhmetov Әбдірахманов:abdirakhmanov Байжанов:baizhanov Ермеков:yermekov Жұмабаев:zhumabayev "
    "Исабеков:isabekov Қасымов:kassymov Мұқанов:mukanov Нұрпейісов:nurpeisov Оспанов:ospanov Сағынтаев:sagyntayev "
    "Сейітов:seitov Тілеубаев:tileubayev Хасенов:khassenov"
)
_RUSSIAN = (
    "Белов:belov Васильев:vasilyev Горбунов:gorbunov Ершов:ershov Зимин:zimin Калинин:kalinin Лебедев:lebedev "
    "Морозов:morozov Орлов:orlov Семёнов:semyonov Тихонов:tikhonov Шубин:shubin"
)


def _hers(pairs: list[Pair]) -> list[Pair]:
    return [(f"{name}а", f"{latin}a") for name, latin in pairs]


SURNAMES: dict[str, list[Pair]] = {
    "kk m": _pairs(_KAZAKH),
    "kk f": _hers(_pairs(_KAZAKH)),
    "ru m": _pairs(_RUSSIAN),
    "ru f": _hers(_pairs(_RUSSIAN)),
}

# In Kazakh, in Russian, and the postcode of the head office.
CITIES = [
    ("Алматы", "Алматы", "050000"),
    ("Астана", "Астана", "010000"),
    ("Шымкент", "Шымкент", "160000"),
    ("Қарағанды", "Караганда", "100000"),
    ("Ақтөбе", "Актобе", "030000"),
    ("Тараз", "Тараз", "080000"),
    ("Павлодар", "Павлодар", "140000"),
    ("Өскемен", "Усть-Каменогорск", "070000"),
    ("Атырау", "Атырау", "060000"),
    ("Ақтау", "Актау", "130000"),
    ("Қостанай", "Костанай", "110000"),
    ("Орал", "Уральск", "090000"),
]
STREETS = [
    ("Абай көшесі", "улица Абая"),
    ("Әуезов көшесі", "улица Ауэзова"),
    ("Бөгенбай батыр көшесі", "улица Богенбай батыра"),
    ("Жамбыл көшесі", "улица Жамбыла"),
    ("Желтоқсан көшесі", "улица Желтоксан"),
    ("Қабанбай батыр көшесі", "улица Кабанбай батыра"),
    ("Құрманғазы көшесі", "улица Курмангазы"),
    ("Сәтбаев көшесі", "улица Сатпаева"),
    ("Төле би көшесі", "улица Толе би"),
    ("Пушкин көшесі", "улица Пушкина"),
]
NOTES = [
    ("", ""),
    ("", ""),
    ("Домофон істемейді, қоңырау шалыңыз.", "Домофон не работает, позвоните."),
    ("Кіреберіс ауладан.", "Вход со двора."),
    ("Күзетшіге қалдыруға болады.", "Можно оставить у охраны."),
    ("Сағат 19-дан кейін.", "После 19 часов."),
]

"""Kazakh dates: 2026 ж. 1 шілде."""

DATE_FORMAT = r"Y \ж. j E"
DATETIME_FORMAT = r"Y \ж. j E, H:i"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
TIME_FORMAT = "H:i"
FIRST_DAY_OF_WEEK = 1

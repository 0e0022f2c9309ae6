"""What the demo's shop of delicacies sells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Good:
    """Something to order; `weighed` is sold by the kilogram."""

    sku: str
    name: str
    price: int
    product_class: str
    weighed: bool = False

    @property
    def cost_of_one(self) -> Decimal:
        """Return the price as the database keeps it."""
        return Decimal(self.price)


GOODS = (
    Good("CAV-OS-50", "Икра осетровая, 50 г", 24500, "preserves"),
    Good("CAV-OS-125", "Икра осетровая, 125 г", 58900, "preserves"),
    Good("CAV-BEL-50", "Икра белужья, 50 г", 61000, "preserves"),
    Good("CAV-KET-250", "Икра кеты, 250 г", 16900, "preserves"),
    Good("CAV-SCH-120", "Икра щуки, 120 г", 4950, "preserves"),
    Good("FSH-OS-HS", "Осётр горячего копчения", 17800, "fresh", weighed=True),
    Good("FSH-SEM-SL", "Сёмга слабосолёная", 14900, "fresh", weighed=True),
    Good("FSH-SUD-HK", "Көксерке, ыстай ысталған", 8900, "fresh", weighed=True),
    Good("FSH-SAZ-VL", "Сазан вяленый, Балқаш", 6400, "fresh", weighed=True),
    Good("FSH-ZHE-FL", "Жерех, филе холодного копчения", 9700, "fresh", weighed=True),
    Good("SEA-KRAB-200", "Краб камчатский в собственном соку, 200 г", 21300, "preserves"),
    Good("SEA-GREB-500", "Морской гребешок, 500 г", 18600, "frozen"),
    Good("MEAT-KAZY", "Қазы, жылқы еті", 13500, "fresh", weighed=True),
    Good("MEAT-ZHAYA", "Жая, сүрленген", 14200, "fresh", weighed=True),
    Good("CHE-KURT-300", "Құрт, 300 г", 2900, "grocery"),
    Good("GRO-BLINI", "Блинчики для икры, 16 шт.", 2450, "frozen"),
    Good("GRO-MASLO-180", "Масло сливочное 82,5 %, 180 г", 1850, "fresh"),
    Good("GRO-LOZHKA", "Ложка перламутровая для икры", 7900, "grocery"),
)

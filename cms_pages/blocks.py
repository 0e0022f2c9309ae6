"""The parts a legal document is made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

CLAUSE_FEATURES = ["bold", "italic", "link", "ol", "ul"]
# “main” is where the skip link leads; ids with an underscore are the page's own, names have none.
link_name_validator = RegexValidator(
    r"^(?!(?:main|c-[0-9a-f]{8}|c-title|c-plain)$)[a-z][a-z0-9-]{1,39}$",
    _("Use 2 to 40 small Latin letters, digits and hyphens, beginning with a letter; not a name the page itself uses."),
)


class LinkNameBlock(blocks.CharBlock):
    """A readable name for a permanent link; the link by id works without one, and an old name works for ever."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=40,
            label=_("Name in the link"),
            help_text=_("Optional, such as “cookies”. Links under earlier names go on working."),
            validators=[link_name_validator],
            **kwargs,
        )


class NamedRichTextBlock(blocks.RichTextBlock):
    """Rich text whose field says its label to a screen reader: Draftail makes a field that no <label> can name."""

    @cached_property
    def field(self) -> forms.Field:
        """Return Wagtail's field with the label among Draftail's own options."""
        field: forms.Field = super().field
        field.widget.options["ariaLabel"] = self.label
        return field

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Stay Wagtail's block in migrations: what is stored is the same."""
        _path, arguments, keywords = super().deconstruct()
        return "wagtail.blocks.RichTextBlock", arguments, keywords


class ClauseBlock(blocks.StructBlock):
    """One numbered clause."""

    text = NamedRichTextBlock(features=CLAUSE_FEATURES, label=_("Text"))
    link_name = LinkNameBlock()

    class Meta:
        icon = "pilcrow"
        label = _("Clause")
        label_format = "{text}"


class OperatorCardBlock(blocks.StaticBlock):
    """The operator's card as it stands when the edition is sealed."""

    class Meta:
        icon = "user"
        label = _("Operator's card")
        admin_text = _("Name, BIN, address and contacts from Settings → Operator's card, as they stand when published.")


class CookieTableBlock(blocks.StaticBlock):
    """The cookies by group as they are declared when the edition is sealed."""

    class Meta:
        icon = "table"
        label = _("Table of cookies")
        admin_text = _("Every group and cookie from Cookies → Cookie groups, as they stand when published.")


class DataRegisterBlock(blocks.StaticBlock):
    """What personal data is kept, as the software declares it when the edition is sealed."""

    class Meta:
        icon = "table"
        label = _("Table of personal data")
        admin_text = _("What is kept, why, how long and who gets it, as the software declares it when published.")


class ClausesBlock(blocks.StreamBlock):
    """The clauses of a section, in order."""

    clause = ClauseBlock()
    operator_card = OperatorCardBlock()
    cookie_table = CookieTableBlock()
    data_register = DataRegisterBlock()

    class Meta:
        label = _("Clauses")
        min_num = 1


class SectionBlock(blocks.StructBlock):
    """A numbered section: a heading and its clauses."""

    heading = blocks.CharBlock(max_length=200, label=_("Heading"))
    link_name = LinkNameBlock()
    clauses = ClausesBlock()

    class Meta:
        icon = "list-ol"
        label = _("Section")
        label_format = "{heading}"


class BodyBlock(blocks.StreamBlock):
    """A document's body: sections, numbered by the software."""

    section = SectionBlock()

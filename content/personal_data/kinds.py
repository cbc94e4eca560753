"""The kinds of personal data, which of them are never published, and what replaces them."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonalDataKind(models.TextChoices):
    PHONE = "phone", _("Phone number")
    IDENTITY = "identity", _("Identity number")
    EMAIL = "email", _("E-mail address")
    PLATE = "plate", _("Number plate")
    ACCOUNT = "account", _("Account")
    NAME = "name", _("Name of a person")
    ADDRESS = "address", _("Address")
    BIRTH = "birth", _("Date of birth")


NEVER_PUBLISHED = (
    PersonalDataKind.PHONE,
    PersonalDataKind.IDENTITY,
    PersonalDataKind.EMAIL,
    PersonalDataKind.PLATE,
    PersonalDataKind.ACCOUNT,
)
PLACEHOLDERS = {  # shown in place of the data; Vietnamese, as the text around it
    PersonalDataKind.PHONE: "[số điện thoại]",
    PersonalDataKind.IDENTITY: "[số giấy tờ]",
    PersonalDataKind.EMAIL: "[thư điện tử]",
    PersonalDataKind.PLATE: "[biển số xe]",
    PersonalDataKind.ACCOUNT: "[tài khoản]",
    PersonalDataKind.NAME: "[họ tên]",
    PersonalDataKind.ADDRESS: "[địa chỉ]",
    PersonalDataKind.BIRTH: "[ngày sinh]",
}


@dataclass(frozen=True)
class Finding:
    """text[start:end] may be personal data."""

    start: int
    end: int
    kind: PersonalDataKind

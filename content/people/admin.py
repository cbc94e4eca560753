from django.contrib import admin
from django.contrib.auth import admin as stock

from content.people.models import User


@admin.register(User)
class UserAdmin(stock.UserAdmin):
    """Accounts of staff."""

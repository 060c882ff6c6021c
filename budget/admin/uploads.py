"""Files that were sent for a draft, to be read and nothing else: what is done with them is done on the import pages."""

from django.contrib import admin

from budget.models import Upload
from organisation.administration import GuardedAdmin


@admin.register(Upload)
class UploadAdmin(GuardedAdmin):
    list_display = ("name", "state", "owner", "budget", "created", "applied")
    list_filter = ("state",)
    search_fields = ("name", "=sha256")
    related = ("budget__unit", "budget__campaign", "owner")
    unit_path = "budget__unit"
    fields = ("name", "state", "budget", "owner", "size", "sha256", "created", "applied")

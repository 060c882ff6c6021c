"""Pages of the management entrance whose saves, removals and views go with the history."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.db import transaction
from django.db.models import DateTimeField
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from organisation.administration import GuardedAdmin

from . import keeping
from .models import ChangeRecord

VIA = ChangeRecord.Via.ADMIN.value
SHOWN = 200


def address_of(request) -> str | None:
    """Where a request came from, as the history keeps it."""
    return request.META.get("REMOTE_ADDR") or None


class RecordedAdmin(GuardedAdmin):
    """A model's pages; `chain`: where its changes are told."""

    chain = "settings"

    def how(self, request, obj) -> dict:
        """Who writes, from where, into which chain."""
        return {"chain": self.chain, "by": request.user, "via": VIA, "address": address_of(request)}

    def save_model(self, request, obj, form, change):
        keeping.save(obj, **self.how(request, obj))

    def delete_model(self, request, obj):
        keeping.remove(obj, **self.how(request, obj))

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for obj in queryset:
                self.delete_model(request, obj)

    def save_formset(self, request, form, formset, change):
        formset.save(commit=False)
        for obj in formset.deleted_objects:
            keeping.remove(obj, **self.how(request, obj))
        for obj in (*formset.new_objects, *(obj for obj, _ in formset.changed_objects)):
            keeping.save(obj, **self.how(request, obj))
        formset.save_m2m()

    def chain_of(self, obj) -> str:
        return self.chain

    def render_change_form(self, request, context, **shown):
        context["has_history"] = True
        return super().render_change_form(request, context, **shown)

    def history_view(self, request, object_id, extra_context=None):
        """The changes of the row, newest first."""
        obj = self.get_object(request, object_id)
        found = ChangeRecord.objects.filter(chain=self.chain_of(obj), subject_uid=keeping.uid_of(obj))
        context = {
            **self.admin_site.each_context(request),
            "title": f"变更记录：{obj}",
            "opts": self.opts,
            "original": obj,
            "object": obj,
            "shown": SHOWN,
            "changes": [Told(self.model, one) for one in found.order_by("-sequence")[:SHOWN]],
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/object_history.html", context)


BESIDES = {"password": "密码", "reason": "理由", "recovery_codes": "恢复码"}  # told, and no fields of the row


class Told:
    """A record as a page tells it: its fields under their Chinese names, without those that were and stay empty.

    What is chosen from a list is told in its words. `words`: what else says a field's value, by name.
    """

    def __init__(self, model, record: ChangeRecord, words: Mapping[str, Callable] = MappingProxyType({})):
        self.record = record
        before, after = record.before or {}, record.after or {}
        fields = {field.name: field for field in model._meta.concrete_fields} if model else {}
        told = (
            (
                str(fields[name].verbose_name) if name in fields else BESIDES.get(name, name),
                *(_said(fields.get(name), values.get(name), words.get(name, word)) for values in (before, after)),
            )
            for name in dict.fromkeys((*before, *after))
        )
        self.values = [values for values in told if any(values[1:])]


def _said(field, value, say: Callable) -> str:
    if value in (None, ""):
        return ""
    if field is not None and field.choices and not isinstance(value, (list, dict)):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, DateTimeField) and (moment := parse_datetime(str(value))):
        return f"{localtime(moment):%Y-%m-%d %H:%M:%S}"
    return say(value)


def word(value) -> str:
    """A stored value in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)

"""Pages of the management entrance whose saves, removals and views go with the history."""

from django.db import transaction
from django.template.response import TemplateResponse

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


class Told:
    """A record as a page tells it: its fields under their Chinese names, without those that were and stay empty."""

    def __init__(self, model, record: ChangeRecord):
        self.record = record
        before, after = record.before or {}, record.after or {}
        told = (
            (name_of(model, name), word(before.get(name)), word(after.get(name)))
            for name in dict.fromkeys((*before, *after))
        )
        self.values = [values for values in told if any(values[1:])]


def name_of(model, name: str) -> str:
    """The Chinese name of a field; the name itself where the model has no such field any more."""
    found = {field.name: str(field.verbose_name) for field in model._meta.concrete_fields} if model else {}
    return found.get(name, "密码" if name == "password" else name)


def word(value) -> str:
    """A stored value in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)

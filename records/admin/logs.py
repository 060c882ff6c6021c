"""What is kept about all rows, to be read and nothing else: changes, jobs, notices, comments, attachments."""

import re

from django.apps import apps
from django.contrib import admin
from django.db.models import Q, Value
from django.utils.html import format_html, format_html_join

from organisation.administration import GuardedAdmin, ValuesFilter
from organisation.models import Unit
from organisation.rights import can, memberships_of
from records.administration import Told
from records.models import AccessRecord, Attachment, ChangeRecord, Comment, HistoryAnchor, Job, Notice

MONEY = {"amount", "price", "total_amount", "spent_before"}
MASKED = "＊＊＊"
IN_WORDS = re.compile(r"-?\d[\d,，]*(\.\d+)?(?=\s*(万元|元))|-?\d[\d,，]*\.\d\d(?!\d)")


class ReadOnlyAdmin(GuardedAdmin):
    """Pages of what nobody writes by hand."""

    related = ("unit",)
    unit_path = "unit"


class ViaFilter(ValuesFilter):
    title = "方式"
    parameter_name = "via"

    def values(self, request, model_admin):
        return ChangeRecord.Via.choices

    def queryset(self, request, queryset):
        return queryset.filter(via=self.value()) if self.value() else queryset


@admin.register(ChangeRecord)
class ChangeRecordAdmin(ReadOnlyAdmin):
    """The auditor reads all of it; who sees a unit's budgets sees theirs."""

    view_actions = ("view", "read_logs")
    list_display = ("at", "by_name", "action", "kind", "label_text", "unit", "via", "address")
    list_filter = ("at", "action", ViaFilter)
    search_fields = ("label", "by_name", "address", "=subject_uid")
    search_help_text = "对象、操作人、来源地址"
    ordering = ("-at", "-pk")
    fields = ("at", "by_name", "via", "address", "action", "kind", "label_text", "unit", "values_told", "place")
    readonly_fields = ("values_told", "place", "kind", "label_text")

    def visible(self, rows, user):
        rows = super().visible(rows, user)
        return rows if can(user, "read_logs") else rows.filter(chain__startswith="budget:")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(hides_money=Value(not can(request.user, "view")))

    @admin.display(description="对象类型")
    def kind(self, obj):
        model = _model_of(obj)
        return model._meta.verbose_name if model else obj.subject

    @admin.display(description="对象", ordering="label")
    def label_text(self, obj):
        return IN_WORDS.sub(MASKED, obj.label) if obj.hides_money else obj.label

    @admin.display(description="在链中的位置")
    def place(self, obj):
        return f"{obj.chain} 第{obj.sequence}条，摘要 {obj.hash}"

    def get_object(self, request, object_id, from_field=None):
        """The auditor sees who changed what, not the amounts."""
        obj = super().get_object(request, object_id, from_field)
        if not can(request.user, "view", obj.unit):
            money = MONEY | money_of(_model_of(obj))
            obj.before, obj.after = without_money(obj.before, money), without_money(obj.after, money)
            obj.label = without_money(obj.label, money)
        return obj

    @admin.display(description="变更内容")
    def values_told(self, obj):
        rows = format_html_join("", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", Told(_model_of(obj), obj).values)
        head = "<tr><th>字段</th><th>变更前</th><th>变更后</th></tr>"
        return format_html('<table class="told"><thead>' + head + "</thead><tbody>{}</tbody></table>", rows)


def money_of(model) -> set[str]:
    """The fields of a model that hold amounts (`is_money`)."""
    return (
        {field.name for field in model._meta.concrete_fields if getattr(field, "is_money", False)} if model else set()
    )


def without_money(told, money: set[str]):
    """A record's values, or a part of them, with amounts masked: by the name of their field, and in words."""
    match told:
        case dict():
            return {
                name: MASKED if name in money and value not in (None, "") else without_money(value, money)
                for name, value in told.items()
            }
        case list():
            return [without_money(one, money) for one in told]
        case str():
            return IN_WORDS.sub(MASKED, told)
    return told


def _model_of(record: ChangeRecord):
    try:
        return apps.get_model(record.subject)
    except (LookupError, ValueError):
        return None


@admin.register(AccessRecord)
class AccessRecordAdmin(GuardedAdmin):
    """Log-ins, refusals, exports: the auditor's."""

    view_actions = ("read_logs",)
    list_display = ("at", "event", "by_name", "address", "path", "status")
    list_filter = ("at", "event")
    search_fields = ("by_name", "path", "address")
    search_help_text = "用户、页面、地址"
    ordering = ("-sequence",)
    fields = ("at", "event", "by_name", "address", "path", "status", "sequence", "hash")


@admin.register(HistoryAnchor)
class HistoryAnchorAdmin(GuardedAdmin):
    """Where the chains ended, day by day."""

    view_actions = ("read_logs",)
    list_display = ("at", "digest")
    ordering = ("-at",)
    fields = ("at", "digest")


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("title", "state", "progress", "owner", "unit", "created", "finished")
    list_filter = ("state",)
    search_fields = ("title",)
    related = ("unit", "owner")
    fields = ("title", "state", "progress", "message", "unit", "created", "heartbeat", "finished")
    readonly_fields = ("progress",)

    def has_view_permission(self, request, obj=None):
        return bool(memberships_of(request.user))

    def visible(self, rows, user):
        return rows.filter(Q(owner=user.pk) | Q(unit__in=Unit.objects.visible_to(user)))

    @admin.display(description="进度")
    def progress(self, obj):
        return f"{obj.done}/{obj.total}" if obj.total else ""


@admin.register(Notice)
class NoticeAdmin(GuardedAdmin):
    """Everybody's own."""

    list_display = ("text", "created", "read")
    search_fields = ("text",)
    fields = ("text", "created", "read")

    def has_view_permission(self, request, obj=None):
        return bool(memberships_of(request.user)) and (obj is None or obj.user_id == request.user.pk)

    def visible(self, rows, user):
        return rows.filter(user=user.pk)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ("text", "by", "unit", "created", "resolved")
    search_fields = ("text", "by__name", "unit__code", "unit__name")
    related = ("unit", "by", "resolved_by")
    fields = ("text", "unit", "cell", "created", "resolved")


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ("name", "size", "content_type", "by", "unit", "created")
    search_fields = ("name", "by__name", "unit__code", "unit__name")
    related = ("unit", "by")
    fields = ("name", "size", "content_type", "sha256", "unit", "created")

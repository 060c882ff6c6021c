"""The base of every page of the management entrance: rights by membership, one 404, refusals as errors of the form.

Rights come from `can` by the actions a page declares; Django's own permissions, groups and staff mark count for
nothing. What is not visible is not there. Nothing goes into Django's admin log: our history is the log.
"""

import re
from collections.abc import Iterable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import ProtectedError
from django.forms.models import construct_instance
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from .models import Unit
from .rights import can, memberships_allowing

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST_VALUES = 60  # a filter with more values than these is no help; the search is


class NotSaved(Exception):
    """A save or removal that was refused. `errors`: (field or "", message); `seen`: the version to go on from."""

    def __init__(self, errors: Iterable[tuple[str, str]], *, seen: int | None = None):
        self.errors = list(errors)
        self.seen = seen
        super().__init__("；".join(message for _, message in self.errors))

    @classmethod
    def of(cls, error: Exception) -> "NotSaved":
        """From what Django raises; the words of a trigger are kept, those of a database are not shown."""
        if isinstance(error, NotSaved):
            return error
        if isinstance(error, ValidationError):
            by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            return cls(("" if name == "__all__" else name, text) for name, texts in by_field.items() for text in texts)
        if isinstance(error, ProtectedError):
            return cls([("", "有其他数据使用它，不能删除。")])
        words = str(error).splitlines()[0]
        said = words if CHINESE.search(words) else "与已有的数据冲突，可能有人同时保存，请刷新后重试"
        return cls([("", f"{said}。")])


class GuardedForm(forms.ModelForm):
    """A form that takes up a refusal of the writer. Where `writer_checks`, the form only reads what was typed."""

    refusal: NotSaved | None = None
    writer_checks = False

    def _post_clean(self):
        if self.writer_checks:
            self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        else:
            super()._post_clean()
        for name, message in self.refusal.errors if self.refusal else ():
            self.add_error(name if name in self.fields else None, message)


class ScopedAutocomplete(AutocompleteSelect):
    """A picker that asks for values within a scope, told in its address."""

    def __init__(self, *args, scope: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.scope = scope

    def get_url(self):
        return f"{super().get_url()}?{urlencode(self.scope)}" if self.scope else super().get_url()


class VisibleAutocomplete(AutocompleteJsonView):
    """Values for a picker: visible ones, of those that the page with the field accepts, for who may fill it in."""

    def process_request(self, request):
        found = super().process_request(request)
        self.source_admin = self.admin_site._registry.get(found[2].model)
        return found

    def has_perm(self, request, obj=None):
        page = self.source_admin
        may_fill = page is not None and (page.has_add_permission(request) or page.has_change_permission(request))
        return may_fill and super().has_perm(request, obj)

    def get_queryset(self):
        rows = super().get_queryset()
        return self.source_admin.offered(self.request, self.source_field.name, rows)

    def serialize_result(self, obj, to_field_name):
        scoped = self.source_admin.is_scoped(self.request)
        text = self.model_admin.label_in_scope(obj) if scoped else self.model_admin.label(obj)
        return {"id": str(getattr(obj, to_field_name)), "text": text}


class ValuesFilter(admin.SimpleListFilter):
    """A filter of the values that the visible rows have."""

    def values(self, request, model_admin) -> list[tuple]:
        """(value, label) of what the person sees, at most a few more than MOST_VALUES."""
        raise NotImplementedError

    def lookups(self, request, model_admin):
        found = list(self.values(request, model_admin))
        return found if len(found) <= MOST_VALUES else []


class GuardedAdmin(admin.ModelAdmin):
    """A model's pages.

    `view_actions`: any of them shows a row; `add_action`, `change_action`, `delete_action`: what each needs, None
    where nobody may. `unit_path`: the lookup from a row to its unit, "" for units themselves, None where rows belong
    to no unit. `related`: what a row is shown with.
    """

    form = GuardedForm
    view_actions: tuple[str, ...] = ("view",)
    add_action: str | None = None
    change_action: str | None = None
    delete_action: str | None = None
    unit_path: str | None = None
    related: tuple[str, ...] = ()
    view_on_site = False
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_max_show_all = 500

    # ---- rights

    def unit_of(self, obj):
        return obj if isinstance(obj, Unit) else obj.unit

    def may(self, request, action: str | None, obj=None) -> bool:
        if action is None:
            return False
        return can(request.user, action, None if obj is None or self.unit_path is None else self.unit_of(obj))

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return any(self.may(request, action, obj) for action in self.view_actions)

    def has_add_permission(self, request):
        return self.may(request, self.add_action)

    def has_change_permission(self, request, obj=None):
        return self.may(request, self.change_action, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may(request, self.delete_action, obj)

    def visible(self, rows, user):
        """The rows that the person may see: the one place where this entrance decides it."""
        allowing = [one for action in self.view_actions for one in memberships_allowing(user, action)]
        if not allowing:
            return rows.none()
        if self.unit_path is None or any(one.unit_id is None for one in allowing):
            return rows
        units = Unit.objects.none()
        for action in self.view_actions:
            units |= Unit.objects.where_allowed(user, action)
        return rows.filter(**{f"{self.unit_path or 'pk'}__in": units})

    def get_queryset(self, request):
        return self.visible(super().get_queryset(request).select_related(*self.related), request.user)

    def get_object(self, request, object_id, from_field=None):
        """The visible row of that number; Http404 for what is not there and for what is not visible alike."""
        field = self.opts.get_field(from_field) if from_field else self.opts.pk
        try:
            rows = list(self.get_queryset(request).filter(**{field.name: field.to_python(object_id)})[:1])
        except (ValidationError, ValueError):
            rows = []
        if not rows:
            raise Http404
        return rows[0]

    def lookup_allowed(self, lookup, value, request=None):
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    # ---- fields

    def label(self, obj) -> str:
        """How a row is named where it is picked."""
        return str(obj)

    def label_in_scope(self, obj) -> str:
        """The same where the scope (a budget, an edition) is known."""
        return str(obj)

    def offered(self, request, name: str, rows):
        """Which of the visible rows the field `name` of this page offers and accepts."""
        return rows

    def scope(self, request, name: str) -> dict:
        """What the picker of the field `name` adds to its question, for `offered` to go by."""
        return {}

    def is_scoped(self, request) -> bool:
        """Whether a picker's question came with a scope."""
        return any(request.GET.get(name) for name in ("edition", "of"))

    def get_autocomplete_fields(self, request):
        return [field.name for field in self.opts.fields if isinstance(field, models.ForeignKey)]

    def get_field_queryset(self, db, db_field, request):
        related = self.admin_site.get_model_admin(db_field.remote_field.model)
        return self.offered(request, db_field.name, related.get_queryset(request))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        scope = self.scope(request, db_field.name)
        kwargs.setdefault("widget", ScopedAutocomplete(db_field, self.admin_site, scope=scope))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        page = self.admin_site.get_model_admin(db_field.remote_field.model)
        field.label_from_instance = page.label_in_scope if scope else page.label
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget  # no windows for related rows: each is kept on its own page
        return field

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may_change = add or self.has_change_permission(request, obj)
        context["title"] = f"{'新增' if add else '修改' if may_change else '查看'}{self.opts.verbose_name}"
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    # ---- what was refused is an error of the form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (NotSaved, IntegrityError, ValidationError) as error:
            request.refusal = NotSaved.of(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except (NotSaved, IntegrityError) as error:
            self.message_user(request, str(NotSaved.of(error)), messages.ERROR)
            place = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(place, args=[object_id]))

    def changelist_view(self, request, extra_context=None):
        try:
            title = str(self.opts.verbose_name_plural)
            return super().changelist_view(request, {"title": title, **(extra_context or {})})
        except (NotSaved, IntegrityError) as error:
            self.message_user(request, str(NotSaved.of(error)), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs, request):
        """What goes with the rows, in numbers, and what keeps them from going."""
        rows = list(objs)
        lacking = {self.opts.verbose_name for row in rows if not self.has_delete_permission(request, row)}
        hanging, protected = hangs_on(self.model, rows)
        counts = {self.opts.verbose_name_plural: len(rows), **hanging}
        return [str(row) for row in rows], counts, lacking, protected

    # ---- no second log

    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None

    def history_view(self, request, object_id, extra_context=None):
        raise Http404


class LoadedFormSet(forms.BaseInlineFormSet):
    """Rows that come back are found among those loaded; Django would ask the database once a row."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label or ""))
        number = form.fields.get(self.model._meta.pk.name)
        if isinstance(number, forms.ModelChoiceField):
            number.to_python = self._loaded

    def _loaded(self, value):
        if value in (None, ""):
            return None
        found = self._existing_object(int(value)) if str(value).isdecimal() and self._has(int(value)) else None
        if found is None:
            raise ValidationError("此行已被他人删除。")
        return found

    def _has(self, number: int) -> bool:
        return any(row.pk == number for row in self.get_queryset())


class GuardedInline(admin.TabularInline):
    """Rows on the page of the row they belong to; who may change that one may change these."""

    extra = 0
    formset = LoadedFormSet

    def _may(self, request, obj=None) -> bool:
        page = self.admin_site.get_model_admin(self.parent_model)
        return page.has_change_permission(request, obj) if obj else page.has_add_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.get_model_admin(self.parent_model).has_view_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return self._may(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may(request, obj)


def hangs_on(model, rows: list) -> tuple[dict[str, int], list[str]]:
    """What hangs on the rows: what would go with them (name → number), and what protects them, as text."""
    going, protecting = {}, []
    for relation in model._meta.related_objects:
        if relation.on_delete not in (models.CASCADE, models.PROTECT):
            continue
        number = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows}).count()
        name = relation.related_model._meta.verbose_name
        if number and (relation.on_delete is models.PROTECT or relation.related_model is model):
            protecting.append(f"{number}条{name}（{relation.field.verbose_name}）")
        elif number:
            going[str(name)] = going.get(str(name), 0) + number
    return going, protecting

"""Users, kept by the system administrator; roles, given and ended by the security administrator."""

import uuid

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from organisation.administration import GuardedForm, NotSaved, ValuesFilter
from organisation.models import Membership, SecondFactor, User
from organisation.passwords import PolicyValidator
from organisation.rights import can
from organisation.roles import Role
from organisation.sessions import is_administrator
from records import factors, keeping, notices, rights
from records.administration import VIA, RecordedAdmin, address_of


class UserForm(GuardedForm):
    """A person; a password typed here is for one log-in."""

    initial_password = forms.CharField(
        label="初始密码",
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["initial_password"]
        field.required = not self.instance.pk
        field.help_text = f"只用于首次登录，登录后须由本人修改。{PolicyValidator().get_help_text()}"
        if self.instance.pk:
            field.label = "重设密码"
            field.help_text = (
                "不改请留空。填写后，该用户已登录的会话全部失效，下次登录须由本人修改。"
                f"{PolicyValidator().get_help_text()}"
            )

    def clean(self):
        cleaned = super().clean()
        password = cleaned.get("initial_password")
        if password:
            try:
                told = {"username": cleaned.get("username", ""), "name": cleaned.get("name", "")}
                validate_password(password, User(pk=self.instance.pk, password=self.instance.password, **told))
            except ValidationError as error:
                self.add_error("initial_password", error)
        return cleaned


@admin.register(User)
class UserAdmin(RecordedAdmin):
    chain = "organisation"
    form = UserForm
    view_actions = ("manage_users", "grant_roles")
    add_action = change_action = "manage_users"
    list_display = ("username", "name", "phone", "is_active", "must_change_password", "last_login")
    list_filter = ("is_active", "must_change_password")
    search_fields = ("username", "name")
    search_help_text = "用户名、姓名"
    ordering = ("username",)
    fields = ("username", "name", "phone", "email", "is_active", "initial_password")
    readonly_fields = ("must_change_password", "last_login", "date_joined")
    actions = ("reset_second_factor",)

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields
        if not self.has_change_permission(request, obj):
            return ("username", "name", "phone", "email", "is_active", *self.readonly_fields)
        return (*self.fields, *self.readonly_fields)

    def has_grant_permission(self, request):
        return can(request.user, "grant_roles")

    @admin.action(description="重置所选用户的第二因素", permissions=["grant"])
    def reset_second_factor(self, request, queryset):
        """For who has lost telephone and codes: without the factor, and out of all sessions."""
        if queryset.filter(pk=request.user.pk).exists():
            raise NotSaved([("", "不能重置本人的第二因素，请由另一位安全管理员办理。")])
        found = list(SecondFactor.objects.filter(user__in=queryset).select_related("user"))
        with transaction.atomic():
            for factor in found:
                factors.reset(factor, by=request.user, via=VIA, address=address_of(request))
        self.message_user(request, f"已重置{len(found)}个用户的第二因素，下次登录须重新启用。", messages.SUCCESS)

    def label(self, obj):
        return f"{obj.name}（{obj.username}）"

    def save_model(self, request, obj, form, change):
        password = form.cleaned_data.get("initial_password")
        told = None
        if password:
            obj.set_password(password)
            obj.must_change_password = True
            told = {"password": "已设为初始密码"}
        with transaction.atomic():
            keeping.save(obj, told=told, **self.how(request, obj))
            if password and change:
                _tell_of_reset(obj, by=request.user)


def _tell_of_reset(user: User, *, by) -> None:
    """The person, and of an administrator the security administrators too: a password known to two is not unseen."""
    people = [user]
    if is_administrator(user):
        guards = Membership.objects.current().filter(role=Role.SECURITY_ADMIN).values("user")
        people += User.objects.filter(pk__in=guards, is_active=True).exclude(pk=user.pk)
    notices.tell(
        people,
        event=f"password:{uuid.uuid4()}",
        text=f"{by}重设了{user}（{user.username}）的密码，初始密码只用于一次登录。如不是本人要求的，请立即核实。",
        link=reverse("notices"),
    )


class MembershipForm(GuardedForm):
    writer_checks = True


class InForceFilter(admin.SimpleListFilter):
    title = "是否有效"
    parameter_name = "in_force"

    def lookups(self, request, model_admin):
        return [("yes", "有效"), ("no", "已终止或未生效")]

    def queryset(self, request, queryset):
        current = Membership.objects.current().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=current)
        return queryset.exclude(pk__in=current) if self.value() == "no" else queryset


class RoleFilter(ValuesFilter):
    title = "角色"
    parameter_name = "role"

    def values(self, request, model_admin):
        held = set(model_admin.get_queryset(request).order_by().values_list("role", flat=True).distinct())
        return [(role.value, role.label) for role in Role if role.value in held]

    def queryset(self, request, queryset):
        return queryset.filter(role=self.value()) if self.value() else queryset


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    """A role is given here and ended here; who, where and which role are fixed once given."""

    chain = rights.CHAIN
    form = MembershipForm
    view_actions = ("grant_roles",)
    add_action = change_action = "grant_roles"
    related = ("user", "unit", "delegated_by")
    list_display = ("user", "role", "unit", "starts", "ends", "delegated_by", "in_force")
    list_filter = (InForceFilter, RoleFilter)
    search_fields = ("user__username", "user__name", "unit__code", "unit__name")
    search_help_text = "用户、单位"
    fields = ("user", "role", "unit", "starts", "ends")
    actions = ("end_selected",)

    def get_queryset(self, request):
        current = Membership.objects.current().filter(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_in_force=Exists(current))

    @admin.display(description="有效", boolean=True)
    def in_force(self, obj):
        return obj.is_in_force

    def get_readonly_fields(self, request, obj=None):
        return ("user", "role", "unit", "starts") if obj else ()

    def offered(self, request, name, rows):
        return rows.filter(is_active=True) if name in ("user", "unit") else rows

    def save_model(self, request, obj, form, change):
        write = rights.change if change else rights.grant
        write(obj, by=request.user, via=VIA, address=address_of(request))

    @admin.action(description="终止所选任职", permissions=["change"])
    def end_selected(self, request, queryset):
        try:
            ended = [rights.end(one, by=request.user, via=VIA, address=address_of(request)) for one in queryset]
        except ValidationError as error:
            raise NotSaved.of(error) from error
        self.message_user(request, f"已终止{len(ended)}项任职，即时生效。", messages.SUCCESS)

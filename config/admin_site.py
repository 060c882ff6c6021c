"""The management entrance as a whole: who may come in, what stands on its first page, in which order."""

from functools import update_wrapper

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme

from budget.reporting import registry
from organisation.administration import GuardedAdmin, VisibleAutocomplete
from organisation.rights import can, memberships_of
from organisation.views import ChangePassword

SECTIONS = {
    "编制": (
        "budget.budget",
        "budget.item",
        "budget.line",
        "budget.incomeestimate",
        "budget.draftrow",
        "budget.upload",
    ),
    "流转": ("budget.controlnumber", "budget.transition"),
    "公开": ("publication.publication", "publication.publishedfile", "publication.secrecyreview"),
    "项目": ("projects.dossier", "projects.costdetail"),
    "绩效": (
        "performance.departmentgoal",
        "performance.departmenttask",
        "performance.departmentindicator",
        "performance.projectgoal",
        "performance.projectindicator",
    ),
    "其他情况": (
        "budget.duty",
        "budget.staffing",
        "budget.assetholding",
        "budget.execution",
        "budget.procurementline",
        "budget.specialtransfer",
        "budget.reason",
        "budget.lastyearfigure",
    ),
    "基础": (
        "organisation.unit",
        "budget.campaign",
        "budget.campaignstage",
        "publication.textoverride",
        "budget.edition",
        "budget.functionalclass",
        "budget.departmenteconomicclass",
        "budget.governmenteconomicclass",
        "budget.fundsource",
        "budget.economicpair",
    ),
    "人员与权限": ("organisation.user", "organisation.membership"),
    "记录": (
        "records.changerecord",
        "records.accessrecord",
        "records.historyanchor",
        "records.comment",
        "records.attachment",
        "records.job",
        "records.notice",
    ),
}
LEFT_OUT = ("view_on_site",)  # it would tell the address of rows that one may not see


class ManagementSite(admin.AdminSite):
    site_title = "明账"
    site_header = "明账管理后台"
    index_title = "管理后台"
    empty_value_display = ""

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only pages that go by our rights; what other packages register has no place here."""
        if admin_class is not None and issubclass(admin_class, GuardedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    # ---- who may come in

    def has_permission(self, request):
        return bool(memberships_of(request.user))

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """The site's own log-in page."""
        wanted = request.GET.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        index = reverse("admin:index", current_app=self.name)
        return redirect_to_login(wanted if is_ours else index, resolve_url(settings.LOGIN_URL))

    def logout(self, request, extra_context=None):
        return LogoutView.as_view(next_page=settings.LOGIN_URL)(request)

    def password_change(self, request, extra_context=None):
        request.current_app = self.name
        return ChangePassword.as_view(
            form_class=AdminPasswordChangeForm,
            template_name="registration/password_change_form.html",
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)

    # ---- pages

    def get_urls(self):
        sets = path("table-sets/", self.admin_view(self.table_sets), name="table_sets")
        return [sets, *(one for one in super().get_urls() if getattr(one, "name", None) not in LEFT_OUT)]

    def autocomplete_view(self, request):
        return VisibleAutocomplete.as_view(admin_site=self)(request)

    def table_sets(self, request):
        """The table sets, to be read: they are declared in the product."""
        if not can(request.user, "view"):
            raise PermissionDenied
        context = {**self.each_context(request), "title": "表套", "sets": list(registry.sets().values())}
        request.current_app = self.name
        return TemplateResponse(request, "admin/table_sets.html", context)

    def get_log_entries(self, request):
        return []

    def get_app_list(self, request, app_label=None):
        """The pages in sections, in the office's words; within an app as Django has them."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        pages = {
            f"{app['app_label']}.{page['object_name'].lower()}": page
            for app in self._build_app_dict(request).values()
            for page in app["models"]
        }
        sections = []
        for number, (name, keys) in enumerate(SECTIONS.items()):
            found = [pages[key] for key in keys if key in pages]
            if name == "基础" and can(request.user, "view"):
                found.append(self._table_sets_entry())
            if found:
                sections.append(
                    {
                        "name": name,
                        "app_label": f"section-{number}",
                        "app_url": f"{reverse('admin:index', current_app=self.name)}#section-{number}",
                        "has_module_perms": True,
                        "models": found,
                    }
                )
        return sections

    def _table_sets_entry(self) -> dict:
        address = reverse("admin:table_sets", current_app=self.name)
        return {
            "model": None,
            "name": "表套",
            "object_name": "TableSets",
            "perms": {"view": True},
            "admin_url": address,
            "add_url": None,
            "view_only": True,
        }

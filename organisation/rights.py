"""`can(user, action, thing)`: the one place that answers who may do what."""

from .roles import ACTIONS, ROLES


def memberships_of(user):
    """The user's memberships in force today, read once for each user object (a request has its own)."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_memberships_today"):
        user._memberships_today = list(user.memberships.current().select_related("unit"))
    return user._memberships_today


def memberships_allowing(user, action: str):
    """The memberships that give the action. ValueError for an action no role knows."""
    if action not in ACTIONS:
        raise ValueError(f"no role knows the action {action}")
    return [membership for membership in memberships_of(user) if action in ROLES[membership.role].actions]


def can(user, action: str, thing=None) -> bool:
    """Whether the user may do `action` to `thing` (a Unit, or anything with a `unit`); without one: anywhere at all."""
    allowing = memberships_allowing(user, action)
    if thing is None:
        return bool(allowing)
    unit = getattr(thing, "unit", thing)
    return any(membership.unit_id is None or unit.path.startswith(membership.unit.path) for membership in allowing)

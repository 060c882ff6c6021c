"""What is installed is what was tested: every package, direct or not, has its version in constraints.txt."""

import re
from importlib import metadata
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TOOLS = {"pip", "setuptools", "wheel"}  # what a virtual environment brings along


def name_of(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def pins(file: str) -> dict[str, str]:
    """Name → version of the lines `name[extra]==version`."""
    found = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.+]+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    return {name_of(name): version for name, version in found}


def test_every_requirement_is_constrained_to_its_own_version():
    wanted = pins("requirements.txt") | pins("requirements-dev.txt")
    constrained = pins("constraints.txt")
    assert {name: constrained.get(name) for name in wanted} == wanted


def test_every_installed_package_is_constrained():
    installed = {name_of(one.metadata["Name"]): one.version for one in metadata.distributions()}
    constrained = pins("constraints.txt")
    loose = {name: version for name, version in installed.items() if constrained.get(name) != version}
    assert set(loose) <= TOOLS, loose

"""The table sets, one file each. Importing this package declares them."""

from . import henan_jiaozuo_2024, mof_minimum

__all__ = ["henan_jiaozuo_2024", "mof_minimum"]

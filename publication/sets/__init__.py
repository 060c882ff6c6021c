"""The table sets and their texts, one file each. Importing this package declares them."""

from . import henan_jiaozuo_2024, henan_jiaozuo_2024_text, mof_minimum, mof_minimum_text

__all__ = ["henan_jiaozuo_2024", "henan_jiaozuo_2024_text", "mof_minimum", "mof_minimum_text"]

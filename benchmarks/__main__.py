"""`python -m benchmarks [--json] [--quick] [--only NAME] [--sizes 40,2000]`, on the server of DATABASE_URL."""

import argparse
import json
import os
import sys

QUICK_ROUNDS = 3
HEAD = "测试                数据库          行数    本系统（秒）  底线（秒）    比值  目标"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    import django
    from django.conf import settings

    django.setup()
    settings.DEBUG = False  # or Django keeps every statement
    from . import measure

    options = _options(measure)
    sizes = measure.SIZES[:1] if options.quick else options.sizes
    rounds = QUICK_ROUNDS if options.quick else None
    results = []
    if not options.json:
        print(HEAD)
    for size in sizes:
        for result in measure.measured(size, options.only or measure.NAMES, rounds):
            results.append(result)
            if not options.json:
                print(_line(result), flush=True)
    if options.json:
        json.dump([result.as_json() for result in results], sys.stdout, indent=1)
        print()


def _line(result) -> str:
    target = f"  ≤ {result.target}" if result.target else ""
    met = "" if result.is_met else "（未达到）"
    return (
        f"{result.name:<20}{result.database:<12}{result.size:>8}{result.seconds:>16.4f}{result.floor_seconds:>12.4f}"
        f"{result.ratio:>8.2f}{target}{met}"
    )


def _options(measure) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="与固定底线相比的速度。")
    parser.add_argument("--json", action="store_true", help="以 JSON 列表输出")
    parser.add_argument("--quick", action="store_true", help="只在最小的一种上各运行几次")
    parser.add_argument("--only", choices=measure.NAMES, action="append", help="只做这一项")
    parser.add_argument("--sizes", type=_sizes, default=measure.SIZES, help="明细行数，逗号分隔（默认四种）")
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()

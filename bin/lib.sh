# Shared by the scripts in this folder, which source it: the project's folder, messages, system packages, the virtualenv.
# POSIX sh. ROOT, VENV and PYTHON are set here; everything printed is for people and in Chinese.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$ROOT" || exit 1
VENV=${VENV:-$ROOT/.venv}
case $VENV in /*) ;; *) VENV=$ROOT/$VENV ;; esac
PYTHON=$VENV/bin/python

# With standard input closed, the first file opened would take its place.
[ -t 0 ] || exec </dev/null

# A shell that is told to stop still runs its EXIT trap.
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s\n' "$*"; }

complain() { printf '%s\n' "$*" >&2; }

die() {
    complain "错误：$*"
    exit 1
}

# --- system packages -------------------------------------------------------------------------------------------------

apt_updated=

# apt_install PACKAGE...: installs them when root on Debian, else prints the one line to type and ends.
apt_install() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        complain "缺少系统软件包，请先执行（Debian 12/13）："
        complain "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
        exit 1
    fi
    say "正在安装系统软件包：$*"
    if [ -z "$apt_updated" ]; then
        apt_quiet update || complain "警告：apt-get update 失败，继续使用现有的软件包列表。"
        apt_updated=yes
    fi
    apt_quiet install -y --no-install-recommends "$@" || die "系统软件包安装失败：$*"
}

# Runs apt-get without questions; its output is shown only when it fails.
apt_quiet() {
    apt_log=$(mktemp)
    if DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$apt_log" 2>&1; then
        rm -f "$apt_log"
    else
        cat "$apt_log" >&2
        rm -f "$apt_log"
        return 1
    fi
}

exists() { [ -e "$1" ]; }

# What the tests need beside Python; only what is missing is installed.
need_test_packages() {
    missing=
    command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
    ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || missing="$missing libatomic1" # Playwright's Node.js
    exists /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc || missing="$missing fonts-noto-cjk"
    exists /usr/lib/libreoffice/program/libsclo.so || missing="$missing libreoffice-calc-nogui"
    exists /usr/lib/libreoffice/program/libswlo.so || missing="$missing libreoffice-writer-nogui"
    command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
    postgres_bin >/dev/null || missing="$missing postgresql"
    # shellcheck disable=SC2086  # a list
    [ -z "$missing" ] || apt_install $missing
}

# --- Python ----------------------------------------------------------------------------------------------------------

# Prints the first Python that is new enough.
find_python() {
    for candidate in python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    if [ -e "$VENV" ] && [ ! -e "$VENV/pyvenv.cfg" ] && [ -n "$(ls -A "$VENV")" ]; then
        die "$VENV 不是 Python 虚拟环境，未作改动。请移走它，或用环境变量 VENV 指定其他位置。"
    fi
    find_python >/dev/null || apt_install python3 python3-venv
    base=$(find_python) || die "找不到 Python 3.11 或更高版本。"
    if ! "$base" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        apt_install python3-venv
        "$base" -c 'import venv, ensurepip' >/dev/null 2>&1 || base=/usr/bin/python3
    fi
    say "正在创建 Python 虚拟环境（$("$base" --version)）……"
    "$base" -m venv --clear "$VENV" || die "虚拟环境创建失败：$VENV"
}

# need_venv FILE: a virtualenv with the pinned packages of requirements.txt or requirements-dev.txt.
need_venv() {
    mkdir -p "$(dirname -- "$VENV")"
    if command -v flock >/dev/null 2>&1; then # two scripts at once must not build the same folder
        exec 9>"$VENV.lock"
        flock 9
    fi
    "$PYTHON" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || make_venv
    # The development packages contain the production ones, so either stamp will do for requirements.txt.
    if ! stamped "$1" && ! { [ "$1" = requirements.txt ] && stamped requirements-dev.txt; }; then
        say "正在安装 Python 软件包（$1）……"
        "$PYTHON" -m pip install -qq --no-input --disable-pip-version-check \
            --requirement "$1" --constraint constraints.txt ||
            die "Python 软件包安装失败，请检查网络或软件源设置后重试。"
        requirements_sum "$1" >"$VENV/stamp-$1"
    fi
    exec 9>&- # or the server would keep the lock
}

stamped() { [ "$(cat "$VENV/stamp-$1" 2>/dev/null)" = "$(requirements_sum "$1")" ]; }

requirements_sum() {
    case $1 in
        requirements-dev.txt) cat requirements.txt requirements-dev.txt constraints.txt ;;
        *) cat "$1" constraints.txt ;;
    esac | sha256sum
}

# Prints a port of this machine that is free now.
free_port() {
    "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

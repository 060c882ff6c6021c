# A throw-away PostgreSQL server on 127.0.0.1, sourced after lib.sh. It lives in one temporary folder and leaves nothing.

# shellcheck disable=SC2034  # for the script that sources this
POSTGRES_URL=
postgres_dir=

# Prints the folder of the newest installed server programs.
postgres_bin() {
    # shellcheck disable=SC2012  # plain names
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t / -k 5 -n -r) /usr/local/pgsql/bin; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
            printf '%s\n' "$folder"
            return 0
        fi
    done
    return 1
}

# PostgreSQL refuses to run as root; Debian's package brings the user postgres.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd "$postgres_dir" && exec runuser -u postgres -- "$@")
    else
        (cd "$postgres_dir" && exec "$@")
    fi
}

# postgres_start fast|durable: starts a server with the empty database "mingzhang" and sets POSTGRES_URL. Tests are fast,
# without fsync, and without autovacuum: within a test's long transaction it finds every table empty, and a query planned
# for empty tables takes minutes. Measurements and drills are durable.
postgres_start() {
    case $1 in
        durable) speed= ;;
        *) speed='-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off' ;;
    esac
    pg=$(postgres_bin) || return 1
    # The user postgres must reach it, and a socket's path is short: so not under TMPDIR.
    postgres_dir=$(mktemp -d /tmp/mingzhang-postgres.XXXXXX) || return 1
    [ "$(id -u)" -ne 0 ] || chown postgres "$postgres_dir"
    as_postgres "$pg/initdb" --pgdata="$postgres_dir/data" --username=mingzhang --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --no-sync >"$postgres_dir/initdb.log" 2>&1 || {
        cat "$postgres_dir/initdb.log" >&2
        return 1
    }
    for attempt in 1 2 3; do # the free port may be taken before the server has it
        port=$(free_port)
        if as_postgres "$pg/pg_ctl" --pgdata="$postgres_dir/data" --wait --timeout=60 --silent --log="$postgres_dir/log" \
            --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='$postgres_dir' $speed" \
            start >/dev/null 2>&1 9>&-; then
            as_postgres "$pg/createdb" --host=127.0.0.1 --port="$port" --username=mingzhang mingzhang || return 1
            # shellcheck disable=SC2034
            POSTGRES_URL=postgres://mingzhang@127.0.0.1:$port/mingzhang
            return 0
        fi
    done
    complain "PostgreSQL 启动失败（已尝试 $attempt 次）："
    cat "$postgres_dir/log" >&2
    return 1
}

# Stops the server and removes its folder; does nothing when there is none.
postgres_stop() {
    [ -n "$postgres_dir" ] || return 0
    [ ! -e "$postgres_dir/data/postmaster.pid" ] ||
        as_postgres "$pg/pg_ctl" --pgdata="$postgres_dir/data" --mode=immediate --wait --silent stop >/dev/null 2>&1 || true
    rm -rf "$postgres_dir"
    postgres_dir=
}

/* Saving by itself: a second after the last change, one save at a time, the same operation again until it is answered. */
(function (root) {
  "use strict";

  const PAUSE = 900;
  const AT_MOST = 1800;
  const AGAIN = [500, 1000, 2000, 4000, 8000, 15000];

  function operation() {
    const hex = root.GridRows.newId();
    return [hex.slice(0, 8), hex.slice(8, 12), "4" + hex.slice(13, 16), "8" + hex.slice(17, 20), hex.slice(20)].join("-");
  }

  function token() {
    const found = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie);
    return found ? decodeURIComponent(found[1]) : "";
  }

  function post(address, body, isLast) {
    return fetch(address, {
      method: "POST", credentials: "same-origin", keepalive: Boolean(isLast), redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify(body),
    });
  }

  async function read(answer) {
    try {
      return await answer.json();
    } catch (error) {
      return { reason: "服务器没有正常回答（" + answer.status + "）。" };
    }
  }

  /* given: {address, unit, key, person, channel, onState(state), onSaved(answer, waiting), onConflicts(list)} */
  function create(model, given) {
    let timer = 0;
    let since = 0;
    let again = 0;
    let tries = 0;
    let busy = ""; // what the server said when it was too busy to save
    let waiting = null; // {body, standing, conflictsOf}: sent and not answered
    let isSending = false;
    let stopped = null; // {kind: "login" | "locked" | "refused", reason}
    let settled = [];
    let savedAt = "";
    const apart = new Set(); // rows in conflict

    function hasMore() {
      return model.pending(apart).changes.length > 0;
    }

    function isUnsaved() {
      return waiting !== null || apart.size > 0 || hasMore();
    }

    function state() {
      const kind = stopped ? stopped.kind : apart.size ? "conflict" : isSending && !tries ? "saving" : tries ? "offline" : waiting || timer || hasMore() ? "waiting" : "saved";
      return { kind: kind, reason: stopped ? stopped.reason : tries ? busy : "", login: stopped ? stopped.login : "", conflicts: apart.size, saved: savedAt };
    }

    function tell() {
      given.onState(state());
      const isStuck = stopped !== null || tries > 0;
      if (isStuck || (!waiting && !isSending && !hasMore())) {
        settled.splice(0).forEach(function (resolve) { resolve(!isStuck && apart.size === 0); });
      }
    }

    function keep() {
      const changes = model.pending(null).changes;
      if (!changes.length && !waiting) return root.GridKept.drop(given.key);
      return root.GridKept.put(given.key, { person: given.person, unit: given.unit, changes: changes, waiting: waiting ? waiting.body : null });
    }

    function soon() {
      keep();
      if (stopped && stopped.kind !== "login") stopped = stopped.kind === "refused" ? null : stopped;
      if (!since) since = Date.now();
      clearTimeout(timer);
      timer = setTimeout(flush, Math.max(0, Math.min(PAUSE, since + AT_MOST - Date.now())));
      tell();
    }

    function flush(isLast) {
      clearTimeout(timer);
      timer = 0;
      if (isSending) return;
      if (!waiting) {
        const found = model.pending(apart);
        since = 0;
        if (!found.changes.length) {
          tell();
          return;
        }
        waiting = { body: { operation: operation(), via: model.viaOf(), unit: given.unit, whole: false, changes: found.changes }, standing: found.standing };
        keep();
      }
      send(isLast === true);
    }

    async function send(isLast) {
      clearTimeout(again);
      again = 0;
      isSending = true;
      tell();
      let answer = null;
      try {
        answer = await post(given.address, waiting.body, isLast);
      } catch (error) {
        answer = null; // no network: the same body again
      }
      const data = answer && answer.type !== "opaqueredirect" ? await read(answer) : null;
      isSending = false;
      await settle(answer, data);
    }

    async function settle(answer, data) {
      const status = answer ? answer.status : 0;
      if (status === 200) {
        const was = waiting;
        waiting = null;
        tries = 0;
        stopped = null;
        savedAt = data.saved;
        given.onSaved(data, was);
        if (was.resolve) was.resolve({ status: status, data: data });
        given.channel.postMessage({ key: given.key, version: data.version });
        await keep();
        if (hasMore()) soon();
        else tell();
      } else if (status === 401 || (answer && answer.type === "opaqueredirect")) {
        stopped = { kind: "login", reason: "登录已到期。您填写的内容都在，登录后接着保存。", login: (data && data.login) || "/login/" };
        tell();
      } else if (status === 409) {
        const was = waiting;
        waiting = null;
        tries = 0;
        data.conflicts.forEach(function (conflict) { apart.add(conflict.id); });
        given.onConflicts(data.conflicts);
        if (was.resolve) was.resolve({ status: status, data: data });
        await keep();
        if (hasMore()) soon(); // the other rows go on
        else tell();
      } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
        const was = waiting;
        waiting = null;
        stopped = { kind: status === 423 ? "locked" : "refused", reason: data.reason || "没有保存。", login: data.login || "" };
        if (was.resolve) was.resolve({ status: status, data: data });
        tell();
      } else {
        tries += 1;
        busy = status === 503 ? data.reason || "" : "";
        const least = busy ? 1000 * Number(answer.headers.get("Retry-After") || 0) : 0;
        again = setTimeout(send, Math.max(least, AGAIN[Math.min(tries, AGAIN.length) - 1]));
        tell();
      }
    }

    function nudge() {
      if (waiting && !isSending) send();
      else if (hasMore()) flush();
    }

    window.addEventListener("online", nudge);
    window.addEventListener("focus", function () { if (stopped && stopped.kind === "login") nudge(); });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden" && !stopped) flush(true);
    });
    window.addEventListener("beforeunload", function (event) {
      if (!isUnsaved()) return;
      if (!isSending && !stopped) flush(true);
      event.preventDefault();
      event.returnValue = "";
    });

    return {
      soon: soon, now: flush, nudge: nudge, state: state, isUnsaved: isUnsaved, apart: apart,
      /* Resolves when nothing waits any more: true if all is saved. */
      idle: function () {
        return new Promise(function (resolve) {
          settled.push(resolve);
          if (waiting || hasMore()) flush();
          tell();
        });
      },
      /* One save of the given changes, all or nothing; the grid is idle. Resolves to {status, data}. */
      whole: function (via, changes, standing) {
        return new Promise(function (resolve) {
          waiting = { body: { operation: operation(), via: via, unit: given.unit, whole: true, changes: changes }, standing: standing, resolve: resolve };
          keep();
          send();
        });
      },
      resume: function (body, standing) {
        waiting = { body: body, standing: standing };
        send();
      },
    };
  }

  root.GridSave = { create: create, post: post, read: read };
})(this);

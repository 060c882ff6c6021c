/* What is typed and not yet saved, kept in this browser for a few hours at most: it outlives a killed window, not a log-out. */
(function (root) {
  "use strict";

  const NAME = "mingzhang-grid";
  const STORE = "unsaved";
  const LASTS = 12 * 3600 * 1000;

  function asked(request) {
    return new Promise(function (resolve, reject) {
      request.onsuccess = function () { resolve(request.result); };
      request.onerror = function () { reject(request.error); };
    });
  }

  async function store(mode) {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = function () { opening.result.createObjectStore(STORE); };
    const database = await asked(opening);
    database.onversionchange = function () { database.close(); }; // a log-out in another window
    const transaction = database.transaction(STORE, mode, mode === "readwrite" ? { durability: "relaxed" } : undefined);
    transaction.oncomplete = function () { database.close(); };
    transaction.onabort = transaction.oncomplete;
    return transaction.objectStore(STORE);
  }

  /* Without storage (a private window) saving still works; only a killed window is not survived. */
  async function quietly(work) {
    try {
      return await work();
    } catch (error) {
      return null;
    }
  }

  /* Put back what a killed window left. A row that somebody has changed since keeps the version seen then: a conflict says so. */
  function recover(kept, model, unit) {
    const cells = [];
    const removed = [];
    kept.changes.forEach(function (change) {
      let row = model.of(change.id);
      if (change.remove) {
        if (row && row.stored !== null) {
          row.version = change.seen;
          removed.push(row.id);
        }
        return;
      }
      if (!row) {
        const at = model.placeOf(change.after);
        row = model.fresh(change.id, {});
        model.put(row, at < 0 ? Math.max(0, model.rows().length - 1) : at + 1);
      } else if (change.seen) {
        row.version = change.seen;
      }
      Object.keys(change.cells || {}).forEach(function (key) {
        cells.push({ id: row.id, key: key, value: key === "amount" ? inUnit(change.cells[key], kept.unit, unit) : change.cells[key] });
      });
    });
    model.edit("恢复", cells);
    model.remove(removed);
    model.tell(new Set(), true, "");
  }

  function inUnit(text, from, to) {
    const fen = from === to ? null : root.GridTotals.fenOf(text, from);
    return fen === null ? text : root.GridTotals.shown(fen, to);
  }

  root.GridKept = {
    /* given: {key, person, unit, model, save, notices} */
    offer: async function (given) {
      const kept = await root.GridKept.get(given.key, given.person);
      if (!kept || !kept.changes.length || given.save.isUnsaved()) return;
      given.notices.show("kept", "上次离开时有" + kept.changes.length + "行没有保存完。", [
        root.GridPanels.button("恢复", function () {
          given.notices.hide("kept");
          recover(kept, given.model, given.unit);
        }, "button"),
        root.GridPanels.button("不要了", function () {
          given.notices.hide("kept");
          root.GridKept.drop(given.key);
        }),
      ], "is-info");
    },
    put: function (key, value) {
      return quietly(async function () { return asked((await store("readwrite")).put(Object.assign({ at: Date.now() }, value), key)); });
    },
    drop: function (key) {
      return quietly(async function () { return asked((await store("readwrite")).delete(key)); });
    },
    /* What is kept under the key; what is too old, or another person's, is dropped. */
    get: function (key, person) {
      return quietly(async function () {
        const place = await store("readwrite");
        const keys = await asked(place.getAllKeys());
        const values = await asked(place.getAll());
        keys.forEach(function (one, at) {
          if (values[at].person !== person || Date.now() - values[at].at > LASTS) place.delete(one);
        });
        const found = values[keys.indexOf(key)];
        return found && found.person === person && Date.now() - found.at <= LASTS ? found : null;
      });
    },
    wipe: function () { return quietly(function () { return asked(indexedDB.deleteDatabase(NAME)); }); },
  };
})(this);

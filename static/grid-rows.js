/* The rows of the grid as the person has them, beside what the server is known to have; every action can be undone. */
(function (root) {
  "use strict";

  const STEPS = 200;

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  function create(columns) {
    const typed = columns.filter(function (column) { return column.kind !== "computed"; }).map(function (column) { return column.key; });
    const defaults = new Map(columns.filter(function (column) { return column.default; }).map(function (column) { return [column.key, column.default]; }));
    const all = new Map(); // every row this page has known, also those taken away: id → row
    let order = [];
    let done = [];
    let undone = [];
    let opened = [];
    let listen = function () {};
    let vias = new Set();

    function fresh(id, cells) {
      return { id: id || newId(), version: "", state: "new", cells: Object.assign({}, cells), stored: null, errors: {}, proposed: {}, filled: {}, mark: "", confirmed: false, dims: null, fen: null };
    }

    /* Whether nobody has filled in anything: what came by itself counts for nothing. */
    function isBlank(row) {
      return typed.every(function (key) {
        const text = row.cells[key];
        return !text || text === defaults.get(key) || text === row.filled[key];
      });
    }

    /* Whether a cell still says what was proposed and nobody typed. */
    function isProposed(row, key) {
      return row.proposed[key] !== undefined && row.proposed[key] === row.cells[key];
    }

    function take(row, given) {
      row.version = given.version;
      row.state = given.state;
      row.stored = given.cells;
      row.errors = given.errors || {};
      (given.followed || []).forEach(function (key) { row.proposed[key] = given.cells[key]; });
      row.mark = given.mark || "";
      row.dims = given.dims;
      row.fen = given.fen;
      row.lastFen = given.last_fen;
    }

    function load(rows) {
      all.clear();
      order = rows.map(function (given) {
        const row = fresh(given.id, given.cells);
        take(row, given);
        all.set(row.id, row);
        return row;
      });
      opened = order.map(function (row) { return { id: row.id, cells: Object.assign({}, row.cells) }; });
      done = [];
      undone = [];
    }

    function isDirty(row) {
      if (row.stored === null) return !isBlank(row);
      return row.confirmed || typed.some(function (key) { return (row.cells[key] || "") !== (row.stored[key] || ""); });
    }

    /* A blank row to type into stands below the last one. */
    function keepBlank() {
      const last = order[order.length - 1];
      if (last && last.stored === null && isBlank(last)) return false;
      const row = fresh();
      all.set(row.id, row);
      order.push(row);
      return true;
    }

    // ---- steps: {name, edits: [{id, key, before, after}], moves: [{id, at, isIn}]}

    function perform(step, isBack) {
      const touched = new Set();
      const moves = isBack ? step.moves.slice().reverse() : step.moves;
      const edits = isBack ? step.edits.slice().reverse() : step.edits;
      moves.forEach(function (move) {
        const row = all.get(move.id);
        if (move.isIn !== isBack) {
          order.splice(Math.min(move.at, order.length), 0, row);
        } else {
          order.splice(order.indexOf(row), 1);
        }
        touched.add(move.id);
      });
      edits.forEach(function (edit) {
        all.get(edit.id).cells[edit.key] = isBack ? edit.before : edit.after;
        touched.add(edit.id);
      });
      if (isBack) touched.forEach(function (id) { leaveBlank(all.get(id)); });
      return touched;
    }

    /* A row of which all that was typed is taken back keeps nothing of what the server put beside it. */
    function leaveBlank(row) {
      if (isBlank(row)) Object.keys(row.filled).forEach(function (key) { row.cells[key] = ""; });
    }

    function tell(touched, isStructural, via) {
      if (via) vias.add(via);
      const grew = keepBlank();
      listen({ ids: touched, isStructural: isStructural || grew });
    }

    function act(name, edits, moves) {
      if (!edits.length && !moves.length) return false;
      const step = { name: name, edits: edits, moves: moves };
      const touched = perform(step, false);
      record(step);
      tell(touched, moves.length > 0, "grid");
      return true;
    }

    function record(step) {
      done.push(step);
      if (done.length > STEPS) done.shift();
      undone = [];
    }

    /* cells: [{id, key, value, isProposed}] */
    function edit(name, cells) {
      const edits = [];
      cells.concat(alongside(cells)).forEach(function (cell) {
        const row = all.get(cell.id);
        const before = row.cells[cell.key] || "";
        if (cell.isProposed) row.proposed[cell.key] = cell.value;
        if (typed.indexOf(cell.key) >= 0 && before !== cell.value) edits.push({ id: cell.id, key: cell.key, before: before, after: cell.value });
      });
      return act(name, edits, []);
    }

    /* A row that is begun begins with what rows begin with; one that is emptied is left with nothing. */
    function alongside(cells) {
      const more = [];
      const given = new Map();
      cells.forEach(function (cell) {
        if (!given.has(cell.id)) given.set(cell.id, new Map());
        given.get(cell.id).set(cell.key, cell.value);
      });
      given.forEach(function (values, id) {
        const row = all.get(id);
        const isEmptied = Array.from(values.values()).every(function (value) { return !value; });
        const wouldBe = Object.assign({}, row, { cells: Object.assign({}, row.cells, Object.fromEntries(values)) });
        if (isEmptied && isBlank(wouldBe)) {
          typed.forEach(function (key) { if (wouldBe.cells[key]) more.push({ id: id, key: key, value: "" }); });
        } else if (!isEmptied && row.stored === null && isBlank(row)) {
          defaults.forEach(function (value, key) { if (!values.has(key) && !row.cells[key]) more.push({ id: id, key: key, value: value, isProposed: true }); });
        }
      });
      return more;
    }

    function insert(at, count) {
      const moves = [];
      for (let more = 0; more < count; more += 1) {
        const row = fresh();
        all.set(row.id, row);
        moves.push({ id: row.id, at: at + more, isIn: true });
      }
      act("插入行", [], moves);
      return moves.map(function (move) { return move.id; });
    }

    function leaving(ids) {
      const going = new Set(ids);
      const moves = [];
      for (let at = order.length - 1; at >= 0; at -= 1) {
        if (going.has(order[at].id)) moves.push({ id: order[at].id, at: at, isIn: false });
      }
      return moves;
    }

    function remove(ids) {
      return act("删除行", [], leaving(ids));
    }

    function step(from, to, isBack) {
      const last = from.pop();
      if (!last) return null;
      const touched = perform(last, isBack);
      to.push(last);
      tell(touched, last.moves.length > 0, "undo");
      return { name: last.name, ids: touched };
    }

    /* Everything as it was when the page was opened, as one step. */
    function restore() {
      const wanted = new Set(opened.map(function (one) { return one.id; }));
      const moves = leaving(order.filter(function (row) { return !wanted.has(row.id) && !isBlank(row); }).map(function (row) { return row.id; }));
      const left = new Set(order.map(function (row) { return row.id; }));
      const edits = [];
      opened.forEach(function (one, at) {
        const row = all.get(one.id);
        if (!left.has(one.id)) moves.push({ id: one.id, at: at, isIn: true });
        typed.forEach(function (key) {
          const before = row.cells[key] || "";
          const after = one.cells[key] || "";
          if (before !== after) edits.push({ id: one.id, key: key, before: before, after: after });
        });
      });
      return act("还原到打开时", edits, moves);
    }

    // ---- to and from the server

    function differing(row) {
      const cells = {};
      typed.forEach(function (key) {
        const value = row.cells[key] || "";
        if (row.stored === null ? value : value !== (row.stored[key] || "")) cells[key] = value;
      });
      return cells;
    }

    /* What the server does not know yet, without the rows `apart`; and how those rows stand now, for `accept`. */
    function pending(apart) {
      const changes = [];
      const standing = new Map();
      const here = new Set();
      let above = "";
      order.forEach(function (row) {
        here.add(row.id);
        if (isDirty(row) && !(apart && apart.has(row.id))) {
          const change = { id: row.id, seen: row.stored === null ? "" : row.version };
          const cells = differing(row);
          if (row.stored === null) change.after = above;
          if (Object.keys(cells).length) change.cells = cells;
          else change.confirm = true;
          changes.push(change);
          standing.set(row.id, Object.assign({}, row.cells));
        }
        if (row.stored !== null || !isBlank(row)) above = row.id;
      });
      all.forEach(function (row) {
        if (row.stored !== null && !here.has(row.id) && !(apart && apart.has(row.id))) {
          changes.push({ id: row.id, seen: row.version, remove: true });
          standing.set(row.id, Object.assign({}, row.cells));
        }
      });
      return { changes: changes, standing: standing };
    }

    function viaOf() {
      const via = vias.size === 1 && vias.has("undo") ? "undo" : "grid";
      vias = new Set();
      return via;
    }

    /* The server's rows; what was typed since they were sent stays as typed. Gives the ids that changed. */
    function accept(given, removed, standing, changes) {
      const touched = new Set();
      let isStructural = false;
      const sent = new Map((changes || []).map(function (change) { return [change.id, change.cells || {}]; }));
      const after = new Map((changes || []).map(function (change) { return [change.id, change.after]; }));
      given.forEach(function (one) {
        let row = all.get(one.id);
        if (!row) {
          row = fresh(one.id, one.cells);
          all.set(row.id, row);
          const at = order.findIndex(function (other) { return other.id === after.get(one.id); });
          let place = at >= 0 ? at + 1 : order.length;
          if (at < 0) while (place > 0 && order[place - 1].stored === null && isBlank(order[place - 1])) place -= 1;
          order.splice(place, 0, row);
          isStructural = true;
        }
        const was = standing && standing.get(one.id);
        const base = was || row.stored || {};
        Object.keys(one.cells).forEach(function (key) {
          const isTyped = typed.indexOf(key) >= 0;
          if (isTyped && (row.cells[key] || "") !== (base[key] || "")) return;
          if (isTyped && sent.has(one.id) && sent.get(one.id)[key] === undefined && !row.cells[key]) row.filled[key] = one.cells[key];
          row.cells[key] = one.cells[key];
        });
        take(row, one);
        row.confirmed = false;
        touched.add(row.id);
      });
      removed.forEach(function (id) {
        const row = all.get(id);
        if (!row) return;
        row.stored = null;
        row.version = "";
        row.errors = {};
        row.dims = null;
        row.fen = null;
        touched.add(id);
      });
      if (keepBlank()) isStructural = true;
      return { ids: touched, isStructural: isStructural };
    }

    /* Rows as others have left them: taken over where nothing is typed here. */
    function follow(given) {
      const fromServer = new Set(given.map(function (one) { return one.id; }));
      order.filter(function (row) { return row.stored !== null && !fromServer.has(row.id) && !isDirty(row); }).forEach(function (row) {
        order.splice(order.indexOf(row), 1);
        all.delete(row.id);
        done = [];
        undone = [];
      });
      const wanted = given.filter(function (one) {
        const row = all.get(one.id);
        return !row || (order.indexOf(row) >= 0 && !isDirty(row));
      });
      const places = given.map(function (one, at) { return { id: one.id, after: at ? given[at - 1].id : "" }; });
      return accept(wanted, [], null, places);
    }

    function ofPaste(standing, before) {
      const edits = [];
      const moves = [];
      const known = new Set(before.map(function (row) { return row.id; }));
      order.forEach(function (row, at) {
        const was = standing.get(row.id);
        if (!known.has(row.id)) moves.push({ id: row.id, at: at, isIn: true });
        typed.forEach(function (key) {
          const old = known.has(row.id) ? (was || {})[key] || "" : "";
          if (was && old !== (row.cells[key] || "")) edits.push({ id: row.id, key: key, before: old, after: row.cells[key] || "" });
        });
      });
      if (edits.length || moves.length) record({ name: "粘贴", edits: edits, moves: moves });
    }

    return {
      typed: typed, load: load, edit: edit, insert: insert, remove: remove, restore: restore,
      undo: function () { return step(done, undone, true); },
      redo: function () { return step(undone, done, false); },
      confirm: function (ids) {
        ids.forEach(function (id) { all.get(id).confirmed = true; });
        tell(new Set(ids), false, "grid");
      },
      pending: pending, viaOf: viaOf, accept: accept, follow: follow, ofPaste: ofPaste, take: take, isBlank: isBlank, isProposed: isProposed, isDirty: isDirty, keepBlank: keepBlank,
      tell: tell, fresh: fresh,
      put: function (row, at) { all.set(row.id, row); order.splice(at, 0, row); },
      rows: function () { return order; },
      at: function (place) { return order[place]; },
      of: function (id) { return all.get(id); },
      placeOf: function (id) { return order.findIndex(function (row) { return row.id === id; }); },
      onChange: function (callback) { listen = callback; },
      depth: function () { return [done.length, undone.length]; },
    };
  }

  const made = { create: create, newId: newId };
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.GridRows = made;
})(this);

/* Two people on one row: both values side by side, who and when; the person chooses cell by cell. */
(function (root) {
  "use strict";

  const make = root.GridView.element;

  /* given: {place, model, save, columns, onSettled(ids), go(x, y)} */
  function create(given) {
    const open = new Map(); // id → conflict

    function add(conflicts) {
      conflicts.forEach(function (conflict) { open.set(conflict.id, conflict); });
      draw();
    }

    function choice(name, value, text, isChosen) {
      const label = make("label");
      const input = make("input", { type: "radio", name: name, value: value });
      input.checked = isChosen;
      label.append(input, make("span", {}, text || "（空）"));
      return label;
    }

    function linesOf(conflict) {
      const row = given.model.of(conflict.id);
      if (!conflict.stored) return [{ column: "", label: "整行", stored: "已删除", mine: "保留我填写的" }];
      if (given.model.placeOf(conflict.id) < 0) return [{ column: "", label: "整行", stored: "保留对方修改的", mine: "删除" }];
      return conflict.differences.map(function (difference) {
        return { column: difference.column, label: difference.label, stored: conflict.stored.cells[difference.column], mine: row.cells[difference.column] };
      });
    }

    function nameOf(conflict) {
      const row = given.model.of(conflict.id);
      const place = given.model.placeOf(conflict.id);
      const name = row.cells.name || row.cells.function || "";
      return (place >= 0 ? "第" + (place + 1) + "行" : "已删除的行") + (name ? "　" + name : "");
    }

    function draw() {
      given.place.textContent = "";
      given.place.hidden = !open.size;
      if (!open.size) return;
      given.place.append(make("h2", { id: "conflicts-title" }, "有" + open.size + "行同时被他人修改，请选择保留哪一个"));
      given.place.append(make("p", {}, "您填写的都在，其余各行照常保存。"));
      open.forEach(function (conflict) {
        const block = make("fieldset", { "class": "keep" });
        block.append(make("legend", {}, nameOf(conflict) + "（" + conflict.by + "，" + root.GridPanels.when(conflict.at) + "保存）"));
        const table = make("table");
        const head = make("tr");
        head.append(make("th", { scope: "col" }, "列"), make("th", { scope: "col" }, "我的"), make("th", { scope: "col" }, "对方的"));
        table.append(head);
        linesOf(conflict).forEach(function (line) {
          const entry = make("tr");
          const mine = make("td");
          const theirs = make("td");
          const name = "keep-" + conflict.id + "-" + line.column;
          mine.append(choice(name, "mine", line.mine, true));
          theirs.append(choice(name, "theirs", line.stored, false));
          entry.append(make("th", { scope: "row" }, line.label), mine, theirs);
          table.append(entry);
        });
        block.append(table);
        given.place.append(block);
      });
      const bar = make("p", { "class": "keep-bar" });
      bar.append(
        root.GridPanels.button("按所选保存", function () { settle(null); }, "primary"),
        root.GridPanels.button("都用我的", function () { settle("mine"); }, "button"),
        root.GridPanels.button("都用对方的", function () { settle("theirs"); }, "button")
      );
      given.place.append(bar);
    }

    function chosen(conflict, column, all) {
      if (all) return all;
      return given.place.querySelector("input[name='keep-" + conflict.id + "-" + column + "']:checked").value;
    }

    function settle(all) {
      const ids = new Set();
      open.forEach(function (conflict) {
        const row = given.model.of(conflict.id);
        const isHere = given.model.placeOf(conflict.id) >= 0;
        ids.add(conflict.id);
        given.save.apart.delete(conflict.id);
        if (!conflict.stored) {
          row.stored = null;
          row.version = "";
          row.dims = null;
          row.fen = null;
          if (isHere && chosen(conflict, "", all) === "theirs") given.model.typed.forEach(function (key) { row.cells[key] = ""; });
          return;
        }
        const before = row.stored || {};
        if (!isHere && chosen(conflict, "", all) === "theirs") {
          given.model.put(row, Math.max(0, given.model.rows().length - 1));
          row.cells = Object.assign({}, conflict.stored.cells);
        } else {
          const differing = new Set(conflict.differences.map(function (one) { return one.column; }));
          Object.keys(conflict.stored.cells).forEach(function (key) {
            const isMine = differing.has(key) ? chosen(conflict, isHere ? key : "", all) === "mine" : (row.cells[key] || "") !== (before[key] || "");
            if (!isMine || given.model.typed.indexOf(key) < 0) row.cells[key] = conflict.stored.cells[key];
          });
        }
        given.model.take(row, conflict.stored);
      });
      open.clear();
      draw();
      given.onSettled(ids);
    }

    return { add: add };
  }

  root.GridConflicts = { create: create };
})(this);

/* Totals while one types: the facts of the rows, as the server would have them, and where the sums are shown. */
(function (root) {
  "use strict";

  const Totals = root.GridTotals;
  const ZERO = BigInt(0);
  const BY_TEXT = ["category", "fund", "function", "economic", "government"];

  /* given: {model, codes, unit, columns} */
  function create(given) {
    let declared = [];
    let add = null;
    const learned = { category: new Map(), item: new Map() };
    let common = null; // in a project every line is of the same item

    function declare(totals) {
      const text = JSON.stringify(totals.map(function (total) { return [total.key, total.where]; }));
      declared = totals;
      if (text !== declare.text) add = Totals.prepare(totals);
      declare.text = text;
    }

    function has(key) {
      return given.columns.some(function (column) { return column.key === key; });
    }

    function itemKey(row) {
      return (row.cells.category || "") + "·" + Totals.narrow(row.cells.name || "");
    }

    function learn() {
      given.model.rows().forEach(function (row) {
        if (!row.dims || given.model.isDirty(row)) return;
        learned.category.set(row.cells.category, row.dims.category);
        learned.item.set(itemKey(row), row.dims.item);
        common = row.dims;
      });
    }

    function codeOf(kind, text) {
      const entry = given.codes().meant(kind, text);
      return entry ? entry.code : /^\d{3,}/.test(text) ? /^\d+/.exec(text)[0] : null;
    }

    /* What a changed row counts as before the server has said so; null while it is no line. */
    function guess(row) {
      const fen = Totals.fenOf(row.cells.amount, given.unit);
      if (!fen || fen <= ZERO) return null;
      const fact = { fen: fen, carried_over: row.cells.carried_over === "是" };
      if (has("name") && !(row.cells.name && row.cells.category)) return null;
      fact.category = has("category") ? learned.category.get(row.cells.category) || "?" + row.cells.category : common ? common.category : "";
      fact.item = has("name") ? learned.item.get(itemKey(row)) || "?" + itemKey(row) : common ? common.item : "";
      const isComplete = BY_TEXT.slice(1).every(function (kind) {
        const text = row.cells[kind] || "";
        const column = given.columns.find(function (one) { return one.key === kind; });
        if (!text && column && column.required) return false;
        fact[kind] = text ? codeOf(kind, text) || (row.dims && row.stored[kind] === text ? row.dims[kind] : null) : row.dims ? row.dims[kind] : "";
        return fact[kind] !== null;
      });
      return isComplete ? fact : null;
    }

    function factOf(row) {
      if (row.dims && row.fen && !given.model.isDirty(row)) return Object.assign({ fen: BigInt(row.fen) }, row.dims);
      return given.model.isDirty(row) ? guess(row) : null;
    }

    /* {sums: {key: 分}, unfinished: {rows, fen}, items: Map(item key → {fen, rows})} */
    function compute() {
      learn();
      const facts = [];
      const items = new Map();
      const unfinished = { rows: 0, fen: ZERO };
      given.model.rows().forEach(function (row) {
        if (given.model.isBlank(row)) return;
        const fact = factOf(row);
        if (fact) {
          facts.push(Totals.signed(fact));
        } else {
          unfinished.rows += 1;
          unfinished.fen += Totals.fenOf(row.cells.amount, given.unit) || ZERO;
        }
        const item = items.get(itemKey(row)) || { fen: ZERO, rows: 0, first: row.id };
        item.fen += fact ? fact.fen : ZERO;
        item.rows += 1;
        items.set(itemKey(row), item);
      });
      return { sums: add(facts), unfinished: unfinished, items: items, all: facts.reduce(function (sum, fact) { return sum + fact.fen; }, ZERO) };
    }

    function shown(fen) {
      return Totals.shown(fen, given.unit);
    }

    function line(place, label, fen, isStrong) {
      const pair = document.createElement("div");
      if (isStrong) pair.className = "is-total";
      const name = document.createElement("dt");
      name.textContent = label;
      const value = document.createElement("dd");
      value.textContent = shown(fen);
      if (fen < ZERO) value.className = "neg";
      pair.append(name, value);
      place.append(pair);
    }

    /* 增减 as the server would write it, while the amount is typed. */
    function changeOf(row) {
      const now = Totals.fenOf(row.cells.amount, given.unit);
      if (now === null || row.lastFen === null || row.lastFen === undefined) return "";
      return Totals.changeShown(now, BigInt(row.lastFen), given.unit);
    }

    let latest = null;

    return {
      declare: declare, shown: shown, changeOf: changeOf,
      subtotalOf: function (row) {
        const item = latest && latest.items.get(itemKey(row));
        return item && item.rows > 1 && item.first === row.id ? shown(item.fen) : "";
      },
      update: function () {
        latest = compute();
        return latest;
      },
      /* The strip under the grid, and the row that closes it. */
      draw: function (place, foot, row) {
        place.textContent = "";
        declared.forEach(function (total) {
          if (total.group === "item" || total.group === "total") return;
          if (latest.sums[total.key] !== ZERO) line(place, total.label, latest.sums[total.key]);
        });
        const item = row && has("name") && row.cells.name ? latest.items.get(itemKey(row)) : null;
        if (item && item.rows > 1) line(place, "本项目小计（" + item.rows + "行）", item.fen);
        if (latest.unfinished.rows) {
          line(place, "另有" + latest.unfinished.rows + "行未填完整，未计入", latest.unfinished.fen);
          place.lastChild.classList.add("is-unfinished");
        }
        const whole = declared.find(function (total) { return total.group === "total"; });
        foot.label.textContent = whole ? whole.label : "合计";
        foot.amount.textContent = shown(whole ? latest.sums[whole.key] : latest.all);
      },
    };
  }

  /* 控制数 of the whole budget under the sums, as the server last said them; nothing where none was issued. */
  function quotas(place, found, unit) {
    place.textContent = "";
    if (!found.length) return;
    const make = root.GridView.element;
    const table = make("table", { "class": "sheet-quotas" });
    table.append(make("caption", {}, "控制数（整个预算，单位：" + unit + "）"));
    const head = table.createTHead().insertRow();
    ["范围", "控制数", "已安排", "剩余"].forEach(function (text, at) {
      head.append(make("th", { scope: "col", "class": at ? "num" : "" }, text));
    });
    const body = table.createTBody();
    found.forEach(function (quota) {
      const row = body.insertRow();
      if (quota.exceeded) row.className = "is-exceeded";
      row.append(make("th", { scope: "row" }, quota.label));
      [quota.limit, quota.used, quota.remaining].forEach(function (fen) {
        row.append(make("td", { "class": "num" }, Totals.shown(BigInt(fen), unit) || "0.00"));
      });
      if (quota.exceeded) row.lastChild.prepend(make("span", { "class": "word" }, "超出"));
    });
    place.append(table);
  }

  /* The row that closes the grid: the label stands over the fixed columns, the sum under the amounts. */
  function footer(view, columns) {
    const line = view.foot.insertRow();
    line.setAttribute("role", "row");
    const at = columns.findIndex(function (column) { return column.key === "amount"; });
    const label = line.appendChild(document.createElement("th"));
    label.scope = "row";
    label.setAttribute("role", "rowheader");
    label.className = "is-fixed";
    label.colSpan = view.fixedCount + 1;
    for (let x = label.colSpan - 1; x < columns.length; x += 1) {
      const cell = line.insertCell();
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", x + 2);
      if (x === at) cell.className = "is-figure";
    }
    return { label: label, amount: line.cells[at - label.colSpan + 2], line: line };
  }

  root.GridSums = { create: create, footer: footer, quotas: quotas };
})(this);

/* The grid as it is seen: jspreadsheet makes the cells and paints what is selected; the window of rows, the three-level
   head, the fixed columns, roles and focus are ours. Rows are drawn when they come into sight. */
(function (root) {
  "use strict";

  const ROW = 28;
  const HEAD = 26;
  const NUMBER = 44;
  const MORE = 10; // rows drawn above and below what is in sight
  const NARROW = 700;

  function element(tag, attributes, text) {
    const made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* frame: where it goes. columns: as declared. model: the rows. given: {label, describe(row, column), onSelect(), onMenu(event)} */
  function create(frame, columns, model, given) {
    const isNarrow = window.innerWidth < NARROW;
    const widths = widthsFor(frame.clientWidth);
    const fixed = fixedColumns();
    const active = { x: 0, y: 0, toX: 0, toY: 0 };
    let first = 0;
    let last = -1;
    let isOurs = false;
    let selected = [];
    let focused = null;
    let hasFocus = false;
    let isPrinting = false;

    const sheet = root.jspreadsheet(frame, {
      about: false, toolbar: false, tabs: false, parseFormulas: false, contextMenu: function () { return false; },
      worksheets: [{
        data: model.rows().map(function (row) { return columns.map(function (column) { return row.cells[column.key] || ""; }); }),
        columns: columns.map(function (column, x) { return { type: "text", title: column.label, width: widths[x], align: isNumber(column) ? "right" : "left" }; }),
        lazyLoading: true, tableOverflow: true, tableHeight: "none", tableWidth: "100%", defaultRowHeight: ROW,
        columnSorting: false, columnDrag: false, columnResize: false, rowDrag: false, rowResize: false,
        selectionCopy: false, allowRenameColumn: false, allowDeletingAllRows: true, wordWrap: false, editable: false,
      }],
      onselection: function () {
        if (!isOurs) adopt();
      },
    })[0];
    const scroller = sheet.content;
    const table = sheet.table;
    sheet.ignoreHistory = true;
    sheet.textarea.remove();
    sheet.corner.hidden = true;
    const above = spacer();
    const below = spacer();
    sheet.tbody.before(above);
    sheet.tbody.after(below);
    const foot = table.createTFoot();

    /* Words give way so that the amounts stay in sight; figures never do. */
    function widthsFor(room) {
      if (isNarrow) return columns.map(function (column) { return Math.min(column.width, column.frozen ? 108 : 140); });
      const gives = function (column) { return isWord(column) && column.codes !== "fund"; };
      const sum = function (some) { return some.reduce(function (all, column) { return all + column.width; }, 0); };
      const words = sum(columns.filter(gives));
      const left = room - NUMBER - (sum(columns) - words) - 2;
      const share = Math.max(620, Math.min(1000, Math.floor(left * 1000 / words)));
      return columns.map(function (column) { return gives(column) ? Math.floor(column.width * share / 1000) : column.width; });
    }

    function isWord(column) {
      return column.kind === "text" || column.kind === "code";
    }

    function isNumber(column) {
      return column.kind === "amount" || column.kind === "computed";
    }

    function fixedColumns() {
      const lefts = {};
      let left = isNarrow ? 32 : NUMBER;
      const wanted = columns.map(function (column, x) { return column.frozen ? x : -1; }).filter(function (x) { return x >= 0; });
      const kept = isNarrow ? wanted.filter(function (x) { return columns[x].key === "name" || wanted.length === 1; }) : wanted;
      (isNarrow && !kept.length ? wanted.slice(0, 1) : kept).forEach(function (x) {
        lefts[x] = left;
        left += widths[x];
      });
      lefts.all = left;
      return lefts;
    }

    function spacer() {
      const body = element("tbody", { role: "presentation" });
      const row = element("tr", { role: "presentation" });
      row.append(element("td", { role: "presentation", colspan: columns.length + 1, "class": "spacer" }));
      body.append(row);
      return body;
    }

    function dressTable() {
      table.setAttribute("role", "grid");
      table.setAttribute("aria-label", given.label);
      table.setAttribute("aria-colcount", columns.length + 1);
      if (!given.isWritable) table.setAttribute("aria-readonly", "true");
      if (given.isWritable) table.setAttribute("aria-multiselectable", "true");
      table.removeAttribute("unselectable");
      [sheet.thead, sheet.tbody, foot].forEach(function (part) { part.setAttribute("role", "rowgroup"); });
      table.querySelector("col").setAttribute("width", isNarrow ? 32 : NUMBER);
      table.style.width = (isNarrow ? 32 : NUMBER) + widths.reduce(function (sum, width) { return sum + width; }, 0) + "px";
      sheet.headerContainer.hidden = true;
      sheet.headerContainer.setAttribute("role", "presentation");
      sheet.headerContainer.querySelectorAll("td").forEach(function (cell) { cell.setAttribute("role", "presentation"); });
      scroller.classList.add("sheet-scroll");
      scroller.removeAttribute("style");
      scroller.onwheel = null;
      scroller.onscroll = function () {
        draw();
        given.onScroll();
      };
      buildHead();
    }

    function buildHead() {
      const levels = columns[0].heads.length;
      const rows = [];
      for (let level = 0; level < levels; level += 1) {
        rows.push(element("tr", { role: "row", "aria-rowindex": level + 1, "class": "sheet-head" }));
        sheet.thead.insertBefore(rows[level], sheet.headerContainer);
      }
      const corner = element("th", { role: "columnheader", "aria-colindex": 1, rowspan: levels, scope: "col", "class": "is-fixed is-number" }, "行");
      corner.style.left = "0px";
      corner.style.top = "0px";
      rows[0].append(corner);
      span(0, 0, columns.length);

      function span(level, from, to) {
        let start = from;
        while (start < to) {
          const label = columns[start].heads[level];
          let end = start + 1;
          while (end < to && columns[end].heads[level] === label && columns[end].frozen === columns[start].frozen) end += 1;
          let deep = 1;
          while (level + deep < levels && columns.slice(start, end).every(function (column) { return column.heads[level + deep] === label; })) deep += 1;
          const cell = element("th", { role: "columnheader", scope: end - start > 1 ? "colgroup" : "col", "aria-colindex": start + 2, colspan: end - start, rowspan: deep }, label);
          cell.style.top = level * HEAD + "px";
          if (end - start === 1) {
            if (isNumber(columns[start])) cell.classList.add("is-figure");
            if (columns[start].help) cell.title = columns[start].help;
          }
          if (fixed[start] !== undefined && fixed[end - 1] !== undefined) {
            cell.classList.add("is-fixed");
            cell.style.left = fixed[start] + "px";
          }
          rows[level].append(cell);
          if (level + deep < levels) span(level + deep, start, end);
          start = end;
        }
      }
    }

    // ---- rows in sight

    function headHeight() {
      return columns[0].heads.length * HEAD;
    }

    function room() {
      return Math.max(scroller.clientHeight - headHeight() - foot.offsetHeight, ROW);
    }

    function draw(isForced) {
      const count = model.rows().length;
      const from = isPrinting ? 0 : Math.max(0, Math.min(Math.floor(scroller.scrollTop / ROW) - MORE, count - 1));
      const to = isPrinting ? count - 1 : Math.min(count - 1, Math.ceil((scroller.scrollTop + room()) / ROW) + MORE);
      if (!isForced && from === first && to === last) return;
      if (given.isEditing() && (active.y < from || active.y > to)) {
        given.endEditing(); // its row goes out of sight
        scroller.focus({ preventScroll: true });
      }
      first = from;
      last = to;
      const wanted = [];
      for (let y = from; y <= to; y += 1) {
        dress(y);
        wanted.push(sheet.rows[y].element);
      }
      const had = focused && focused === document.activeElement;
      put(wanted);
      above.firstChild.firstChild.style.height = from * ROW + "px";
      below.firstChild.firstChild.style.height = (count - 1 - to) * ROW + "px";
      above.hidden = from === 0;
      below.hidden = to === count - 1;
      if (had && active.y >= from && active.y <= to) focus();
      else if (had) scroller.focus({ preventScroll: true });
    }

    /* Rows that stay are not touched: a field in one keeps its focus. */
    function put(wanted) {
      const kept = new Set(wanted);
      Array.from(sheet.tbody.children).forEach(function (line) {
        if (!kept.has(line)) line.remove();
      });
      let next = sheet.tbody.firstChild;
      wanted.forEach(function (line) {
        if (line === next) next = next.nextSibling;
        else sheet.tbody.insertBefore(line, next);
      });
    }

    function dress(y) {
      const row = model.at(y);
      const line = sheet.rows[y].element;
      line.setAttribute("role", "row");
      line.setAttribute("aria-rowindex", y + 1 + columns[0].heads.length);
      line.dataset.row = row.id;
      line.classList.toggle("is-draft", row.state === "draft");
      line.classList.toggle("is-blank", row.stored === null && model.isBlank(row));
      const number = line.firstChild;
      number.setAttribute("role", "rowheader");
      number.setAttribute("aria-colindex", 1);
      number.className = "jss_row is-fixed is-number" + (row.mark ? " is-marked" : "");
      number.style.left = "0px";
      number.textContent = y + 1;
      number.title = row.mark ? given.markOf(row) : "";
      columns.forEach(function (column, x) { paint(sheet.records[y][x].element, row, column, x); });
    }

    function paint(cell, row, column, x) {
      if (cell.classList.contains("is-editing")) return;
      const text = given.textOf(row, column);
      if (cell.textContent !== text) cell.textContent = text;
      const errors = row.errors[column.key] || [];
      const isOpen = errors.length > 0 && !row.cells[column.key];
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", x + 2);
      cell.tabIndex = cell === focused ? 0 : -1; // a cell drawn anew stays the one Tab stop
      flag(cell, "aria-readonly", !column.editable || !given.isWritable);
      flag(cell, "aria-invalid", errors.length > 0 && !isOpen);
      cell.classList.toggle("is-figure", isNumber(column));
      cell.classList.toggle("is-words", isWord(column));
      cell.classList.toggle("is-computed", column.kind === "computed");
      cell.classList.toggle("is-proposed", model.isProposed(row, column.key));
      cell.classList.toggle("is-error", errors.length > 0 && !isOpen);
      cell.classList.toggle("is-open", isOpen);
      cell.classList.toggle("neg", isNumber(column) && text.charAt(0) === "-");
      if (fixed[x] !== undefined) {
        cell.classList.add("is-fixed");
        cell.style.left = fixed[x] + "px";
      }
      if (errors.length) cell.title = errors.join(" ");
      else if (text.length > 8) cell.title = text;
      else cell.removeAttribute("title");
    }

    function flag(cell, name, isSet) {
      if (isSet) cell.setAttribute(name, "true");
      else cell.removeAttribute(name);
    }

    /* The rows as the model has them now: all in sight, and as many as there are. */
    function refresh(change) {
      const count = model.rows().length;
      const there = sheet.rows.length;
      if (there < count) sheet.insertRow(count - there);
      else if (there > count) sheet.deleteRow(count, there - count);
      if (there !== count) table.setAttribute("aria-rowcount", count + columns[0].heads.length + 1);
      if (change && !change.isStructural) {
        for (let y = first; y <= last; y += 1) if (change.ids.has(model.at(y).id)) dress(y);
      } else {
        draw(true);
      }
      if (active.y >= count || active.toY >= count) select(active.x, Math.min(active.y, count - 1));
      else if (there !== count) select(active.x, active.y, active.toX, active.toY, true);
    }

    // ---- what is selected

    function cellAt(x, y) {
      return sheet.records[y][x].element;
    }

    function intoSight(x, y) {
      const top = y * ROW;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + ROW > scroller.scrollTop + room()) scroller.scrollTop = top + ROW - room();
      const left = widths.slice(0, x).reduce(function (sum, width) { return sum + width; }, isNarrow ? 32 : NUMBER);
      if (fixed[x] === undefined) {
        if (left - fixed.all < scroller.scrollLeft) scroller.scrollLeft = left - fixed.all;
        else if (left + widths[x] > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = left + widths[x] - scroller.clientWidth;
      }
    }

    function select(x, y, toX, toY, isQuiet) {
      active.x = Math.max(0, Math.min(x, columns.length - 1));
      active.y = Math.max(0, Math.min(y, model.rows().length - 1));
      active.toX = toX === undefined ? active.x : Math.max(0, Math.min(toX, columns.length - 1));
      active.toY = toY === undefined ? active.y : Math.max(0, Math.min(toY, model.rows().length - 1));
      isOurs = true;
      sheet.updateSelectionFromCoords(active.x, active.y, active.toX, active.toY);
      isOurs = false;
      root.jspreadsheet.current = null; // its own keys are never wanted
      if (!isQuiet) intoSight(active.toX, active.toY);
      draw();
      mark();
      if (!isQuiet || hasFocus) focus();
      given.onSelect();
    }

    /* What the mouse has selected. */
    function adopt() {
      const at = sheet.selectedCell.map(Number);
      active.x = at[0];
      active.y = at[1];
      active.toX = at[2];
      active.toY = at[3];
      mark();
      focus();
      given.onSelect();
    }

    function mark() {
      selected.forEach(function (cell) { cell.removeAttribute("aria-selected"); });
      selected = sheet.highlighted.map(function (one) { return one.element; });
      selected.forEach(function (cell) { cell.setAttribute("aria-selected", "true"); });
      if (focused) focused.tabIndex = -1;
      focused = cellAt(active.x, active.y);
      focused.tabIndex = 0;
    }

    function focus() {
      const cell = cellAt(active.x, active.y);
      if (!cell.isConnected) intoSight(active.x, active.y);
      if (!cell.isConnected) draw();
      if (!cell.isConnected) return;
      if (document.activeElement !== cell && !cell.contains(document.activeElement)) cell.focus({ preventScroll: true });
      uncover(cell);
    }

    /* The page scrolls too, where the frame is not in sight as a whole. */
    function uncover(cell) {
      const box = cell.getBoundingClientRect();
      const bar = given.barBottom() + 4;
      if (box.top - headHeight() < bar) window.scrollBy(0, Math.min(0, box.top - headHeight() - bar));
      const under = box.bottom + foot.offsetHeight + 8 - window.innerHeight;
      if (under > 0) window.scrollBy(0, under);
    }

    function range() {
      return {
        left: Math.min(active.x, active.toX), right: Math.max(active.x, active.toX),
        top: Math.min(active.y, active.toY), bottom: Math.max(active.y, active.toY),
      };
    }

    scroller.tabIndex = -1;
    frame.removeAttribute("tabindex"); // the grid has one Tab stop: its cell
    frame.addEventListener("focusin", function () { hasFocus = true; });
    frame.addEventListener("focusout", function () { hasFocus = false; });
    document.addEventListener("mouseup", function () { setTimeout(function () { root.jspreadsheet.current = null; }); });
    ["touchstart", "touchend", "touchmove", "dblclick", "paste"].forEach(function (name) {
      // jspreadsheet would open its own editor or read the clipboard itself
      frame.addEventListener(name, function (event) { given.onEvent(event); event.stopPropagation(); }, { capture: true, passive: name.startsWith("touch") });
    });
    frame.addEventListener("contextmenu", function (event) {
      event.stopPropagation();
      given.onMenu(event);
    }, true);
    frame.addEventListener("mousedown", function (event) {
      if (event.target.closest(".is-editing, .sheet-head, tfoot")) event.stopPropagation();
    }, true);
    [["beforeprint", true], ["afterprint", false]].forEach(function (print) {
      window.addEventListener(print[0], function () {
        isPrinting = print[1]; // every row is on paper
        draw();
      });
    });
    dressTable();
    table.setAttribute("aria-rowcount", model.rows().length + columns[0].heads.length + 1);
    draw(true);
    new ResizeObserver(function () { draw(); }).observe(scroller);

    return {
      active: active, refresh: refresh, select: select, focus: focus, cellAt: cellAt, range: range, intoSight: intoSight, foot: foot, table: table,
      pageRows: function () { return Math.max(1, Math.floor(room() / ROW) - 1); },
      isNarrow: isNarrow, fixedCount: isNarrow ? 0 : columns.filter(function (column) { return column.frozen; }).length,
    };
  }

  root.GridView = { create: create, element: element };
})(this);

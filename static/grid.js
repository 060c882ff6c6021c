/* The start of the grid: what each part needs of the others, and what the buttons and keys do. */
(function (root) {
  "use strict";

  const page = document.querySelector("[data-grid]");
  if (!page) return;
  const find = function (name) { return page.querySelector("[data-" + name + "]"); };
  const data = page.dataset;
  const frame = find("frame");
  const notices = root.GridPanels.notices(find("notices"));
  const button = root.GridPanels.button;
  const channel = new BroadcastChannel("mingzhang-grid");
  let codes = root.GridCodes.create({});

  document.querySelectorAll("form[action$='/logout/']").forEach(function (form) {
    form.addEventListener("submit", function () { root.GridKept.wipe(); });
  });

  async function ask(address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    const found = await root.GridSave.read(answer);
    if (!answer.ok) throw new Error(found.reason);
    return found;
  }

  async function start() {
    let state = null;
    try {
      state = await ask(data.state);
    } catch (error) {
      find("loading").textContent = "没有打开：" + error.message + " 请刷新页面再试。";
      return;
    }
    ask(data.codes).then(function (index) { codes = root.GridCodes.create(index); }, function () {
      notices.show("codes", "科目没有读到，暂时只能填编号。", [], "is-info");
    });
    find("loading").remove();
    open(state);
  }

  /* 小计 stands beside the amount, on the first line of an item that has several. */
  function withSubtotal(columns) {
    const at = columns.findIndex(function (column) { return column.key === "amount"; });
    if (at < 0 || !columns.some(function (column) { return column.key === "name"; })) return columns;
    const own = columns[at].heads[columns[at].heads.length - 1];
    const heads = columns[at].heads.map(function (head) { return head === own ? "项目小计" : head; });
    const added = { key: "subtotal", heads: heads, label: "项目小计", kind: "computed", choices: [], editable: false, frozen: false, width: 84, help: "同一项目各行金额之和，显示在项目的第一行。" };
    return columns.slice(0, at + 1).concat([added], columns.slice(at + 1));
  }

  function open(state) {
    const all = withSubtotal(state.columns); // those too that the person has put away
    const hidden = data.hidden.split(" ");
    const columns = all.filter(function (column) { return hidden.indexOf(column.key) < 0; });
    const unit = state.unit;
    const model = root.GridRows.create(all);
    const lock = { writable: state.writable };
    model.load(state.rows);
    if (state.writable) model.keepBlank();
    find("unit-line").textContent = "单位：" + unit;
    const sums = root.GridSums.create({ model: model, unit: unit, columns: all, codes: function () { return codes; } });
    sums.declare(state.totals);
    sums.update();

    function textOf(row, column) {
      if (column.kind === "computed" && row.stored === null && model.isBlank(row)) return "";
      if (column.key === "subtotal") return sums.subtotalOf(row);
      if (column.key === "change" && model.isDirty(row)) return sums.changeOf(row);
      return row.cells[column.key] || "";
    }

    let editor = null;

    function isEditing() {
      return editor !== null && editor.isOpen();
    }

    const view = root.GridView.create(frame, columns, model, {
      label: data.title, isWritable: state.writable, textOf: textOf, onSelect: onSelect, onMenu: onMenu,
      markOf: function (row) { return row.mark === "presumed" ? "推定：上年公开表中没有写明，请核对" : "从上年带入，还没有人核对"; },
      onScroll: function () { if (isEditing()) editor.place(); },
      isEditing: isEditing,
      endEditing: function () { editor.commit("blur"); },
      onEvent: onMouse,
      barBottom: function () {
        const bar = view.isNarrow ? find("bar-shown") : document.querySelector(".topbar");
        return getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
      },
    });
    const foot = root.GridSums.footer(view, columns);
    const showErrors = root.GridPanels.errors(find("errors"), function (x, y) { view.select(x, y); });
    editor = root.GridEditor.create(view, model, columns, {
      codes: function () { return codes; },
      near: function (column) {
        return model.rows().slice(Math.max(0, view.active.y - 30), view.active.y).map(function (row) { return /^\d*/.exec(row.cells[column.key] || "")[0]; }).filter(Boolean);
      },
      onCommit: commit,
      onCancel: function () {
        view.refresh();
        view.focus();
      },
    });
    const save = root.GridSave.create(model, {
      address: data.save, unit: unit, key: location.pathname, person: data.person, channel: channel,
      onState: showState, onSaved: saved, onConflicts: function (found) { conflicts.add(found); },
    });
    const conflicts = root.GridConflicts.create({
      place: conflictPlace(), model: model, save: save, columns: all,
      onSettled: function (ids) { model.tell(ids, true, ""); view.focus(); },
    });
    const paste = root.GridPaste.create({
      dialog: document.querySelector("[data-paste-dialog]"), address: data.paste, unit: unit, model: model, view: view, columns: columns, all: all, save: save, textOf: textOf,
      fill: function (name, cells) { change(name, cells); },
      onPasted: function (answer) { say("已粘贴。Ctrl+Z可以整块撤销。" + answer.notices.join("")); view.refresh(); view.focus(); },
      back: function () { view.focus(); }, say: say,
    });
    const history = root.GridPanels.history(find("panel"), data.history, function () { view.focus(); });
    const openMenu = root.GridPanels.menu(function () { view.focus(); });
    const showKeys = root.GridPanels.keys(document.querySelector("[data-keys-dialog]"), function () { view.focus(); });

    // ---- changes

    model.onChange(function (made) {
      sums.update();
      view.refresh(made);
      drawSums();
      save.soon();
    });

    /* Cells as typed, with what follows from them: the government class from the department class. */
    function change(name, cells) {
      if (!lock.writable) {
        say("现在不能修改。");
        return;
      }
      const all = cells.slice();
      const given = new Set(cells.map(function (cell) { return cell.id + cell.key; }));
      cells.forEach(function (cell) {
        const row = model.of(cell.id);
        if ((cell.key !== "economic" && cell.key !== "nature") || given.has(cell.id + "government")) return;
        const was = row.cells.nature || natureOf(row);
        const nature = cell.key === "nature" && cell.value ? cell.value : was;
        const before = codes.proposal(row.cells.economic, was);
        const now = row.cells.government || "";
        const proposed = codes.proposal(cell.key === "economic" ? cell.value : row.cells.economic, nature);
        if (proposed && (now === "" || now === before)) all.push({ id: cell.id, key: "government", value: proposed, isProposed: true });
      });
      model.edit(name, all);
    }

    /* 性质 that is not typed: the item's, else what its name says at the end, else 行政. */
    function natureOf(row) {
      const same = model.rows().find(function (other) { return other !== row && other.cells.nature && other.cells.name === row.cells.name && other.cells.category === row.cells.category; });
      return same ? same.cells.nature : /[（(]事业[）)]$/.test(row.cells.name || "") ? "事业" : "行政";
    }

    function commit(was, text, how) {
      const cells = how === "all" ? paste.cells(text) : [{ id: was.id, key: was.key, value: text.trim() }];
      change("填写", cells);
      view.refresh({ ids: new Set([was.id]) });
      if (how === "save") save.now();
      keys.onward(how === "save" ? "stay" : how);
    }

    function selectedIds() {
      const range = view.range();
      return model.rows().slice(range.top, range.bottom + 1).map(function (row) { return row.id; });
    }

    function back(step, word) {
      if (!step) {
        say("没有可以" + word + "的了。");
        return;
      }
      const places = Array.from(step.ids).map(model.placeOf).filter(function (at) { return at >= 0; });
      view.select(view.active.x, places.length ? Math.min.apply(null, places) : view.active.y);
      say("已" + word + "：" + step.name + "。");
    }

    const does = {
      say: say,
      undo: function () { if (lock.writable) back(model.undo(), "撤销"); },
      redo: function () { if (lock.writable) back(model.redo(), "重做"); },
      insert: function () {
        if (!lock.writable) return;
        const range = view.range();
        model.insert(range.top, range.bottom - range.top + 1);
        view.select(0, range.top);
      },
      remove: function () {
        if (!lock.writable) return;
        const ids = selectedIds();
        const at = view.range().top;
        if (model.remove(ids)) say("已删除" + ids.length + "行。Ctrl+Z可以撤销。");
        view.select(view.active.x, at);
      },
      fill: function () {
        const range = view.range();
        const from = range.top === range.bottom ? range.top - 1 : range.top;
        if (from < 0) return;
        const cells = [];
        for (let y = from + 1; y <= range.bottom; y += 1) {
          for (let x = range.left; x <= range.right; x += 1) {
            const key = columns[x].key;
            if (columns[x].editable) cells.push({ id: model.at(y).id, key: key, value: model.at(from).cells[key] || "" });
          }
        }
        change("向下填充", cells);
      },
      clear: function () { change("清除", paste.cells("")); },
      toggle: function (text) {
        const cell = { id: model.at(view.active.y).id, key: columns[view.active.x].key };
        cell.value = text && /[否0n]/i.test(text) ? "" : text && /[是1y]/i.test(text) ? "是" : model.of(cell.id).cells[cell.key] ? "" : "是";
        change("填写", [cell]);
      },
      confirm: function () {
        const ids = selectedIds().filter(function (id) { return model.of(id).mark; });
        if (ids.length) model.confirm(ids);
        else say("所选的行没有待核对的标记。");
      },
      history: function () {
        history(model.at(view.active.y), columns[view.active.x], view.active.y + 1);
        view.intoSight(view.active.x, view.active.y); // the panel takes room
      },
      restore: function () { if (lock.writable && model.restore()) say("已还原到您打开时。Ctrl+Z可以撤销。"); },
      keys: showKeys,
      save: function () { save.now(); },
      find: function () { find("find").focus(); },
      menu: function () {
        const box = view.cellAt(view.active.x, view.active.y).getBoundingClientRect();
        menuAt(box.left + 12, box.bottom);
      },
    };
    const keys = root.GridKeys.create({ view: view, model: model, columns: columns, editor: editor, isWritable: function () { return lock.writable; }, does: does });

    // ---- mouse, clipboard, menu

    function onMouse(event) {
      if (event.type === "dblclick" && event.target.closest("td[role=gridcell]") && !editor.isOpen()) keys.edit();
      if (event.type === "paste" && !editor.isOpen()) {
        event.preventDefault();
        if (lock.writable) paste.paste(event.clipboardData.getData("text/plain"));
      }
    }

    function onMenu(event) {
      if (editor.isOpen()) return;
      const cell = event.target.closest("td[role=gridcell]");
      if (!cell) return;
      event.preventDefault();
      const x = Number(cell.dataset.x);
      const y = Number(cell.dataset.y);
      const range = view.range();
      if (x < range.left || x > range.right || y < range.top || y > range.bottom) view.select(x, y);
      menuAt(event.clientX, event.clientY);
    }

    function menuAt(x, y) {
      const writing = [
        { text: "插入行", key: "Alt+Insert", does: does.insert }, { text: "删除行", key: "Ctrl+Delete", does: does.remove },
        { text: "向下填充", key: "Ctrl+D", does: does.fill }, { text: "已核对", does: does.confirm },
      ];
      openMenu(x, y, (lock.writable ? writing : []).concat([{ text: "单元格历史", does: does.history }]));
    }

    ["copy", "cut"].forEach(function (name) {
      frame.addEventListener(name, function (event) {
        if (editor.isOpen()) return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", paste.copied());
        if (name === "cut") does.clear();
      });
    });
    frame.addEventListener("click", function (event) {
      const cell = event.target.closest("td[role=gridcell]");
      const isAgain = cell && frame.dataset.tapped === cell.dataset.x + ":" + cell.dataset.y;
      frame.dataset.tapped = cell ? cell.dataset.x + ":" + cell.dataset.y : "";
      if (isAgain && view.isNarrow && !editor.isOpen()) keys.edit(); // a second tap, where there is no double click
    });
    page.addEventListener("click", function (event) {
      const pressed = event.target.closest("button[data-do]");
      if (!pressed) return;
      const menu = pressed.closest("details");
      if (menu) menu.open = false;
      view.focus();
      does[pressed.dataset.do]();
    });
    document.addEventListener("keydown", function (event) {
      const isControl = event.ctrlKey || event.metaKey;
      const isField = event.target.closest("input, textarea, select, dialog");
      if (event.key === "?" && !isField) showKeys();
      else if (isControl && event.key.toLowerCase() === "s") save.now();
      else return;
      event.preventDefault();
    });
    root.GridPanels.finder(find("find"), { model: model, columns: columns, textOf: textOf, view: view, say: say });

    // ---- what is shown around

    function conflictPlace() {
      const place = root.GridView.element("section", { "class": "summary is-conflict", "aria-labelledby": "conflicts-title", role: "alert" });
      place.hidden = true;
      find("notices").after(place);
      return place;
    }

    function drawSums() {
      sums.draw(find("sums"), foot, model.at(view.active.y));
      showErrors(model, columns);
    }

    function drawQuotas(found) {
      root.GridSums.quotas(find("quotas"), found, unit);
      if (!found.some(function (quota) { return quota.exceeded; })) notices.hide("quotas");
    }

    function say(text) {
      find("hint").textContent = text;
    }

    function onSelect() {
      const row = model.at(view.active.y);
      const column = columns[view.active.x];
      const wrong = (row.errors[column.key] || []).concat(row.errors[""] || []);
      const hint = find("hint");
      hint.textContent = "";
      if (wrong.length) hint.append(root.GridView.element("span", { "class": "wrong" }, wrong.join(" ") + "　"));
      if (model.isProposed(row, column.key)) hint.append("系统填入，可以改。　");
      hint.append(root.GridView.element("b", {}, column.label + "　"), column.help || "");
      if (foot) sums.draw(find("sums"), foot, row);
    }

    function saved(answer, was) {
      sums.declare(answer.totals);
      const made = model.accept(answer.rows, answer.removed, was.standing, was.body.changes);
      sums.update();
      if (!editor.isOpen()) view.refresh(made);
      else view.refresh({ ids: made.ids });
      drawSums();
      if (answer.notices.length) say(answer.notices.join(" "));
      drawQuotas(answer.quotas);
      if (answer.warnings.length) notices.show("quotas", answer.warnings.join(""), [], "is-locked");
      document.dispatchEvent(new Event("mingzhang:saved")); // the count of findings is asked for anew
    }

    function showState(now) {
      if (now.kind === "locked") lock.writable = false;
      root.GridPanels.saveState(find("saved"), notices, now, lock.writable, save);
      find("first").hidden = !lock.writable || model.rows().some(function (row) { return row.stored !== null || !model.isBlank(row); });
    }

    // ---- others' saves, and what a killed window left

    async function follow() {
      if (save.isUnsaved() || editor.isOpen()) return;
      try {
        const now = await ask(data.state);
        if (save.isUnsaved() || editor.isOpen()) return;
        sums.declare(now.totals);
        drawQuotas(now.quotas);
        const made = model.follow(now.rows);
        sums.update();
        view.refresh(made);
        drawSums();
      } catch (error) {
        return; // the next look tries again
      }
    }

    channel.addEventListener("message", function (event) { if (event.data.key === location.pathname) follow(); });
    let hiddenAt = 0;
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden") hiddenAt = Date.now();
      else if (Date.now() - hiddenAt > 30000) follow();
    });

    find("bar-shown").hidden = false;
    if (!state.writable) {
      page.classList.add("is-read-only");
      notices.show("locked", state.reason || "现在不能修改。", [], "is-locked");
    }
    drawSums();
    drawQuotas(state.quotas);
    showState(save.state());
    const named = { model: model, view: view, columns: columns };
    if (!root.GridNamed(named)) view.select(0, 0, 0, 0, true);
    window.addEventListener("hashchange", function () { root.GridNamed(named); });
    if (lock.writable) root.GridKept.offer({ key: location.pathname, person: data.person, unit: unit, model: model, save: save, notices: notices });
    page.dataset.ready = String(Math.ceil(performance.now()));
  }

  start();
})(this);

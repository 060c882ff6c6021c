/* What stands around the grid: notices above it, the list of mistakes, a row's menu, a cell's history, the table of keys. */
(function (root) {
  "use strict";

  const make = root.GridView.element;

  function button(text, does, kind) {
    const made = make("button", { type: "button", "class": kind || "plain-button" }, text);
    made.addEventListener("click", does);
    return made;
  }

  /* 2024-03-15T10:42:07+08:00 → 2024年3月15日 10:42, as the office writes it. */
  function when(stamp) {
    const found = /^(\d+)-0?(\d+)-0?(\d+)[T ](\d\d:\d\d)/.exec(stamp);
    return found ? found[1] + "年" + found[2] + "月" + found[3] + "日 " + found[4] : stamp;
  }

  // ---- notices: one a kind, the newest words count

  function notices(place) {
    return {
      show: function (kind, text, buttons, tone) {
        let one = place.querySelector("[data-kind='" + kind + "']");
        if (!one) {
          one = make("div", { "data-kind": kind, role: tone === "is-info" ? "status" : "alert" });
          place.append(one);
        }
        one.className = "told sheet-notice " + (tone || "is-locked");
        if (one.dataset.text === text) return;
        one.dataset.text = text;
        one.replaceChildren(make("span", {}, text));
        one.append.apply(one, buttons || []);
      },
      hide: function (kind) {
        const one = place.querySelector("[data-kind='" + kind + "']");
        if (one) one.remove();
      },
    };
  }

  // ---- mistakes

  function errors(place, go) {
    return function (model, columns) {
      const found = [];
      let unfinished = 0;
      model.rows().forEach(function (row, y) {
        let isOpen = false;
        Object.keys(row.errors).forEach(function (key) {
          const x = columns.findIndex(function (column) { return column.key === key; });
          if (x >= 0 && !row.cells[key]) {
            isOpen = true;
            return;
          }
          row.errors[key].forEach(function (text) { found.push({ x: Math.max(x, 0), y: y, text: text, label: x >= 0 ? columns[x].label : "" }); });
        });
        if (isOpen) unfinished += 1;
      });
      place.hidden = !found.length && !unfinished;
      const words = [];
      if (found.length) words.push(found.length + "处需要改正");
      if (unfinished) words.push(unfinished + "行未填完整");
      place.firstElementChild.textContent = words.join("，");
      place.classList.toggle("is-mild", !found.length);
      const items = found.slice(0, 100).map(function (one) {
        const item = make("li");
        item.append(button("第" + (one.y + 1) + "行" + (one.label ? "，" + one.label : "") + "：" + one.text, function () {
          place.open = false;
          go(one.x, one.y);
        }));
        return item;
      });
      if (unfinished) {
        model.rows().forEach(function (row, y) {
          const x = columns.findIndex(function (column) { return (row.errors[column.key] || []).length && !row.cells[column.key]; });
          if (x < 0 || items.length >= 100) return;
          const item = make("li");
          item.append(button("第" + (y + 1) + "行：" + row.errors[columns[x].key].join(""), function () {
            place.open = false;
            go(x, y);
          }));
          items.push(item);
        });
      }
      place.lastElementChild.replaceChildren.apply(place.lastElementChild, items);
    };
  }

  // ---- a row's menu

  function menu(back) {
    const list = make("div", { role: "menu", "class": "menu-body sheet-menu", "aria-label": "本行的操作" });
    list.hidden = true;
    document.body.append(list);

    function close(isBack) {
      if (list.hidden) return;
      list.hidden = true;
      if (isBack) back();
    }

    list.addEventListener("keydown", function (event) {
      const items = Array.from(list.children);
      const at = items.indexOf(document.activeElement);
      const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
      if (to !== undefined) items[to].focus();
      else if (event.key === "Escape" || event.key === "Tab") close(true);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    document.addEventListener("mousedown", function (event) {
      if (!list.contains(event.target)) close(false);
    });
    return function (x, y, entries) {
      list.replaceChildren.apply(list, entries.map(function (entry) {
        const item = make("button", { type: "button", role: "menuitem", tabindex: "-1", "class": "plain-button" });
        item.append(make("span", {}, entry.text), make("kbd", {}, entry.key || ""));
        item.addEventListener("click", function () {
          close(true);
          entry.does();
        });
        return item;
      }));
      list.hidden = false;
      list.style.left = Math.max(4, Math.min(x, window.innerWidth - list.offsetWidth - 4)) + "px";
      list.style.top = Math.max(4, Math.min(y, window.innerHeight - list.offsetHeight - 4)) + "px";
      list.firstChild.focus();
    };
  }

  // ---- a cell's history

  function history(panel, address, back) {
    function close() {
      panel.hidden = true;
      panel.textContent = "";
      back();
    }

    panel.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
    return async function (row, column, place) {
      panel.hidden = false;
      panel.setAttribute("aria-label", "单元格历史");
      const head = make("div", { "class": "panel-head" });
      head.append(make("h2", {}, "历史：第" + place + "行，" + column.label), button("关闭", close));
      panel.replaceChildren(head, make("p", { "class": "none" }, "正在读取…"));
      panel.focus();
      let words = "";
      let entries = [];
      try {
        const answer = await fetch(address + "?" + new URLSearchParams({ row: row.id, column: column.key }), { credentials: "same-origin" });
        const data = await root.GridSave.read(answer);
        if (answer.ok) entries = data.entries;
        else words = data.reason;
      } catch (error) {
        words = "现在没有网络，读不到历史。";
      }
      const list = make("ol", { "class": "sheet-history" });
      entries.forEach(function (entry) {
        const item = make("li");
        const values = make("p");
        values.append(make("del", {}, entry.before || "（空）"), " → ", make("b", {}, entry.after || "（空）"));
        item.append(values, make("p", { "class": "none" }, [when(entry.at), entry.by, entry.via, entry.action].filter(Boolean).join(" · ")));
        list.append(item);
      });
      panel.lastChild.replaceWith(entries.length ? list : make("p", { "class": "none" }, words || "还没有保存过的修改。"));
    };
  }

  function keys(dialog, back) {
    dialog.addEventListener("close", back);
    return function () {
      if (!dialog.open) dialog.showModal();
      dialog.querySelector("h2").focus();
    };
  }

  // ---- how saving stands

  const WORDS = { saving: "保存中", waiting: "保存中", offline: "未保存（离线）", login: "未保存（请登录）", locked: "未保存（已锁定）", refused: "未保存" };

  function saveState(place, told, now, isWritable, save) {
    let words = now.kind === "offline" && now.reason ? "未保存（系统正忙，自动再存）" : WORDS[now.kind];
    if (now.kind === "saved") words = isWritable ? "已保存" + (now.saved ? " " + now.saved : "") : "只读";
    if (now.kind === "conflict") words = "有" + now.conflicts + "处冲突";
    if (place.textContent !== words) place.textContent = words;
    place.className = "sheet-state is-" + (now.kind === "saved" && !isWritable ? "read-only" : now.kind);
    if (now.kind === "login") {
      const link = make("a", { href: now.login, target: "_blank", rel: "noopener", "class": "button" }, "在新窗口登录");
      told.show("login", now.reason, [link, button("已登录，继续保存", save.nudge, "button")]);
    } else {
      told.hide("login");
    }
    if (now.kind === "locked" || now.kind === "refused") told.show("stopped", "没有保存：" + now.reason + "您填写的还在页面上，可以复制。");
    else told.hide("stopped");
  }

  // ---- finding a text in the cells

  function finder(field, given) {
    function next(text, by) {
      const wanted = root.GridTotals.narrow(text).toLowerCase();
      const rows = given.model.rows();
      const width = given.columns.length;
      const count = rows.length * width;
      const from = given.view.active.y * width + given.view.active.x;
      for (let step = 1; wanted && step <= count; step += 1) {
        const at = (from + by * step + count * 2) % count;
        const cell = given.textOf(rows[Math.floor(at / width)], given.columns[at % width]);
        if (cell.toLowerCase().indexOf(wanted) >= 0) return [at % width, Math.floor(at / width)];
      }
      return null;
    }

    field.addEventListener("keydown", function (event) {
      if (event.key === "Escape") given.view.focus();
      if (event.key !== "Enter") return;
      event.preventDefault();
      const found = next(field.value, event.shiftKey ? -1 : 1);
      if (!found) {
        given.say("没有找到“" + field.value + "”。");
        return;
      }
      given.view.select(found[0], found[1]);
      field.focus(); // Enter goes on to the next one
    });
  }

  root.GridPanels = { when: when, saveState: saveState, finder: finder, button: button, notices: notices, errors: errors, menu: menu, history: history, keys: keys };
})(this);

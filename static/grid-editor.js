/* The field in which a cell is typed: text, amounts, one of some choices, and codes found in place. */
(function (root) {
  "use strict";

  /* view, model, columns; given: {codes(), onCommit(was, text, how), onCancel(), near(column)} */
  function create(view, model, columns, given) {
    const list = document.createElement("ul");
    list.id = "grid-codes";
    list.className = "codes sheet-codes";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "可选项");
    list.hidden = true;
    const told = document.createElement("p");
    told.className = "unseen";
    told.setAttribute("role", "status");
    document.body.append(list, told);

    let input = null;
    let cell = null;
    let column = null;
    let row = null;
    let hits = [];
    let point = -1;
    let isTyping = false; // begun by typing: the arrows leave the cell, as in Excel

    function open(text) {
      if (input) return true;
      column = columns[view.active.x];
      row = model.at(view.active.y);
      if (!column.editable) return false;
      isTyping = text !== undefined;
      view.intoSight(view.active.x, view.active.y);
      cell = view.cellAt(view.active.x, view.active.y);
      cell.classList.add("is-editing");
      cell.textContent = "";
      input = document.createElement("input");
      input.className = "sheet-input";
      input.autocomplete = "off";
      input.spellcheck = false;
      if (column.kind === "amount") input.inputMode = "decimal";
      input.maxLength = 2000;
      input.setAttribute("aria-label", "第" + (view.active.y + 1) + "行，" + column.label);
      input.value = isTyping ? text : row.cells[column.key] || "";
      if (hasList()) {
        input.setAttribute("role", "combobox");
        input.setAttribute("aria-autocomplete", "list");
        input.setAttribute("aria-haspopup", "listbox");
        input.setAttribute("aria-expanded", "false");
        input.setAttribute("aria-controls", list.id);
      }
      input.addEventListener("input", function (event) {
        if (!event.isComposing) look();
      });
      input.addEventListener("compositionend", look);
      input.addEventListener("blur", function () {
        if (input) commit("blur");
      });
      cell.append(input);
      input.focus({ preventScroll: true });
      if (isTyping) look();
      else {
        input.select();
        if (column.kind === "choice" && column.choices.length) offer(column.choices.map(asHit));
      }
      return true;
    }

    function hasList() {
      return column.kind === "code" || column.kind === "choice";
    }

    function asHit(text) {
      return { shown: text, code: "", name: text, above: "", leaf: true };
    }

    function look() {
      if (!input || !hasList()) return;
      const text = input.value.trim();
      if (column.kind === "choice") {
        offer(column.choices.filter(function (choice) { return !text || given.codes().fits(choice, text); }).map(asHit));
      } else if (text) {
        offer(given.codes().search(column.codes, text, given.near(column)));
      } else {
        close();
      }
    }

    function offer(found) {
      hits = found;
      list.textContent = "";
      hits.forEach(function (hit, at) {
        const option = document.createElement("li");
        option.id = "grid-codes-" + at;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        if (!hit.leaf) option.setAttribute("aria-disabled", "true");
        [["code", hit.code], ["", hit.name], ["above", hit.leaf ? hit.above : "请继续输入"]].forEach(function (part) {
          if (!part[1]) return;
          const span = document.createElement("span");
          span.className = part[0];
          span.textContent = part[1];
          option.append(span);
        });
        list.append(option);
      });
      if (!hits.length) {
        close();
        told.textContent = "没有符合的选项";
        return;
      }
      list.hidden = false;
      place();
      input.setAttribute("aria-expanded", "true");
      const already = hits.findIndex(function (hit) { return hit.shown === input.value; });
      choose(already >= 0 ? already : hits.findIndex(function (hit) { return hit.leaf; }));
      told.textContent = hits.length + "个可选项";
    }

    /* The list stands under the cell, or above it where there is more room. */
    function place() {
      if (list.hidden) return;
      const box = cell.getBoundingClientRect();
      list.style.left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - list.offsetWidth - 8)) + "px";
      const isUnder = window.innerHeight - box.bottom > list.offsetHeight + 8 || window.innerHeight - box.bottom > box.top;
      list.style.top = (isUnder ? box.bottom + 1 : box.top - list.offsetHeight - 1) + "px";
    }

    function choose(at) {
      point = at;
      Array.from(list.children).forEach(function (option, number) { option.setAttribute("aria-selected", String(number === at)); });
      if (at >= 0) {
        input.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function close() {
      list.hidden = true;
      hits = [];
      point = -1;
      if (input) {
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
      }
    }

    function value() {
      const text = input.value.trim();
      const hit = hits[point];
      if (hasList() && !list.hidden && hit && hit.leaf && text) return hit.shown;
      if (column.kind === "code" && text) {
        const sure = given.codes().meant(column.codes, text);
        if (sure) return sure.shown;
      }
      return input.value;
    }

    function end() {
      const was = { id: row.id, key: column.key, column: column };
      close();
      const old = input;
      input = null;
      cell.classList.remove("is-editing");
      old.remove();
      return was;
    }

    /* how: "down", "up", "right", "left", "all" (every selected cell), "stay" or "blur" */
    function commit(how) {
      if (!input) return;
      const text = value();
      const was = end();
      given.onCommit(was, text, how);
    }

    function cancel() {
      if (!input) return;
      const was = end();
      given.onCancel(was);
    }

    /* A key while the field is open; whether it was used. */
    function key(event) {
      if (event.isComposing || event.keyCode === 229) return true;
      const isOpen = !list.hidden;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && hasList() && (isOpen || !isTyping)) {
        if (!isOpen) {
          if (column.kind === "choice") offer(column.choices.map(asHit));
          else look();
        } else {
          choose((point + step + hits.length) % hits.length);
        }
      } else if (event.key === "Enter") commit(event.ctrlKey || event.metaKey ? "all" : event.shiftKey ? "up" : "down");
      else if (event.key === "Tab") commit(event.shiftKey ? "left" : "right");
      else if (event.key === "Escape") {
        if (isOpen && column.kind === "code" && input.value.trim()) close();
        else cancel();
      } else if (isTyping && { ArrowLeft: 1, ArrowRight: 1, ArrowUp: 1, ArrowDown: 1 }[event.key] && !event.shiftKey) {
        commit({ ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" }[event.key]);
      } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") commit("save");
      else {
        if (event.key === "F2") isTyping = false;
        event.stopPropagation();
        return true;
      }
      event.preventDefault();
      event.stopPropagation();
      return true;
    }

    list.addEventListener("mousedown", function (event) {
      event.preventDefault(); // the focus stays in the field
      const option = event.target.closest("[role=option]");
      const at = Array.from(list.children).indexOf(option);
      if (option && hits[at].leaf) {
        point = at;
        if (!input.value.trim()) input.value = hits[at].shown;
        commit("stay");
      }
    });

    return { open: open, place: place, commit: commit, cancel: cancel, key: key, isOpen: function () { return input !== null; } };
  }

  root.GridEditor = { create: create };
})(this);

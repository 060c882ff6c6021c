/* The keys of the grid: the ARIA pattern, and what Excel has taught. One Tab stop; Esc, then Tab leaves. */
(function (root) {
  "use strict";

  /* given: {view, model, columns, editor, isWritable, does: {name: function}} */
  function create(given) {
    const view = given.view;
    const does = given.does;
    let isEntering = false; // Tab stays in the grid from the first typed cell until Esc
    let entry = null; // the column in which Enter goes on after Tab

    function isFilled(x, y) {
      return (given.model.at(y).cells[given.columns[x].key] || "") !== "";
    }

    /* Where Ctrl+arrow goes: the edge of this block of filled cells, or the first of the next one. */
    function edge(x, y, dx, dy) {
      const lastX = given.columns.length - 1;
      const lastY = given.model.rows().length - 1;
      function isIn(atX, atY) { return atX >= 0 && atY >= 0 && atX <= lastX && atY <= lastY; }
      if (!isIn(x + dx, y + dy)) return [x, y];
      const wanted = !(isFilled(x, y) && isFilled(x + dx, y + dy));
      let atX = x + dx;
      let atY = y + dy;
      if (wanted) {
        while (isIn(atX + dx, atY + dy) && !isFilled(atX, atY)) { atX += dx; atY += dy; }
      } else {
        while (isIn(atX + dx, atY + dy) && isFilled(atX + dx, atY + dy)) { atX += dx; atY += dy; }
      }
      return [atX, atY];
    }

    function target(event) {
      const at = view.active;
      const isExtending = event.shiftKey;
      const x = isExtending ? at.toX : at.x;
      const y = isExtending ? at.toY : at.y;
      const isFar = event.ctrlKey || event.metaKey;
      const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (arrow) return isFar ? edge(x, y, arrow[0], arrow[1]) : [x + arrow[0], y + arrow[1]];
      if (event.key === "Home") return [0, isFar ? 0 : y];
      if (event.key === "End") return [given.columns.length - 1, isFar ? given.model.rows().length - 1 : y];
      if (event.key === "PageUp" && !isFar) return [x, y - view.pageRows()];
      if (event.key === "PageDown" && !isFar) return [x, y + view.pageRows()];
      return null;
    }

    function go(x, y, isExtending) {
      if (isExtending) view.select(view.active.x, view.active.y, x, y);
      else view.select(x, y);
    }

    /* Where one goes after a cell is filled. */
    function onward(how) {
      const at = view.active;
      if (how === "right" || how === "left") {
        if (entry === null) entry = at.x;
        step(how === "right" ? 1 : -1);
      } else if (how === "down" || how === "up") {
        const x = entry === null ? at.x : entry;
        entry = null;
        view.select(x, at.y + (how === "down" ? 1 : -1));
      } else if (how !== "blur") {
        view.select(at.x, at.y, at.toX, at.toY);
      }
    }

    /* To the next cell that can be typed, in the next row after the last one. */
    function step(by) {
      let x = view.active.x;
      let y = view.active.y;
      do {
        x += by;
        if (x < 0 || x >= given.columns.length) {
          y += by;
          x = by > 0 ? 0 : given.columns.length - 1;
          entry = null;
        }
        if (y < 0 || y >= given.model.rows().length) return;
      } while (!given.columns[x].editable);
      view.select(x, y);
    }

    function edit(text) {
      isEntering = true;
      const column = given.columns[view.active.x];
      if (!given.isWritable()) does.say("现在不能修改。");
      else if (!column.editable) does.say(column.label + "是计算出来的，不能填写。");
      else if (column.kind === "yes") does.toggle(text);
      else given.editor.open(text);
    }

    const WITH_CONTROL = {
      a: function () { view.select(0, 0, given.columns.length - 1, given.model.rows().length - 1, true); },
      d: function () { does.fill(); },
      f: function () { does.find(); },
      s: function () { does.save(); },
      y: function () { does.redo(); },
      delete: function () { does.remove(); },
      insert: null, // copying, in older habits
    };

    function key(event) {
      if (given.editor.isOpen()) return given.editor.key(event);
      const isControl = event.ctrlKey || event.metaKey;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const place = event.altKey ? null : target(event);
      if (place) go(place[0], place[1], event.shiftKey);
      else if (isControl && name === "z") (event.shiftKey ? does.redo : does.undo)();
      else if (isControl && WITH_CONTROL[name.toLowerCase()]) WITH_CONTROL[name.toLowerCase()]();
      else if (event.altKey && name === "Insert") does.insert();
      else if (event.altKey && name === "Delete") does.remove();
      else if (name === "Tab" && isEntering) {
        if (entry === null) entry = view.active.x;
        step(event.shiftKey ? -1 : 1);
      } else if (name === "Escape") {
        if (!isEntering && view.active.x === view.active.toX && view.active.y === view.active.toY) return false;
        isEntering = false;
        view.select(view.active.x, view.active.y);
        does.say("再按Tab离开表格。");
      } else if (name === "ContextMenu" || (event.shiftKey && name === "F10")) does.menu();
      else if (event.shiftKey && name === " ") view.select(0, view.active.y, given.columns.length - 1, view.active.toY, true);
      else if (isControl || event.altKey) return false;
      else if (name === "Enter" && isEntering && !event.shiftKey && given.columns[view.active.x].kind === "yes") onward("down");
      else if (name === "Enter" || name === "F2") edit();
      else if (name === "Delete" || name === "Backspace") does.clear();
      else if (name === "?" || name === "F1") does.keys();
      else if (event.keyCode === 229 || name === "Process") {
        edit(""); // an input method begins: the field takes over what follows
        return true;
      } else if (event.key.length === 1) edit(event.key);
      else return false;
      event.preventDefault();
      return true;
    }

    view.table.addEventListener("keydown", function (event) {
      if (key(event)) event.stopPropagation();
    });
    view.table.parentNode.addEventListener("keydown", function (event) {
      if (event.target !== view.table.parentNode) return;
      view.select(view.active.x, view.active.y); // the cell had scrolled out of sight
      if (key(event)) event.stopPropagation();
    });

    return { onward: onward, edit: edit };
  }

  root.GridKeys = { create: create };
})(this);

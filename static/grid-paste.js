/* Copying as tab-separated text that Excel and WPS take; pasting with a look at what would change, then all or nothing. */
(function (root) {
  "use strict";

  const make = root.GridView.element;
  const MOST = 300; // changes listed in the dialog

  function quoted(text) {
    return /[\t\r\n"]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  /* given: {dialog, address, unit, model, view, columns, save, textOf, fill(cells, name), onPasted(data), back(), say(text), place} */
  function create(given) {
    const dialog = given.dialog;
    let ready = null;

    function copied() {
      const range = given.view.range();
      const lines = [];
      for (let y = range.top; y <= range.bottom; y += 1) {
        const row = given.model.at(y);
        lines.push(given.columns.slice(range.left, range.right + 1).map(function (column) { return quoted(given.textOf(row, column)); }).join("\t"));
      }
      return lines.join("\r\n");
    }

    function selectedCells(value) {
      const range = given.view.range();
      const cells = [];
      for (let y = range.top; y <= range.bottom; y += 1) {
        for (let x = range.left; x <= range.right; x += 1) {
          if (given.columns[x].editable) cells.push({ id: given.model.at(y).id, key: given.columns[x].key, value: value });
        }
      }
      return cells;
    }

    async function paste(text) {
      const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
      if (!plain) return;
      if (!/[\t\n]/.test(plain)) {
        const cells = selectedCells(plain.trim());
        if (cells.length) given.fill("粘贴", cells);
        else given.say("这一列是计算出来的，不能粘贴。");
        return;
      }
      given.say("正在读取剪贴板的内容…");
      if (!(await given.save.idle())) {
        given.say("还有没保存的内容（见上方），处理后再粘贴。剪贴板的内容没有动。");
        return;
      }
      const rows = given.model.rows();
      const at = rows[given.view.range().top];
      let answer = null;
      try {
        answer = await root.GridSave.post(given.address, {
          unit: given.unit, text: text, order: rows.map(function (row) { return row.id; }),
          columns: given.columns.map(function (column) { return column.key; }),
          at: { row: at ? at.id : "", column: given.columns[given.view.range().left].key },
        });
      } catch (error) {
        given.say("现在没有网络，不能核对要粘贴的内容。网络恢复后请再粘贴一次。");
        return;
      }
      const data = await root.GridSave.read(answer);
      if (!answer.ok) {
        given.say(data.reason);
        return;
      }
      given.say("");
      ready = data;
      show(data);
    }

    // ---- what would change

    function labelOf(key) {
      return given.all.find(function (one) { return one.key === key; }).label;
    }

    function tableOf(caption, heads, lines) {
      const table = make("table", { "class": "changes" });
      table.append(make("caption", {}, caption));
      const head = make("tr");
      heads.forEach(function (text, at) { head.append(make("th", { scope: "col", "class": lines[0].figure === at ? "num" : "" }, text)); });
      const body = make("tbody");
      lines.slice(0, MOST).forEach(function (line) {
        const row = make("tr", line.isWrong ? { "class": "is-wrong" } : {});
        line.cells.forEach(function (cell, at) {
          const made = make("td", at === line.figure ? { "class": "num" } : {});
          made.append(cell);
          row.append(made);
        });
        body.append(row);
      });
      table.append(make("thead"));
      table.tHead.append(head);
      table.append(body);
      if (lines.length > MOST) table.append(make("tfoot")), table.tFoot.append(make("tr")), table.tFoot.firstChild.append(make("td", { colspan: heads.length }, "还有" + (lines.length - MOST) + "处，未列出。"));
      return table;
    }

    function both(cell) {
      const made = document.createDocumentFragment();
      if (cell.old) made.append(make("del", {}, cell.old), " → ");
      made.append(make("b", {}, cell.shown || cell.new || "（清空）"));
      return made;
    }

    function placeOf(row) {
      const at = given.model.placeOf(row.id);
      return at >= 0 ? String(at + 1) : "新";
    }

    function errorsOf(data) {
      const lines = [];
      data.rows.forEach(function (row) {
        const seen = new Set();
        Object.keys(row.cells).forEach(function (key) {
          (row.cells[key].errors || []).forEach(function (text) {
            seen.add(text);
            lines.push({ isWrong: true, cells: ["第" + row.line + "行", labelOf(key), row.cells[key].new, text] });
          });
        });
        if (row.state === "draft") return; // what is only not filled in yet is no error of a paste
        Object.keys(row.errors || {}).forEach(function (key) {
          row.errors[key].forEach(function (text) {
            if (!seen.has(text)) lines.push({ isWrong: true, cells: ["第" + row.line + "行", labelOf(key), "", text] });
          });
        });
      });
      return lines;
    }

    function show(data) {
      const counts = data.counts;
      const wrong = errorsOf(data);
      const words = ["新增" + counts.added + "行", "修改" + counts.changed + "行", "共" + counts.cells + "格"];
      if (counts.same) words.push(counts.same + "格相同");
      if (counts.unfinished) words.push(counts.unfinished + "行还要补充" + data.lacking.join("、"));
      const head = make("h2", { id: "paste-title", tabindex: "-1" }, counts.errors ? "粘贴：有" + counts.errors + "处不对，没有写入" : "粘贴：请核对");
      const lead = make("p", { "class": "lead" }, words.join("，") + "。");
      const body = make("div", { "class": "dialog-body", tabindex: "0", role: "group", "aria-label": "粘贴的内容" });
      if (counts.errors) body.append(tableOf("请在Excel或WPS中改正后重新复制", ["剪贴板", "列", "内容", "原因"], wrong));
      data.doubts.forEach(function (text) { body.append(make("p", { "class": "told is-locked" }, text)); });
      data.notices.forEach(function (text) { body.append(make("p", { "class": "note" }, text)); });
      const changed = [];
      data.rows.filter(function (row) { return !row.new; }).forEach(function (row) {
        Object.keys(row.cells).forEach(function (key) {
          const cell = row.cells[key];
          if ((cell.old || "") !== (cell.shown || cell.new || "")) changed.push({ isWrong: Boolean(counts.errors) && (cell.errors || []).length > 0, cells: [placeOf(row), labelOf(key), both(cell)] });
        });
      });
      if (changed.length) body.append(tableOf("修改", ["行", "列", "原来 → 现在"], changed));
      const added = data.rows.filter(function (row) { return row.new; });
      if (added.length) {
        const keys = data.columns.filter(function (key) { return key; });
        body.append(tableOf("新增", ["剪贴板"].concat(keys.map(labelOf)), added.map(function (row) {
          return {
            figure: keys.indexOf("amount") + 1,
            isWrong: Object.keys(row.cells).some(function (key) { return (row.cells[key].errors || []).length; }),
            cells: [String(row.line)].concat(keys.map(function (key) { return row.cells[key] ? row.cells[key].shown || row.cells[key].new || "" : ""; })),
          };
        })));
      }
      const passed = data.skipped.map(function (one) { return { cells: ["第" + one.line + "行", one.text, one.reason] }; })
        .concat(data.ignored.map(function (one) { return { cells: ["整列", one.column, one.reason] }; }));
      if (passed.length) body.append(tableOf("不粘贴", ["剪贴板", "内容", "原因"], passed));
      const bar = make("p", { "class": "dialog-bar" });
      const write = root.GridPanels.button("全部写入", take, "primary");
      write.disabled = counts.errors > 0 || !data.changes.length;
      bar.append(write, root.GridPanels.button(counts.errors ? "关闭" : "取消", function () { dialog.close(); }, "button"), make("span", { role: "alert", "class": "wrong" }));
      dialog.replaceChildren(head, lead, body, bar);
      dialog.showModal();
      (write.disabled ? head : write).focus();
    }

    async function take() {
      const data = ready;
      const bar = dialog.querySelector(".dialog-bar");
      if (!data) return;
      ready = null;
      bar.firstChild.disabled = true;
      bar.firstChild.textContent = "正在写入…";
      const before = given.model.rows().slice().filter(function (row) { return row.stored !== null || !given.model.isBlank(row); });
      const standing = new Map();
      data.changes.forEach(function (change) {
        const row = given.model.of(change.id);
        standing.set(change.id, row ? Object.assign({}, row.cells) : {});
      });
      const answer = await given.save.whole("paste", data.changes, standing);
      if (answer.status === 200) {
        given.model.ofPaste(standing, before);
        dialog.close();
        given.onPasted(answer.data);
      } else if (answer.status === 409) {
        dialog.close();
        given.say("粘贴时有行被他人修改，没有写入。请按最新内容再粘贴一次。");
      } else {
        bar.firstChild.textContent = "全部写入";
        bar.lastChild.textContent = answer.data.reason || "没有写入。";
      }
    }

    dialog.addEventListener("close", function () { given.back(); });

    return { copied: copied, paste: paste, cells: selectedCells };
  }

  root.GridPaste = { create: create };
})(this);

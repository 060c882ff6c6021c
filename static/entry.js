/* Conveniences of entry; without this file every row is added, deleted and saved by the same buttons. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-entry]");
  if (!form) return;
  const FEN = { "元": 100, "万元": 1000000 };
  const unit = form.dataset.unit;
  let isChanged = form.hasAttribute("data-unsaved");
  let isLeaving = false;

  // ---- where to begin

  const summary = document.getElementById("summary");
  const wanted = form.querySelector("[autofocus]");
  if (summary) summary.focus();
  else if (wanted) wanted.focus();

  document.querySelectorAll(".summary a").forEach(function (link) {
    link.addEventListener("click", function (event) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!target) return;
      event.preventDefault();
      target.focus();
      target.scrollIntoView({ block: "center" });
    });
  });

  // ---- a row more

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(6));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  function grow(name, parent) {
    const pattern = document.getElementById("pattern-" + name);
    if (!pattern) return null;
    const holder = document.createElement("template");
    holder.innerHTML = pattern.innerHTML.split("xxxxxx").join(newKey());
    const added = holder.content.firstElementChild;
    if (parent) {
      added.querySelectorAll("input[name$='-row']").forEach(function (stamp) { stamp.value += parent; });
      added.querySelectorAll("button[data-add]").forEach(function (button) {
        button.value = name + "/" + parent;
        button.dataset.parent = parent;
      });
      const body = form.querySelector("[data-item='" + parent + "']");
      const rows = body.querySelectorAll(":scope > [data-row]");
      rows[rows.length - 1].after(added);
    } else if (added.tagName === "TBODY") {
      form.querySelector("[data-lines]").tFoot.before(added);
    } else {
      form.querySelector("[data-rows='" + name + "']").append(added);
    }
    const first = added.querySelector("input:not([type=hidden]):not([type=checkbox]), select, textarea");
    if (first) first.focus();
    return added;
  }

  form.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-add]");
    if (!button) return;
    if (grow(button.dataset.add, button.dataset.parent)) {
      event.preventDefault();
      isChanged = true;
    }
  });

  // ---- sums, in whole 分

  function fenOf(text, places) {
    const plain = text.trim().replace(/,/g, "").normalize("NFKC");
    if (!/^-?\d+(\.\d+)?$/.test(plain)) return 0;
    const parts = plain.split(".");
    const digits = (parts[1] || "").padEnd(places, "0").slice(0, places);
    return BigInt(parts[0] + digits);
  }

  function shown(fen) {
    const step = BigInt(FEN[unit] / 100);
    const zero = BigInt(0);
    const half = step / BigInt(2);
    const hundredths = (fen < zero ? -fen : fen) / BigInt(1);
    const rounded = ((hundredths + half) / step).toString().padStart(3, "0");
    const whole = rounded.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return (fen < zero ? "-" : "") + whole + "." + rounded.slice(-2);
  }

  const PLACES = unit === "万元" ? 6 : 2;

  function sumOf(inputs) {
    let sum = BigInt(0);
    inputs.forEach(function (input) {
      const row = input.closest("[data-row]");
      const item = input.closest("[data-item]");
      const isGone = (row && row.classList.contains("is-going")) || (item && item.classList.contains("is-going"));
      if (!isGone) sum += BigInt(fenOf(input.value, PLACES));
    });
    return sum;
  }

  function costOf(row) {
    const quantity = row.querySelector("[data-quantity]");
    const price = row.querySelector("[data-price]");
    if (!quantity || !price || row.classList.contains("is-going")) return BigInt(0);
    const hundred = BigInt(100);
    return (BigInt(fenOf(quantity.value, 2)) * BigInt(fenOf(price.value, PLACES)) + hundred / BigInt(2)) / hundred;
  }

  function addUp() {
    form.querySelectorAll("[data-sum]").forEach(function (cell) {
      let sum;
      if (cell.dataset.sum === "group") {
        const inputs = [];
        let body = cell.closest("tbody").nextElementSibling;
        while (body && body.matches("[data-item]")) {
          inputs.push.apply(inputs, Array.from(body.querySelectorAll("[data-amount]")));
          body = body.nextElementSibling;
        }
        sum = sumOf(inputs);
      } else if (cell.dataset.sum === "costs") {
        sum = BigInt(0);
        cell.closest("table").querySelectorAll("[data-row]").forEach(function (row) {
          const cost = costOf(row);
          const out = row.querySelector("[data-cost]");
          if (out) out.textContent = cost ? shown(cost) : "";
          sum += cost;
        });
        compare(sum);
      } else {
        sum = sumOf(cell.closest("table").querySelectorAll("[data-amount]"));
      }
      cell.textContent = shown(sum);
    });
    form.querySelectorAll("[data-executed]").forEach(function (cell) {
      const rows = cell.dataset.of.split(" ").filter(function (row) {
        return typedIn(row, "adjusted").value.trim() && typedIn(row, "paid").value.trim();
      });
      const sum = function (name) {
        return sumOf(rows.map(function (row) { return typedIn(row, name); }));
      };
      const what = cell.dataset.executed;
      const fen = what === "rate" ? null : sum(what);
      cell.textContent = what === "rate" ? rateOf(sum("paid"), sum("adjusted")) : fen ? shown(fen) : "";
    });
  }

  function typedIn(row, name) {
    return form.elements[row + "-" + name];
  }

  /* In percent with two decimals, half up; nothing of nothing. */
  function rateOf(part, whole) {
    if (whole <= BigInt(0) || part < BigInt(0)) return "";
    const digits = ((part * BigInt(20000) + whole) / (whole * BigInt(2))).toString().padStart(3, "0");
    return digits.slice(0, -2) + "." + digits.slice(-2) + "%";
  }

  function compare(costs) {
    const place = form.querySelector("[data-compared]");
    if (!place) return;
    const lines = sumOf(form.querySelectorAll("[data-lines='lines'] [data-amount]"));
    const difference = costs - lines;
    place.className = "compared";
    if (!costs) {
      place.textContent = "还没有测算明细。";
    } else {
      const isEven = difference === BigInt(0);
      place.textContent = "测算合计 " + shown(costs) + "，明细合计 " + shown(lines) + (isEven ? "，一致" : "，相差 " + shown(difference)) + "（" + unit + "）。";
      place.classList.add(isEven ? "even" : "off");
    }
  }

  function markGoing(box) {
    const row = box.closest(".c-cross") ? box.closest("[data-item]") || box.closest("[data-row]") : box.closest("[data-row]");
    if (row) row.classList.toggle("is-going", box.checked);
  }

  form.addEventListener("change", function (event) {
    if (event.target.matches("[data-delete]")) markGoing(event.target);
    isChanged = true;
    addUp();
  });
  form.addEventListener("input", function () {
    isChanged = true;
    addUp();
  });

  // ---- long texts are seen whole

  function fit(area) {
    if (area.closest(".lines")) area.rows = 1;
    area.style.height = "auto";
    area.style.height = area.scrollHeight + 2 + "px";
  }
  form.querySelectorAll("textarea").forEach(fit);
  form.addEventListener("input", function (event) {
    if (event.target.tagName === "TEXTAREA") fit(event.target);
  });

  // ---- help for the field one is in

  const hint = form.querySelector("[data-hint]");
  form.addEventListener("focusin", function (event) {
    if (!hint) return;
    const field = event.target;
    const ids = (field.getAttribute("aria-describedby") || "").split(" ");
    const help = ids.map(function (id) { return document.getElementById(id); }).find(function (one) {
      return one && one.closest(".howto");
    });
    hint.textContent = "";
    if (!help) return;
    const name = document.createElement("b");
    name.textContent = help.previousElementSibling.textContent + "　";
    hint.append(name, help.textContent);
  });

  // ---- saving, leaving

  form.addEventListener("submit", function () {
    isLeaving = true;
    setTimeout(function () { isLeaving = false; }, 4000);
  });
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      const save = form.querySelector(".save-bar .primary");
      if (save) save.click();
    }
  });
  window.addEventListener("beforeunload", function (event) {
    if (isChanged && !isLeaving) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  document.querySelectorAll("input[data-codes]").forEach(function (input) { input.title = input.value; });
})();

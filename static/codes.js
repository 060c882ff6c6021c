/* A combobox for codes: number, name, pinyin or initials; arrows, Enter, Esc. Without it the field is a plain input. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-entry]");
  if (!form || form.classList.contains("is-read-only")) return;
  const WAIT = 60;
  const list = document.createElement("ul");
  list.id = "codes-list";
  list.className = "codes";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "可选的科目");
  list.hidden = true;
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  document.body.append(list, told);

  let field = null;
  let hits = [];
  let active = -1;
  let timer = 0;
  let asked = 0;
  let typed = "";
  const known = new Map();

  function dress(input) {
    if (input.getAttribute("role") === "combobox") return;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
  }

  form.querySelectorAll("input[data-codes]").forEach(dress);

  function inUse(kind) {
    const codes = new Set();
    form.querySelectorAll("input[data-codes='" + kind + "']").forEach(function (input) {
      const code = /^\d{3,10}/.exec(input.value);
      if (code && input !== field) codes.add(code[0]);
    });
    return Array.from(codes).slice(0, 30).join(",");
  }

  async function ask(kind, text) {
    const near = inUse(kind);
    const key = [kind, text, near].join("|");
    if (!known.has(key)) {
      const query = new URLSearchParams({ year: form.dataset.year, q: text, near: near });
      const answer = await fetch(form.dataset.codesAt.replace("/kind/", "/" + kind + "/") + "?" + query, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return [];
      known.set(key, (await answer.json()).hits);
    }
    return known.get(key);
  }

  function close() {
    list.hidden = true;
    active = -1;
    if (field) {
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
  }

  function point(at) {
    active = at;
    Array.from(list.children).forEach(function (option, number) {
      const isActive = number === at;
      option.setAttribute("aria-selected", String(isActive));
      if (isActive) {
        field.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    });
  }

  function open() {
    list.textContent = "";
    hits.forEach(function (hit, at) {
      const option = document.createElement("li");
      option.id = "codes-" + at;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      if (!hit.leaf) option.setAttribute("aria-disabled", "true");
      [["code", hit.code], ["", hit.shown === hit.code + " " + hit.name ? hit.name : hit.shown], ["above", hit.leaf ? hit.above : "请继续输入"]].forEach(function (part) {
        const span = document.createElement("span");
        span.className = part[0];
        span.textContent = part[1];
        option.append(span);
      });
      list.append(option);
    });
    const box = field.getBoundingClientRect();
    list.hidden = false;
    list.style.left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - list.offsetWidth - 8)) + window.scrollX + "px";
    const below = window.innerHeight - box.bottom;
    const isUnder = below > list.offsetHeight + 64 || below > box.top;
    list.style.top = window.scrollY + (isUnder ? box.bottom + 2 : box.top - list.offsetHeight - 2) + "px";
    field.setAttribute("aria-expanded", "true");
    const first = hits.findIndex(function (hit) { return hit.leaf; });
    if (first >= 0) point(first);
    told.textContent = hits.length + "个可选科目";
  }

  async function look(input, text) {
    const mine = (asked += 1);
    let found = [];
    try {
      found = await ask(input.dataset.codes, text);
    } catch (error) {
      return; // the field is a plain input then
    }
    if (mine !== asked) return;
    if (document.activeElement !== input) {
      if (input.value.trim() === text) settle(input, found);
      return;
    }
    hits = found;
    if (hits.length) {
      open();
    } else {
      close();
      told.textContent = "没有符合的科目";
    }
  }

  function settle(input, found) {
    // left before the answer came: what was typed means the first leaf
    const leaf = found.find(function (hit) { return hit.leaf; });
    if (leaf && typed) take(input, leaf);
  }

  function take(input, hit) {
    if (!hit || !hit.leaf) return false;
    input.value = hit.shown;
    input.title = hit.shown;
    typed = "";
    propose(input, hit);
    input.dispatchEvent(new Event("change", { bubbles: true }));
    close();
    return true;
  }

  function propose(input, hit) {
    if (input.dataset.codes !== "economic") return;
    const row = input.closest("[data-row]");
    const government = row && row.querySelector("input[data-codes='government']");
    if (!government) return;
    const item = input.closest("[data-item]") || form;
    const nature = item.querySelector("select[name$='-nature']");
    const proposal = hit.government[nature ? nature.value : ""] || hit.government[""];
    const follows = government.value === "" || government.value === government.dataset.proposed;
    if (proposal && (follows || government.value === government.defaultValue)) {
      government.value = proposal;
      government.title = proposal;
      government.dataset.proposed = proposal;
    }
  }

  document.addEventListener("focusin", function (event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.codes || !form.contains(input)) return;
    dress(input);
    if (field !== input) close();
    field = input;
    typed = "";
  });

  form.addEventListener("input", function (event) {
    const input = event.target;
    if (!input.dataset || !input.dataset.codes) return;
    field = input;
    typed = input.value.trim();
    clearTimeout(timer);
    if (!typed) {
      asked += 1;
      close();
      return;
    }
    timer = setTimeout(function () { timer = 0; look(input, input.value.trim()); }, WAIT);
  });

  form.addEventListener("focusout", function (event) {
    const input = event.target;
    if (!input.dataset || !input.dataset.codes) return;
    if (typed && !list.hidden && active >= 0 && input.value.trim() === typed) take(input, hits[active]);
    else if (typed && timer) {
      clearTimeout(timer);
      timer = 0;
      look(input, input.value.trim());
    }
    close();
  });

  form.addEventListener("keydown", function (event) {
    if (!event.target.dataset || !event.target.dataset.codes || event.isComposing) return;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) {
        field = event.target;
        look(field, field.value.trim().split(" ")[0] || "");
        return;
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      point((active + step + hits.length) % hits.length);
    } else if (event.key === "Enter" && (isOpen || timer)) {
      event.preventDefault();
      if (isOpen) take(event.target, hits[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      typed = "";
      close();
    }
  });

  list.addEventListener("mousedown", function (event) {
    event.preventDefault(); // the focus stays in the field
    const option = event.target.closest("[role=option]");
    if (option && field) take(field, hits[Array.from(list.children).indexOf(option)]);
  });

  window.addEventListener("resize", close);
})();

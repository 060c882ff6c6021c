/* Names for pickers; the form of all lines: more empty rows, the running total, a warning before typed rows are lost. */
"use strict";

/* Pickers are made by a script, whenever it comes to it, that gives them no name: they take their field's. */
const namePickers = () => {
  document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const made = select.nextElementSibling;
    if (!label || !made) return;
    const name = label.textContent.replace(/[:：]\s*$/, "").trim();
    made.querySelectorAll("[aria-labelledby]").forEach((one) => {
      one.removeAttribute("aria-labelledby");
      one.setAttribute("aria-label", name);
    });
    made.querySelectorAll("[role=textbox]:not([aria-label])").forEach((one) => one.setAttribute("aria-label", name));
  });
};
if (document.querySelector("select.admin-autocomplete")) {
  namePickers();
  new MutationObserver(namePickers).observe(document.body, { childList: true, subtree: true });
}

(() => {
  const form = document.getElementById("lines-form");
  if (!form) return;
  const body = form.querySelector(".sheet tbody");
  const total = document.getElementById("lines-total");
  const more = document.getElementById("more-lines");

  const fenOf = (text) => {
    const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(",", ""));
    return found ? BigInt(found[1]) * 100n + BigInt((found[2] || "").padEnd(2, "0")) : 0n;
  };

  const add = () => {
    let fen = 0n;
    for (const row of body.rows) {
      const amount = row.querySelector("input.amount");
      const gone = row.querySelector("input[name$='-remove']");
      if (amount && !(gone && gone.checked)) fen += fenOf(amount.value);
    }
    total.textContent = `${fen / 100n}.${String(fen % 100n).padStart(2, "0")}`;
  };

  const inputs = more && body.rows.length > 0;
  if (inputs) {
    more.hidden = false;
    more.addEventListener("click", () => {
      let first = null;
      for (let count = 0; count < 5; count += 1) {
        const last = body.rows[body.rows.length - 1];
        const number = Number(last.id.slice(4)) + 1;
        const row = last.cloneNode(true);
        row.id = `row-${number}`;
        row.className = "";
        row.querySelectorAll(".told-name, .cell-error").forEach((one) => one.remove());
        row.querySelectorAll("input").forEach((input) => {
          input.name = input.name.replace(/^row-\d+/, `row-${number}`);
          input.removeAttribute("aria-invalid");
          if (input.hasAttribute("aria-label")) {
            input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/第\d+行/, `第${number + 1}行`));
          }
          if (input.type === "checkbox") input.checked = false;
          else input.value = "";
        });
        row.querySelector("th").firstChild.textContent = String(number + 1);
        body.append(row);
        first = first || row;
      }
      first.querySelector("input.item").focus();
    });
  }

  if (inputs) add(); // something may have been typed before this script came
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; add(); });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
})();

// Checks beside the work: the number of open findings in the navigation and on entry pages, a table's findings under it.
"use strict";

(() => {
  const get = (address) => fetch(address, { credentials: "same-origin", headers: { Accept: "*/*" } }).then((answer) => (answer.ok ? answer : Promise.reject(answer)));

  const told = document.querySelector("[data-checks-count]");
  if (told) {
    get(told.dataset.checksCount)
      .then((answer) => answer.json())
      .then((found) => {
        const open = found.errors + found.warnings;
        if (!open) return;
        told.hidden = false;
        told.textContent = String(open);
        const unseen = document.createElement("span");
        unseen.className = "unseen";
        unseen.textContent = ` 处待处理（错误 ${found.errors}，警告 ${found.warnings}）`;
        told.append(unseen);
        const said = document.querySelector("[data-checks-said]");
        if (said) {
          said.textContent = `检查：错误 ${found.errors} 处，警告 ${found.warnings} 处`;
          said.classList.toggle("neg", found.errors > 0);
        }
      })
      .catch(() => {}); // without a count the link alone stands: the page itself says what is wrong
  }

  const under = document.querySelector("[data-findings]");
  if (under) {
    get(under.dataset.findings)
      .then((answer) => answer.text())
      .then((text) => {
        const found = new DOMParser().parseFromString(text, "text/html").querySelector("section");
        if (found) under.replaceChildren(found);
      })
      .catch(() => {});
  }
})();

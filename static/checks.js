// Checks beside the work: the number of open findings in the navigation and on entry pages, a table's findings under it.
"use strict";

(() => {
  const get = (address) => fetch(address, { credentials: "same-origin", headers: { Accept: "*/*" } }).then((answer) => (answer.ok ? answer : Promise.reject(answer)));

  const told = document.querySelector("[data-checks-count]");
  const said = document.querySelector("[data-checks-said]");
  let asked = 0;

  function tell(found) {
    const open = found.errors + found.warnings;
    told.hidden = !open;
    told.classList.toggle("is-warning", !found.errors);
    told.textContent = String(open);
    const unseen = document.createElement("span");
    unseen.className = "unseen";
    unseen.textContent = ` 处待处理（错误 ${found.errors}，警告 ${found.warnings}）`;
    told.append(unseen);
    if (!said) return;
    said.textContent = said.dataset.checksSaid === "submit" ? beforeSubmitting(found) : open ? `检查：错误 ${found.errors} 处，警告 ${found.warnings} 处` : "检查：没有待处理的结果";
    said.classList.toggle("neg", found.errors > 0);
  }

  function beforeSubmitting(found) {
    const words = [];
    if (found.errors) words.push(`检查有错误 ${found.errors} 处，改正后才能送审`);
    if (found.warnings) words.push(`${found.errors ? "另" : "检查"}有警告 ${found.warnings} 处没有说明，改正或说明后才能送审，审核人可以看到说明`);
    return words.length ? `${words.join("；")}。` : "检查没有错误，也没有未说明的警告。";
  }

  function count() {
    asked += 1;
    const now = asked;
    get(told.dataset.checksCount)
      .then((answer) => answer.json())
      .then((found) => { if (now === asked) tell(found); }) // an older answer says nothing of what was saved since
      .catch(() => {}); // without a count the link alone stands: the page itself says what is wrong
  }

  if (told) {
    count();
    let soon = 0;
    document.addEventListener("mingzhang:saved", () => {
      clearTimeout(soon);
      soon = setTimeout(count, 400);
    });
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

/* Who has stopped is told two minutes before the log-in ends. Pages on which one types do it themselves. */
(function () {
  "use strict";

  const WARNED = 2 * 60 * 1000;
  const LOOKS = 15000;
  const HEARD = "mingzhang-heard"; // when a page of this browser was last answered, in whichever tab
  const bar = document.querySelector("[data-log-in-ending]");
  if (!bar) return;
  let lasts = Number(bar.dataset.lasts) * 1000;
  localStorage.setItem(HEARD, String(Date.now()));
  if (document.querySelector("[data-entry], [data-grid]")) return;
  const button = bar.querySelector("button");

  async function stay() {
    try {
      const answer = await fetch(bar.dataset.stay, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) {
        lasts = (await answer.json()).lasts * 1000;
        localStorage.setItem(HEARD, String(Date.now()));
      }
    } catch (error) {
      return; // the next look tries again
    }
    look();
  }

  function look() {
    const left = Number(localStorage.getItem(HEARD)) + lasts - Date.now();
    bar.hidden = left > WARNED;
    if (bar.hidden) return;
    const told = left > 0 ? "登录还有" + Math.ceil(left / 60000) + "分钟到期。" : "登录已到期，请重新登录。";
    const span = bar.querySelector("span");
    if (span.textContent !== told) span.textContent = told;
    button.hidden = left <= 0;
  }

  button.addEventListener("click", stay);
  setInterval(look, LOOKS);
  look();
})();

/* The log-in of every page: who types stays logged in; who has stopped is told two minutes before it ends; after the
   end one logs in again in another window, and what was typed here is still here and can be saved. */
(function () {
  "use strict";

  const WARNED = 2 * 60 * 1000;
  const LOOKS = 15000;
  const RENEWED = 5 * 60 * 1000; // at most so often somebody who types is kept logged in
  const HEARD = "mingzhang-heard"; // when a page of this browser was last answered, in whichever tab
  const bar = document.querySelector("[data-log-in-ending]");
  if (!bar) return;
  let lasts = Number(bar.dataset.lasts) * 1000;
  let hasTyped = false;
  let hasEnded = false;
  let isAsking = false;
  let other = ""; // who is logged in instead
  const words = bar.querySelector("span");
  const link = bar.querySelector("a");
  const button = bar.querySelector("button");
  localStorage.setItem(HEARD, String(Date.now()));

  /* The answer is new tokens for the forms, too: those of before a log-in are not taken any more. */
  async function stay() {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await fetch(bar.dataset.stay, { credentials: "same-origin" });
      const told = answer.ok && !answer.redirected ? await answer.json() : null;
      other = told && told.person !== bar.dataset.person ? told.person : "";
      if (!told || other) {
        hasEnded = true;
      } else {
        hasEnded = hasTyped = false;
        lasts = told.lasts * 1000;
        localStorage.setItem(HEARD, String(Date.now()));
        document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (field) { field.value = told.token; });
      }
    } catch (error) {
      return; // without a connection: the next look tries again
    } finally {
      isAsking = false;
    }
    show();
  }

  function look() {
    const heard = Number(localStorage.getItem(HEARD));
    if (heard + lasts <= Date.now()) hasEnded = true;
    else if (hasEnded && !other) stay(); // logged in again in another window
    else if (hasTyped && Date.now() - heard > Math.min(lasts / 4, RENEWED)) stay();
    show();
  }

  function show() {
    const left = Number(localStorage.getItem(HEARD)) + lasts - Date.now();
    bar.hidden = !hasEnded && left > WARNED;
    if (bar.hidden) return;
    let told = "登录还有" + Math.ceil(left / 60000) + "分钟到期。";
    if (other) told = "现在登录的是" + other + "；本页须由" + bar.dataset.person + "登录后保存，填写的内容还在。";
    else if (hasEnded) told = "登录已到期；填写的内容还在，重新登录后可以继续保存。";
    if (words.textContent !== told) words.textContent = told;
    link.hidden = !hasEnded;
    button.textContent = hasEnded ? "已登录，继续" : "继续使用";
  }

  button.addEventListener("click", stay);
  document.addEventListener("input", function () { hasTyped = true; }, true);
  setInterval(look, LOOKS);
  look();
})();

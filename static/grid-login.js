/* Who is typing stays logged in; who has stopped is told two minutes before the log-in ends. */
(function (root) {
  "use strict";

  const WARNED = 2 * 60 * 1000;
  const LOOKS = 15000;

  /* given: {lasts: seconds, address: what is asked to stay logged in, notices, page} */
  root.GridLogIn = function (given) {
    const lasts = Number(given.lasts) * 1000;
    let heard = Date.now();
    let hasTyped = false;
    if (!lasts) return;

    async function stay() {
      try {
        const answer = await fetch(given.address, { credentials: "same-origin" });
        if (answer.ok) heard = Date.now();
      } catch (error) {
        return; // the next look tries again
      }
      look();
    }

    function look() {
      const left = heard + lasts - Date.now();
      if (left > WARNED || left <= 0) {
        given.notices.hide("ending"); // once it has ended, the save says so
        return;
      }
      given.notices.show("ending", "登录还有" + Math.ceil(left / 60000) + "分钟到期。", [root.GridPanels.button("继续使用", stay, "button")]);
    }

    given.page.addEventListener("input", function () { hasTyped = true; });
    setInterval(function () {
      if (hasTyped && Date.now() - heard > Math.min(lasts / 4, 300000)) {
        hasTyped = false;
        stay();
      }
      look();
    }, LOOKS);
  };
})(this);

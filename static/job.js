// 后台任务: asks how far the job is, and opens the page again when it has ended. Without it the page refreshes itself.
"use strict";
(function () {
  const box = document.querySelector("[data-job]");
  if (!box || !window.fetch) return;
  const put = (name, text) => {
    const place = box.querySelector(`[data-${name}]`);
    if (place && place.textContent !== text) place.textContent = text;
  };
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) {
        const job = await answer.json();
        if (!job.is_going_on || (job.total && !box.querySelector("[data-progress]"))) {
          location.reload();
          return;
        }
        put("state", job.state);
        put("message", job.message);
        put("figures", `${job.done}/${job.total}`);
        const bar = box.querySelector("[data-progress]");
        if (bar) {
          bar.max = job.total;
          bar.value = job.done;
        }
      }
    } catch (error) {
      // the network is away; the next look may find it again
    }
    setTimeout(look, Number(box.dataset.every) * 1000);
  };
  setTimeout(look, Number(box.dataset.every) * 1000);
})();

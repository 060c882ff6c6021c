/* Conveniences only: without this file every page works by links and forms. */
(function () {
  "use strict";

  // ---- menus close when something else is wanted

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // ---- the unit of amounts: the same place again, not the top of the page

  const SCROLL = "mingzhang-scroll";
  const kept = sessionStorage.getItem(SCROLL);
  if (kept !== null) {
    sessionStorage.removeItem(SCROLL);
    const was = JSON.parse(kept);
    if (was.address === location.pathname) {
      window.scrollTo(0, was.page);
      document.querySelectorAll(".grid-wrap").forEach(function (frame, at) {
        const place = was.frames[at];
        if (place) {
          frame.scrollTop = place[0];
          frame.scrollLeft = place[1];
        }
      });
    }
  }
  document.querySelectorAll("form.unit-switch").forEach(function (form) {
    form.addEventListener("submit", function () {
      form.elements.next.value = location.pathname + location.search;
      const frames = Array.from(document.querySelectorAll(".grid-wrap"));
      sessionStorage.setItem(SCROLL, JSON.stringify({
        address: location.pathname,
        page: window.scrollY,
        frames: frames.map(function (frame) { return [frame.scrollTop, frame.scrollLeft]; }),
      }));
    });
  });

  // ---- the heading of the fixed column is fixed with it, and focus is never under either

  document.querySelectorAll(".grid-wrap").forEach(function (frame) {
    const head = frame.querySelector("thead");
    const name = frame.querySelector("tbody th[scope=row]");
    if (head) frame.style.scrollPaddingTop = head.offsetHeight + 8 + "px";
    if (!head || !name) return;
    frame.style.scrollPaddingLeft = name.offsetWidth + 8 + "px";
    const left = name.getBoundingClientRect().left;
    const heading = Array.from(head.querySelectorAll("th[scope=col]")).find(function (cell) {
      return Math.abs(cell.getBoundingClientRect().left - left) < 1;
    });
    if (heading) heading.classList.add("is-fixed");
  });

  // ---- the panel beside a table: what a figure is made of

  const beside = document.querySelector("[data-beside]");
  const panel = document.getElementById("panel");
  if (!beside || !panel) return;
  let opener = null;
  let latest = 0;

  function isFigure(address) {
    return address.searchParams.has("row") && address.searchParams.has("column");
  }

  function sameFigure(one, other) {
    return ["row", "column"].every(function (name) {
      return one.searchParams.get(name) === other.searchParams.get(name);
    });
  }

  function mark(address) {
    document.querySelectorAll(".is-shown").forEach(function (link) { link.classList.remove("is-shown"); });
    if (!isFigure(address)) return;
    document.querySelectorAll("a.fig").forEach(function (link) {
      if (sameFigure(new URL(link.href), address)) link.classList.add("is-shown");
    });
  }

  function close() {
    latest += 1;
    panel.hidden = true;
    panel.textContent = "";
    beside.classList.remove("is-open");
    mark(new URL(location.pathname, location.href));
  }

  async function show(address) {
    const mine = (latest += 1);
    const fragment = new URL(address);
    fragment.searchParams.set("fragment", "1");
    fragment.hash = "";
    panel.hidden = false;
    panel.classList.add("is-waiting");
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(fragment, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const text = await answer.text();
      if (mine !== latest) return false;
      panel.innerHTML = text;
      beside.classList.add("is-open");
      mark(address);
      return true;
    } catch (error) {
      location.assign(address); // a whole page says what happened
      return false;
    } finally {
      if (mine === latest) {
        panel.classList.remove("is-waiting");
        panel.removeAttribute("aria-busy");
      }
    }
  }

  document.addEventListener("click", async function (event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a");
    if (!link) return;
    if (link.classList.contains("panel-close")) {
      event.preventDefault();
      history.pushState({}, "", link.href);
      close();
      if (opener) opener.focus();
    } else if (link.classList.contains("fig") && link.origin === location.origin && link.pathname === location.pathname) {
      event.preventDefault();
      opener = link;
      const address = new URL(link.href);
      if (await show(address)) {
        address.hash = "";
        history.pushState({}, "", address);
        panel.focus({ preventScroll: window.innerWidth > 1080 });
      }
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (!panel.hidden) {
      const link = panel.querySelector(".panel-close");
      if (link) link.click();
    }
  });

  window.addEventListener("popstate", function () {
    const address = new URL(location.href);
    if (isFigure(address)) show(address);
    else close();
  });

  mark(new URL(location.href));
})();

/* 等我处理: how many, beside the link; without an answer the link alone stands. */
(function () {
  "use strict";

  const badge = document.querySelector("[data-waiting-count]");
  if (!badge) return;
  fetch(badge.dataset.waitingCount, { credentials: "same-origin" })
    .then(function (answer) { return answer.ok ? answer.json() : { count: 0 }; })
    .then(function (found) {
      badge.hidden = !found.count;
      badge.textContent = found.count ? String(found.count) : "";
    })
    .catch(function () {});
})();

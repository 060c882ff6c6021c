/* Indicator values as they are typed: the server reads them by its one grammar, here only its answer is shown. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-entry]");
  if (!form || !form.dataset.valuesAt) return;
  const NAMES = ["level_1", "name", "operator", "target", "measure"];
  const WAIT = 300;
  const waiting = new WeakMap();

  function fieldsOf(row) {
    const found = {};
    NAMES.forEach(function (name) { found[name] = row.querySelector("[name$='-" + name + "']"); });
    return found;
  }

  function span(css, text) {
    const one = document.createElement("span");
    one.className = css;
    one.textContent = text;
    return one;
  }

  async function read(row) {
    const fields = fieldsOf(row);
    const asked = new URLSearchParams();
    NAMES.forEach(function (name) { asked.set(name, fields[name] ? fields[name].value : ""); });
    let said;
    try {
      const answer = await fetch(form.dataset.valuesAt + "?" + asked, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      said = await answer.json();
    } catch (error) {
      return; // what was typed is read again when it is saved
    }
    const place = row.querySelector("[data-reading]");
    place.textContent = said.printed;
    if (said.understood) place.append(span("understood", "读作 " + said.understood));
    if (said.question) place.append(span("odd", said.question));
    said.hints.forEach(function (hint) { place.append(span("odd", hint)); });
  }

  form.addEventListener("input", function (event) {
    const row = event.target.closest("[data-row]");
    if (!row || !row.querySelector("[data-reading]") || !NAMES.some(function (name) { return event.target.name.endsWith("-" + name); })) return;
    clearTimeout(waiting.get(row));
    waiting.set(row, setTimeout(function () { read(row); }, WAIT));
  });
})();

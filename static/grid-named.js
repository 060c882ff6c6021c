/* The row of the line that the address names: #line?function=…&economic=…&name=… */
(function (root) {
  "use strict";

  /* given: {model, view, columns}. Goes there, and says whether there is such a row. */
  root.GridNamed = function (given) {
    if (!location.hash.startsWith("#line?")) return false;
    const asked = new URLSearchParams(location.hash.slice(6));
    const fits = function (row) {
      return ["function", "economic"].every(function (key) { return (row.cells[key] || "").startsWith(asked.get(key)); });
    };
    const found = given.model.rows().map(function (row, at) { return fits(row) ? at : -1; }).filter(function (at) { return at >= 0; });
    const exact = found.find(function (at) { return given.model.at(at).cells.name === asked.get("name"); });
    const y = exact === undefined ? found[0] : exact;
    if (y === undefined) return false;
    given.view.select(Math.max(given.columns.findIndex(function (column) { return column.key === "economic"; }), 0), y);
    given.view.focus();
    return true;
  };
})(this);

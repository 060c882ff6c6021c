/* jspreadsheet asks for a formula engine when it is loaded. A cell of ours is never a formula: whoever asks is refused. */
window.formula = function () {
  "use strict";
  throw new Error("cells are never formulas");
};

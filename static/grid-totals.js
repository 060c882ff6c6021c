/* Sums of the grid, from the predicates that the server declares. Whole 分 (BigInt) throughout; nothing here knows the page.

   Made of the same JSON as `budget.reporting.where`: {"fund": ["11"]} is a conjunction, {"all": […]}, {"any": […]}
   and {"not": …} combine. Codes match by prefix, everything else by equality; the empty code means that there is none. */
(function (root) {
  "use strict";

  const CODES = { category: true, function: true, economic: true, government: true, fund: true };
  const PLACES = { "元": 2, "万元": 6 };
  const AMOUNT = /^-?(\d{1,13}|\d{1,3}(,\d{3}){1,4})(\.\d+)?$/;
  const ENDS = /^[\s\u00a0\u3000\u200b-\u200d\ufeff]+|[\s\u00a0\u3000\u200b-\u200d\ufeff]+$/g;
  const ZERO = BigInt(0);

  function narrow(text) {
    return String(text).normalize("NFKC").replace(/\u2212/g, "-").replace(ENDS, "");
  }

  /* What is typed, in 分; null where it is no amount (the server says why). */
  function fenOf(text, unit) {
    const plain = narrow(text === undefined || text === null ? "" : text);
    if (!AMOUNT.test(plain)) return null;
    const parts = plain.replace(/,/g, "").split(".");
    const decimals = parts[1] || "";
    const places = PLACES[unit];
    if (decimals.replace(/0+$/, "").length > places) return null;
    return BigInt(parts[0] + decimals.padEnd(places, "0").slice(0, places));
  }

  function grouped(digits) {
    return digits.replace(/\B(?=(\d{3})+$)/g, ",");
  }

  function decimal(fen, places) {
    const isNegative = fen < ZERO;
    const digits = (isNegative ? -fen : fen).toString().padStart(places + 1, "0");
    const whole = grouped(digits.slice(0, -places));
    const after = digits.slice(-places);
    return (isNegative ? "-" : "") + whole + "." + after.slice(0, 2) + after.slice(2).replace(/0+$/, "");
  }

  /* An amount as it is shown: thousands separated, every digit that counts, never fewer than two decimals. */
  function shown(fen, unit) {
    return decimal(BigInt(fen), PLACES[unit]);
  }

  /* 增减 as it is shown: a sign where it grew, nothing where it is the same. */
  function changeShown(now, before, unit) {
    const change = now - before;
    return change === ZERO ? "" : (change > ZERO ? "+" : "") + shown(change, unit);
  }

  function valueTest(name, values) {
    if (!CODES[name]) return function (fact) { return values.indexOf(fact[name]) >= 0; };
    const prefixes = values.filter(function (value) { return value !== ""; });
    const mayBeNone = prefixes.length < values.length;
    return function (fact) {
      const code = fact[name];
      if (!code) return mayBeNone;
      return prefixes.some(function (prefix) { return code.startsWith(prefix); });
    };
  }

  /* The predicate as a function of a fact {dimension: value}; an Error for what is no predicate. */
  function compiled(where) {
    const names = Object.keys(where);
    if (names.length === 1 && names[0] === "not") {
      const test = compiled(where.not);
      return function (fact) { return !test(fact); };
    }
    if (names.length === 1 && (names[0] === "all" || names[0] === "any")) {
      const tests = where[names[0]].map(compiled);
      return names[0] === "all"
        ? function (fact) { return tests.every(function (test) { return test(fact); }); }
        : function (fact) { return tests.some(function (test) { return test(fact); }); };
    }
    const tests = names.map(function (name) {
      if (!Array.isArray(where[name])) throw new Error("not a predicate: " + JSON.stringify(where));
      return valueTest(name, where[name]);
    });
    return function (fact) { return tests.every(function (test) { return test(fact); }); };
  }

  /* Totals declared as [{key, where}], ready to add facts up: each distinct tuple of dimensions is asked once. */
  function prepare(declared) {
    const tests = declared.map(function (total) { return { key: total.key, holds: compiled(total.where) }; });
    const known = new Map();

    function belongs(fact, signature) {
      let keys = known.get(signature);
      if (!keys) {
        keys = tests.filter(function (test) { return test.holds(fact); }).map(function (test) { return test.key; });
        known.set(signature, keys);
      }
      return keys;
    }

    /* facts: [{signature, fen: BigInt, …dimensions}] → {key: BigInt} */
    return function (facts) {
      const sums = {};
      tests.forEach(function (test) { sums[test.key] = ZERO; });
      facts.forEach(function (fact) {
        belongs(fact, fact.signature).forEach(function (key) { sums[key] += fact.fen; });
      });
      return sums;
    };
  }

  /* The names of a fact's dimensions in one text, for `signature`. */
  function signed(fact) {
    fact.signature = Object.keys(fact).sort().map(function (name) {
      return name === "fen" || name === "signature" ? "" : name + "=" + fact[name];
    }).join("|");
    return fact;
  }

  const made = { fenOf: fenOf, shown: shown, changeShown: changeShown, compiled: compiled, prepare: prepare, signed: signed, narrow: narrow };
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.GridTotals = made;
})(this);

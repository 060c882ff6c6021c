/* Codes found by number, name, pinyin or initials, in an index that the page loads once: also without a network.

   The same rules as `budget/entry/search.py`: leaves first, then how well they fit, then what is near the codes in use. */
(function (root) {
  "use strict";

  const MOST = 8;
  const EXACT = 0;
  const START = 1;
  const WITHIN = 2;

  function narrow(text) {
    return text.normalize("NFKC").toLowerCase().replace(/'/g, "");
  }

  function words(query) {
    return narrow(query.slice(0, 60)).match(/\d+|[a-z\u3400-\u9fff]+/g) || [];
  }

  function common(one, other) {
    let same = 0;
    while (same < one.length && same < other.length && one[same] === other[same]) same += 1;
    return same;
  }

  /* How many characters from `start` the word spells, each as it is or by (the start of) a reading; 0: none. */
  function reaches(readings, start, word) {
    let reached = new Set([0]);
    for (let at = start; at < readings.length; at += 1) {
      const onward = new Set();
      reached.forEach(function (from) {
        const rest = word.slice(from);
        readings[at].forEach(function (reading) {
          for (let more = common(reading, rest); more > 0; more -= 1) onward.add(from + more);
        });
      });
      if (onward.has(word.length)) return at - start + 1;
      if (!onward.size) return 0;
      reached = onward;
    }
    return 0;
  }

  function nameFit(readings, word) {
    for (let start = 0; start < readings.length; start += 1) {
      if (!readings[start].some(function (reading) { return reading[0] === word[0]; })) continue;
      const used = reaches(readings, start, word);
      if (used) return start ? WITHIN : used === readings.length ? EXACT : START;
    }
    return null;
  }

  function wordFit(entry, word) {
    if (/^\d/.test(word)) {
      if (entry.plain || !entry.code.startsWith(word)) return null;
      return entry.code === word ? EXACT : START;
    }
    let best = null;
    entry.spellings.forEach(function (spelling) {
      const found = nameFit(spelling, word);
      if (found !== null && (best === null || found < best)) best = found;
    });
    return best;
  }

  function fit(entry, wanted) {
    const fits = [];
    for (let at = 0; at < wanted.length; at += 1) {
      const found = wordFit(entry, wanted[at]);
      if (found === null) return null;
      fits.push(found);
    }
    return fits.sort().reverse().join("");
  }

  function search(entries, query, near) {
    const wanted = words(query);
    if (!wanted.length) return [];
    const found = [];
    entries.forEach(function (entry) {
      const fits = fit(entry, wanted);
      if (fits === null) return;
      const closeness = near.reduce(function (best, code) { return Math.max(best, common(entry.code, code)); }, 0);
      found.push({ entry: entry, order: [entry.leaf ? 0 : 1, fits, -closeness, entry.name.length, entry.code] });
    });
    found.sort(function (one, other) {
      for (let at = 0; at < one.order.length; at += 1) {
        if (one.order[at] < other.order[at]) return -1;
        if (one.order[at] > other.order[at]) return 1;
      }
      return 0;
    });
    return found.slice(0, MOST).map(function (one) { return one.entry; });
  }

  function create(index) {
    const byText = {};
    const readings = new Map(); // character → how it may be typed
    Object.keys(index).forEach(function (kind) {
      byText[kind] = new Map();
      index[kind].forEach(function (entry) {
        entry.spellings.forEach(function (spelling) {
          spelling.forEach(function (one) { readings.set(one[0], one); });
        });
        [entry.name, entry.shown, entry.code].forEach(function (text) {
          if (entry.leaf && text && !byText[kind].has(text)) byText[kind].set(text, entry);
        });
      });
    });

    /* The code that a cell's text means, if it is sure. */
    function meant(kind, text) {
      const plain = (text || "").normalize("NFKC").trim();
      if (!plain || !byText[kind]) return null;
      const digits = /^\d+/.exec(plain);
      return byText[kind].get(plain) || (digits && byText[kind].get(digits[0])) || null;
    }

    return {
      search: function (kind, query, near) { return index[kind] ? search(index[kind], query, near || []) : []; },
      meant: meant,
      /* The government class that goes with a department class, for the nature as a cell shows it; "" if none. */
      proposal: function (text, nature) {
        const entry = meant("economic", text);
        if (!entry) return "";
        return entry.government[nature || ""] || entry.government[""] || "";
      },
      /* Whether what is typed means this choice: part of it, or how it is spelt. */
      fits: function (choice, text) {
        const spelling = Array.from(choice).map(function (character) { return readings.get(character) || [character]; });
        return choice.indexOf(text) >= 0 || words(text).some(function (word) { return nameFit(spelling, word) !== null; });
      },
      isLoaded: function () { return Boolean(index.economic); },
    };
  }

  const made = { create: create, search: search };
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.GridCodes = made;
})(this);

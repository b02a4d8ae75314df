"use strict";
(function () {
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const make = (tag, name, ...content) => {
    const e = document.createElement(tag);
    if (name) e.className = name;
    if (tag === "button") e.type = "button";
    e.append(...content);
    return e;
  };
  const both = (zh, en) => {
    const chinese = make("span", "zh", zh);
    const english = make("span", "en", en);
    english.lang = "en";
    return [chinese, english];
  };
  const clean = (text) => text.replace(/\s+/g, " ").trim();
  // The words of an element in the language that is shown.
  const words = (e) => {
    const copy = e.cloneNode(true);
    all(".sr, " + (language.checked ? ".zh" : ".en"), copy).forEach((x) => x.remove());
    return clean(copy.textContent);
  };

  // --- the language: the style does the switching, this tells assistive technology -----------------------------------
  const language = document.getElementById("en");
  const speak = () => {
    const english = language.checked;
    document.documentElement.lang = english ? "en" : "zh-CN";
    all("[data-en]").forEach((e) => e.setAttribute("aria-label", english ? e.dataset.en : e.dataset.zh));
  };
  language.addEventListener("change", speak);
  speak();

  // --- tables: sorting, searching, a hundred rows at a time ----------------------------------------------------------
  // The rows that are not shown stand in a body of their own that is not displayed, which costs nothing.
  const PAGE = 100;
  const grids = new Map();
  all("table.grid").forEach((table) => {
    const store = table.tBodies[0];
    const body = table.insertBefore(document.createElement("tbody"), store);
    const bar = document.querySelector(`.tools[data-for="${table.id}"]`);
    const more = make("button", "more-rows", ...both("再显示一百行", "A hundred more rows"));
    const texts = new Map();
    const text = (row) => (texts.get(row) || texts.set(row, row.textContent.toLowerCase()).get(row));
    let rows = Array.from(store.rows);
    let query = "";
    let chosen = [];
    let most = PAGE;
    const show = (first) => {
      const found = rows.filter((row) => (!query || text(row).includes(query))
        && chosen.every(([column, value]) => !value || row.cells[column].textContent.trim() === value));
      const shown = found.slice(0, most);
      if (first && !shown.includes(first)) shown.unshift(first);
      const kept = new Set(shown);
      store.append(...Array.from(body.rows).filter((row) => !kept.has(row)));
      body.append(...shown);
      more.hidden = found.length <= most;
      if (!bar) return;
      const part = shown.length < found.length;
      bar.querySelector("[role=status]").replaceChildren(...both(
        `${found.length} 行${part ? `，显示 ${shown.length} 行` : ""}`, `${found.length} rows${part ? `, ${shown.length} shown` : ""}`));
    };
    const value = (row, column) => {
      const cell = row.cells[column].textContent.trim();
      const number = Number(cell.replace(/[%,]/g, ""));
      return cell && !Number.isNaN(number) ? number : cell;
    };
    const sort = (head, column) => {
      const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      all("th", table.tHead).forEach((th) => th.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const collator = new Intl.Collator("zh-CN", { numeric: true });
      const keyed = rows.map((row, i) => [value(row, column), i, row]);
      keyed.sort(([a, i], [b, j]) => {
        if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1; // what is no number comes last
        return way * (typeof a === "number" ? a - b : collator.compare(a, b)) || i - j;
      });
      rows = keyed.map(([, , row]) => row);
      show();
    };
    store.hidden = true;
    all("th", table.tHead).forEach((head, column) => {
      const button = make("button", "", ...head.childNodes);
      button.addEventListener("click", () => sort(head, column));
      head.append(button);
    });
    more.addEventListener("click", () => { most += PAGE; show(); });
    table.after(more);
    const search = bar && bar.querySelector("input");
    const selects = bar ? all("select", bar) : [];
    const read = () => {
      query = search.value.trim().toLowerCase();
      chosen = selects.map((s) => [Number(s.dataset.col), s.value]);
      most = PAGE;
      show();
    };
    if (bar) {
      bar.hidden = false;
      let waiting = 0;
      search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(read, 60); });
      selects.forEach((s) => s.addEventListener("change", read));
    }
    grids.set(table, {
      reveal: (row) => { if (row.parentNode === store) show(row); },
      whole: (yes) => {
        if (yes) body.append(...rows);
        else show();
      },
    });
    show();
  });

  // --- going to a place: unfold, mark the very characters, and offer the way back ------------------------------------
  const back = document.querySelector("button.back");
  let origin = null;
  let asked = null;
  const rowsOf = (mark) => [mark.getAttribute("href").slice(1), ...(mark.dataset.r ? mark.dataset.r.split(" ") : [])];
  // The characters of the text that a link means: as many as it says, or else the pieces there of its own row.
  const range = (target, length, row) => {
    const out = document.createRange();
    const piece = (e) => e && e.nodeType === 1 && e.matches("a") && rowsOf(e).includes(row);
    if (!length && row) {
      const first = target.matches("p") ? target.firstChild : target;
      if (!piece(first)) return null;
      let last = first;
      while (piece(last.nextSibling)) last = last.nextSibling;
      out.setStartBefore(first);
      out.setEndAfter(last);
      return out;
    }
    const walker = document.createTreeWalker(target.closest(".text p"), NodeFilter.SHOW_TEXT);
    let left = length;
    let begun = false;
    for (let node = walker.nextNode(); node && left > 0; node = walker.nextNode()) {
      if (!begun && !target.contains(node)) continue;
      if (!begun) out.setStart(node, 0);
      begun = true;
      let at = 0;
      for (const c of node.data) {
        if (!left) break;
        at += c.length;
        left -= 1;
      }
      out.setEnd(node, at);
    }
    return begun ? out : null;
  };
  const go = (id, length, from) => {
    const target = document.getElementById(id);
    if (!target) return null;
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    const row = target.closest("tr");
    const grid = row && grids.get(row.closest("table"));
    if (grid) grid.reveal(row);
    if (window.CSS && CSS.highlights) {
      CSS.highlights.delete("at");
      const found = target.closest(".text") ? range(target, length, from) : null;
      if (found) CSS.highlights.set("at", new Highlight(found));
    }
    all(".on").filter((e) => !e.closest(".net")).forEach((e) => e.classList.remove("on"));
    target.classList.toggle("on", !(window.CSS && CSS.highlights && CSS.highlights.has("at")));
    target.scrollIntoView({ block: target.closest(".text, tr, li, .kwd") ? "center" : "start" });
    if (!target.hasAttribute("tabindex") && !target.matches("a, summary, button")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    return target;
  };
  const hash = () => decodeURIComponent(location.hash.slice(1));
  const arrive = () => {
    const link = asked;
    asked = null;
    const row = link && link.closest("[id]");
    const target = go(hash(), link ? Number(link.dataset.n || 0) : 0, row ? row.id : "");
    if (!target || !link || link.closest("header")) return;
    back.hidden = false;
    if (/^t\d+$/.test(target.id)) {
      const node = all(`.net svg .node[data-i="${target.id.slice(1)}"]`).find((e) => e.getClientRects().length);
      if (node) node.dispatchEvent(new MouseEvent("mouseenter"));
    }
  };
  window.addEventListener("hashchange", arrive);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#'], svg a");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const to = link.getAttribute("href");
    if (!to.startsWith("#")) return;
    asked = link;
    origin = link;
    if (to === location.hash) setTimeout(arrive); // no change of the hash, no event
  });
  back.addEventListener("click", () => {
    back.hidden = true;
    if (!origin || !origin.isConnected) return;
    for (let e = origin; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    origin.scrollIntoView({ block: "center" });
    origin.focus({ preventScroll: true });
  });

  // --- the marks of the text: what a place is, where else it is, and the way to the results --------------------------
  const reader = document.getElementById("reader");
  const here = reader.querySelector(".here");
  const NAMES = {
    v: ["数值核对", "Check"], x: ["问题", "Finding"], f: ["数字", "Figure"], c: ["引用", "Citation"],
    k: ["关键词", "Keyword"], s: ["章节关键词", "Keyword of the section"], t: ["网络术语", "Term of the network"],
    p: ["承诺", "Promise"], g: ["指标对照", "Two years"], r: ["共有段落", "Shared passage"],
  };
  const off = new Set(); // kinds whose marks are not shown
  const label = (row) => {
    const cells = Array.from(row.cells || []);
    const name = cells.findIndex((e) => e.tagName === "TH");
    // Of a figure value and unit, of a citation its type belong to it.
    const more = { f: 3, c: 2 }[row.id[0]] || 1;
    const text = (name >= 0 ? cells.slice(name, name + more) : cells.length ? cells : [row.querySelector(".term") || row.querySelector("a") || row])
      .map(words).filter(Boolean).join(" ");
    return text.length > 60 ? text.slice(0, 59) + "…" : text;
  };
  // Where a row stands in the text: the first piece of each run of pieces that are its.
  const places = (id) => all(`.text a[href="#${id}"], .text a[data-r~="${id}"]`, reader).filter((e) => {
    const before = e.previousSibling;
    return !(before && before.nodeType === 1 && before.matches("a") && rowsOf(before).includes(id));
  });
  let current = null;
  const close = () => { here.hidden = true; if (current) current.classList.remove("on"); };
  const visit = (place) => { close(); inspect(place); place.scrollIntoView({ block: "center" }); };
  const inspect = (mark) => {
    all(".text a.on", reader).forEach((e) => e.classList.remove("on"));
    current = mark;
    mark.classList.add("on");
    const list = make("ul");
    rowsOf(mark).filter((id) => !off.has(id[0])).forEach((id) => {
      const row = document.getElementById(id);
      if (!row) return;
      const item = make("li", "", make("span", "quiet", ...both(...NAMES[id[0]])), make("b", "", label(row)));
      const link = make("a", "keep", ...both("到结果 →", "to the result →"));
      link.href = "#" + id;
      const found = places(id);
      const at = found.findIndex((e) => e === mark || e.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_PRECEDING);
      const number = found.indexOf(mark) >= 0 ? found.indexOf(mark) : Math.max(0, (at < 0 ? found.length : at) - 1);
      if (found.length > 1) {
        const step = (by, zh, en) => {
          const button = make("button", "", by < 0 ? "‹" : "›", make("span", "sr", ...both(zh, en)));
          button.addEventListener("click", () => visit(found[(number + by + found.length) % found.length]));
          return button;
        };
        item.append(make("span", "num", step(-1, "上一处", "previous"), ` ${number + 1} / ${found.length} `, step(1, "下一处", "next")));
      }
      item.append(link);
      list.append(item);
    });
    const shut = make("button", "close", "×");
    shut.setAttribute("aria-label", language.checked ? "Close" : "关闭");
    shut.addEventListener("click", () => { close(); current.focus(); });
    here.replaceChildren(shut, list);
    here.hidden = false;
  };
  reader.addEventListener("click", (event) => {
    const mark = event.target.closest(".text a");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    inspect(mark);
  });
  reader.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !here.hidden) {
      close();
      current.focus();
      return;
    }
    const mark = event.target.closest && event.target.closest(".text a");
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!mark || !step) return;
    event.preventDefault();
    const marks = all("a", mark.closest(".text"));
    const next = marks[marks.indexOf(mark) + step];
    if (!next) return;
    mark.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
  // One stop of the tab key a document; its marks are reached by the arrow keys.
  const rove = (details) => {
    if (!details.open || details.dataset.ready) return;
    details.dataset.ready = "1";
    all(".text a", details).forEach((e, i) => { if (i) e.tabIndex = -1; });
  };
  all("details.doc", reader).forEach((details) => {
    rove(details);
    details.addEventListener("toggle", () => rove(details));
  });
  const kinds = reader.querySelector(".kinds");
  if (kinds) {
    kinds.hidden = false;
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    kinds.addEventListener("change", () => {
      off.clear();
      all("input", kinds).filter((e) => !e.checked).forEach((e) => off.add(e.value));
      sheet.replaceSync(Array.from(off, (k) => `.text a[href^="#${k}"]:not([data-r]) { background: none; border: 0; }`).join("\n"));
    });
  }

  // --- the strips: one stop of the tab key each ----------------------------------------------------------------------
  const readout = document.querySelector(".readout");
  const listed = all("#themes-table tbody tr");
  all("svg.strip").forEach((strip) => {
    const cells = all("a", strip);
    // What a cell is stands in its row of the list of paragraphs.
    const first = cells.length ? listed.splice(0, cells.length) : [];
    const tell = (cell) => {
      const row = first[cells.indexOf(cell)];
      if (row) readout.textContent = Array.from(row.cells, words).filter(Boolean).join(" · ");
    };
    cells.forEach((cell, i) => cell.setAttribute("tabindex", i ? "-1" : "0"));
    strip.addEventListener("mouseover", (event) => { const cell = event.target.closest("a"); if (cell) tell(cell); });
    strip.addEventListener("focusin", (event) => tell(event.target));
    strip.addEventListener("keydown", (event) => {
      const at = cells.indexOf(event.target);
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step && cells[at + step];
      if (!next) return;
      event.preventDefault();
      event.target.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });

  // --- paper: of one document everything but the long lists of the network; of several what the reader has unfolded -----------------------------------
  let folded = [];
  window.addEventListener("beforeprint", () => {
    const several = all("details.doc", reader).length > 1;
    folded = several ? [] : all("details:not([open], .long)");
    folded.forEach((e) => { e.open = true; });
    if (!several) grids.forEach((grid) => grid.whole(true));
  });
  window.addEventListener("afterprint", () => {
    folded.forEach((e) => { e.open = false; });
    grids.forEach((grid) => grid.whole(false));
  });

  arrive();
})();

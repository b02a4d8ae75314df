"use strict";
(function () {
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  // The language: the style sheet does the switching, this tells assistive technology.
  const language = document.getElementById("en");
  const speak = () => {
    const english = language.checked;
    document.documentElement.lang = english ? "en" : "zh-CN";
    all("[data-en]").forEach((e) => e.setAttribute("aria-label", english ? e.dataset.en : e.dataset.zh));
  };
  language.addEventListener("change", speak);
  speak();

  // A link into something folded opens it.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  // Paper shows everything.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((e) => { e.open = true; });
  });
  window.addEventListener("afterprint", () => folded.forEach((e) => { e.open = false; }));

  // Fold or unfold all documents of a list.
  all(".tools").forEach((bar) => {
    bar.hidden = false;
    all("button", bar).forEach((button) => button.addEventListener("click", () => {
      all("details.doc", bar.parentElement).forEach((e) => { e.open = button.dataset.open === "1"; });
    }));
  });
})();

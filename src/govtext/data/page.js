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

  // The network: pointing at a node, or going to it with the arrow keys, shows its neighbours.
  const svg = document.querySelector(".net svg");
  if (!svg) return;
  const nodes = all(".node", svg);
  const lines = all("line", svg);
  const show = (node) => {
    const near = node ? [node.dataset.i, ...node.dataset.near.split(" ")] : [];
    svg.classList.toggle("dim", Boolean(node));
    nodes.forEach((e) => e.classList.toggle("near", near.includes(e.dataset.i)));
    lines.forEach((e) => e.classList.toggle("near",
      Boolean(node) && (e.dataset.a === node.dataset.i || e.dataset.b === node.dataset.i)));
  };
  nodes.forEach((node, i) => {
    node.setAttribute("tabindex", i ? "-1" : "0");
    node.addEventListener("mouseenter", () => show(node));
    node.addEventListener("mouseleave", () => show(null));
    node.addEventListener("focus", () => show(node));
    node.addEventListener("blur", () => show(null));
    node.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = nodes[(i + step + nodes.length) % nodes.length];
      node.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });
})();

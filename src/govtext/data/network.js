"use strict";
// The network: hover and arrow keys show neighbours, a slider hides weak edges, a click on an edge shows its sentences.
document.querySelectorAll(".net").forEach((net) => {
  if (net.dataset.ready) return;
  net.dataset.ready = "1";
  const all = (selector, within) => Array.from((within || net).querySelectorAll(selector));
  const svg = net.querySelector("svg");
  const nodes = all(".node", svg);
  const edges = all(".edge", svg);
  const lines = edges.map((e) => e.querySelector("line"));
  const rows = all(".net-list > li");
  const panel = net.querySelector(".net-panel");

  const show = (node) => {
    const near = node ? [node.dataset.i, ...node.dataset.near.split(" ")] : [];
    svg.classList.toggle("dim", Boolean(node));
    nodes.forEach((e) => e.classList.toggle("near", near.includes(e.dataset.i)));
    lines.forEach((e) => e.classList.toggle("near",
      Boolean(node) && (e.dataset.a === node.dataset.i || e.dataset.b === node.dataset.i)));
  };

  // The sentences behind an edge, taken from the list below the picture.
  const pick = (number) => {
    edges.forEach((e, i) => e.classList.toggle("on", i === number));
    all("button", panel).forEach((b) => b.setAttribute("aria-pressed", String(Number(b.dataset.e) === number)));
    all(".net-shown", panel).forEach((e) => e.remove());
    const shown = document.createElement("div");
    shown.className = "net-shown";
    shown.append(...Array.from(rows[number].childNodes, (e) => e.cloneNode(true)));
    panel.append(shown);
  };
  const clear = () => {
    edges.forEach((e) => e.classList.remove("on"));
    all("button, .net-shown", panel).forEach((e) => e.remove());
  };
  const list = (node) => {
    clear();
    lines.forEach((line, number) => {
      const other = { [line.dataset.a]: line.dataset.b, [line.dataset.b]: line.dataset.a }[node.dataset.i];
      if (other === undefined || line.parentNode.classList.contains("off")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.e = String(number);
      button.textContent = nodes[Number(other)].querySelector("title").textContent.replace(/: \d+$/, "") + " " + line.dataset.n;
      button.addEventListener("click", () => pick(number));
      panel.append(button);
    });
    const first = panel.querySelector("button");
    if (first) first.focus();
  };
  if (panel) {
    net.querySelector(".net-hint").hidden = false;
    edges.forEach((edge, number) => edge.addEventListener("click", () => { clear(); pick(number); }));
    nodes.forEach((node) => node.addEventListener("click", () => list(node)));
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      clear();
      const back = nodes.find((e) => e.getAttribute("tabindex") === "0");
      if (back) back.focus();
    });
  }

  nodes.forEach((node, i) => {
    node.setAttribute("tabindex", i ? "-1" : "0");
    node.addEventListener("mouseenter", () => show(node));
    node.addEventListener("mouseleave", () => show(null));
    node.addEventListener("focus", () => show(node));
    node.addEventListener("blur", () => show(null));
    node.addEventListener("keydown", (event) => {
      if (panel && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        list(node);
        return;
      }
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = nodes[(i + step + nodes.length) % nodes.length];
      node.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });

  const tools = net.querySelector(".net-tools");
  const slider = tools.querySelector("input");
  tools.hidden = slider.min === slider.max;
  slider.addEventListener("input", () => {
    const least = Number(slider.value);
    const left = new Set();
    edges.forEach((edge, i) => {
      const { a, b, n } = lines[i].dataset;
      edge.classList.toggle("off", Number(n) < least);
      if (Number(n) >= least) left.add(a).add(b);
    });
    nodes.forEach((e) => e.classList.toggle("alone", !left.has(e.dataset.i)));
    tools.querySelector("output").textContent = slider.value;
    tools.querySelector(".net-count").textContent = String(edges.filter((e) => !e.classList.contains("off")).length);
  });
});

"use strict";
// The network: hover and arrow keys show neighbours, a slider hides weak edges, a click on an edge shows its sentences.
// It may be drawn twice, for wide and for narrow screens; nodes and edges have the same numbers in both.
document.querySelectorAll(".net").forEach((net) => {
  if (net.dataset.ready) return;
  net.dataset.ready = "1";
  const all = (selector, within) => Array.from((within || net).querySelectorAll(selector));
  const drawings = all("svg").map((svg) => ({
    svg, nodes: all(".node", svg), edges: all(".edge", svg), lines: all(".edge line", svg),
  }));
  const rows = all(".net-list > li");
  const panel = net.querySelector(".net-panel");
  let held = -1; // the node whose edges the panel lists

  const show = (number) => drawings.forEach(({ svg, nodes, lines }) => {
    const node = nodes[number];
    const near = node ? [node.dataset.i, ...node.dataset.near.split(" ")] : [];
    svg.classList.toggle("dim", Boolean(node));
    nodes.forEach((e) => e.classList.toggle("near", near.includes(e.dataset.i)));
    lines.forEach((e) => e.classList.toggle("near",
      Boolean(node) && (e.dataset.a === node.dataset.i || e.dataset.b === node.dataset.i)));
  });

  // The sentences behind an edge, taken from the list below the picture.
  const pick = (number) => {
    drawings.forEach(({ edges }) => edges.forEach((e, i) => e.classList.toggle("on", i === number)));
    all("button", panel).forEach((b) => b.setAttribute("aria-pressed", String(Number(b.dataset.e) === number)));
    all(".net-shown", panel).forEach((e) => e.remove());
    const shown = document.createElement("div");
    shown.className = "net-shown";
    shown.append(...Array.from(rows[number].childNodes, (e) => e.cloneNode(true)));
    panel.append(shown);
  };
  const clear = () => {
    held = -1;
    show(-1);
    drawings.forEach(({ edges }) => edges.forEach((e) => e.classList.remove("on")));
    all("button, .net-shown", panel).forEach((e) => e.remove());
  };
  const list = (number) => {
    clear();
    held = number;
    show(number);
    const { nodes, lines } = drawings[0];
    lines.forEach((line, edge) => {
      const { a, b, n } = line.dataset;
      if ((a !== String(number) && b !== String(number)) || line.parentNode.classList.contains("off")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.e = String(edge);
      button.setAttribute("aria-pressed", "false");
      const other = nodes[Number(a === String(number) ? b : a)];
      button.textContent = other.querySelector("title").textContent.replace(/: \d+$/, "") + " " + n;
      button.addEventListener("click", () => pick(edge));
      panel.append(button);
    });
    const first = panel.querySelector("button");
    if (first) first.focus({ preventScroll: true });
  };
  if (panel) {
    net.querySelector(".net-hint").hidden = false;
    drawings.forEach(({ nodes, edges }) => {
      edges.forEach((edge, number) => edge.addEventListener("click", () => { clear(); pick(number); }));
      nodes.forEach((node, number) => node.addEventListener("click", () => list(number)));
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      clear();
      const back = all(".node[tabindex='0']").find((e) => e.getClientRects().length);
      if (back) back.focus();
    });
  }

  drawings.forEach(({ nodes }) => nodes.forEach((node, i) => {
    if (panel) node.setAttribute("role", "button");
    node.setAttribute("tabindex", i ? "-1" : "0");
    node.addEventListener("mouseenter", () => show(i));
    node.addEventListener("mouseleave", () => show(held));
    node.addEventListener("focus", () => show(i));
    node.addEventListener("blur", () => show(held));
    node.addEventListener("keydown", (event) => {
      if (panel && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        list(i);
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
  }));

  const tools = net.querySelector(".net-tools");
  const slider = tools.querySelector("input");
  tools.hidden = slider.min === slider.max;
  slider.addEventListener("input", () => {
    const least = Number(slider.value);
    drawings.forEach(({ nodes, edges, lines }) => {
      const left = new Set();
      edges.forEach((edge, i) => {
        const { a, b, n } = lines[i].dataset;
        edge.classList.toggle("off", Number(n) < least);
        if (Number(n) >= least) left.add(a).add(b);
      });
      nodes.forEach((e) => e.classList.toggle("alone", !left.has(e.dataset.i)));
    });
    tools.querySelector("output").textContent = slider.value;
    tools.querySelector(".net-count").textContent =
      String(drawings[0].edges.filter((e) => !e.classList.contains("off")).length);
  });
});

/* The review screen with a script: the two panes light each other, keys act on the current row, a verb replaces its row in place.
   Everything here is also a link or a form; without this file the page works and only turns over more often. */
"use strict";
(() => {
  const review = document.querySelector("[data-review]");
  if (!review) return;
  const original = document.getElementById("original");
  const list = review.querySelector("ol.rows");
  const places = new Map(); // task → its pieces of the original
  for (const piece of original.querySelectorAll("[data-t]")) {
    for (const task of piece.dataset.t.split(" ")) {
      if (!places.has(task)) places.set(task, []);
      places.get(task).push(piece);
    }
  }
  let lit = [];
  let current = null;
  const rowOf = (task) => document.getElementById("task-" + task);
  const wide = matchMedia("(min-width: 60.01rem)");

  function light(tasks) {
    for (const element of lit) element.classList.remove("lit");
    lit = tasks.flatMap((task) => [...(places.get(task) || []), rowOf(task)]).filter(Boolean);
    for (const element of lit) element.classList.add("lit");
  }

  function bringIntoView(pane, element) {
    if (!element || !wide.matches) return;
    const box = element.getBoundingClientRect(), frame = pane.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) {
      pane.scrollTo({ top: pane.scrollTop + box.top - frame.top - Math.min(96, frame.height / 4), behavior: "instant" });
    }
  }

  const pane = review.querySelector(".rows-pane");
  function select(row, focus) {
    if (!row) return;
    current = row.dataset.t;
    light([current]);
    bringIntoView(original, (places.get(current) || [])[0]);
    if (focus) { row.focus({ preventScroll: wide.matches }); bringIntoView(pane, row); }
  }

  // -- lighting by pointer and by focus
  let back = 0;
  function point(event) {
    const piece = event.target.closest("[data-t]");
    if (!piece || !review.contains(piece)) return;
    clearTimeout(back);
    const tasks = piece.dataset.t.split(" ");
    light(tasks);
    if (original.contains(piece)) bringIntoView(pane, rowOf(tasks[tasks.length - 1]));
    else bringIntoView(original, (places.get(tasks[0]) || [])[0]);
  }
  let waiting = 0;
  review.addEventListener("mouseover", (event) => {
    clearTimeout(waiting); // a pointer that only passes does not make the panes jump
    if (event.target.closest("form.row-form")) return;
    waiting = setTimeout(() => point(event), 120);
  });
  review.addEventListener("mouseleave", () => { clearTimeout(waiting); back = setTimeout(() => light(current ? [current] : []), 200); });
  review.addEventListener("focusin", (event) => {
    const row = event.target.closest(".row");
    if (row) { if (current !== row.dataset.t) select(row); else light([current]); } else if (event.target.closest(".pin")) point(event);
  });
  original.addEventListener("click", (event) => {
    const piece = event.target.closest("[data-t]");
    if (!piece || String(getSelection())) return;
    event.preventDefault();
    const tasks = piece.dataset.t.split(" ");
    select(rowOf(tasks[tasks.length - 1]), true);
  });
  list?.addEventListener("click", (event) => {
    const number = event.target.closest("a.num");
    if (!number) return;
    event.preventDefault();
    select(number.closest(".row"), true);
  });

  // -- one row replaced in place
  let busy = false;
  async function exchange(row, url, options) {
    if (busy) return;
    busy = true;
    row.setAttribute("aria-busy", "true");
    try {
      // A redirect is not followed here: what it has to say (the session has ended) is for the page the reader will see.
      const answer = await fetch(url, { headers: { "X-Fragment": "row" }, credentials: "same-origin", redirect: "manual", ...options });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(row.id);
      if (answer.type === "opaqueredirect" || !fresh) return location.reload();
      const named = (element) => [...element.querySelectorAll(".unknown")].map((unit) => unit.textContent).join();
      if (named(row) !== named(fresh)) { // who is unknown has changed, and with it the list of unknown names
        location.hash = row.id;
        return location.reload();
      }
      row.replaceWith(document.adoptNode(fresh));
      for (const id of ["progress", "attend", "accept-all"]) { // the elements stay (one is a live region), their words change
        const part = page.getElementById(id);
        if (part) document.getElementById(id).replaceChildren(...document.adoptNode(part).childNodes);
      }
      light([fresh.dataset.t]);
      const field = fresh.querySelector(".row-form [aria-invalid=true]") || fresh.querySelector(".row-form :is(textarea, select, input:not([type=hidden]))");
      (field || fresh).focus({ preventScroll: true });
      bringIntoView(pane, fresh);
      return fresh;
    } catch {
      location.reload();
    } finally {
      row.removeAttribute("aria-busy");
      busy = false;
    }
  }
  const token = () => document.querySelector("#rows [name=csrfmiddlewaretoken]").value;
  const whole = new Set(["merge", "split"]); // these change how many rows there are: the page turns over

  function act(row, button) {
    if (whole.has(button.dataset.verb)) return button.click();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    const next = row.nextElementSibling;
    return exchange(row, button.formAction, { method: "POST", body }).then((fresh) => {
      if (fresh && button.dataset.verb === "accept" && !fresh.querySelector("[role=alert]")) select(next, true);
    });
  }
  list?.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-verb]");
    const link = event.target.closest("a[data-do], a[data-cancel]");
    const row = event.target.closest(".row");
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (button && !whole.has(button.dataset.verb)) { event.preventDefault(); act(row, button); }
    if (link) { event.preventDefault(); exchange(row, link.dataset.do ? link.href : "?task=" + row.dataset.t); }
  });
  list?.addEventListener("submit", (event) => {
    const form = event.target.closest(".row-form");
    if (!form || /\/split\/$/.test(form.action)) return;
    event.preventDefault();
    exchange(form.closest(".row"), form.action, { method: "POST", body: new FormData(form) });
  });

  // -- keys
  const verbs = { e: "edit", s: "split", r: "reassign", n: "exclude" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "Escape") {
      const cancel = event.target.closest(".row-form")?.querySelector("[data-cancel]");
      if (cancel) { event.preventDefault(); cancel.click(); } else event.target.blur();
      return;
    }
    if (typing) return;
    const row = current && rowOf(current);
    const key = event.key.toLowerCase();
    if (key === "?" || key === "？") {
      const keys = document.getElementById("keys");
      keys.open = !keys.open;
    } else if (key === "j" || key === "k") {
      const all = [...(list?.children || [])];
      const at = row ? all.indexOf(row) : -1;
      select(all[key === "j" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0)], true);
    } else if (key === "a") {
      openAdd();
    } else if (key === "enter" && row && (event.target === row || event.target === document.body)) {
      const button = row.querySelector("button[data-verb=accept]");
      if (button) act(row, button);
    } else if (verbs[key] && row) {
      row.querySelector(`[data-do=${verbs[key]}]`)?.click();
    } else if (key === "m" && row) {
      row.querySelector("button[data-verb=merge]")?.click();
    } else return;
    event.preventDefault();
  });

  // -- a task added by selecting its words
  const add = document.getElementById("add");
  for (const note of add.querySelectorAll("[data-script-only]")) note.hidden = false;
  const input = (name) => add.querySelector(`[name=${name}]`);
  function openAdd() {
    add.open = true;
    add.scrollIntoView({ block: "end" });
    input(input("first").value ? "lead" : "first").focus();
  }
  /** The place of a selection's edge in the text, in characters as the server counts them (a surrogate pair is one). */
  function offset(node, at) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const piece = element.closest("[data-o]");
    if (!piece) return null;
    return Number(piece.dataset.o) + Array.from(piece.textContent.slice(0, node.nodeType === Node.TEXT_NODE ? at : 0)).length;
  }
  original.addEventListener("mouseup", () => {
    const selection = getSelection();
    const words = String(selection).replace(/\s+/g, "");
    if (words.length < 4 || !selection.rangeCount) return add.classList.remove("offered");
    const range = selection.getRangeAt(0);
    if (!original.contains(range.commonAncestorContainer)) return;
    const start = offset(range.startContainer, range.startOffset), end = offset(range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return;
    input("start").value = start;
    input("end").value = end;
    const plain = range.cloneContents();
    for (const pin of plain.querySelectorAll(".pin")) pin.remove();
    const text = plain.textContent.replace(/\s+/g, "");
    input("first").value = Array.from(text).slice(0, 20).join("");
    input("last").value = Array.from(text).slice(-12).join("");
    add.open = true;
    add.classList.add("offered");
  });
  for (const name of ["first", "last"]) {
    input(name).addEventListener("input", () => { input("start").value = ""; input("end").value = ""; }); // words typed by hand decide
  }

  // -- where the address points
  const asked = /^#task-(\d+)$/.exec(location.hash);
  if (asked && rowOf(asked[1])) {
    const row = rowOf(asked[1]);
    select(row, !row.querySelector(".row-form"));
    if (row.querySelector(".row-form")) row.querySelector(".row-form :is(textarea, input:not([type=hidden]))").focus();
  }
})();

// Suggestions while typing in a search box: a combobox (WAI-ARIA). Without this script the box works as it is.
document.querySelectorAll("form[data-suggest]").forEach((form, n) => {
  const box = form.elements.q, list = document.createElement("ul"), told = document.createElement("span");
  const set = (node, values) => Object.entries(values).forEach(([name, value]) => node.setAttribute(name, value));
  let timer, ask, at = -1;
  set(list, { id: `suggest-${n}`, class: "suggest", role: "listbox", "aria-label": "搜索建议" });
  set(told, { class: "vh", role: "status" });
  set(box, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" });
  list.hidden = true;
  form.append(list, told);
  const mark = (to) => {
    const rows = list.children;
    if (rows[at]) rows[at].ariaSelected = "false";
    at = to;
    if (!rows[at]) return box.removeAttribute("aria-activedescendant");
    set(rows[at], { "aria-selected": "true" });
    rows[at].scrollIntoView({ block: "nearest" });
    set(box, { "aria-activedescendant": rows[at].id });
  };
  const show = (titles) => {
    mark(-1);
    list.replaceChildren(...titles.map((title, i) => {
      const row = document.createElement("li");
      set(row, { id: `${list.id}-${i}`, role: "option", "aria-selected": "false" });
      row.textContent = title;
      return row;
    }));
    list.hidden = !titles.length;
    set(box, { "aria-expanded": String(!list.hidden) });
    told.textContent = titles.length ? `${titles.length} 条建议，用上下键选择` : "";
  };
  const hide = () => {
    clearTimeout(timer);
    ask?.abort();
    show([]);
  };
  const take = (row) => {
    box.value = row.textContent;
    hide();
    form.requestSubmit();
  };
  const look = async () => {
    ask = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(box.value.trim())}`, { signal: ask.signal });
      show((await answer.json())[1]);
    } catch { /* none, then */ }
  };
  const typed = (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    ask?.abort();
    if (box.value.trim().length < 2) hide();
    else timer = setTimeout(look, 150);
  };
  box.addEventListener("input", typed);
  box.addEventListener("compositionend", typed);
  box.addEventListener("blur", hide);
  box.addEventListener("keydown", (event) => {
    const last = list.children.length - 1, key = event.key;
    if (last < 0 || event.isComposing) return;
    if (key === "ArrowDown") mark(at < last ? at + 1 : -1);
    else if (key === "ArrowUp") mark(at < 0 ? last : at - 1);
    else if (key === "Enter" && at >= 0) take(list.children[at]);
    else if (key === "Escape") hide();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    if (event.target.closest("li")) take(event.target.closest("li"));
  });
});

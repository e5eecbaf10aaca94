// Marks words of a docx by mouse, finger or keys. The table below is the form; this only writes into it, and without a script the table does
// the same. The text can hold a caret (contenteditable) so that the keys people know select in it; nothing of it can be changed.
(() => {
  const text = document.querySelector("[data-text]");
  const table = document.querySelector("[data-spans] tbody");
  const blank = document.getElementById("empty-span");
  const total = document.querySelector("[name=span-TOTAL_FORMS]");
  const reason = document.getElementById("cover-reason");
  const button = document.querySelector("[data-cover]");
  if (!text || !table || !blank || !total || !button || "readonly" in text.dataset) return;
  document.querySelectorAll(".scripted").forEach((one) => { one.hidden = false; });
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const points = (words) => [...words].length; // as the server counts: characters, not halves of them
  const cut = (words, start, end) => [...words].slice(start, end).join("");
  const holders = new Map([...text.querySelectorAll("[data-block]")].map((one) => [+one.dataset.block, one.querySelector("[data-words]")]));
  const said = document.createElement("p");
  said.className = "vh";
  said.setAttribute("role", "status");
  text.after(said);

  text.contentEditable = "true";
  text.spellcheck = false;
  text.setAttribute("role", "textbox");
  text.setAttribute("aria-multiline", "true");
  text.setAttribute("aria-readonly", "true");
  text.setAttribute("aria-labelledby", "text-title");
  text.setAttribute("aria-describedby", "text-help");
  text.inputMode = "none"; // no keyboard over half the screen of a phone
  text.addEventListener("beforeinput", (event) => event.preventDefault());
  text.addEventListener("paste", (event) => event.preventDefault());
  text.addEventListener("drop", (event) => event.preventDefault());
  const original = new Map([...holders].map(([number, holder]) => [number, holder.textContent]));
  text.addEventListener("input", () => paint()); // an input method may write all the same: what stood there stands again

  const rows = () => [...table.rows].map((row) => ({
    row, block: +field(row, "block").value, start: parseInt(field(row, "start").value, 10), end: parseInt(field(row, "end").value, 10),
    words: field(row, "words").value, gone: field(row, "DELETE").checked,
  })).filter((one) => one.block && !one.gone);

  // What a row covers in its paragraph, as the server will find it.
  function ranges(one) {
    const whole = original.get(one.block);
    if (whole === undefined) return [];
    if (!one.words.trim()) return [[0, points(whole)]];
    if (Number.isFinite(one.start) && Number.isFinite(one.end) && cut(whole, one.start, one.end) === one.words) return [[one.start, one.end]];
    const found = [];
    for (let at = whole.indexOf(one.words); at >= 0; at = whole.indexOf(one.words, at + one.words.length)) {
      const start = points(whole.slice(0, at));
      found.push([start, start + points(one.words)]);
    }
    return found;
  }

  const server = new Map([...holders].map(([number, holder]) => [number, marked(holder)]));
  const mine = new Map(); // what the rows covered when the page came: the rest of the server's marks are words covered everywhere
  rows().forEach((one) => mine.set(one.block, [...(mine.get(one.block) || []), ...ranges(one)]));

  function marked(holder) {
    const found = [];
    let at = 0;
    holder.childNodes.forEach((node) => {
      const size = points(node.textContent);
      if (node.nodeName === "MARK") found.push([at, at + size]);
      at += size;
    });
    return found;
  }

  function paint() {
    const covered = new Map();
    const add = (block, range) => covered.set(block, [...(covered.get(block) || []), range]);
    server.forEach((list, block) => list.forEach((range) => {
      if (!(mine.get(block) || []).some(([start, end]) => start <= range[0] && range[1] <= end)) add(block, range);
    }));
    rows().forEach((one) => ranges(one).forEach((range) => add(one.block, range)));
    holders.forEach((holder, block) => draw(holder, original.get(block), covered.get(block) || []));
  }

  function draw(holder, whole, list) {
    const wanted = JSON.stringify(list);
    if (holder.drawn === wanted && holder.textContent === whole) return;
    holder.drawn = wanted;
    const parts = [];
    let at = 0;
    [...list].sort((a, b) => a[0] - b[0]).forEach(([start, end]) => {
      const low = Math.max(start, at);
      if (low >= end) return;
      parts.push(document.createTextNode(cut(whole, at, low)));
      const mark = document.createElement("mark");
      mark.textContent = cut(whole, low, end);
      parts.push(mark);
      at = end;
    });
    parts.push(document.createTextNode(cut(whole, at)));
    holder.replaceChildren(...parts.filter((part) => part.textContent));
  }

  function free() {
    const empty = [...table.rows].find((row) => !field(row, "block").value && !field(row, "words").value && !field(row, "DELETE").checked);
    if (empty) return empty;
    const holder = document.createElement("tbody");
    holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", total.value).replaceAll("第 新 处", `第 ${+total.value + 1} 处`);
    total.value = +total.value + 1;
    const row = holder.querySelector("tr");
    table.append(row);
    return row;
  }

  // The selection as [block, start, end], a piece for each paragraph it touches.
  function pieces(range) {
    const found = [];
    holders.forEach((holder, block) => {
      if (!range.intersectsNode(holder)) return;
      const whole = document.createRange();
      whole.selectNodeContents(holder);
      const inside = range.cloneRange();
      if (inside.compareBoundaryPoints(Range.START_TO_START, whole) < 0) inside.setStart(whole.startContainer, whole.startOffset);
      if (inside.compareBoundaryPoints(Range.END_TO_END, whole) > 0) inside.setEnd(whole.endContainer, whole.endOffset);
      const before = whole.cloneRange();
      before.setEnd(inside.startContainer, inside.startOffset);
      const start = points(before.toString()), words = inside.toString();
      if (words.trim()) found.push([block, start, start + points(words)]);
    });
    return found;
  }

  // The selection in the text, kept while a button takes it away. The event comes later than the keys: whoever needs it asks again.
  let last = null;
  function look() {
    const selection = document.getSelection();
    if (selection.rangeCount && text.contains(selection.anchorNode)) last = selection.getRangeAt(0).cloneRange();
  }
  document.addEventListener("selectionchange", look);

  function cover() {
    look();
    const found = last && !last.collapsed ? pieces(last) : [];
    if (!found.length) { said.textContent = "没有选中文字"; return; }
    found.forEach(([block, start, end]) => {
      const row = free();
      field(row, "block").value = block;
      field(row, "start").value = start;
      field(row, "end").value = end;
      field(row, "words").value = cut(original.get(block), start, end);
      field(row, "reason").value = reason.value;
    });
    const [block, , end] = found[found.length - 1];
    paint();
    said.textContent = `已标出 ${found.length} 处，依据${reason.value}`;
    text.focus();
    caret(block, end);
  }

  function caret(block, offset) {
    const holder = holders.get(block);
    let left = cut(original.get(block), 0, offset).length;
    for (const part of holder.childNodes) {
      const node = part.firstChild || part;
      if (left <= node.textContent.length) { document.getSelection().collapse(node, left); return; }
      left -= node.textContent.length;
    }
  }

  function uncover() {
    const selection = document.getSelection();
    const block = selection.anchorNode?.parentElement?.closest("[data-block]");
    if (!block) return;
    const number = +block.dataset.block;
    const before = document.createRange();
    before.selectNodeContents(holders.get(number));
    before.setEnd(selection.anchorNode, selection.anchorOffset);
    const at = points(before.toString());
    const hit = rows().filter((one) => one.block === number && ranges(one).some(([start, end]) => start <= at && at <= end));
    if (!hit.length) { said.textContent = "这里没有按段落标出的遮盖"; return; }
    hit.forEach((one) => { field(one.row, "DELETE").checked = true; });
    paint();
    caret(number, at);
    said.textContent = "已取消";
  }

  button.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", cover);
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") { event.preventDefault(); cover(); }
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); uncover(); }
    if (event.key === "Tab") document.getSelection().collapseToEnd?.();
  });
  table.addEventListener("input", paint);
  table.addEventListener("change", paint);
})();

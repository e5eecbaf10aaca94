// Draws the boxes of the redaction tool over the picture of a page. The table of numbers below is the form; this only writes into it, and
// without a script the table does the same. Mouse, touch and pen by pointer events; keys: Enter new, arrows move, Shift+arrows size, Delete.
(() => {
  const sheet = document.querySelector("[data-sheet]");
  const table = document.querySelector("[data-boxes] tbody");
  const blank = document.getElementById("empty-box");
  const total = document.querySelector("[name=box-TOTAL_FORMS]");
  if (!sheet || !table || !blank || !total || "readonly" in sheet.dataset) return;
  const page = sheet.dataset.page, wide = +sheet.dataset.width, high = +sheet.dataset.height;
  const sides = ["left", "top", "right", "bottom"];
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const clamp = (value, most) => Math.min(Math.max(value, 0), most);
  const said = document.createElement("p");
  said.className = "vh";
  said.setAttribute("role", "status");
  sheet.after(said);

  const read = (row) => sides.map((name) => parseFloat(field(row, name).value));
  const write = (row, box) => sides.forEach((name, n) => { field(row, name).value = (Math.round(box[n] * 10) / 10).toString(); });

  function place(button, box) {
    button.style.left = `${(box[0] / wide) * 100}%`;
    button.style.top = `${(box[1] / high) * 100}%`;
    button.style.width = `${((box[2] - box[0]) / wide) * 100}%`;
    button.style.height = `${((box[3] - box[1]) / high) * 100}%`;
  }

  function show(row) {
    const box = read(row);
    const good = field(row, "page").value === page && box.every(Number.isFinite) && box[0] < box[2] && box[1] < box[3] && !field(row, "DELETE").checked;
    if (!good) { row.shown?.remove(); row.shown = null; return null; }
    if (!row.shown) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "box";
      button.row = row;
      sheet.append(button);
      row.shown = button;
    }
    row.shown.setAttribute("aria-label", `框：左 ${box[0]}，上 ${box[1]}，右 ${box[2]}，下 ${box[3]}`);
    place(row.shown, box);
    return row.shown;
  }

  function empty() {
    const free = [...table.rows].find((row) => sides.every((name) => !field(row, name).value) && !field(row, "DELETE").checked);
    if (free) return free;
    const holder = document.createElement("tbody");
    holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", total.value).replaceAll("第 新 个", `第 ${+total.value + 1} 个`);
    total.value = +total.value + 1;
    const row = holder.querySelector("tr");
    table.append(row);
    const last = table.rows[table.rows.length - 2];
    if (last) field(row, "reason").value = field(last, "reason").value;
    return row;
  }

  function add(box) {
    const row = empty();
    field(row, "page").value = page;
    write(row, box);
    return show(row);
  }

  function remove(button) {
    const row = button.row;
    field(row, "DELETE").checked = true;
    show(row);
    said.textContent = "已删去这个框";
    sheet.focus();
  }

  const point = (event) => {
    const area = sheet.getBoundingClientRect();
    return [clamp(((event.clientX - area.left) / area.width) * wide, wide), clamp(((event.clientY - area.top) / area.height) * high, high)];
  };

  let drag = null;
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    const at = point(event);
    const held = event.target.closest(".box");
    drag = { at, held, start: held ? read(held.row) : null };
    if (held) held.focus(); else { drag.ghost = document.createElement("div"); drag.ghost.className = "box"; sheet.append(drag.ghost); }
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const now = point(event);
    if (drag.held) move(drag.held.row, drag.start, now[0] - drag.at[0], now[1] - drag.at[1]);
    else place(drag.ghost, drag.box = [Math.min(drag.at[0], now[0]), Math.min(drag.at[1], now[1]), Math.max(drag.at[0], now[0]), Math.max(drag.at[1], now[1])]);
  });
  const end = (event) => {
    if (!drag) return;
    const done = drag;
    drag = null;
    done.ghost?.remove();
    const box = done.box;
    if (event.type === "pointerup" && box && box[2] - box[0] > wide / 200 && box[3] - box[1] > high / 300) add(box)?.focus();
  };
  sheet.addEventListener("pointerup", end);
  sheet.addEventListener("pointercancel", end);

  function move(row, [left, top, right, bottom], x, y) {
    const dx = clamp(left + x, wide - (right - left)) - left, dy = clamp(top + y, high - (bottom - top)) - top;
    write(row, [left + dx, top + dy, right + dx, bottom + dy]);
    show(row);
  }

  const step = Math.max(wide, high) / 100;
  const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  sheet.tabIndex = 0;
  sheet.setAttribute("role", "group");
  sheet.setAttribute("aria-label", "页面，可以画框");
  sheet.setAttribute("aria-describedby", "draw-help");
  sheet.addEventListener("keydown", (event) => {
    const button = event.target.closest(".box");
    if (!button) {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      add([wide * 0.3, high * 0.3, wide * 0.6, high * 0.34])?.focus();
      return;
    }
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); remove(button); return; }
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    const box = read(button.row);
    if (event.shiftKey) {
      write(button.row, [box[0], box[1], clamp(Math.max(box[0] + 2, box[2] + way[0]), wide), clamp(Math.max(box[1] + 2, box[3] + way[1]), high)]);
      show(button.row);
    } else move(button.row, box, way[0], way[1]);
  });
  table.addEventListener("input", (event) => show(event.target.closest("tr")));
  table.addEventListener("change", (event) => show(event.target.closest("tr")));
  [...table.rows].forEach(show);
})();

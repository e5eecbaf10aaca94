// The form of 依申请公开: a draft kept in this browser, what is public already while typing, and the button pressed once.
// Without this script everything works as it is. Never kept: files, the number of an identity card, the consent.
(() => {
  const form = document.querySelector("form.filing");
  document.querySelector(".noscript")?.remove(); // not <noscript>: it must also be seen where scripts are blocked
  const done = document.querySelector("[data-clear]");
  const name = (agency) => `gongkai-request-${agency}`;
  const store = {
    read: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* nothing kept, then */ } },
  };
  if (done) store.drop(name(done.dataset.clear));
  document.querySelectorAll("button.print").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
  document.querySelector("#errors")?.focus();
  if (!form) return;

  const KEPT = ["description", "wanted_number", "features", "name", "representative", "contact", "phone", "email", "address", "postcode", "help_needed", "kind", "form", "route"];
  const key = name(form.dataset.agency), told = form.querySelector(".draft"), words = told.querySelector(".draft-words");
  const fields = () => Object.fromEntries(KEPT.map((field) => [field, form.elements[field]?.value ?? ""]));
  const say = (text) => { words.textContent = text; told.hidden = false; };
  const draft = store.read(key);
  if (draft && !document.querySelector("#errors")) {
    KEPT.forEach((field) => { if (draft[field] && (!form.elements[field].value || form.elements[field] instanceof RadioNodeList)) form.elements[field].value = draft[field]; });
    say("已填入这台设备上保存的草稿（不含证件号码和文件）；在公用电脑上，用完请清除。");
  }
  let saving;
  const save = () => { if (store.write(key, fields()) && told.hidden) say("草稿保存在这台设备的浏览器里，提交后自动清除（不含证件号码和文件）。"); };
  form.addEventListener("input", () => { clearTimeout(saving); saving = setTimeout(save, 600); });
  told.querySelector(".draft-clear").addEventListener("click", () => {
    clearTimeout(saving);
    store.drop(key);
    told.hidden = true;
    form.elements.description.focus();
  });

  const kinds = form.elements.identity_kind;
  form.elements.kind.forEach((radio) => radio.addEventListener("change", () => {
    const person = form.elements.kind.value === "natural";
    if (person === (kinds.value === "credit_code")) kinds.value = person ? "id_card" : "credit_code";
  }));

  const box = document.querySelector("#offers"), list = box.querySelector("ul"), area = form.elements.description;
  let waiting, ask;
  const show = ({ down, rows }) => {
    list.replaceChildren(...rows.map((row) => {
      const item = document.createElement("li"), cell = document.createElement("span"), link = document.createElement("a"), note = document.createElement("span");
      Object.assign(link, { href: row.url, target: "_blank", rel: "noopener", textContent: row.title });
      Object.assign(note, { className: "sub", textContent: row.notes });
      cell.append(link, note);
      item.append(cell);
      return item;
    }));
    box.querySelector(".offers-down").hidden = !down;
    box.querySelector(".offers-none").hidden = down || rows.length > 0;
    box.hidden = !(down || rows.length);
  };
  const look = async () => {
    ask?.abort();
    ask = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.offers}&q=${encodeURIComponent(area.value.trim().slice(0, 300))}`, { signal: ask.signal });
      show(await answer.json());
    } catch { /* the form goes on without */ }
  };
  area.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    if (area.value.trim().length >= 4) waiting = setTimeout(look, 500);
  });

  // The proof of work is nearly always there before the last field is; else the press waits for it a little, and goes without in the end.
  const status = form.querySelector(".sending"), button = form.querySelector("button.primary");
  let pressed = false;
  form.addEventListener("submit", (event) => {
    if (pressed) return event.preventDefault();
    const solved = () => form.querySelector('input[name="altcha"]')?.value;
    const go = () => { pressed = true; clearTimeout(saving); save(); button.setAttribute("aria-disabled", "true"); status.textContent = "正在提交，请不要关闭页面……"; };
    if (solved() || !globalThis.crypto?.subtle || !customElements.get("altcha-widget")) return go();
    event.preventDefault();
    status.textContent = "正在验证，马上提交……";
    const until = Date.now() + 20000, wait = setInterval(() => {
      if (!solved() && Date.now() < until) return;
      clearInterval(wait);
      go();
      form.submit();
    }, 200);
  });
  addEventListener("pageshow", () => { pressed = false; button.removeAttribute("aria-disabled"); status.textContent = ""; });
})();

// Puts the editor of django-prose-editor over a textarea[data-editor]. Without JavaScript the textarea with its html stays; the server cleans either.
// Modules are named by relative address and buttons carry words: no import map, no inline script or style, as the site's policy asks.
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Extension, Gapcursor, HardBreak, Heading, History, HorizontalRule, Image, Italic,
  Link, ListItem, OrderedList, Paragraph, Strike, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text, Underline,
} from "../django_prose_editor/editor.js";

const own = (name) => ({ default: null, parseHTML: (e) => e.getAttribute(name), renderHTML: (a) => (a[name] ? { [name]: a[name] } : {}) });

// What the server keeps and the editor would otherwise drop: where a paragraph stands, where a footnote is, what a header cell heads.
const Kept = Extension.create({
  name: "kept",
  addGlobalAttributes: () => [
    { types: ["paragraph", "orderedList"], attributes: { class: own("class") } },
    { types: ["listItem", "link"], attributes: { id: own("id") } },
    { types: ["tableHeader"], attributes: { scope: own("scope") } },
  ],
});

const extensions = [
  Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [2, 3, 4, 5] }), Bold, Italic, Underline, Strike, Subscript, Superscript,
  BulletList, OrderedList, ListItem, Blockquote, HorizontalRule, Link.configure({ enableTarget: false }), Image, Table, TableRow, TableHeader,
  TableCell, History, Dropcursor, Gapcursor, Kept,
];

const buttons = [
  ["正文", "变成普通段落", (c) => c.setParagraph(), (e) => e.isActive("paragraph")],
  ["标题", "一级标题（一、）", (c) => c.toggleHeading({ level: 2 }), (e) => e.isActive("heading", { level: 2 })],
  ["小标题", "二级标题（（一））", (c) => c.toggleHeading({ level: 3 }), (e) => e.isActive("heading", { level: 3 })],
  ["粗体", "粗体（Ctrl+B）", (c) => c.toggleBold(), (e) => e.isActive("bold")],
  ["居右", "落款和日期居右", (c, e) => c.updateAttributes("paragraph", { class: e.isActive("paragraph", { class: "right" }) ? null : "right" }), (e) => e.isActive("paragraph", { class: "right" })],
  ["居中", "居中", (c, e) => c.updateAttributes("paragraph", { class: e.isActive("paragraph", { class: "center" }) ? null : "center" }), (e) => e.isActive("paragraph", { class: "center" })],
  ["项目", "项目符号列表", (c) => c.toggleBulletList(), (e) => e.isActive("bulletList")],
  ["编号", "编号列表", (c) => c.toggleOrderedList(), (e) => e.isActive("orderedList")],
  ["表格", "插入三行三列的表格，首行是表头", (c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: true })],
  ["加行", "在表格下方加一行", (c) => c.addRowAfter()],
  ["加列", "在表格右方加一列", (c) => c.addColumnAfter()],
  ["删行", "删去所在的行", (c) => c.deleteRow()],
  ["删列", "删去所在的列", (c) => c.deleteColumn()],
  ["链接", "给选中的文字加链接，网址留空去掉链接", (c, e) => {
    const href = window.prompt("网址（留空去掉链接）", e.getAttributes("link").href || "https://");
    if (href === null) return c;
    return href.trim() && href.trim() !== "https://" ? c.extendMarkRange("link").setMark("link", { href: href.trim() }) : c.extendMarkRange("link").unsetMark("link");
  }, (e) => e.isActive("link")],
  ["撤销", "撤销（Ctrl+Z）", (c) => c.undo()],
  ["重做", "重做（Ctrl+Y）", (c) => c.redo()],
];

// A text with something the editor does not know stays in the textarea, so that nothing is dropped behind anybody's back.
const counted = "a[href], img, table, th, td, li, h2, h3, h4, h5, [id], dl, caption, ins, del";
const count = (html) => new DOMParser().parseFromString(html, "text/html").querySelectorAll(counted).length;
const words = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent.replace(/\s+/g, "");

function open(textarea) {
  const box = document.createElement("div");
  box.className = "prose-editor";
  const bar = document.createElement("div");
  bar.className = "editor-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "排版");
  const surface = document.createElement("div");
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const editor = new Editor({
    element: surface,
    extensions,
    injectCSS: false,
    content: textarea.value,
    editorProps: { attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label ? label.textContent.trim() : "正文" } },
    onUpdate: ({ editor: e }) => { textarea.value = e.isEmpty ? "" : e.getHTML(); },
  });
  if (textarea.value.trim() && (count(editor.getHTML()) !== count(textarea.value) || words(editor.getHTML()) !== words(textarea.value))) {
    editor.destroy();
    const note = document.createElement("p");
    note.className = "helptext";
    note.textContent = "这份正文里有编辑器显示不了的内容（如嵌套的说明表），请在下面直接修改，保存时会核对。";
    textarea.before(note);
    return;
  }
  const shown = [];
  for (const [name, title, deed, active] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = name;
    button.title = title;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => deed(editor.chain().focus(), editor).run());
    if (active) shown.push([button, active]);
    bar.append(button);
  }
  const refresh = () => shown.forEach(([button, active]) => button.setAttribute("aria-pressed", String(Boolean(active(editor)))));
  editor.on("transaction", refresh);
  refresh();
  textarea.before(box);
  box.append(bar, surface);
  textarea.hidden = true;
  if (label) label.addEventListener("click", () => editor.commands.focus());
}

document.querySelectorAll("textarea[data-editor]").forEach(open);

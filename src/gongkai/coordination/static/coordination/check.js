// Going through a check by keyboard: 1, 2, 3 choose the result of the point in hand, Enter saves it. Without this script the form works as it is.
(() => {
  const forms = [...document.querySelectorAll("form[data-point]")];
  if (!forms.length) return;
  const hash = location.hash && document.querySelector(CSS.escape ? `#${CSS.escape(location.hash.slice(1))}` : location.hash);
  const first = hash && hash.querySelector("form[data-point]");
  let current = first || forms[0];
  if (first) first.querySelector("input[type=radio]").focus({ preventScroll: true });
  document.addEventListener("focusin", (event) => {
    const form = event.target.closest("form[data-point]");
    if (form) current = form;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("textarea, select, input:not([type=radio])")) return;
    const choice = { 1: 0, 2: 1, 3: 2 }[event.key];
    if (choice === undefined) return;
    const radio = current.querySelectorAll("input[type=radio]")[choice];
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    const words = current.querySelector("textarea");
    (radio.value === "failed" && words ? words : radio).focus();
    current.scrollIntoView({ block: "nearest" });
  });
})();

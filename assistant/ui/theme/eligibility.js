// The views beside the conversation: which one is shown, the form's values, the catalogue's filters.
// Python is told of "choose_measure", "check_facts" and "list_measures".
const root = document.documentElement;
const VIEWS = ["chat", "check", "measures"];
const part = (selector) => document.querySelector(selector);
const known = {}; // what was filled in so far, by fact: one answer serves every measure
let measure = "";
let round = 0; // how often the fields were asked for, and which of these times they show
let roundShown = 0;
let listed = ""; // the filters of the cards that are shown
let listsAsked = 0; // how often cards were asked for

const language = () => (root.dataset.ui === "en" ? "en" : "zh");

// --- views

function show(view) {
  if (!VIEWS.includes(view) || !root.hasAttribute("data-measures")) view = "chat";
  const changed = root.dataset.view !== view;
  root.dataset.view = view;
  for (const tab of document.querySelectorAll('[data-act="view"]')) {
    if (tab.dataset.view === view) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  history.replaceState(null, "", view === "chat" ? location.pathname + location.search : `#${view}`);
  if (view === "measures") list();
  if (changed) {
    document.dispatchEvent(new CustomEvent("pa-view"));
    window.scrollTo(0, 0);
  }
}

// --- the form

function collect() {
  const form = part(".pa-facts");
  if (!form) return;
  for (const fact of form.querySelectorAll("[data-fact]")) {
    const name = fact.dataset.fact;
    const boxes = [...fact.querySelectorAll('input[type="checkbox"]')];
    const value = boxes.length
      ? boxes.filter((box) => box.checked).map((box) => box.value)
      : (fact.querySelector('input[type="radio"]:checked') ?? fact.querySelector('input:not([type="radio"])'))?.value ?? "";
    if (value.length) known[name] = value;
    else delete known[name];
  }
}

function choose(name) {
  measure = name;
  for (const select of document.querySelectorAll('.pa-picker select')) select.value = name;
  round += 1;
  trigger("choose_measure", { measure, lang: language(), facts: { ...known }, round });
}

function check() {
  collect();
  trigger("check_facts", { measure, lang: language(), facts: { ...known } });
}

// "None of these" and the others exclude each other.
function exclude(box) {
  if (box.type !== "checkbox" || !box.checked) return;
  for (const other of box.closest("[data-fact]").querySelectorAll('input[type="checkbox"]')) {
    if (other !== box && (box.value === "none") !== (other.value === "none")) other.checked = false;
    if (other !== box && box.value === "none") other.checked = false;
  }
}

function clear() {
  for (const name of Object.keys(known)) delete known[name];
  choose(measure);
}

function goTo(fact) {
  const field = document.querySelector(`.pa-fact[data-fact="${CSS.escape(fact)}"]`);
  field?.scrollIntoView({ block: "center" });
  field?.querySelector("input")?.focus({ preventScroll: true });
}

// --- the catalogue

function list() {
  const form = part(`.pa-filters[data-l="${language()}"]`);
  if (!form) return;
  const wanted = { lang: language() };
  for (const name of ["audience", "jurisdiction", "industry"]) wanted[name] = form.elements[name].value;
  if (JSON.stringify(wanted) === listed) return;
  listed = JSON.stringify(wanted);
  listsAsked += 1;
  trigger("list_measures", { ...wanted, asked: listsAsked });
  setTimeout(renew, 3000); // a request can be lost
}

// Answers can come in another order than they were asked for: cards of older filters are replaced.
function renew() {
  const asked = part(".pa-cards")?.dataset.asked;
  if (asked !== undefined && Number(asked) < listsAsked) {
    trigger("list_measures", { ...JSON.parse(listed), asked: listsAsked });
  }
}

function narrow() {
  const words = (part(`.pa-filters[data-l="${language()}"]`)?.elements.words.value ?? "").trim().toLowerCase();
  const cards = [...document.querySelectorAll(".pa-card")];
  for (const card of cards) card.hidden = words !== "" && !card.textContent.toLowerCase().includes(words);
  const left = cards.filter((card) => !card.hidden).length;
  for (const count of document.querySelectorAll(".pa-count [data-l]")) {
    const told = count.textContent.replace(/\d+/, left);
    if (told !== count.textContent) count.textContent = told; // or the observer below never rests
  }
  const none = part("[data-none]");
  if (none && none.hidden !== left > 0) none.hidden = left > 0;
}

// --- events

const acts = {
  view: (button) => show(button.dataset.view),
  check: (button) => { show("check"); choose(button.dataset.measure); },
  clear,
  next: (button) => goTo(button.dataset.fact),
  source: (button) => {
    const detail = { html: button.dataset.passage, button };
    document.dispatchEvent(new CustomEvent("pa-passage", { detail }));
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button && acts[button.dataset.act]) acts[button.dataset.act](button);
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.closest(".pa-picker")) choose(field.value);
  else if (field.closest(".pa-facts")) { exclude(field); check(); }
  else if (field.closest(".pa-filters") && field.name !== "words") list();
});

document.addEventListener("input", (event) => {
  if (event.target.closest(".pa-filters") && event.target.name === "words") narrow();
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".pa-facts, .pa-filters")) return;
  event.preventDefault();
  if (event.target.matches(".pa-facts")) check();
});

document.addEventListener("pa-language", () => {
  collect();
  if (measure) choose(measure);
  const forms = [...document.querySelectorAll(".pa-filters")];
  const other = forms.find((form) => form.dataset.l !== language());
  const own = forms.find((form) => form.dataset.l === language());
  for (const name of ["audience", "jurisdiction", "industry"]) {
    if (own && other) own.elements[name].value = other.elements[name].value;
  }
  if (root.dataset.view === "measures") list();
});

// Gradio patches what is there: a field that becomes another one would keep what was chosen in it.
function restore() {
  const shown = Number(part(".pa-facts")?.dataset.round);
  if (!shown || shown === roundShown) return;
  roundShown = shown;
  for (const input of document.querySelectorAll("#pa-fields input")) {
    if (["radio", "checkbox"].includes(input.type)) input.checked = input.defaultChecked;
    else input.value = input.defaultValue;
  }
}

const anyChange = { childList: true, subtree: true, attributes: true, characterData: true };
new MutationObserver(restore).observe(part("#pa-fields") ?? document.body, anyChange);
new MutationObserver(() => { if (root.dataset.view === "measures") list(); }).observe(
  part("#pa-filters") ?? document.body, { childList: true, subtree: true });
new MutationObserver(narrow).observe(part("#pa-cards") ?? document.body, { childList: true, subtree: true });
new MutationObserver(renew).observe(part("#pa-cards") ?? document.body, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["data-asked"] });

watch("value", () => {
  root.toggleAttribute("data-measures", props.value.html !== "");
  show(location.hash.slice(1) || root.dataset.view);
});
root.dataset.view = "chat"; // until it is known whether there are measures

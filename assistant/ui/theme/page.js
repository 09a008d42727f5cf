// What the browser does by itself: language, composer, passage panel, copying.
// Python is told of "ask_question", "stop_answer", "start_anew" and "rate_answer".
const root = document.documentElement;
const narrow = window.matchMedia("(max-width: 900px)");
const one = (selector) => document.querySelector(selector);
let opener = null; // the button whose passage is open

// --- language

function speak(language) {
  root.dataset.ui = language;
  root.lang = language === "zh" ? "zh-CN" : "en";
  for (const attribute of ["aria-label", "placeholder"]) {
    for (const element of document.querySelectorAll(`[data-${attribute}-${language}]`)) {
      element.setAttribute(attribute, element.getAttribute(`data-${attribute}-${language}`));
    }
  }
  for (const button of document.querySelectorAll('[data-act="language"]')) {
    button.setAttribute("aria-pressed", String(button.dataset.lang === language));
  }
  document.dispatchEvent(new CustomEvent("pa-language"));
}

function choose(language) {
  try { localStorage.setItem("pa-language", language); } catch { /* storage may be off */ }
  speak(language);
}

// --- asking

const isBusy = () => root.hasAttribute("data-busy");

function ask(text) {
  const question = text.trim();
  if (!question || isBusy()) return false;
  root.setAttribute("data-busy", "");
  hidePassage();
  trigger("ask_question", { text: question });
  return true;
}

function fit(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
  const form = field.form;
  const tooLong = [...field.value.trim()].length > Number(form.dataset.limit);
  form.querySelector(".pa-too-long").hidden = !tooLong;
  form.querySelector(".pa-send").disabled = tooLong || !field.value.trim();
}

function submit(form) {
  const field = form.elements.question;
  fit(field);
  if (form.querySelector(".pa-send").disabled || !ask(field.value)) return;
  field.value = "";
  fit(field);
  if (narrow.matches) field.blur(); // so that a phone's keyboard makes room for the answer
}

// --- the passage behind a citation

function showPassage(button) {
  const { turn, label } = button.dataset;
  openPassage(props.value.turns[turn]?.passages[label], button);
}

function openPassage(html, button) {
  const panel = one(".pa-panel");
  if (!html) return;
  if (opener) opener.removeAttribute("data-open");
  panel.querySelector(".pa-passage").innerHTML = html;
  if (panel.open) panel.close();
  opener = button;
  opener.setAttribute("data-open", "");
  if (narrow.matches) panel.showModal(); else panel.show();
  root.setAttribute("data-panel", "");
  panel.scrollTop = 0;
  const mark = panel.querySelector("mark");
  if (mark && mark.getBoundingClientRect().bottom > panel.getBoundingClientRect().bottom) {
    mark.scrollIntoView({ block: "center" });
  }
  panel.querySelector("#pa-panel-title").focus({ preventScroll: true });
}

function hidePassage() {
  const panel = one(".pa-panel");
  if (panel?.open) panel.close(); // the rest happens in its "close" event
}

function passageHidden() {
  const panel = one(".pa-panel");
  if (panel.open || !opener) return; // it was closed only to show another passage
  root.removeAttribute("data-panel");
  opener.removeAttribute("data-open");
  if (opener.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

// --- copying

async function copy(button) {
  const text = props.value.turns[button.dataset.turn].copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch { // not a secure context, as on a plain http address in an office network
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  button.setAttribute("data-done", "");
  setTimeout(() => button.removeAttribute("data-done"), 1600);
}

// --- events

const acts = {
  language: (button) => choose(button.dataset.lang),
  ask: (button) => ask(button.dataset.text),
  stop: () => trigger("stop_answer"),
  new: () => {
    hidePassage();
    root.removeAttribute("data-busy");
    trigger("start_anew");
    window.scrollTo(0, 0);
    one(".pa-composer textarea").focus();
  },
  rate: (button) => trigger("rate_answer", { turn: button.dataset.turn, label: button.dataset.label }),
  cite: showPassage,
  close: hidePassage,
  copy,
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) acts[button.dataset.act]?.(button);
  else if (event.target.matches(".pa-panel:modal")) hidePassage(); // the backdrop
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && one(".pa-panel")?.open) {
    event.preventDefault();
    hidePassage();
  }
  const writing = event.target.matches(".pa-composer textarea");
  // 229: an input method is still composing, so that Enter chooses a word.
  if (writing && event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    submit(event.target.form);
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches(".pa-composer textarea")) fit(event.target);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".pa-composer")) return;
  event.preventDefault();
  submit(event.target);
});

// The views beside the conversation show passages too, and hide the one that is open.
document.addEventListener("pa-passage", (event) => openPassage(event.detail.html, event.detail.button));
document.addEventListener("pa-view", hidePassage);

let turnsShown = 0;
watch("value", () => {
  root.toggleAttribute("data-busy", props.value.busy);
  const turns = props.value.turns.length;
  root.toggleAttribute("data-talking", turns > 0);
  if (turns > turnsShown) {
    const last = element.querySelector(".pa-turn:last-of-type");
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    last?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
  turnsShown = turns;
});

// The other parts of the page are drawn by Gradio at about the same time as this one.
(function begin() {
  if (!one(".pa-composer") || !one(".pa-panel") || !one(".pa-bar")) {
    requestAnimationFrame(begin);
    return;
  }
  speak(root.dataset.ui);
  one(".pa-panel").addEventListener("close", passageHidden);
  fit(one(".pa-composer textarea"));
  if (!narrow.matches) one(".pa-composer textarea").focus();
})();

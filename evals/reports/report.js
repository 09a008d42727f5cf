/* The list of cases: filter, search, links to a case; then theme and slices. `case.js` comes first. */

const PAGE = 100;
const OPEN_AT_MOST = 200;
/* A list with more choices, such as the thousands of documents of an external set, helps nobody: search finds them. */
const CHOICES = 300;
data.cases.forEach((entry, index) => {
  entry.index = index;
  entry.against = data.comparison ? (entry.change ? entry.change.kind : "same") : null;
});


const folding = (text) => text.normalize("NFKC").toLowerCase();
const haystacks = new Map();
function haystack(entry) {
  if (!haystacks.has(entry.id)) {
    const words = [entry.id, ...entry.turns, ...entry.tags, entry.pair || "", ...entry.expect.sections, ...entry.expect.figures,
      ...entry.expect.nuggets.flatMap((nugget) => nugget.any), ...entry.expect.forbidden];
    for (const run of entry.runs) {
      words.push(run.error || "", ...run.scores.map((score) => score.why || ""));
      if (run.answer) collect(run.answer, words);
    }
    haystacks.set(entry.id, folding(words.join("\n")));
  }
  return haystacks.get(entry.id);
}
function collect(value, words) {
  if (typeof value === "string") words.push(value);
  else if (value && typeof value === "object") for (const part of Object.values(value)) collect(part, words);
}

const filter = {outcome: "", change: "", lang: "", tag: "", document: "", metric: "", q: ""};
function matches(entry, terms) {
  return (!filter.outcome || entry.outcome === filter.outcome)
    && (!filter.change || entry.against === filter.change)
    && (!filter.lang || entry.lang === filter.lang)
    && (!filter.tag || entry.tags.includes(filter.tag))
    && (!filter.document || entry.documents.includes(filter.document))
    && (!filter.metric || entry.failed.includes(filter.metric))
    && terms.every((term) => haystack(entry).includes(term));
}

let shown = [];
let drawn = 0;
const list = byId("list");

function draw(upTo) {
  const fragment = document.createDocumentFragment();
  const end = Math.min(upTo, shown.length);
  for (; drawn < end; drawn += 1) fragment.append(rowOf(shown[drawn]));
  list.append(fragment);
  byId("more").hidden = drawn >= shown.length;
  byId("more").textContent = `Show more (${grouped(shown.length - drawn)} left)`;
}

function apply() {
  const terms = folding(filter.q).split(/\s+/).filter(Boolean);
  shown = data.cases.filter((entry) => matches(entry, terms));
  drawn = 0;
  list.replaceChildren();
  draw(PAGE);
  const all = shown.length === data.cases.length;
  const filtered = Object.values(filter).some(Boolean);
  byId("found").textContent = shown.length === 0
    ? "No case matches." : all ? plural(shown.length, "case") : `${grouped(shown.length)} of ${plural(data.cases.length, "case")}`;
  byId("reset").hidden = !filtered;
  byId("open-all").hidden = shown.length === 0 || shown.length > OPEN_AT_MOST;
  byId("close-all").hidden = byId("open-all").hidden;
}

function counted(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return [...counts].sort((a, b) => a[0].localeCompare(b[0]));
}

function select(id, values, name) {
  const control = byId(id);
  const options = counted(values);
  control.closest(".field").hidden = options.length < (id === "metric" ? 1 : 2) || options.length > CHOICES;
  control.append(h("option", {value: ""}, "All"),
    ...options.map(([value, n]) => h("option", {value}, `${name ? name(value) : value} (${grouped(n)})`)));
  control.addEventListener("change", () => { filter[id] = control.value; apply(); });
}

function setUp() {
  const choices = [["", "All", data.cases.length], ...counted(data.cases.map((entry) => entry.outcome))
    .map(([outcome, n]) => [outcome, OUTCOMES[outcome][1], n])];
  const order = ["", "passed", "failed", "error", "unjudged"];
  choices.sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
  for (const [value, name, n] of choices) {
    byId("outcome").append(h("label", {class: "choice"},
      h("input", {type: "radio", name: "outcome", value, checked: value === "",
        onchange: () => { filter.outcome = value; apply(); }}), h("span", {}, `${name} ${grouped(n)}`)));
  }
  select("change", data.cases.map((entry) => entry.against).filter(Boolean), (value) => CHANGES[value]);
  select("lang", data.cases.map((entry) => entry.lang), (value) => ({zh: "Chinese", en: "English"})[value] || value);
  select("tag", data.cases.flatMap((entry) => entry.tags));
  select("document", data.cases.flatMap((entry) => entry.documents));
  select("metric", data.cases.flatMap((entry) => entry.failed));
  let waiting = 0;
  byId("q").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { filter.q = byId("q").value; apply(); }, 120);
  });
  byId("filter").addEventListener("submit", (event) => event.preventDefault());
  byId("filter").hidden = false;
  byId("reset").addEventListener("click", () => { clear(); byId("q").focus(); });
  byId("more").addEventListener("click", () => {
    const next = drawn;
    draw(drawn + PAGE);
    list.children[next].firstElementChild.focus();
  });
  byId("open-all").addEventListener("click", () => {
    draw(shown.length);
    for (const row of list.children) row.unfold();
  });
  byId("close-all").addEventListener("click", () => { for (const row of list.children) row.open = false; });
  new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting) && drawn < shown.length) draw(drawn + PAGE);
  }, {rootMargin: "600px"}).observe(byId("more"));
}

function clear() {
  for (const key of Object.keys(filter)) filter[key] = "";
  byId("filter").reset();
  apply();
}

/** Follow `#case-ID`: whatever hides the case is cleared, and it is opened. */
function follow() {
  if (!location.hash.startsWith("#case-")) return;
  let id = location.hash.slice(6);
  try { id = decodeURIComponent(id); } catch { /* a stray % stands for itself */ }
  const entry = data.cases.find((one) => one.id === id);
  if (!entry) return;
  if (!shown.includes(entry)) clear();
  draw(Math.max(drawn, shown.indexOf(entry) + 1));
  const row = byId(`case-${id}`);
  row.unfold();
  row.scrollIntoView();
  row.firstElementChild.focus({preventScroll: true});
}

/* --- the rest of the page */

function themes() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = byId("theme");
  let chosen = null;
  try { chosen = localStorage.getItem("report-theme"); } catch { /* storage may be refused to files */ }
  const show = () => {
    if (chosen) root.dataset.theme = chosen;
    const dark = chosen ? chosen === "dark" : system.matches;
    button.setAttribute("aria-pressed", String(dark));
  };
  button.addEventListener("click", () => {
    chosen = button.getAttribute("aria-pressed") === "true" ? "light" : "dark";
    try { localStorage.setItem("report-theme", chosen); } catch { /* as above */ }
    show();
  });
  system.addEventListener("change", show);
  button.hidden = false;
  show();
}

/** The slices of one metric at a time. */
function slices() {
  const control = byId("slice-metric");
  if (!control) return;
  const panels = [...document.querySelectorAll("[data-slices]")];
  const show = () => { for (const panel of panels) panel.hidden = panel.dataset.slices !== control.value; };
  control.addEventListener("change", show);
  control.closest(".field").hidden = false;
  show();
}

themes();
slices();
setUp();
apply();
addEventListener("load", () => setTimeout(follow));
addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  byId("q").focus();
});

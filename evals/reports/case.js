/* One case of the report, drawn when it is opened. `report.js` filters, searches and opens.
   All text reaches the page as text nodes; nothing of an answer is ever read as HTML. */
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

/* --- drawing */

/** h("p", {class: "x"}, "text", child…): an element; children that are null or false are left out. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

const LANGS = {zh: "zh-Hans", en: "en"};
const HAN = /[\u3400-\u9fff]/;
const langOf = (text, lang) => LANGS[lang] || (HAN.test(text) ? "zh-Hans" : null);
const said = (text, lang) => h("span", {lang: langOf(text, lang)}, text);
const number = (value) => {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 3);
};
const ms = (value) => (value >= 10000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`);
const grouped = (n) => n.toLocaleString("en");
const plural = (n, noun) => `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;

const OUTCOMES = {
  passed: ["✓", "Passed"], failed: ["✗", "Failed"], error: ["!", "Error"], unjudged: ["–", "Not judged"],
};
const CHANGES = {broken: "Broken", fixed: "Fixed", changed: "Changed", same: "Unchanged"};
const STATES = {pass: ["✓", "pass"], fail: ["✗", "fail"], shown: ["", "shown only"], unscored: ["–", "unscored"]};

function badge(outcome) {
  const [sign, name] = OUTCOMES[outcome];
  return h("span", {class: `badge ${outcome}`}, h("span", {"aria-hidden": "true"}, sign), ` ${name}`);
}
const chip = (text, kind) => h("span", {class: `chip ${kind || ""}`}, text);
/** A long name that may break behind `_`. */
const breakable = (name) => name.split(/(?<=_)/).flatMap((part) => [part, h("wbr")]);
const block = (title, ...children) => h("section", {class: "block"}, h("h4", {}, title), children);
const anchor = (document_id, section) => (section ? `${document_id}#${section}` : document_id);
/** The expected section that a place belongs to, if any; `*` holds every section of its document. */
const goldOf = (gold, place) => [`${place.document_id}#${place.section}`, `${place.document_id}#*`].find((one) => gold.has(one));
const folded = (title, ...children) => h("details", {class: "fold"}, h("summary", {}, title), children);

/* --- one case */

function turnsOf(entry) {
  const lang = LANGS[entry.lang];
  const last = entry.turns.length - 1;
  if (last === 0) return block("Question", h("p", {class: "said", lang}, entry.turns[0]));
  return block(
    "Conversation",
    h("ol", {class: "turns"}, entry.turns.map((turn, i) =>
      h("li", {}, h("span", {class: "quiet"}, i === last ? "Question" : `Turn ${i + 1}`),
        h("p", {class: "said", lang}, turn)))),
  );
}

/** The answer's words; `[n]` leads to citation n. */
function markedText(text, lang, prefix, labels) {
  const parts = text.split(/(\[\d{1,3}\])/).map((part) => {
    const label = /^\[\d+\]$/.test(part) ? Number(part.slice(1, -1)) : null;
    if (label === null) return part;
    if (!labels.has(label)) return h("span", {class: "bad", title: "No citation has this label"}, part);
    return h("button", {type: "button", class: "mark", "aria-label": `Citation ${label}`, onclick: () => {
      const target = byId(`${prefix}-${label}`);
      target.scrollIntoView({block: "nearest"});
      target.focus({preventScroll: true});
    }}, part);
  });
  return h("div", {class: "said answer", lang: langOf(text, lang)}, parts);
}

function webAddress(url) {
  if (typeof url !== "string" || !/^https?:\/\//i.test(url)) return null;
  return h("a", {href: url, rel: "noreferrer noopener", target: "_blank"}, "source");
}

function citationsOf(answer, gold, prefix) {
  if (!answer.citations.length) return h("p", {class: "quiet"}, "No citations.");
  return h("ol", {class: "citations"}, answer.citations.map((citation) => {
    const place = anchor(citation.document_id, citation.section);
    return h("li", {id: `${prefix}-${citation.label}`, tabindex: "-1"},
      h("p", {class: "cited"}, h("b", {}, `[${citation.label}] `), said(citation.title || "", citation.lang), " ",
        h("code", {}, place), " ",
        gold.size > 0 && (goldOf(gold, citation) ? chip("✓ expected section", "good") : chip("not an expected section", "soft")), " ",
        citation.validity && citation.validity !== "unknown" && chip(citation.validity.replace("_", " "), "soft"), " ",
        webAddress(citation.url)),
      h("blockquote", {lang: langOf(citation.quote || "", citation.lang)}, citation.quote || ""));
  }));
}

function resultsOf(answer, gold) {
  return block("Results",
    answer.results.length === 0 && h("p", {class: "quiet"}, "Nothing was found."),
    h("ol", {class: "results"}, answer.results.map((result) => {
      const place = anchor(result.document_id, result.section);
      const right = goldOf(gold, result);
      return h("li", {value: result.rank, class: right ? "gold" : null},
        h("p", {class: "cited"}, said(result.title || "", result.lang), " ", h("code", {}, place), " ",
          h("span", {class: "quiet"}, Number(result.score).toFixed(3)), " ", right && chip("✓ expected section", "good")),
        h("p", {class: "passage", lang: langOf(result.text || "", result.lang)}, result.text || ""));
    })),
    answer.left_off > 0 && h("p", {class: "quiet"}, `${plural(answer.left_off, "further result")} not kept in this page; see answers.jsonl.`));
}

function eligibilityOf(answer, gold) {
  const cited = (citation) => citation && [" ", h("code", {}, anchor(citation.document_id, citation.section)), " ",
    goldOf(gold, citation) && chip("✓ expected section", "good"),
    citation.quote && h("blockquote", {lang: langOf(citation.quote, citation.lang)}, citation.quote)];
  return block("Eligibility",
    h("p", {}, "Verdict: ", h("b", {}, answer.verdict)),
    h("ul", {class: "plain parts"}, (answer.criteria || []).map((one) =>
      h("li", {}, chip(one.verdict, one.verdict === "met" ? "good" : "soft"), " ", said(one.text || ""), cited(one.citation)))),
    (answer.benefits || []).length > 0 && [h("p", {class: "facts"}, "Benefits"),
      h("ul", {class: "plain parts"}, answer.benefits.map((one) => h("li", {}, said(one.text || ""), cited(one.citation))))]);
}

function answerOf(run, gold, prefix) {
  if (run.answer === null) {
    return block("Answer", h("p", {class: "note bad"}, "The target failed; this counts as failed. ", h("code", {}, run.error || "no message")));
  }
  const answer = run.answer;
  const parts = [];
  if (typeof answer.text === "string") {
    const citations = Array.isArray(answer.citations) ? answer.citations : [];
    const labels = new Set(citations.map((citation) => citation.label));
    parts.push(block("Answer",
      h("p", {class: "facts"}, "Status ", h("b", {}, answer.status || "none"),
        answer.lang && ` · language ${answer.lang}`, answer.composer && ` · composer ${answer.composer}`,
        answer.model && ` · ${answer.model}`, ` · ${ms(run.ms)}`),
      answer.query && answer.query !== answer.question && h("p", {class: "facts"}, "Understood as ", said(answer.query)),
      answer.text ? markedText(answer.text, answer.lang, prefix, labels) : h("p", {class: "quiet"}, "The answer is empty."),
      (answer.notices || []).map((notice) => h("p", {class: "note"}, h("b", {}, notice.kind), " ", said(notice.text)))));
    parts.push(block("Citations", citationsOf({citations}, gold, prefix)));
  }
  if (Array.isArray(answer.results)) parts.push(resultsOf(answer, gold));
  if (answer.verdict || Array.isArray(answer.criteria)) parts.push(eligibilityOf(answer, gold));
  const raw = folded("Answer as recorded");
  raw.addEventListener("toggle", () => {
    if (raw.open && raw.children.length === 1) raw.append(h("pre", {tabindex: "0"}, JSON.stringify(answer, null, 2)));
  });
  parts.push(raw);
  return parts;
}

function expectedOf(entry) {
  const expect = entry.expect;
  const rows = [];
  const row = (name, ...value) => rows.push(h("dt", {}, name), h("dd", {}, value));
  if (expect.answerable !== null) row("Answerable", expect.answerable ? "yes" : "no: the corpus does not say");
  if (expect.status.length) row("Status", expect.status.join(" or "));
  if (expect.verdict) row("Verdict", expect.verdict);
  if (expect.sections.length) {
    const found = placesOf(entry.runs[0], new Set(expect.sections));
    row("Sections", h("ul", {}, expect.sections.map((place) => h("li", {}, h("code", {}, place), " ",
      found !== null && (found.has(place) ? chip(`✓ ${found.get(place)}`, "good") : chip("missing", "warn"))))));
  }
  if (expect.nuggets.length) {
    row("Nuggets", h("ul", {}, expect.nuggets.map((nugget) => h("li", {},
      nugget.any.map((wording, i) => [i > 0 && h("span", {class: "quiet"}, " or "), said(wording)]),
      " ", chip(nugget.vital ? "vital" : "okay", "soft")))));
  }
  if (expect.figures.length) row("Figures", expect.figures.map((figure, i) => [i > 0 && "; ", said(figure)]));
  if (expect.forbidden.length) row("Must not occur", expect.forbidden.map((text, i) => [i > 0 && "; ", said(text)]));
  return block("Expected", rows.length ? h("dl", {}, rows) : h("p", {class: "quiet"}, "Nothing is expected of this case."));
}

/** The expected sections that a run cited or found, with the words for it; null where there is no answer. */
function placesOf(run, gold) {
  if (!run || run.answer === null) return null;
  const places = new Map();
  const note = (place, words) => {
    const found = place && goldOf(gold, place);
    if (found && !places.has(found)) places.set(found, words);
  };
  for (const result of run.answer.results || []) note(result, `rank ${result.rank}`);
  for (const citation of run.answer.citations || []) note(citation, "cited");
  for (const part of [...(run.answer.criteria || []), ...(run.answer.benefits || [])]) note(part.citation, "cited");
  return places;
}

function scoresOf(run) {
  if (!run.scores.length) return block("Scores", h("p", {class: "quiet"}, "No metric applies to this case."));
  const rank = {fail: 0, unscored: 1, pass: 2, shown: 3};
  const ordered = [...run.scores].sort((a, b) => rank[a.state] - rank[b.state]);
  const rows = ordered.map((score) => {
    const [sign, word] = STATES[score.state];
    const known = data.metrics[score.metric];
    const cell = (kind, ...children) => h("td", {role: "cell", class: kind}, children);
    return h("tr", {role: "row", class: score.state},
      h("th", {scope: "row", role: "rowheader", title: known && known.about}, breakable(score.metric)),
      cell("n", score.value === null ? "–" : number(score.value)),
      cell("word", h("span", {"aria-hidden": "true"}, sign), ` ${word}`),
      cell("why", said(score.why || "")));
  });
  const heads = ["Metric", "Score", "Verdict", "Why"].map((name) =>
    h("th", {scope: "col", role: "columnheader", class: name === "Score" ? "n" : null}, name));
  return block("Scores", h("table", {class: "scores", role: "table"},
    h("thead", {role: "rowgroup"}, h("tr", {role: "row"}, heads)), h("tbody", {role: "rowgroup"}, rows)));
}

/** Both answers side by side; the words that differ are marked. */
function comparedOf(change) {
  const side = (title, one, other, tag) => block(title,
    one.status && h("p", {class: "facts"}, "Status ", h("b", {}, one.status)),
    one.spans.length === 0 && h("p", {class: "quiet"}, "No text."),
    h("div", {class: "said answer"}, one.spans.map(([text, differs]) => {
      const lang = langOf(text);
      return differs ? h(tag, {lang}, text) : h("span", {lang}, text);
    })),
    one.citations.length > 0 && h("ul", {class: "plain"}, one.citations.map((text) => h("li", {},
      other.citations.includes(text) ? said(text) : h(tag, {lang: langOf(text)}, text)))));
  const alike = JSON.stringify(change.base) === JSON.stringify(change.candidate);
  return h("section", {class: "compared"},
    h("h4", {}, "Against the base ", chip(CHANGES[change.kind], change.kind),
      !alike && h("span", {class: "legend"}, h("del", {}, "only in the base"), " ", h("ins", {}, "only in the candidate"))),
    change.flips.length > 0 && h("ul", {class: "plain facts"}, change.flips.map((flip) => h("li", {}, said(flip)))),
    alike ? h("p", {}, "Both runs gave the same answer; the verdict turned for another reason.") : h("div", {class: "sides"},
      side(`Base: ${data.comparison.base}`, change.base, change.candidate, "del"),
      side(`Candidate: ${data.comparison.candidate}`, change.candidate, change.base, "ins")));
}

function bodyOf(entry) {
  const gold = new Set(entry.expect.sections);
  const several = entry.runs.length > 1;
  const facts = [entry.tags.length > 0 && `tags ${entry.tags.join(", ")}`, entry.pair && `pair ${entry.pair}`,
    entry.conversation && `conversation ${entry.conversation}`, entry.where].filter(Boolean);
  return h("div", {class: "body"},
    h("p", {class: "facts"}, h("a", {href: hashOf(entry)}, "Link to this case"), facts.map((fact) => ` · ${fact}`)),
    h("div", {class: "halves"}, turnsOf(entry), expectedOf(entry)),
    entry.change && comparedOf(entry.change),
    entry.runs.map((run, i) => h("div", {class: several ? "repeat" : "one"},
      several && h("h4", {class: "which"}, `Repetition ${run.repeat + 1} of ${entry.runs.length}`),
      answerOf(run, gold, `c${entry.index}r${i}`), scoresOf(run))),
    entry.runs.length === 0 && h("p", {class: "note warn"}, "This case was not answered yet."));
}

const hashOf = (entry) => `#case-${encodeURIComponent(entry.id)}`;

function rowOf(entry) {
  const question = entry.turns[entry.turns.length - 1] || "";
  const details = h("details", {class: `case ${entry.outcome}`, id: `case-${entry.id}`},
    h("summary", {}, badge(entry.outcome), h("span", {class: "id"}, entry.id), chip(entry.lang, "soft"),
      entry.change && chip(CHANGES[entry.change.kind], entry.change.kind),
      h("span", {class: "question", lang: LANGS[entry.lang]}, question),
      entry.failed.length > 0 && h("span", {class: "failed"}, entry.failed.join(", "))));
  const fill = () => { if (details.children.length === 1) details.append(bodyOf(entry)); };
  details.addEventListener("toggle", () => { if (details.open) fill(); });
  details.unfold = () => { fill(); details.open = true; };
  return details;
}

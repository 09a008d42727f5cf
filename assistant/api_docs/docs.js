"use strict";
// Renders openapi.json. All text goes in through textContent, so nothing in it is markup.

const EXAMPLES = {
  "/api/v1/ask": { question: "What does the Shanxi green card give my spouse?" },
  "/api/v1/ask/stream": { question: "我们是遂宁的锂电材料企业，有什么支持？" },
  "/api/v1/search": { query: "人才绿卡", k: 3 },
};

function make(tag, props = {}, ...children) {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children);
  return element;
}

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(", ")}]`;
  if (schema.type === "array") return `list of ${typeOf(schema.items || {})}`;
  return schema.format || schema.type || "any";
}

function fields(schema) {
  const required = new Set(schema.required || []);
  const rows = Object.entries(schema.properties || {}).map(([name, field]) =>
    make("tr", {},
      make("td", {}, make("code", { textContent: name }), required.has(name) ? "" : make("span", { className: "soft", textContent: " ?" })),
      make("td", {}, make("code", { textContent: typeOf(field) })),
      make("td", { textContent: field.description || "" })));
  return make("table", {}, make("tbody", {}, ...rows));
}

async function send(path, method, body, output) {
  output.hidden = false;
  output.textContent = "…";
  try {
    const init = { method };
    if (body !== null) Object.assign(init, { body, headers: { "Content-Type": "application/json" } });
    const response = await fetch("." + path, init);
    output.textContent = `${response.status} ${response.statusText}\n`;
    const json = (response.headers.get("content-type") || "").includes("application/json");
    if (json) {
      output.textContent += JSON.stringify(await response.json(), null, 2);
      return;
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      output.textContent += part.value;
    }
  } catch (error) {
    output.textContent += String(error);
  }
}

function tryIt(path, method, takesBody) {
  const input = make("textarea", {
    value: JSON.stringify(EXAMPLES[path] || {}, null, 2), spellcheck: false, ariaLabel: `JSON body for ${path}`,
  });
  const output = make("pre", { hidden: true, tabIndex: 0, ariaLive: "polite" });
  const button = make("button", {
    type: "button", textContent: "Try it",
    onclick: () => send(path, method.toUpperCase(), takesBody ? input.value : null, output),
  });
  return make("div", {}, ...(takesBody ? [input] : []), button, output);
}

function operation(path, method, about, schemas) {
  const body = about.requestBody?.content?.["application/json"]?.schema;
  const reply = about.responses?.["200"]?.content?.["application/json"]?.schema;
  const inside = make("div", {}, make("p", { textContent: about.description || "" }));
  if (body) inside.append(make("p", { className: "soft", textContent: "Request body" }), fields(schemas[typeOf(body)]));
  if (reply) inside.append(make("p", { className: "soft", textContent: `Reply: ${typeOf(reply)}` }));
  inside.append(tryIt(path, method, Boolean(body)));
  return make("details", { open: path === "/api/v1/ask" },
    make("summary", {},
      make("span", { className: "method", textContent: method.toUpperCase() }),
      make("code", { textContent: path }),
      make("span", { className: "soft", textContent: (about.description || "").split("\n")[0] })),
    inside);
}

async function show() {
  const page = document.getElementById("docs");
  const spec = await (await fetch("./openapi.json")).json();
  const schemas = spec.components.schemas;
  page.replaceChildren(
    make("h1", { textContent: spec.info.title }),
    make("p", { textContent: spec.info.description }),
    make("p", { className: "soft" }, "Machine-readable: ", make("a", { href: "openapi.json", textContent: "openapi.json" })),
    make("h2", { textContent: "Endpoints" }));
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, about] of Object.entries(methods)) page.append(operation(path, method, about, schemas));
  }
  page.append(make("h2", { textContent: "Schemas" }));
  for (const [name, schema] of Object.entries(schemas)) {
    page.append(make("details", { id: name },
      make("summary", {}, make("code", { textContent: name }), make("span", { className: "soft", textContent: schema.description || "" })),
      make("div", {}, fields(schema))));
  }
}

show().catch((error) => { document.getElementById("docs").textContent = `openapi.json could not be read: ${error}`; });

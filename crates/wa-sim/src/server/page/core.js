// Elements are made of text, never of markup: what the service shows may come from anybody.

const byId = (id) => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// What stays the same is not touched, so that selections, focus and screen readers are left alone.
function put(node, text) {
  text = String(text);
  if (node.textContent !== text) node.textContent = text;
}

function mark(node, name, value) {
  if (value === null || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

// Makes the children of a node follow a list: one part for each key, made once and brought up to date ever after.
function keep(parent, items, keyOf, build) {
  const known = (parent.parts ??= new Map());
  const keyed = items.map((item) => [String(keyOf(item)), item]);
  const wanted = new Set(keyed.map(([key]) => key));
  for (const [key, part] of known) {
    if (wanted.has(key)) continue;
    part.node.remove();
    known.delete(key);
  }
  let place = parent.firstElementChild;
  for (const [key, item] of keyed) {
    let part = known.get(key);
    if (!part) known.set(key, (part = build(item)));
    part.update?.(item);
    if (part.node === place) place = place.nextElementSibling;
    else parent.insertBefore(part.node, place);
  }
}

async function call(method, path, body) {
  const options = { method, headers: { accept: "application/json" }, cache: "no-store" };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `the simulator answered ${response.status}`);
  return answer;
}

// What people do by other means than the API. Whom it tells, or why nobody is told, is said.
async function people(name, members, done) {
  return act(() => call("POST", "control", { [name]: members }), ({ untold }) => (untold ? `${done} But ${untold}.` : done));
}

// Does what a button or a form asks for, and says how it went.
async function act(work, done) {
  try {
    const answer = await work();
    say(typeof done === "function" ? done(answer) : done);
    return true;
  } catch (error) {
    say(error instanceof TypeError ? "The simulator does not answer." : sentence(error.message), true);
    return false;
  }
}

let silence;
function say(text, isBad = false) {
  const said = byId("said");
  said.textContent = text;
  said.dataset.bad = isBad;
  clearTimeout(silence);
  silence = setTimeout(() => (said.textContent = ""), isBad ? 12_000 : 5_000);
}

function onSubmit(form, work) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    work();
  });
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = (text) => capital(text) + (/[.!?]$/.test(text) ? "" : ".");
const plural = (count, one, many = one + "s") => `${count} ${count === 1 ? one : many}`;
const wordOf = (name) => String(name).replaceAll("_", " ").toLowerCase();
const kindOf = (fault) => (typeof fault === "string" ? fault : Object.keys(fault)[0]);

function dateOf(millis) {
  const options = { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Date(millis).toLocaleDateString("en-GB", options);
}

const dayOf = (millis) => new Date(millis).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const timeOf = (millis) => new Date(millis).toISOString().slice(11, 19);

// A length of time in one unit or two, rounded up: nobody should wait too short.
function span(seconds) {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 10) return `${Math.ceil(minutes / 60)} h`;
  return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}

// With a filter, the entries come from the simulator, which keeps more of them than the overview shows.
async function journalOf(overview) {
  const [operation, node] = [byId("journal-operation").value, byId("journal-node").value.trim()];
  if (!operation && !node) return overview.journal;
  return call("GET", `journal?${new URLSearchParams({ operation, node, limit: 200 })}`);
}

function showJournal(overview, entries) {
  const total = Object.values(overview.counts).flatMap(Object.values).reduce((sum, count) => sum + count, 0);
  put(byId("journal-count"), total);
  keep(byId("journal-list"), entries.toReversed(), (entry) => entry.sequence, entryPart);
  const note = byId("journal-note");
  note.hidden = entries.length > 0;
  put(note, total ? "No call fits." : "No call yet. Give a client this address as its base.");
}

function entryPart(entry) {
  const code = entry.answer?.error?.code;
  const isWhole = entry.fault === null || entry.status >= 400;
  const tone = entry.fault !== null ? "fault" : entry.status >= 500 ? "bad" : entry.status >= 400 ? "warn" : "good";
  const details = make("details", { class: "entry", "data-sequence": entry.sequence },
    make("summary", {},
      make("time", {}, make("span", { class: "day" }, `${dayOf(entry.at)} `), timeOf(entry.at)),
      make("span", { class: "op" }, entry.operation === "unmodelled" ? `${entry.method} ${entry.path}` : entry.operation),
      make("span", { class: "fault-name" }, entry.fault === null ? "" : wordOf(entry.fault)),
      make("span", { class: "node", title: entry.node }, entry.node ? `…${entry.node.slice(-4)}` : ""),
      make("span", { class: "code" }, code === undefined || !isWhole ? "" : code),
      make("span", { class: "status", "data-tone": tone }, entry.status)));
  // Most entries are never opened.
  details.addEventListener("toggle", () => details.append(entryBody(entry)), { once: true });
  return { node: details };
}

function entryBody(entry) {
  const body = make("div", { class: "entry-body" },
    make("p", { class: "soft" }, `${entry.method} ${entry.path}`, make("br"), `${dateOf(entry.at)}, ${timeOf(entry.at)}`,
      entry.node ? `, about ${entry.node}` : "", entry.app ? `, by app ${entry.app}` : "", `, no. ${entry.sequence}`));
  if (entry.fault !== null) {
    body.append(make("p", { class: "struck" }, `The fault “${wordOf(entry.fault)}” struck; the call ${entry.reached ? "had" : "did not have"} its effect.`));
  }
  body.append(code("Request", entry.request), code("Answer", entry.answer));
  return body;
}

function code(label, value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return make("figure", {}, make("figcaption", { class: "label" }, label),
    make("pre", { tabindex: "0", role: "region", "aria-label": label }, text));
}

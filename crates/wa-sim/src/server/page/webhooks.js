function showWebhooks(overview) {
  const deliveries = overview.webhooks.toReversed();
  put(byId("webhooks-count"), overview.webhooks.length);
  byId("reorder").disabled = deliveries.filter((one) => one.state === "waiting").length < 2;
  keep(byId("callback-list"), overview.apps, (app) => app.id, callbackPart);
  keep(byId("webhook-list"), deliveries, (one) => one.id, deliveryPart);
  const isHeard = overview.accounts.some((account) => account.subscribed_apps.length);
  const note = byId("webhooks-note");
  note.hidden = deliveries.length > 0;
  put(note, isHeard ? "Nothing to deliver yet." : "No app is subscribed to an account, so nothing is delivered.");
}

function callbackPart(first) {
  const [url, name] = [make("span", { class: "mono" }), make("strong")];
  return {
    node: make("p", { class: "callback", "data-id": first.id }, name, " ", url),
    update(app) {
      put(name, app.name);
      put(url, app.callback === null ? "has no callback" : app.callback);
    },
  };
}

const TONES = { accepted: "good", waiting: "warn", taken: "warn", given_up: "bad", withheld: "fault" };

function deliveryPart(first) {
  const [state, tries, due] = [make("span", { class: "status" }), make("span", { class: "soft" }), make("span", { class: "soft" })];
  const body = make("pre", { tabindex: "0", role: "region", "aria-label": "Body" });
  const path = `webhooks/${first.id}`;
  const button = (label, verb, done) => make("button", {
    type: "button", "aria-label": `${label} delivery ${first.id}`, click: () => act(() => call("POST", `${path}/${verb}`), done),
  }, label);
  const node = make("div", { class: "delivery", "data-id": first.id },
    make("details", { class: "entry" },
      make("summary", {}, make("span", { class: "node" }, `#${first.id}`), make("span", { class: "op" }, first.field), tries, state),
      make("div", { class: "entry-body" }, make("p", { class: "soft" }, first.url, make("br"), due),
        make("figure", {}, make("figcaption", { class: "label" }, "Body"), body))),
    make("div", { class: "buttons" },
      button("Redeliver", "redeliver", ({ id }) => `Delivered once more, as no. ${id}.`),
      button("Tamper", "tamper", ({ id }) => `No. ${id} is changed and its signature is not.`)));
  return {
    node,
    update(delivery) {
      put(state, wordOf(delivery.state));
      mark(state, "data-tone", TONES[delivery.state] ?? null);
      put(tries, delivery.tries ? plural(delivery.tries, "try", "tries") : "not tried");
      put(due, `came about ${dateOf(delivery.created)}, ${timeOf(delivery.created)}; due ${dateOf(delivery.due)}, ${timeOf(delivery.due)}`);
      put(body, indented(delivery.body));
    },
  };
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

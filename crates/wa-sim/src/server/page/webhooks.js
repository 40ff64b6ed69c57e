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

// An app: where its webhooks go, and to which accounts it is subscribed.
function callbackPart(first) {
  const [url, name, heard] = [make("span", { class: "mono" }), make("strong"), make("span", { class: "soft" })];
  const address = make("input", { name: "url", type: "url", placeholder: "http://127.0.0.1:8080/webhook", required: "", autocomplete: "off", "aria-label": "Callback" });
  const token = make("input", { name: "verify_token", placeholder: "verify token", required: "", autocomplete: "off", "aria-label": "Verify token" });
  const form = make("form", { class: "write" }, address, token, make("button", { type: "submit" }, "Set callback"));
  onSubmit(form, () => act(() => call("PUT", `apps/${encodeURIComponent(first.id)}/callback`, { url: address.value, verify_token: token.value }),
    "The callback has answered and is set."));
  const subscribe = make("div", { class: "buttons" });
  return {
    node: make("div", { class: "callback", "data-id": first.id }, make("p", {}, name, " ", url), make("p", {}, heard), subscribe, form),
    update(app) {
      put(name, app.name);
      put(url, app.callback === null ? "has no callback" : app.callback);
      const accounts = shown?.overview.accounts ?? [];
      const own = accounts.filter((account) => account.subscribed_apps.includes(app.id));
      put(heard, own.length ? `subscribed to ${own.map((account) => account.id).join(", ")}` : "subscribed to no account");
      const others = accounts.filter((account) => !account.subscribed_apps.includes(app.id)).slice(0, 8);
      keep(subscribe, others, (account) => account.id, (account) => ({ node: make("button", {
        type: "button",
        click: () => people("subscribe_app", { account: account.id, app: app.id }, `${app.name} is subscribed.`),
      }, `Subscribe to ${account.id}`) }));
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

// Conversations as the person's phone shows them: the number's messages on the left, the person's own on the right.

const chosen = { number: "", person: "" };

const chatsOf = () => call("GET", `chats?${new URLSearchParams(chosen)}`);

function showChats(overview, { number, person, chats, messages }) {
  const numbers = overview.numbers.filter((one) => one.registered || one.id === chosen.number).slice(0, MOST_SHOWN);
  const select = byId("chat-number");
  keep(select, numbers, (one) => one.id, (one) => ({ node: make("option", { value: one.id }, one.display) }));
  if (number !== null && document.activeElement !== select) select.value = number;
  put(byId("chats-count"), chats.length);
  keep(byId("chat-list"), chats, (one) => one.person, chatPart);
  const partner = person ?? chosen.person;
  for (const one of byId("chat-list").children) mark(one, "aria-pressed", one.dataset.person === partner);
  const note = byId("chats-note");
  note.hidden = chats.length > 0;
  put(note, numbers.length ? "Nobody has written yet. Write as a person below." : "No number is registered, so nothing reaches one.");
  byId("chat-form").hidden = !numbers.length;
  const chat = chats.find((one) => one.person === person);
  const from = byId("chat-form").elements.from;
  if (chat && document.activeElement !== from && from.dataset.shown !== person) {
    from.value = person;
    from.dataset.shown = person;
  }
  byId("chat").hidden = !chat;
  if (!chat) return;
  put(byId("chat-name"), chat.name);
  put(byId("chat-who"), chat.person === chat.user ? chat.user : `+${chat.person} · ${chat.user}`);
  put(byId("chat-window"), chat.open_until === null ? "closed: templates only" : `open until ${timeOf(chat.open_until)}, ${dayOf(chat.open_until)}`);
  mark(byId("chat-window"), "data-tone", chat.open_until === null ? "warn" : "good");
  byId("chat-typing").hidden = !chat.is_typing;
  const bubbles = byId("bubbles");
  const isAtEnd = bubbles.scrollHeight - bubbles.scrollTop - bubbles.clientHeight < 40 || bubbles.dataset.person !== person;
  bubbles.dataset.person = person;
  keep(bubbles, messages, (one) => one.id, bubblePart);
  if (isAtEnd) bubbles.scrollTop = bubbles.scrollHeight;
}

function chatPart(first) {
  const [name, last, unread] = [make("strong"), make("span", { class: "soft" }), make("span", { class: "unread" })];
  const node = make("button", { type: "button", "data-person": first.person, click: () => choose({ person: first.person }) }, name, unread, last);
  return {
    node,
    update(chat) {
      put(name, chat.person === chat.user ? chat.user : `+${chat.person}`);
      put(last, chat.last || chat.last_kind);
      put(unread, chat.unread ? `${chat.unread} unread` : "");
    },
  };
}

function choose(choice) {
  Object.assign(chosen, choice);
  return refresh();
}

const TICKS = {
  accepted: ["◷", "accepted"], sent: ["✓", "sent"], delivered: ["✓✓", "delivered"], read: ["✓✓", "read"],
  failed: ["!", "failed"], received: ["✓✓", "not marked as read"],
};

function bubblePart(first) {
  const ticks = make("span", { class: "ticks", "aria-hidden": "true" });
  const state = make("span", { class: "hidden" });
  const failure = make("p", { class: "failure", hidden: "" });
  const parts = [];
  if (first.quote !== null) parts.push(make("blockquote", {}, first.quote));
  parts.push(...shownOf(first));
  const node = make("li", { class: "bubble", "data-id": first.id, "data-from": first.is_inbound ? "person" : "number" },
    make("span", { class: "hidden" }, first.is_inbound ? "The person: " : "The number: "), ...parts, failure,
    make("p", { class: "when" }, make("time", { datetime: new Date(first.at).toISOString() }, timeOf(first.at).slice(0, 5)), " ", ticks, state));
  return {
    node,
    update(message) {
      const [sign, word] = TICKS[message.status] ?? ["", message.status];
      put(ticks, sign);
      put(state, word);
      mark(ticks, "title", word);
      mark(ticks, "data-status", message.status);
      failure.hidden = message.error === null;
      put(failure, message.error === null ? "" : `Not delivered: ${message.error}`);
    },
  };
}

// A person can send what nobody has thought of, through the control.
function shownOf(message) {
  try {
    return message.kind === "template" ? templateParts(message) : contentParts(message);
  } catch {
    return line("soft", `${capital(wordOf(message.kind))}: see the journal or the webhooks`);
  }
}

const line = (name, text) => (text ? [make("p", { class: name }, text)] : []);

function contentParts({ kind, content, id, is_inbound: isInbound }) {
  const file = () => fileParts(kind, content);
  const kinds = {
    text: () => line("body", content.body),
    image: file, sticker: file, audio: file, video: file, document: file,
    location: () => [...line("head", content.name ?? "A place"), ...line("soft", content.address), ...line("soft mono", `${content.latitude}, ${content.longitude}`)],
    contacts: () => content.flatMap((one) => [...line("head", one.name?.formatted_name ?? "A contact"), ...(one.phones ?? []).flatMap((phone) => line("soft mono", phone.phone))]),
    reaction: () => line("body large", content.emoji || "took a reaction back"),
    interactive: () => (isInbound ? replyParts(content) : interactiveParts(content, id)),
    button: () => line("body", content.text),
    order: () => [...line("head", "An order"), ...(content.product_items ?? []).flatMap((one) => line("soft", `${one.quantity} × ${one.product_retailer_id}`)), ...line("body", content.text)],
    system: () => line("soft", content.body),
    unsupported: () => line("soft", "A message that businesses cannot see"),
  };
  return (kinds[kind] ?? (() => line("soft", wordOf(kind))))();
}

// Nothing is loaded from elsewhere: of a link only the address is shown.
function fileParts(kind, content) {
  const parts = [];
  if (content.id && (kind === "image" || kind === "sticker")) {
    parts.push(make("img", { src: `media/${encodeURIComponent(content.id)}`, alt: content.caption || `A made-up ${kind}`, class: kind }));
  } else if (content.id) {
    parts.push(make("p", {}, make("a", { href: `media/${encodeURIComponent(content.id)}`, download: content.filename ?? kind }, content.filename ?? capital(kind))));
  } else {
    parts.push(...line("head", capital(kind)), ...line("soft mono", content.link));
  }
  return [...parts, ...line("body", content.caption)];
}

function replyParts(content) {
  const { button_reply: button, list_reply: list, nfm_reply: form } = content;
  if (form) return [...line("head", "Sent a form"), ...line("soft mono", form.response_json)];
  return [...line("body", (button ?? list)?.title ?? wordOf(content.type)), ...line("soft", list?.description)];
}

function interactiveParts(content, id) {
  const { header, body, footer, action = {} } = content;
  const parts = [];
  if (header?.type === "text") parts.push(...line("head", header.text));
  else if (header) parts.push(...fileParts(header.type, header[header.type] ?? {}));
  parts.push(...line("body", body?.text), ...line("soft", footer?.text));
  const reply = (member, value) => answer({ type: "interactive", interactive: { type: member, [member]: value }, context: { id } });
  const taps = {
    button: () => action.buttons.map(({ reply: one }) => tap(one.title, () => reply("button_reply", one))),
    list: () => [make("details", { class: "rows" }, make("summary", {}, action.button),
      ...action.sections.flatMap((section) => [...line("label", section.title), ...section.rows.map((row) => tap(row.title, () => reply("list_reply", row)))]))],
    cta_url: () => [inert(action.parameters.display_text, action.parameters.url)],
    flow: () => [tap(action.parameters.flow_cta, () => reply("nfm_reply", {
      name: "flow", body: "Sent", response_json: JSON.stringify({ flow_token: action.parameters.flow_token ?? "unused" }),
    }))],
    location_request_message: () => [tap("Send location", () => answer({ type: "location", location: PLACE, context: { id } }))],
  };
  const found = (taps[content.type] ?? (() => [inert(wordOf(content.type), "")]))();
  return [...parts, make("div", { class: "taps" }, ...found)];
}

function templateParts({ id, content, template }) {
  if (!template) return [...line("head", content.name), ...line("soft", "a template without known texts")];
  const media = template.media ? fileParts(template.media.kind, template.media.content) : [];
  const taps = template.buttons.map((button) => (button.type === "QUICK_REPLY"
    ? tap(button.text, () => answer({ type: "button", button: { text: button.text, payload: button.payload }, context: { id } }))
    : inert(button.text ?? wordOf(button.type), wordOf(button.type))));
  return [...line("label", `template ${content.name}`), ...media, ...line("head", template.header), ...line("body", template.body ?? content.name), ...line("soft", template.footer),
    ...(taps.length ? [make("div", { class: "taps" }, ...taps)] : [])];
}

const tap = (label, work) => make("button", { type: "button", class: "tap", click: work }, label);
const inert = (label, what) => make("span", { class: "tap inert", title: what }, label);

// Sends what the person whose conversation is open answers.
function answer(message) {
  const from = byId("bubbles").dataset.person;
  return people("receive_message", { number: byId("chat-number").value, from, message }, "The person answered.");
}

const PLACE = { latitude: 37.4221, longitude: -122.0841, name: "Lucky Shrub", address: "1 Hacker Way" };

// What a person writes, by its kind.
const WRITTEN = {
  text: (text) => ({ text: { body: text } }),
  image: (text) => ({ image: text ? { caption: text } : {} }),
  audio: () => ({ audio: { voice: true } }),
  video: (text) => ({ video: text ? { caption: text } : {} }),
  document: (text) => ({ document: { filename: text || "document.pdf" } }),
  sticker: () => ({ sticker: {} }),
  location: (text) => ({ location: { ...PLACE, ...(text && { name: text }) } }),
  contacts: (text) => ({ contacts: [{ name: { formatted_name: text || "Barbara J. Johnson", first_name: text || "Barbara" }, phones: [{ phone: "+1 650-555-1111" }] }] }),
  reaction: (text) => ({ reaction: { message_id: lastOfNumber(), emoji: text || "👍" } }),
  order: (text) => ({ order: { catalog_id: "194836987003835", product_items: [{ product_retailer_id: text || "di9ozbzfi4", quantity: 2, item_price: 30, currency: "USD" }] } }),
  system: (text) => ({ system: { body: text || "The person changed the number", type: "user_changed_number" } }),
  unsupported: () => ({}),
};

const lastOfNumber = () => [...document.querySelectorAll("#bubbles [data-from='number']")].at(-1)?.dataset.id ?? "";

function prepareChats() {
  const form = byId("chat-form");
  const { kind, from, message } = form.elements;
  kind.append(...[...Object.keys(WRITTEN), "call"].map((name) => make("option", { value: name }, capital(name))));
  const need = () => (message.required = kind.value === "text");
  kind.addEventListener("change", need);
  need();
  byId("chat-number").addEventListener("change", (event) => choose({ number: event.target.value, person: "" }));
  onSubmit(form, async () => {
    const [number, person] = [byId("chat-number").value, from.value.replace(/[^0-9]/g, "")];
    const text = message.value.trim();
    const done = kind.value === "call"
      ? await people("receive_call", { number, from: person }, "The person called.")
      : await people("receive_message", { number, from: person, message: { type: kind.value, ...WRITTEN[kind.value](text) } }, "The person wrote.");
    if (!done) return;
    message.value = "";
    await choose({ number, person });
  });
}

function showNumbers(overview) {
  const words = byId("find").value.toLowerCase().trim();
  const fits = (number) => [number.id, number.display, number.verified_name, number.phase, number.display.replace(/\D/g, "")]
    .some((text) => text.toLowerCase().includes(words));
  const found = overview.numbers.filter((number) => !words || fits(number));
  const shown = found.slice(0, MOST_SHOWN);
  put(byId("numbers-count"), overview.numbers.length);
  mark(byId("number-list"), "data-many", shown.length > 8);
  keep(byId("number-accounts"), overview.accounts, (one) => one.id, (one) => ({ node: make("option", { value: one.id }, one.id) }));
  keep(byId("number-list"), shown, (number) => number.id, (number) => numberPart(number, number === overview.numbers[0]));
  const note = byId("numbers-note");
  note.hidden = found.length > 0 && found.length === shown.length;
  if (!overview.numbers.length) put(note, "There is no number: add one through the API or put in a state.");
  else put(note, found.length ? `${found.length - shown.length} more: narrow the search.` : "No number fits.");
}

function numberPart(first, isOpen) {
  const title = make("span", { class: "display" });
  const name = make("span", { class: "name" });
  const phase = make("span", { class: "badge" });
  const few = make("span", { class: "few" });
  const drawing = machine();
  const letter = sms();
  const tries = attempts();
  const facts = make("dl", { class: "facts" });
  const controls = numberControls(first);
  const node = make("article", { class: "number", "data-id": first.id, "aria-label": first.display },
    make("details", isOpen ? { open: "" } : {},
      make("summary", {}, title, name, few, phase),
      make("div", { class: "number-body" }, drawing.node, letter.node, tries.node, facts, controls.node)));
  let before;
  return {
    node,
    update(number) {
      put(title, number.display);
      put(name, number.verified_name);
      put(phase, wordOf(number.phase));
      put(few, `${number.attempts.used} of ${number.attempts.most} attempts`);
      mark(phase, "data-phase", number.phase);
      if (before && before !== number.phase) say(`${number.display} is now ${wordOf(number.phase)}.`);
      before = number.phase;
      for (const part of [drawing, letter, tries, controls]) part.update(number);
      keep(facts, factsOf(number), ([term]) => term, factPart);
    },
  };
}

function factsOf(number) {
  const facts = [
    ["Status", number.status, { CONNECTED: "good", BANNED: "bad", RESTRICTED: "bad", FLAGGED: "warn" }[number.status]],
    ["Platform", number.platform],
    ["Verification", number.verification, { VERIFIED: "good", EXPIRED: "warn" }[number.verification]],
    ["Two-step PIN", number.pin_set ? "on" : "off", number.pin_set ? "good" : undefined],
    ["Display name", number.verified_name],
    ["Name in effect", nameInEffect(number), number.name_in_effect === number.verified_name ? "good" : undefined],
    ["Name review", number.name_status || "none", review(number.name_status)],
    ["Quality", number.quality, { GREEN: "good", YELLOW: "warn", RED: "bad" }[number.quality]],
    ["Storage", number.storage],
    ["Limit", number.limit],
    ["Number id", number.id],
    ["Account id", number.account],
  ];
  if (number.new_name !== null) {
    facts.splice(7, 0, ["New name", number.new_name], ["New name’s review", number.new_name_status, review(number.new_name_status)]);
  }
  if (number.on_business_app) facts.push(["Business app", "uses it, too"]);
  if (number.on_premises) facts.push(["On-Premises", number.on_premises]);
  return facts;
}

// No read of the API shows which name people see.
function nameInEffect({ name_in_effect: name, name_effect_until: until }) {
  return (name ?? "none yet") + (until === null ? "" : `, until registered again by ${dayOf(until)}`);
}

const review = (status) => ({ APPROVED: "good", DECLINED: "bad", PENDING_REVIEW: "warn" })[status];

function factPart() {
  const [term, value] = [make("dt"), make("dd")];
  return {
    node: make("div", {}, term, value),
    update([name, text, tone]) {
      put(term, name);
      put(value, text);
      mark(value, "data-tone", tone ?? null);
    },
  };
}

// The one-time code, as the person would find it on the phone.
function sms() {
  const [code, until] = [make("strong", { class: "digits" }), make("span", { class: "soft" })];
  const node = make("div", { class: "sms", hidden: "" },
    make("span", { class: "sms-from" }, "One-time code, on its way"), code, until);
  return {
    node,
    update(number) {
      node.hidden = number.sent_code === null;
      put(code, number.sent_code ?? "");
      put(until, number.sent_code_until === null ? "" : `valid until ${timeOf(number.sent_code_until)}`);
    },
  };
}

function attempts() {
  const count = make("strong");
  const rest = make("span", { class: "soft" });
  const pips = make("span", { class: "pips", "aria-hidden": "true" });
  const node = make("div", { class: "attempts" },
    make("span", { class: "label" }, "Attempts in 72 h"), pips, make("p", {}, count, rest));
  return {
    node,
    update(number) {
      const { used, most, next_free_in_s: wait, oldest_ends_in_s: oldest, locked_until: lock } = number.attempts;
      keep(pips, Array.from({ length: most }, (_, place) => place), (place) => place, () => ({ node: make("i") }));
      [...pips.children].forEach((pip, place) => mark(pip, "data-used", place < used));
      mark(node, "data-tone", lock !== null ? "bad" : used >= most ? "warn" : null);
      put(count, `${used} of ${most}`);
      const left = `, ${most - used} left`;
      if (lock !== null) put(rest, `, locked until ${dateOf(lock)}, ${timeOf(lock)}, for ${span(wait)}`);
      else if (wait > 0) put(rest, `, next free in ${span(wait)}`);
      else put(rest, oldest === null ? left : `${left}, one more in ${span(oldest)}`);
    },
  };
}

function numberControls({ id, display, account }) {
  const button = (label, name, members, done, attributes = {}) =>
    make("button", { type: "button", ...attributes, click: () => people(name, { number: id, ...members }, `${display}: ${done}.`) }, label);
  const decide = (label, decision, done) => button(label, "decide_name", { decision }, done);
  const names = [
    decide("Approve", "APPROVED", "the name is decided"), decide("Decline", "REJECTED", "the name is declined"),
    decide("Defer", "DEFERRED", "the decision is put off"),
  ];
  const pin = button("Switch off", "switch_pin_off", {}, "two-step verification is off");
  const quality = ["GREEN", "YELLOW", "RED"].map((word) =>
    button(capital(wordOf(word)), "set_quality", { quality: word }, `quality is ${wordOf(word)}`, { "data-quality": word }));
  const onboard = button("Connect", "onboard_business_app", {}, "the Business app and the API share it");
  const offboard = button("Disconnect", "offboard_business_app", {}, "the Business app keeps it for itself");
  const ban = make("button", { type: "button", click: () => {
    const isBanned = ban.dataset.banned !== "true";
    people("ban_account", { account, is_banned: isBanned }, `The account is ${isBanned ? "banned" : "let in again"}.`);
  } });
  const from = make("input", { name: "from", value: "16505551234", size: "12", inputmode: "tel", autocomplete: "off", required: "", "aria-label": "From" });
  const text = make("input", { name: "text", placeholder: "Hello", autocomplete: "off", required: "", "aria-label": "Text" });
  const write = make("form", { class: "write" }, from, text, make("button", { type: "submit" }, "Write"));
  onSubmit(write, async () => {
    const members = { number: id, from: from.value, text: text.value };
    if (await people("receive_text", members, `${display}: a person wrote.`)) text.value = "";
  });
  const group = (label, ...parts) => {
    const name = make("span", { class: "label" }, label);
    return make("div", { class: "control", role: "group", "aria-label": label }, name, make("div", { class: "buttons" }, ...parts));
  };
  return {
    node: make("div", { class: "controls" }, group("Display name", ...names), group("Two-step PIN", pin),
      group("Quality", ...quality), group("Business app", onboard, offboard), group("Account", ban), group("A person writes", write)),
    update(number) {
      const inReview = number.name_status === "PENDING_REVIEW" || number.new_name_status === "PENDING_REVIEW";
      for (const one of names) one.disabled = !inReview;
      pin.disabled = !number.pin_set;
      onboard.disabled = number.on_business_app;
      offboard.disabled = !number.on_business_app;
      for (const one of quality) mark(one, "aria-pressed", one.dataset.quality === number.quality);
      mark(ban, "data-banned", lockedAccounts.has(number.account));
      put(ban, lockedAccounts.has(number.account) ? "Let in again" : "Ban");
    },
  };
}

function prepareNumberForm() {
  const form = byId("number-form");
  onSubmit(form, async () => {
    const [account, digits, country_code, verified_name] =
      ["account", "digits", "country_code", "verified_name"].map((name) => form.elements[name].value.trim());
    const members = { account, digits: digits.replace(/[^0-9]/g, ""), country_code, verified_name };
    if (await act(() => call("POST", "control", { add_number: members }), "The number is added.")) form.elements.digits.value = "";
  });
}

let lockedAccounts = new Set();
const MOST_SHOWN = 100;

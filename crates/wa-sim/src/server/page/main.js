let shown;
let isBusy = false;
let isStale = false;

// Brings everything up to date. Changes that come meanwhile are seen to by one more round, however many they are.
async function refresh() {
  isStale = true;
  if (isBusy) return;
  isBusy = true;
  try {
    while (isStale) {
      isStale = false;
      const overview = await call("GET", "overview");
      show(overview, await journalOf(overview), await chatsOf());
    }
    lost(false);
  } catch (error) {
    if (error instanceof TypeError) lost(true);
    else say(sentence(error.message), true);
  } finally {
    isBusy = false;
  }
}

function show(overview, entries, chats) {
  shown = { overview, at: Date.now() };
  lockedAccounts = new Set(overview.accounts.filter((account) => account.is_locked).map((account) => account.id));
  showClock(overview);
  const nodes = [...overview.numbers.slice(0, MOST_SHOWN), ...overview.accounts];
  keep(byId("nodes"), nodes, (one) => one.id, (one) => ({ node: make("option", { value: one.id }, one.display ?? "account") }));
  showSetup(overview);
  fillOperations(overview);
  showNumbers(overview);
  showChats(overview, chats);
  showJournal(overview, entries);
  showFaults(overview);
  showWebhooks(overview);
}

// The simulator knows its operations; the page has no list of its own.
function fillOperations({ operations }) {
  for (const select of [byId("journal-operation"), byId("fault-operation")]) {
    if (select.options.length === 1) select.append(...operations.map((name) => make("option", { value: name }, name)));
  }
}

function showClock({ now, clock }) {
  const isReal = clock === "real";
  put(byId("now-date"), dateOf(now));
  put(byId("now-time"), timeOf(now));
  mark(byId("now"), "datetime", new Date(now).toISOString());
  put(byId("clock-name"), isReal ? "Real clock" : "Virtual clock");
  byId("real-clock").hidden = !isReal;
  byId("steps").hidden = isReal;
}

// Hears of changes, and tries again as long as the simulator is gone.
function listen() {
  const events = new EventSource("events");
  events.addEventListener("changed", refresh);
  events.addEventListener("error", () => {
    events.close();
    lost(true);
    setTimeout(listen, 1_000);
  });
}

function lost(isLost) {
  const gone = byId("gone");
  const text = "The simulator does not answer. What is shown is the last that was known; this page goes on by itself when it is back.";
  put(gone, isLost ? text : "");
  gone.hidden = !isLost;
  mark(byId("link"), "data-state", isLost ? "lost" : "live");
  put(byId("link"), isLost ? "lost" : "live");
  mark(document.body, "data-lost", isLost);
}

function move(step) {
  return act(() => call("POST", "clock", { advance: step }), ({ now }) => `It is now ${dateOf(now)}, ${timeOf(now)}.`);
}

const THEMES = ["auto", "light", "dark"];
let theme = "auto";

function setTheme(choice) {
  theme = choice;
  mark(document.documentElement, "data-theme", choice === "auto" ? null : choice);
  put(byId("theme"), `Colours: ${choice}`);
}

// Without storage the choice lasts as long as the page.
function remembered(work) {
  try {
    return work(localStorage);
  } catch {
    return null;
  }
}

for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => move(button.dataset.step));
}
onSubmit(byId("advance"), async () => {
  if (await move(byId("step").value.trim())) byId("step").value = "";
});
byId("theme").addEventListener("click", () => {
  setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
  remembered((storage) => storage.setItem("wa-sim-theme", theme));
});
byId("find").addEventListener("input", () => shown && showNumbers(shown.overview));
byId("journal-operation").addEventListener("change", refresh);
byId("journal-node").addEventListener("change", refresh);
byId("journal-clear").addEventListener("click", () => act(() => call("DELETE", "journal"), "The journal is empty."));
byId("reorder").addEventListener("click", () => act(() => call("POST", "webhooks/reorder"), "They come in another order."));
prepareFaultForm();
prepareNumberForm();
prepareChats();
prepareSetup();
setTheme(THEMES.find((one) => one === remembered((storage) => storage.getItem("wa-sim-theme"))) ?? "auto");
// The machine's clock goes on without being told, and what depends on it is asked for now and then.
setInterval(() => {
  if (shown?.overview.clock !== "real") return;
  const passed = Date.now() - shown.at;
  if (passed > 10_000) refresh();
  else showClock({ ...shown.overview, now: shown.overview.now + passed });
}, 1_000);
listen();

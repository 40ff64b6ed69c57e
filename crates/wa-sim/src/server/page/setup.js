// What a client is called with, the rules, and beginning with another state.

function showSetup(overview) {
  put(byId("base-url"), location.origin);
  const [first] = overview.tokens;
  put(byId("token"), first?.token ?? "none");
  const app = overview.apps.find((one) => one.id === first?.app) ?? overview.apps[0];
  put(byId("app-id"), app?.id ?? "none");
  put(byId("app-secret"), app?.secret ?? "none");
  keep(byId("rule-list"), Object.entries(overview.rules), ([name]) => name, rulePart);
}

// Each rule is changed by itself: a switch by a click, all else as JSON.
function rulePart([name, first]) {
  const isSwitch = typeof first === "boolean";
  const input = make("input", { name, type: isSwitch ? "checkbox" : "text", autocomplete: "off", spellcheck: "false" });
  const change = (value) => act(() => call("PATCH", "rules", { [name]: value }), `The rule ${name} is set.`);
  input.addEventListener("change", async () => {
    const value = isSwitch ? input.checked : valueOf(input.value);
    if (!(await change(value))) refresh();
  });
  return {
    node: make("label", { class: isSwitch ? "rule switch" : "rule" }, input, make("span", { class: "mono" }, name)),
    update([, value]) {
      if (isSwitch) input.checked = value;
      else if (document.activeElement !== input) input.value = typeof value === "string" ? value : JSON.stringify(value);
    },
  };
}

// Words need no quotation marks.
function valueOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// Browsers let pages of other machines copy over TLS only; the text is then selected for the person to copy.
function copy(button) {
  const source = byId(button.dataset.copy);
  return act(async () => {
    if (navigator.clipboard) return navigator.clipboard.writeText(source.textContent);
    getSelection().selectAllChildren(source);
    throw new Error("this browser does not let the page copy: the text is selected, copy it with the keyboard");
  }, "Copied.");
}

function prepareSetup() {
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
  const file = byId("snapshot-file");
  byId("load").addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen) await restore(await chosen.text());
    file.value = "";
  });
  byId("reset").addEventListener("click", () => act(() => call("POST", "reset"), "Everything is as at the start, and the journal is empty."));
}

function restore(text) {
  return act(async () => {
    let state;
    try {
      state = JSON.parse(text);
    } catch {
      throw new Error("the file is not JSON: choose a snapshot or a scenario");
    }
    return call("PUT", "state", state);
  }, ({ removed_entries: count }) => `The state is loaded; ${plural(count, "entry", "entries")} of the journal went with the old one.`);
}

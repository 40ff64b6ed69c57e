const FAULTS = {
  close: ["close the connection"], reset: ["reset the connection"], timeout: ["never answer"],
  delay: ["answer later", { millis: ["by milliseconds", 3000] }],
  error: ["answer with an error", {
    status: ["HTTP status", 500], code: ["code", 131000], subcode: ["subcode", null], message: ["message", "Something went wrong"],
    is_transient: ["transient", false],
  }],
  html502: ["a proxy’s page with 502"], success_false: ["answer success: false"],
  truncate: ["break the answer off", { bytes: ["after bytes", 20] }],
  slow_body: ["send the answer slowly", { millis: ["milliseconds a byte", 50] }],
  garbage: ["answer with what is not HTTP"], no_trace_id: ["leave out the fbtrace_id"],
  unknown_word: ["answer with an unknown word"],
  cut_upload: ["cut a resumable upload", { bytes: ["after bytes", 20] }],
  informational: ["send 103 first", { count: ["how many", 20] }],
  redirect: ["redirect", { to: ["where to", "https://example.com/"] }],
  oversized: ["answer at great length", { bytes: ["bytes", 16777216] }],
};

function showFaults(overview) {
  const seen = new Map();
  const faults = overview.faults.map((rule, index) => {
    const { seen: _, struck: __, ...rest } = rule;
    const text = JSON.stringify(rest);
    const nth = (seen.get(text) ?? 0) + 1;
    seen.set(text, nth);
    return { ...rule, index, key: `${nth} ${text}` };
  });
  put(byId("faults-count"), faults.length);
  byId("faults-note").hidden = faults.length > 0;
  byId("faults-clear").disabled = !faults.length;
  keep(byId("fault-list"), faults, (rule) => rule.key, faultPart);
}

function faultPart(first) {
  const kind = kindOf(first.fault);
  const values = typeof first.fault === "string" ? [] : Object.entries(first.fault[kind]);
  const struck = make("span", { class: "struck" });
  const remove = make("button", { type: "button", "aria-label": `Remove ${FAULTS[kind]?.[0] ?? kind}` }, "Remove");
  const node = make("div", { class: "fault-row" },
    make("div", {},
      make("strong", {}, capital(FAULTS[kind]?.[0] ?? kind)),
      make("span", { class: "soft" }, ` ${first.moment === "after" ? "after" : "before"} the effect of ${first.operation ?? "every call"}${conditions(first)}`),
      values.length ? make("p", { class: "soft mono" }, values.filter(([, value]) => value || value === 0).map(([name, value]) => `${name} ${value}`).join(" · ")) : ""),
    struck, remove);
  let index = first.index;
  remove.addEventListener("click", () => act(() => call("DELETE", `faults/${index}`), "The fault is removed."));
  return {
    node,
    update(rule) {
      index = rule.index;
      const of = rule.times === null ? "" : ` of ${rule.times}`;
      put(struck, `struck ${rule.struck}${of}`);
      mark(struck, "data-struck", rule.struck > 0);
      mark(node, "data-spent", rule.times !== null && rule.struck >= rule.times);
    },
  };
}

function conditions(rule) {
  const parts = [];
  if (rule.node !== null) parts.push(`to ${rule.node}`);
  if (rule.nth !== null) parts.push(`only call ${rule.nth}`);
  if (rule.per_million !== null) parts.push(`${rule.per_million / 10_000} % of calls`);
  return parts.length ? `, ${parts.join(", ")}` : "";
}

function prepareFaultForm() {
  const form = byId("fault-form");
  const kind = byId("fault-kind");
  const fields = byId("fault-fields");
  for (const [name, [label]] of Object.entries(FAULTS)) kind.append(make("option", { value: name }, capital(label)));
  const showFields = () => fields.replaceChildren(...Object.entries(FAULTS[kind.value][1] ?? {}).map(([name, [label, value]]) => {
    const type = typeof value === "boolean" ? "checkbox" : typeof value === "string" ? "text" : "number";
    const input = make("input", { name: `fault.${name}`, type, autocomplete: "off" });
    if (type === "number" && value !== null) input.required = true;
    if (type !== "checkbox") input.value = value ?? "";
    return make("label", {}, `${capital(label)} `, input);
  }));
  kind.addEventListener("change", showFields);
  showFields();
  onSubmit(form, async () => {
    const whole = (text) => (text === "" ? null : Number(text));
    const members = [...fields.querySelectorAll("input")].map((input) => {
      const value = input.type === "checkbox" ? input.checked : input.type === "number" ? whole(input.value) : input.value;
      return [input.name.slice("fault.".length), value];
    });
    const { moment, operation, node, nth, times } = form.elements;
    const rule = {
      fault: members.length ? { [kind.value]: Object.fromEntries(members) } : kind.value,
      moment: moment.value, operation: operation.value || null, node: node.value.trim() || null,
      nth: whole(nth.value), times: whole(times.value),
    };
    await act(() => call("POST", "faults", rule), "The fault is set.");
  });
  byId("faults-clear").addEventListener("click", () => act(() => call("DELETE", "faults"), "All faults are removed."));
}
